/// A perfect subtree: the leaves from `index << level` on, `1 << level` of them.
public struct MerkleNode: Hashable, Sendable {
  public var level: Int
  public var index: Int64

  public init(level: Int, index: Int64) {
    self.level = level
    self.index = index
  }
}

/// Roots and proofs, computed from the hashes of perfect subtrees: as many as the tree is high.
///
/// Perfect subtrees never change once they are full, so those of any past size are still there.
extension MerkleTree {
  /// Root of the tree of the first `size` leaves.
  public static func root<Failure: Error>(
    ofSize size: Int64, node: (MerkleNode) throws(Failure) -> [UInt8]
  ) throws(Failure) -> [UInt8] {
    size == 0 ? emptyRoot : try root(of: 0..<size, node: node)
  }

  /// The hashes that lead from a leaf to the root of the first `size` leaves; leaf side first.
  ///
  /// `index` must be below `size`.
  public static func inclusionProof<Failure: Error>(
    index: Int64, size: Int64, node: (MerkleNode) throws(Failure) -> [UInt8]
  ) throws(Failure) -> [[UInt8]] {
    precondition(index >= 0 && index < size, "the leaf is not in the tree")
    var path: [[UInt8]] = []
    var range = 0..<size
    while range.count > 1 {
      let (left, right) = halves(of: range)
      let isLeft = index < left.upperBound
      path.append(try root(of: isLeft ? right : left, node: node))
      range = isLeft ? left : right
    }
    return path.reversed()
  }

  /// The hashes that show that the first `newSize` leaves continue the first `oldSize`.
  ///
  /// `oldSize` must be above 0 and not above `newSize`.
  public static func consistencyProof<Failure: Error>(
    oldSize: Int64, newSize: Int64, node: (MerkleNode) throws(Failure) -> [UInt8]
  ) throws(Failure) -> [[UInt8]] {
    precondition(oldSize > 0 && oldSize <= newSize, "the sizes do not rise")
    var path: [[UInt8]] = []
    var range = 0..<newSize
    // Down to the subtree at whose end the old tree ends.
    while range.upperBound != oldSize {
      let (left, right) = halves(of: range)
      let isLeft = oldSize <= left.upperBound
      path.append(try root(of: isLeft ? right : left, node: node))
      range = isLeft ? left : right
    }
    // Who checks has the old root already, where the subtree is all of the old tree.
    if range.lowerBound > 0 { path.append(try root(of: range, node: node)) }
    return path.reversed()
  }

  /// The perfect subtrees that the first `size` leaves fall into, from the left.
  public static func subtrees(ofSize size: Int64) -> [MerkleNode] {
    var nodes: [MerkleNode] = []
    var start: Int64 = 0
    for level in stride(from: 62, through: 0, by: -1) where size >> level & 1 == 1 {
      nodes.append(MerkleNode(level: level, index: start >> level))
      start += 1 << level
    }
    return nodes
  }

  /// Root of the leaves of a range that RFC 6962 makes a subtree of.
  private static func root<Failure: Error>(
    of range: Range<Int64>, node: (MerkleNode) throws(Failure) -> [UInt8]
  ) throws(Failure) -> [UInt8] {
    let count = Int64(range.count)
    if count & (count - 1) == 0 {
      let level = count.trailingZeroBitCount
      return try node(MerkleNode(level: level, index: range.lowerBound >> level))
    }
    let (left, right) = halves(of: range)
    return nodeHash(try root(of: left, node: node), try root(of: right, node: node))
  }

  /// Left: as many leaves as the largest power of two strictly below the count.
  private static func halves(of range: Range<Int64>) -> (Range<Int64>, Range<Int64>) {
    let count = Int64(range.count)
    let middle = range.lowerBound + (1 << (63 - (count - 1).leadingZeroBitCount))
    return (range.lowerBound..<middle, middle..<range.upperBound)
  }
}
