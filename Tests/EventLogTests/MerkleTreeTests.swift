import Crypto
import EventLog
import Testing

/// The tree of RFC 6962 against published vectors and against its own definition.
@Suite struct MerkleTreeTests {
  /// The leaves of the vectors that transparency-dev/merkle publishes.
  static let leaves: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    (0x60...0x6F).map { UInt8($0) },
  ]
  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]
  static let hashes = leaves.map(MerkleTree.leafHash)

  private static let inner: [String: String] = [
    "0-1": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "1-2": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "4-5": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "0-2": "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "2-4": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "4-6": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "6-8": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "0-4": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4-8": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  ]

  @Test(arguments: 0...8)
  func root_of_the_first_leaves(size: Int) {
    #expect(hex(MerkleTree.root(ofSize: Int64(size), node: Self.node)) == Self.roots[size])
  }

  @Test(arguments: [
    (0, 8, ["1-2", "2-4", "4-8"]), (5, 8, ["4-5", "6-8", "0-4"]), (2, 3, ["0-2"]),
    (1, 5, ["0-1", "2-4", "4-5"]), (0, 1, []),
  ])
  func inclusion_proof(index: Int64, size: Int64, expected: [String]) throws {
    let proof = MerkleTree.inclusionProof(index: index, size: size, node: Self.node)
    #expect(proof.map(hex) == expected.compactMap { Self.inner[$0] })
    try MerkleTree.verifyInclusion(
      index: UInt64(index), size: UInt64(size), leafHash: Self.hashes[Int(index)], proof: proof,
      root: bytes(Self.roots[Int(size)]))
  }

  @Test(arguments: [
    (1, 8, ["1-2", "2-4", "4-8"]), (2, 5, ["2-4", "4-5"]), (6, 8, ["4-6", "6-8", "0-4"]),
    (8, 8, []),
  ])
  func consistency_proof(old: Int64, new: Int64, expected: [String]) throws {
    let proof = MerkleTree.consistencyProof(oldSize: old, newSize: new, node: Self.node)
    #expect(proof.map(hex) == expected.compactMap { Self.inner[$0] })
    try MerkleTree.verifyConsistency(
      oldSize: UInt64(old), newSize: UInt64(new), proof: proof,
      oldRoot: bytes(Self.roots[Int(old)]), newRoot: bytes(Self.roots[Int(new)]))
  }

  @Test func the_empty_tree() throws {
    #expect(throws: MerkleTree.Fault.sizes) {
      try MerkleTree.verifyConsistency(
        oldSize: 0, newSize: 0, proof: [], oldRoot: MerkleTree.emptyRoot,
        newRoot: MerkleTree.emptyRoot)
    }
    #expect(throws: MerkleTree.Fault.sizes) {
      try MerkleTree.verifyInclusion(
        index: 0, size: 0, leafHash: Self.hashes[0], proof: [], root: MerkleTree.emptyRoot)
    }
  }

  // MARK: Against the definition

  /// The tree's definition, word for word; only roots that were computed once are remembered.
  final class Definition {
    let leaves: [[UInt8]]
    private var roots: [Range<Int>: [UInt8]] = [:]

    init(_ leaves: [[UInt8]]) { self.leaves = leaves }

    func root(_ range: Range<Int>) -> [UInt8] {
      switch range.count {
      case 0: return Array(SHA256.hash(data: [UInt8]()))
      case 1: return leaves[range.lowerBound]
      default:
        if let known = roots[range] { return known }
        let (left, right) = halves(range)
        let root = Array(SHA256.hash(data: [1] + self.root(left) + self.root(right)))
        roots[range] = root
        return root
      }
    }

    func halves(_ range: Range<Int>) -> (Range<Int>, Range<Int>) {
      var k = 1
      while 2 * k < range.count { k *= 2 }
      let middle = range.lowerBound + k
      return (range.lowerBound..<middle, middle..<range.upperBound)
    }

    func path(_ m: Int, _ range: Range<Int>) -> [[UInt8]] {
      if range.count == 1 { return [] }
      let (left, right) = halves(range)
      let k = left.count
      return m < k ? path(m, left) + [root(right)] : path(m - k, right) + [root(left)]
    }

    func proof(_ m: Int, _ range: Range<Int>, isWhole: Bool = true) -> [[UInt8]] {
      if m == range.count { return isWhole ? [] : [root(range)] }
      let (left, right) = halves(range)
      let k = left.count
      return m <= k
        ? proof(m, left, isWhole: isWhole) + [root(right)]
        : proof(m - k, right, isWhole: false) + [root(left)]
    }
  }

  @Test func all_pairs_of_small_sizes_follow_the_definition() throws {
    let tree = SampleTree(count: 70)
    let definition = Definition(tree.leaves)
    for new in 1...70 {
      for old in 1...new { try check(old, new, tree, definition) }
    }
  }

  @Test func a_hundred_thousand_random_pairs_of_sizes() throws {
    let tree = SampleTree(count: 3000)
    let definition = Definition(tree.leaves)
    for _ in 0..<100_000 {
      let new = Int.random(in: 1...3000)
      try check(Int.random(in: 1...new), new, tree, definition)
    }
  }

  private func check(_ old: Int, _ new: Int, _ tree: SampleTree, _ definition: Definition) throws {
    let (oldRoot, newRoot) = (tree.root(old), tree.root(new))
    let inclusion = tree.inclusion(old - 1, new)
    let consistency = tree.consistency(old, new)
    let isAsDefined =
      newRoot == definition.root(0..<new) && inclusion == definition.path(old - 1, 0..<new)
      && consistency == definition.proof(old, 0..<new)
    if !isAsDefined { Issue.record("sizes \(old) and \(new)") }
    try MerkleTree.verifyConsistency(
      oldSize: UInt64(old), newSize: UInt64(new), proof: consistency, oldRoot: oldRoot,
      newRoot: newRoot)
    try MerkleTree.verifyInclusion(
      index: UInt64(old - 1), size: UInt64(new), leafHash: tree.leaves[old - 1],
      proof: inclusion, root: newRoot)
  }

  static func node(_ node: MerkleNode) -> [UInt8] {
    let first = Int(node.index) << node.level
    return Definition(hashes).root(first..<first + 1 << node.level)
  }
}

/// A tree with its perfect subtrees in memory.
struct SampleTree {
  private(set) var levels: [[[UInt8]]]

  init(count: Int) {
    levels = [(0..<count).map { MerkleTree.leafHash(Array("leaf \($0)".utf8)) }]
    while let below = levels.last, below.count > 1 {
      levels.append(
        (0..<below.count / 2).map { MerkleTree.nodeHash(below[2 * $0], below[2 * $0 + 1]) })
    }
  }

  var leaves: [[UInt8]] { levels[0] }

  func root(_ size: Int) -> [UInt8] { MerkleTree.root(ofSize: Int64(size), node: node) }

  func inclusion(_ index: Int, _ size: Int) -> [[UInt8]] {
    MerkleTree.inclusionProof(index: Int64(index), size: Int64(size), node: node)
  }

  func consistency(_ old: Int, _ new: Int) -> [[UInt8]] {
    MerkleTree.consistencyProof(oldSize: Int64(old), newSize: Int64(new), node: node)
  }

  private func node(_ node: MerkleNode) -> [UInt8] { levels[node.level][Int(node.index)] }
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func bytes(_ hex: String) -> [UInt8] {
  let digits = Array(hex.utf8)
  return stride(from: 0, to: digits.count, by: 2).compactMap {
    UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
  }
}
