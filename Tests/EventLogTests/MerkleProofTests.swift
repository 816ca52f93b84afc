import EventLog
import Testing

/// Proofs that must be refused, and the few that hold though they look odd.
@Suite struct MerkleProofTests {
  // MARK: The vectors that transparency-dev/merkle publishes

  private static let someHash = bytes(
    "abacaba000000000000000000000000000000000000000000060061e00123456")
  private static let wrong = Array("WrongHash".utf8)

  @Test(arguments: [(0, 1), (0, 8), (5, 8), (2, 3), (1, 5)] as [(UInt64, UInt64)])
  func published_corruptions_of_inclusion_proofs(index: UInt64, size: UInt64) throws {
    let leaf = MerkleTreeTests.hashes[Int(index)]
    let root = bytes(MerkleTreeTests.roots[Int(size)])
    let proof = MerkleTree.inclusionProof(
      index: Int64(index), size: Int64(size), node: MerkleTreeTests.node)
    try MerkleTree.verifyInclusion(
      index: index, size: size, leafHash: leaf, proof: proof, root: root)

    for other in [index &- 1, index + 1, index ^ 2] {
      refused {
        try MerkleTree.verifyInclusion(
          index: other, size: size, leafHash: leaf, proof: proof, root: root)
      }
    }
    for other in [size * 2, size / 2] {
      refused {
        try MerkleTree.verifyInclusion(
          index: index, size: other, leafHash: leaf, proof: proof, root: root)
      }
    }
    for (leaf, root) in [
      (Self.wrong, root), ([], root), (Self.someHash, root), (leaf, MerkleTree.emptyRoot),
      (leaf, Self.someHash), (leaf, []), (Self.someHash, MerkleTree.emptyRoot),
      (Self.someHash, []), ([], MerkleTree.emptyRoot), ([], []),
    ] {
      refused {
        try MerkleTree.verifyInclusion(
          index: index, size: size, leafHash: leaf, proof: proof, root: root)
      }
    }
    for wrong in Self.corruptions(of: proof, bit: 3, with: [root]) {
      refused {
        try MerkleTree.verifyInclusion(
          index: index, size: size, leafHash: leaf, proof: wrong, root: root)
      }
    }
  }

  @Test(arguments: [(1, 8), (6, 8), (2, 5), (6, 7)] as [(UInt64, UInt64)])
  func published_corruptions_of_consistency_proofs(old: UInt64, new: UInt64) throws {
    let (oldRoot, newRoot) = (
      bytes(MerkleTreeTests.roots[Int(old)]), bytes(MerkleTreeTests.roots[Int(new)])
    )
    let proof = MerkleTree.consistencyProof(
      oldSize: Int64(old), newSize: Int64(new), node: MerkleTreeTests.node)
    try MerkleTree.verifyConsistency(
      oldSize: old, newSize: new, proof: proof, oldRoot: oldRoot, newRoot: newRoot)

    for (old, new) in [
      (old - 1, new), (old + 1, new), (old ^ 2, new), (old, new * 2), (old, new / 2), (new, old),
    ] {
      refused {
        try MerkleTree.verifyConsistency(
          oldSize: old, newSize: new, proof: proof, oldRoot: oldRoot, newRoot: newRoot)
      }
    }
    for (one, other) in [
      (Self.wrong, newRoot), (oldRoot, Self.wrong), (newRoot, oldRoot), (oldRoot, oldRoot),
    ] {
      refused {
        try MerkleTree.verifyConsistency(
          oldSize: old, newSize: new, proof: proof, oldRoot: one, newRoot: other)
      }
    }
    for wrong in Self.corruptions(of: proof, bit: 4, with: [oldRoot, newRoot, proof[0]]) + [[]] {
      refused {
        try MerkleTree.verifyConsistency(
          oldSize: old, newSize: new, proof: wrong, oldRoot: oldRoot, newRoot: newRoot)
      }
    }
  }

  /// Two trees of one size are consistent when they are one tree, and nothing has to be hashed to
  /// see it: the vectors have stand-ins for the roots there. Of the empty tree nothing is proved:
  /// the library refuses it, where earlier forms of its vectors did not.
  @Test func published_cases_of_equal_and_empty_sizes() throws {
    let (one, other) = (Array("don't care 1".utf8), Array("don't care 2".utf8))
    let empty = MerkleTree.emptyRoot
    try MerkleTree.verifyConsistency(
      oldSize: 1, newSize: 1, proof: [], oldRoot: other, newRoot: other)
    for (old, new, oldRoot, newRoot, proof) in [
      (0, 0, one, other, []), (1, 1, one, other, []), (0, 1, one, other, []), (0, 0, one, one, []),
      (1, 0, one, other, []), (2, 1, one, other, []), (1, 2, one, other, []),
      (0, 0, empty, other, []), (1, 1, empty, other, []), (0, 0, empty, empty, [empty]),
      (0, 1, empty, empty, [empty]), (1, 1, empty, empty, [empty]),
    ] as [(UInt64, UInt64, [UInt8], [UInt8], [[UInt8]])] {
      refused {
        try MerkleTree.verifyConsistency(
          oldSize: old, newSize: new, proof: proof, oldRoot: oldRoot, newRoot: newRoot)
      }
    }
    for (index, size) in [(0, 0), (1, 0), (1, 1), (2, 1)] as [(UInt64, UInt64)] {
      refused {
        try MerkleTree.verifyInclusion(
          index: index, size: size, leafHash: empty, proof: [], root: empty)
      }
    }
  }

