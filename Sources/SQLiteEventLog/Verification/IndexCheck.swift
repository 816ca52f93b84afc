import EventLog

/// Holds the tag index against the events: each of the names that an event stands under must have
/// it in the index, and nothing else may.
///
/// Millions of pairs are compared by sums of their hashes, block by block; only a block that differs
/// is looked at pair by pair.
struct IndexCheck {
  private static let blockSize: Int64 = 4096
  private static let selectTags = "SELECT name, seq, more FROM main.tag"
  private static let selectTagsOfBlock =
    "SELECT name, seq, more FROM main.tag WHERE seq > ?1 - 64 AND seq <= ?2"

  private struct Pair: Hashable {
    let name: Int64
    let seq: Int64
  }

  private let first: Int64
  private let last: Int64
  private let secret = UInt64.random(in: 0 ... .max)
  /// By block, the sum over the events' own pairs.
  private var sums: [UInt64]

  /// Of the events behind `first` up to `last`.
  init(after first: Int64, through last: Int64) {
    self.first = first
    self.last = last
    sums = Array(repeating: 0, count: Int((last - first) / Self.blockSize) + 1)
  }

  /// Takes in an event's own names.
  mutating func add(_ row: borrowing EventRow) {
    let seq = row.position.rawValue
    if row.isErased { return }
    let block = Int((seq - first - 1) / Self.blockSize)
    var sum = hash(Int64(row.type), seq)
    for (index, tag) in row.tags.enumerated() where !row.tags[..<index].contains(tag) {
      sum &+= hash(Int64(tag), seq)
    }
    for (index, target) in row.targets.enumerated() where !row.targets[..<index].contains(target) {
      sum &+= hash(-target.rawValue, seq)
    }
    sums[block] &+= sum
  }

  private func hash(_ name: Int64, _ seq: Int64) -> UInt64 {
    var z = UInt64(bitPattern: name) &* 0x9E37_79B9_7F4A_7C15
    z ^= UInt64(bitPattern: seq) &* 0xD6E8_FEB8_6659_FD93
    z = (z ^ secret ^ (z >> 32)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 29)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 32)
  }

  /// Reads the index; `names` gives a pair's name a text. Nil when it fits.
  func fault(
    _ connection: Connection, _ names: NameTable
  ) throws(EventLogError) -> LogVerification.Fault? {
    var found = [UInt64](repeating: 0, count: sums.count)
    var outside: Pair?
    let statement = try connection.prepared(Self.selectTags)
    defer { statement.reset() }
    while try statement.step() {
      Self.forEachPair(statement) { pair in
        if pair.seq > 0 && pair.seq <= first { return }
        if pair.seq > last || pair.seq < 1 {
          outside = outside ?? pair
        } else {
          found[Int((pair.seq - first - 1) / Self.blockSize)] &+= hash(pair.name, pair.seq)
        }
      }
    }
    if let block = zip(sums, found).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      return try self.fault(inBlock: Int64(block), connection, names)
    }
    return outside.map { pair in
      Self.fault(Position(pair.seq), "The index names \(Position(pair.seq)), which is not there.")
    }
  }

  private static func forEachPair(_ statement: Statement, _ body: (Pair) -> Void) {
    let (name, seq) = (statement.integer(0), statement.integer(1))
    body(Pair(name: name, seq: seq))
    var more = UInt64(bitPattern: statement.integer(2))
    while more != 0 {
      let bit = more.trailingZeroBitCount
      body(Pair(name: name, seq: seq &+ 1 &+ Int64(bit)))
      more &= more - 1
    }
  }

  // MARK: One block, pair by pair

  private func fault(
    inBlock block: Int64, _ connection: Connection, _ names: NameTable
  ) throws(EventLogError) -> LogVerification.Fault {
    let start = first + block * Self.blockSize
    let end = min(last, start + Self.blockSize)
    var expected = Set<Pair>()
    let cursor = try EventCursor(
      .all, in: EventRange(after: Position(start), through: Position(end)), names: names,
      kinds: names.kinds, on: connection)
    var row = EventRow()
    while try cursor.next() {
      // What cannot be read has been told of.
      guard (try? cursor.read(into: &row)) != nil, !row.isErased else { continue }
      let own = [Int64(row.type)] + row.tags.map(Int64.init) + row.targets.map { -$0.rawValue }
      for name in own { expected.insert(Pair(name: name, seq: row.position.rawValue)) }
    }
    var found: [Pair: Int] = [:]
    let statement = try connection.prepared(Self.selectTagsOfBlock)
    defer { statement.reset() }
    statement.bind(start, at: 1)
    statement.bind(end, at: 2)
    while try statement.step() {
      Self.forEachPair(statement) { pair in
        if pair.seq > start && pair.seq <= end { found[pair, default: 0] += 1 }
      }
    }
    let missing = expected.filter { found[$0] == nil }
    let more = found.filter { !expected.contains($0.key) || $0.value > 1 }.keys
    let all = missing.map { ($0, true) } + more.map { ($0, false) }
    guard let (pair, isMissing) = all.min(by: { ($0.0.seq, $0.0.name) < ($1.0.seq, $1.0.name) })
    else { return Self.fault(Position(start + 1), "The index differs from the events.") }
    let name =
      pair.name < 0
      ? "the target \(Position(-pair.name))" : "\"\(names.text(NameID(clamping: pair.name)))\""
    let position = Position(pair.seq)
    return Self.fault(
      position,
      isMissing
        ? "The index does not have \(position) under \(name)."
        : "The index has \(position) under \(name), which the event does not say.")
  }

  private static func fault(_ position: Position, _ message: String) -> LogVerification.Fault {
    LogVerification.Fault(.index, at: position...position, message)
  }
}
