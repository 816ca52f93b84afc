import EventLog

/// The Merkle tree over the events, as the file holds it: subtrees of 256 leaves and more are
/// stored, smaller ones follow from the leaves that stand with the events.
struct TreeTable {
  /// The lowest level that is stored; also in 0003_tree.sql.
  static let lowestLevel = 8
  /// Leaves of a subtree of that level.
  static let blockSize: Int64 = 1 << lowestLevel

  private static let selectNode =
    "SELECT hash FROM main.tree WHERE level = ?1 AND number = ?2"
  private static let selectLeaves =
    "SELECT leaf FROM main.event WHERE seq > ?1 AND seq <= ?2 ORDER BY seq"

  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// Root of the first `size` events, which must be there.
  func root(ofSize size: Int64) throws(EventLogError) -> [UInt8] {
    try MerkleTree.root(ofSize: size, node: hash)
  }

  /// The hash of a perfect subtree over events that are there.
  func hash(of node: MerkleNode) throws(EventLogError) -> [UInt8] {
    // A log of an earlier format, opened for reading only, stores no nodes.
    if node.level >= Self.lowestLevel, try connection.has(table: "tree") {
      return try stored(node)
    }
    if node.level > Self.lowestLevel {
      let left = MerkleNode(level: node.level - 1, index: 2 * node.index)
      let right = MerkleNode(level: node.level - 1, index: 2 * node.index + 1)
      return MerkleTree.nodeHash(try hash(of: left), try hash(of: right))
    }
    let first = node.index << node.level
    return MerkleTree.root(
      ofPerfectSubtree: try leaves(after: first, through: first + 1 << node.level))
  }

  private func stored(_ node: MerkleNode) throws(EventLogError) -> [UInt8] {
    let statement = try connection.prepared(Self.selectNode)
    defer { statement.reset() }
    statement.bind(Int64(node.level), at: 1)
    statement.bind(node.index, at: 2)
    guard try statement.step() else {
      throw EventLogError(
        .corrupt, "Node \(node.index) of level \(node.level) of the log's tree is missing.")
    }
    let hash = statement.bytes(0)
    guard hash.count == MerkleTree.hashLength else {
      throw EventLogError(
        .corrupt, "Node \(node.index) of level \(node.level) of the log's tree is damaged.")
    }
    return hash
  }

  /// The leaf hashes of a range of events, one after the other.
  func leaves(after first: Int64, through last: Int64) throws(EventLogError) -> [UInt8] {
    let statement = try connection.prepared(Self.selectLeaves)
    defer { statement.reset() }
    statement.bind(first, at: 1)
    statement.bind(last, at: 2)
    let length = Int(last - first) * MerkleTree.hashLength
    var leaves: [UInt8] = []
    leaves.reserveCapacity(length)
    while try statement.step() { statement.withBytes(0) { leaves.append(contentsOf: $0) } }
    guard leaves.count == length else {
      throw EventLogError(
        .corrupt, "Hashes of the events from \(first + 1) to \(last) are missing or damaged.")
    }
    return leaves
  }
}

/// Adds to the stored tree as events are appended.
final class TreeGrowth {
  private static let insertNode =
    "INSERT OR ROLLBACK INTO main.tree (level, number, hash) VALUES (?1, ?2, ?3)"
  private static let selectCount = "SELECT max(number) + 1 FROM main.tree WHERE level = ?1"
  private static let selectHead = "SELECT max(seq) FROM main.event"

  private let connection: Connection
  private let table: TreeTable
  /// Leaves of the subtree that is being filled: the last ones, as far as they have come by here.
  private var block: [UInt8] = []
  private var last: Int64 = 0

  init(_ connection: Connection) {
    self.connection = connection
    table = TreeTable(connection)
  }

  /// Takes in the leaf hash of an event that was inserted.
  func add(_ leaf: ArraySlice<UInt8>, at seq: Int64) throws(EventLogError) {
    // Others have appended in between, or what was added was rolled back.
    if seq != last + 1 { block.removeAll(keepingCapacity: true) }
    last = seq
    block.append(contentsOf: leaf)
    guard seq % TreeTable.blockSize == 0 else { return }
    let missing = TreeTable.blockSize - Int64(block.count / MerkleTree.hashLength)
    if missing > 0 {
      let first = seq - TreeTable.blockSize
      block = try table.leaves(after: first, through: first + missing) + block
    }
    try store(block, at: seq / TreeTable.blockSize - 1)
    block.removeAll(keepingCapacity: true)
  }

  /// Forgets leaves that may have been rolled back.
  func forget() { block.removeAll(keepingCapacity: true) }

  /// Adds what is missing for the events that are there: in a log of an earlier format all of it.
  func complete() throws(EventLogError) {
    let size = try number(Self.selectHead, nil)
    for index in try blockCount()..<size / TreeTable.blockSize {
      let first = index * TreeTable.blockSize
      try store(try table.leaves(after: first, through: first + TreeTable.blockSize), at: index)
    }
  }

  /// How many subtrees of the lowest level are stored.
  func blockCount() throws(EventLogError) -> Int64 {
    try number(Self.selectCount, Int64(TreeTable.lowestLevel))
  }

  /// Stores a subtree of the lowest level, and those above that are full with it.
  private func store(_ leaves: [UInt8], at index: Int64) throws(EventLogError) {
    var node = MerkleNode(level: TreeTable.lowestLevel, index: index)
    var hash = MerkleTree.root(ofPerfectSubtree: leaves)
    try insert(hash, at: node)
    while node.index & 1 == 1 {
      let left = MerkleNode(level: node.level, index: node.index - 1)
      hash = MerkleTree.nodeHash(try table.hash(of: left), hash)
      node = MerkleNode(level: node.level + 1, index: node.index / 2)
      try insert(hash, at: node)
    }
  }

  private func insert(_ hash: [UInt8], at node: MerkleNode) throws(EventLogError) {
    let statement = try connection.prepared(Self.insertNode)
    statement.bind(Int64(node.level), at: 1)
    statement.bind(node.index, at: 2)
    statement.bind(blob: hash, at: 3)
    try statement.run()
  }

  private func number(_ sql: String, _ value: Int64?) throws(EventLogError) -> Int64 {
    let statement = try connection.prepared(sql)
    defer { statement.reset() }
    if let value { statement.bind(value, at: 1) }
    return try statement.step() ? statement.optionalInteger(0) ?? 0 : 0
  }
}
