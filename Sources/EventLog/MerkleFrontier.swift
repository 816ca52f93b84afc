/// The right edge of a Merkle tree that leaves are added to: what a root takes, and no more.
public struct MerkleFrontier: Sendable {
  /// Hashes of the perfect subtrees that the leaves so far fall into, from the left.
  private var subtrees: [[UInt8]] = []
  public private(set) var size: Int64 = 0

  public init() {}

  public mutating func add(_ leafHash: [UInt8]) {
    var hash = leafHash
    var rest = size
    // Two subtrees of one size make one of the next.
    while rest & 1 == 1 {
      hash = MerkleTree.nodeHash(subtrees.removeLast(), hash)
      rest >>= 1
    }
    subtrees.append(hash)
    size += 1
  }

  /// Root over the leaves so far.
  public var root: [UInt8] {
    guard var root = subtrees.last else { return MerkleTree.emptyRoot }
    for left in subtrees.dropLast().reversed() { root = MerkleTree.nodeHash(left, root) }
    return root
  }
}
