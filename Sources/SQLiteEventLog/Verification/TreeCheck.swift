import EventLog

/// The Merkle tree built anew over leaves that come one after another, and held against the nodes
/// that the file stores.
struct TreeCheck {
  /// Hashes by level from the lowest stored one on, side by side.
  private var stored: [[UInt8]]
  /// The same as they follow from the leaves; up to where the check began, as stored.
  private var computed: [[UInt8]] = []
  /// Leaf hashes of the subtree that is being filled: as stored with the events, and as they follow
  /// from the events.
  private var storedLeaves: [UInt8] = []
  private var computedLeaves: [UInt8] = []
  private var size: Int64
  private let hasNodes: Bool

  private(set) var faults: [LogVerification.Fault] = []

  private static let width = MerkleTree.hashLength

  /// `first` is the number of leaves that are passed over: a whole number of stored subtrees.
  init(nodes: [[UInt8]], hasNodes: Bool, from first: Int64) {
    stored = nodes
    self.hasNodes = hasNodes
    size = first
    var count = Int(first / TreeTable.blockSize)
    for level in nodes where count > 0 {
      computed.append(Array(level.prefix(count * Self.width)))
      count /= 2
    }
  }

  /// Whether the first subtrees of the lowest level are stored, with all that are full above them.
  static func covers(_ blocks: Int64, _ nodes: [[UInt8]]) -> Bool {
    var (count, level) = (blocks, 0)
    while count > 0 {
      guard level < nodes.count, nodes[level].count >= Int(count) * width else { return false }
      count /= 2
      level += 1
    }
    return true
  }

  mutating func add(stored: ArraySlice<UInt8>, computed: ArraySlice<UInt8>) {
    storedLeaves += stored
    computedLeaves += computed
    size += 1
    guard size % TreeTable.blockSize == 0 else { return }
    closeBlock()
    storedLeaves.removeAll(keepingCapacity: true)
    computedLeaves.removeAll(keepingCapacity: true)
  }

  private mutating func closeBlock() {
    var index = Int(size / TreeTable.blockSize) - 1
    var hash = MerkleTree.root(ofPerfectSubtree: storedLeaves)
    if hash != node(0, index) && storedLeaves != computedLeaves {
      // A hash that was damaged where it stands with its event is told of as that event's fault.
      let other = MerkleTree.root(ofPerfectSubtree: computedLeaves)
      if other == node(0, index) { hash = other }
    }
    var level = 0
    // What the stored nodes below give: of a node that is wrong and those above it, only the one
    // that differs from both is told of.
    var other = hash
    while true {
      compare(hash, or: other, level, index)
      if computed.count == level { computed.append([]) }
      computed[level] += hash
      guard index & 1 == 1 else { return }
      let left = Array(computed[level].dropLast(Self.width).suffix(Self.width))
      other = MerkleTree.nodeHash(node(level, index - 1) ?? left, node(level, index) ?? hash)
      hash = MerkleTree.nodeHash(left, hash)
      level += 1
      index /= 2
    }
  }

  private mutating func compare(
    _ hash: [UInt8], or other: [UInt8], _ level: Int, _ index: Int
  ) {
    guard hasNodes else { return }
    let found = node(level, index)
    if found == hash || found == other { return }
    let count = TreeTable.blockSize << level
    let first = Position(Int64(index) * count + 1)
    let last = first.advanced(by: Int(count) - 1)
    let what = "The hashes of the events from \(first) to \(last)"
    faults.append(
      LogVerification.Fault(
        .tree, at: first...last,
        found == nil
          ? "\(what) are not in the stored tree."
          : "\(what) are not those that the stored tree was built from.",
        expected: hash.hexDigits, found: found?.hexDigits))
  }

  /// The stored hash of a node, by the levels that are stored.
  private func node(_ level: Int, _ index: Int) -> [UInt8]? {
    guard level < stored.count, (index + 1) * Self.width <= stored[level].count else { return nil }
    return Array(stored[level][index * Self.width..<(index + 1) * Self.width])
  }

  /// Ends the check of a log that was read to its end: nodes that no events belong to are faults too.
  mutating func checkEnd() {
    for (level, hashes) in stored.enumerated() {
      let count = size >> (TreeTable.lowestLevel + level)
      if Int64(hashes.count / Self.width) > count {
        faults.append(
          LogVerification.Fault(
            .tree, at: Position(size)...Position(size),
            "The stored tree goes on behind the last event, \(Position(size)).",
            expected: "\(count) nodes", found: "\(hashes.count / Self.width)"))
      }
    }
  }

  /// Root over all leaves.
  var root: [UInt8] {
    let blocks = size / TreeTable.blockSize * TreeTable.blockSize
    return MerkleTree.root(ofSize: size) { node in
      let (level, index) = (node.level - TreeTable.lowestLevel, Int(node.index))
      if level >= 0 {
        return Array(computed[level][index * Self.width..<(index + 1) * Self.width])
      }
      let first = Int(node.index << node.level - blocks) * Self.width
      return MerkleTree.root(
        ofPerfectSubtree: Array(storedLeaves[first..<first + Self.width << node.level]))
    }
  }
}
