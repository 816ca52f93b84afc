import EventLog

/// Looks up what an event's row only points at: its batch, its targets' ids, its place.
final class EventLookup {
  private static let selectBatch =
    "SELECT recorded, recorder, note FROM main.batch WHERE first = ?1"
  private static let selectID = "SELECT id FROM main.event WHERE seq = ?1"
  private static let selectPosition = "SELECT seq FROM main.event WHERE id = ?1"
  private static let selectNext =
    "SELECT id, seq FROM main.event WHERE id >= ?1 ORDER BY id LIMIT 1"

  private static let selectBeginning = """
    SELECT seq FROM main.event WHERE leaf BETWEEN ?1 AND ?2 OR id BETWEEN ?3 AND ?4
    ORDER BY seq LIMIT ?5
    """
  private static let selectErasure = "SELECT by FROM main.erased WHERE seq = ?1"

  private let connection: Connection
  private let names: NameTable
  private var latest: Batch?

  init(_ connection: Connection, _ names: NameTable) {
    self.connection = connection
    self.names = names
  }

  func batch(_ first: Position) throws(EventLogError) -> Batch {
    if let latest, latest.first == first { return latest }
    let statement = try connection.prepared(Self.selectBatch)
    defer { statement.reset() }
    statement.bind(first.rawValue, at: 1)
    guard try statement.step() else {
      throw EventLogError(.corrupt, "The batch at \(first) is missing.")
    }
    let recorder = NameID(clamping: statement.integer(1))
    guard names.isKind(recorder, .recorder) else {
      throw EventLogError(.corrupt, "The recorder of the batch at \(first) is damaged.")
    }
    let batch = Batch(
      first: first, recorded: Instant(microseconds: statement.integer(0)),
      recorder: names.text(recorder),
      note: statement.optionalText(2))
    latest = batch
    return batch
  }

  func id(at position: Position) throws(EventLogError) -> EventID {
    let statement = try connection.prepared(Self.selectID)
    defer { statement.reset() }
    statement.bind(position.rawValue, at: 1)
    guard try statement.step(), let id = statement.id(0) else {
      throw EventLogError(.corrupt, "The event at \(position) is missing or damaged.")
    }
    return id
  }

  /// The event that says that the payload of another was erased; the place before the first where
  /// none does, as `verify` tells.
  func erasure(of position: Position) throws(EventLogError) -> Position {
    let statement = try connection.prepared(Self.selectErasure)
    defer { statement.reset() }
    statement.bind(position.rawValue, at: 1)
    return try statement.step() ? Position(statement.integer(0)) : .start
  }

  /// Where many events stand. In the order of their ids, so that those which fall between two that
  /// are stored side by side need one look together.
  func positions(of ids: SortedIDs) throws(EventLogError) -> [Position?] {
    var positions = [Position?](repeating: nil, count: ids.ids.count)
    // No stored id lies from the last look up to `next`; nil: none lies behind it at all.
    var next: (id: EventID, position: Position)?
    var hasLooked = false
    for index in ids.order {
      let id = ids.ids[index]
      let isBehind = next.map { $0.id < id } ?? false
      if !hasLooked || isBehind {
        next = try self.next(from: id)
        hasLooked = true
      }
      if let next, next.id == id { positions[index] = next.position }
    }
    return positions
  }

  /// The first stored id that is not below one, and where it stands.
  private func next(from id: EventID) throws(EventLogError) -> (id: EventID, position: Position)? {
    let statement = try connection.prepared(Self.selectNext)
    defer { statement.reset() }
    statement.bind(id: id, at: 1)
    guard try statement.step() else { return nil }
    guard let next = statement.id(0) else {
      throw EventLogError(.corrupt, "The id of event \(statement.integer(1)) is damaged.")
    }
    return (next, Position(statement.integer(1)))
  }

  /// The first events whose id or leaf hash begins with these hexadecimal digits.
  func positions(beginning digits: String, limit: Int) throws(EventLogError) -> [Position] {
    let digits = digits.lowercased()
    /// The lowest and the highest value of so many bytes that begin with the digits.
    func bounds(bytes: Int) -> (lowest: [UInt8], highest: [UInt8])? {
      let left = bytes * 2 - digits.utf8.count
      guard left >= 0,
        let lowest = [UInt8](hexDigits: digits + String(repeating: "0", count: left)),
        let highest = [UInt8](hexDigits: digits + String(repeating: "f", count: left))
      else { return nil }
      return (lowest, highest)
    }
    guard limit > 0, !digits.isEmpty, let leaf = bounds(bytes: 32) else { return [] }
    let statement = try connection.prepared(Self.selectBeginning)
    defer { statement.reset() }
    statement.bind(blob: leaf.lowest, at: 1)
    statement.bind(blob: leaf.highest, at: 2)
    // More digits than an id has begin none.
    let id = bounds(bytes: 16)
    if let id {
      statement.bind(blob: id.lowest, at: 3)
      statement.bind(blob: id.highest, at: 4)
    } else {
      statement.bindNull(at: 3)
      statement.bindNull(at: 4)
    }
    statement.bind(Int64(limit), at: 5)
    var positions: [Position] = []
    while try statement.step() { positions.append(Position(statement.integer(0))) }
    return positions
  }

  func position(of id: EventID) throws(EventLogError) -> Position? {
    let statement = try connection.prepared(Self.selectPosition)
    defer { statement.reset() }
    statement.bind(id: id, at: 1)
    return try statement.step() ? Position(statement.integer(0)) : nil
  }
}

/// Ids with the order in which they are looked up best.
struct SortedIDs {
  let ids: [EventID]
  /// Indices in the order of the ids; of equals the first comes first.
  let order: [Int]

  init(_ ids: [EventID]) {
    self.ids = ids
    let isRising = zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 }
    order = isRising ? Array(ids.indices) : ids.indices.sorted { (ids[$0], $0) < (ids[$1], $1) }
  }
}