  /// More at the end or at the front, one too few, one put in, and one bit changed in each hash.
  private static func corruptions(
    of proof: [[UInt8]], bit: UInt8, with hashes: [[UInt8]]
  ) -> [[[UInt8]]] {
    var all = ([[]] + hashes).flatMap { [proof + [$0], [$0] + proof] }
    if !proof.isEmpty { all.append(proof.dropLast()) }
    if proof.count > 1 { all.append([proof[0], someHash] + proof.dropFirst()) }
    for index in proof.indices {
      var wrong = proof
      wrong[index][0] ^= 1 << bit
      all.append(wrong)
    }
    return all
  }

  // MARK: Alterations over all small trees

  @Test func altered_proofs_are_refused() {
    let tree = SampleTree(count: 40)
    for new in 1...40 {
      for old in 1...new {
        let index = UInt64(old - 1)
        let leaf = tree.leaves[old - 1]
        let root = tree.root(new)
        let path = tree.inclusion(old - 1, new)
        for wrong in Self.alterations(of: path) {
          refused {
            try MerkleTree.verifyInclusion(
              index: index, size: UInt64(new), leafHash: leaf, proof: wrong, root: root)
          }
        }
        // Trees of other sizes in which the way from the leaf to the root turns the same way are not
        // told apart by a path: it is the checkpoint that vouches for the size.
        let turns = Self.turns(index, UInt64(new))
        for size in Self.others(of: UInt64(new)) where Self.turns(index, size) != turns {
          refused {
            try MerkleTree.verifyInclusion(
              index: index, size: size, leafHash: leaf, proof: path, root: root)
          }
        }
        for other in Self.others(of: index) where Self.turns(other, UInt64(new)) != turns {
          refused {
            try MerkleTree.verifyInclusion(
              index: other, size: UInt64(new), leafHash: leaf, proof: path, root: root)
          }
        }
        let proof = tree.consistency(old, new)
        let oldRoot = tree.root(old)
        for wrong in Self.alterations(of: proof) {
          refused {
            try MerkleTree.verifyConsistency(
              oldSize: UInt64(old), newSize: UInt64(new), proof: wrong, oldRoot: oldRoot,
              newRoot: root)
          }
        }
        if old < new {
          refused {
            try MerkleTree.verifyConsistency(
              oldSize: UInt64(old), newSize: UInt64(new), proof: proof, oldRoot: root,
              newRoot: oldRoot)
          }
        }
        refused {
          try MerkleTree.verifyConsistency(
            oldSize: UInt64(new) + 1, newSize: UInt64(new), proof: proof, oldRoot: oldRoot,
            newRoot: root)
        }
      }
    }
  }

  @Test func sizes_at_the_end_of_their_range_do_not_trap() {
    let hash = [UInt8](repeating: 7, count: 32)
    for old in [1, 2, 3, UInt64.max - 1, .max] {
      for new in [1, 2, UInt64.max - 1, .max] {
        for count in [0, 1, 63, 64, 65, 200] {
          let proof = [[UInt8]](repeating: hash, count: count)
          _ = try? MerkleTree.verifyInclusion(
            index: old, size: new, leafHash: hash, proof: proof, root: hash)
          _ = try? MerkleTree.verifyConsistency(
            oldSize: old, newSize: new, proof: proof, oldRoot: hash, newRoot: hash)
        }
      }
    }
    refused {
      try MerkleTree.verifyInclusion(
        index: 0, size: 1, leafHash: Array(hash.dropLast()), proof: [], root: hash)
    }
  }

  private func refused(_ body: () throws -> Void) {
    #expect(throws: MerkleTree.Fault.self, performing: body)
  }

  private static func alterations(of proof: [[UInt8]]) -> [[[UInt8]]] {
    let more = [UInt8](repeating: 0, count: 32)
    var all = [proof + [more], [more] + proof, proof + [MerkleTree.emptyRoot]]
    for index in proof.indices {
      var wrong = proof
      wrong[index][index % 32] ^= 1 << UInt8(index % 8)
      all.append(wrong)
      wrong = proof
      wrong.remove(at: index)
      all.append(wrong)
      wrong = proof
      wrong[index].removeLast()
      all.append(wrong)
    }
    if proof.count > 1, proof.first != proof.last { all.append(proof.reversed()) }
    return all
  }

  /// On which side the sibling stands at each step from a leaf to the root; nil: not in the tree.
  private static func turns(_ index: UInt64, _ size: UInt64) -> [Bool]? {
    guard index < size else { return nil }
    var turns: [Bool] = []
    var (index, size) = (index, size)
    while size > 1 {
      let half = UInt64(1) << UInt64(63 - (size - 1).leadingZeroBitCount)
      turns.append(index < half)
      (index, size) = index < half ? (index, half) : (index - half, size - half)
    }
    return turns.reversed()
  }

  private static func others(of size: UInt64) -> [UInt64] {
    [0, size &+ 1, size &- 1, size &* 2, size ^ 2, .max].filter { $0 != size }
  }
}
