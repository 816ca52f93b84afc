import EventLog

/// Goes through the matching events of a range, within one read transaction.
final class EventCursor {
  private static let columns =
    "seq, type, batch, earliest, latest, on_text, tags, targets, id, body, leaf, salt"
  private static let rising =
    "SELECT \(columns) FROM main.event WHERE seq >= ?1 ORDER BY seq"
  private static let falling =
    "SELECT \(columns) FROM main.event WHERE seq <= ?1 ORDER BY seq DESC"

  /// Rows that are stepped over before it is cheaper to look anew.
  private static let steps: Int64 = 8

  private let source: any PositionSource
  private let statement: Statement
  private let names: NameTable
  /// What each number of the name table stands for, to notice damage.
  private let kinds: [UInt8]
  private let order: EventRange.Order
  private let last: Int64
  /// Where to look next.
  private var bound: Int64
  /// The row on which the statement stands; nil when it has not been started.
  private var current: Int64?
  private var dayText = DayText()
  private var isFinished = false

  /// `range` must not go past the head.
  init(
    _ query: EventQuery, in range: EventRange, names: NameTable, kinds: [UInt8],
    on connection: Connection
  ) throws(EventLogError) {
    order = range.order
    source = try QueryPlan(names: names, connection: connection, order: order).source(query)
    statement = try connection.prepared(order == .oldestFirst ? Self.rising : Self.falling)
    self.names = names
    self.kinds = kinds
    let first = range.after.rawValue + 1
    (bound, last) =
      order == .oldestFirst ? (first, range.through.rawValue) : (range.through.rawValue, first)
  }

  deinit { finish() }

  /// Lets go of the statement, which is kept for the next cursor.
  func finish() {
    if isFinished { return }
    isFinished = true
    statement.reset()
  }

  /// Goes to the next event; false at the end.
  func next() throws(EventLogError) -> Bool {
    guard let position = try source.seek(bound),
      order == .oldestFirst ? position <= last : position >= last
    else { return false }
    try move(to: position)
    bound = order == .oldestFirst ? position + 1 : position - 1
    return true
  }

  private func move(to position: Int64) throws(EventLogError) {
    var isThere = true
    let distance = current.map { order == .oldestFirst ? position - $0 : $0 - position }
    if let distance, distance <= Self.steps {
      for _ in 0..<distance where isThere { isThere = try statement.step() }
    } else {
      statement.reset()
      statement.bind(position, at: 1)
      isThere = try statement.step()
    }
    guard isThere, statement.integer(0) == position else {
      throw EventLogError(.corrupt, "Position \(position) is missing.")
    }
    current = position
  }

  /// The position of the event at hand.
  var position: Position { Position(statement.integer(0)) }

  /// Appends the stored leaf hash of the event at hand; false when it is not 32 bytes long.
  func appendLeaf(to bytes: inout [UInt8]) -> Bool { append(10, 32, to: &bytes) }

  /// Appends the salt of the event at hand; false when it is not 16 bytes long.
  func appendSalt(to bytes: inout [UInt8]) -> Bool {
    append(11, CanonicalEvent.saltLength, to: &bytes)
  }

  private func append(_ column: Int32, _ length: Int, to bytes: inout [UInt8]) -> Bool {
    statement.withBytes(column) { value in
      guard value.count == length else { return false }
      bytes.append(contentsOf: value)
      return true
    }
  }

  // MARK: Reading for a fold

  /// Reads the event at hand into storage that is used again.
  func read(into row: inout EventRow) throws(EventLogError) {
    row.position = Position(statement.integer(0))
    row.type = try number(statement.integer(1), .type)
    row.batch = Position(statement.integer(2))
    try readTime(into: &row)
    row.tags.removeAll(keepingCapacity: true)
    try readTags(into: &row.tags)
    row.targets.removeAll(keepingCapacity: true)
    try readTargets(into: &row.targets)
    guard let id = statement.id(8) else { throw damaged("id") }
    row.id = id
    try readBody(into: &row)
  }

  private func readBody(into row: inout EventRow) throws(EventLogError) {
    row.storedBody.removeAll(keepingCapacity: true)
    row.isErased = false
    let shape: NameID? = statement.withBytes(9) { bytes in
      guard bytes.first == PayloadShape.mark else {
        row.storedBody.append(contentsOf: bytes)
        return 0
      }
      var at = 1
      guard let shape = LEB128.next(in: bytes, at: &at) else { return nil }
      let values = UnsafeRawBufferPointer(rebasing: bytes[at...])
      if shape == PayloadShape.erased {
        row.isErased = values.count == CanonicalEvent.commitmentLength && row.tags.isEmpty
        row.storedBody.append(contentsOf: values)
        return row.isErased ? 0 : nil
      }
      guard names.shapes.fits(shape, values, tagCount: row.tags.count) else { return nil }
      row.storedBody.append(contentsOf: values)
      return NameID(shape)
    }
    guard let shape else { throw damaged("payload") }
    row.shape = shape
    if row.source == nil { row.source = names }
  }

  private func readTime(into row: inout EventRow) throws(EventLogError) {
    row.timeText.removeAll(keepingCapacity: true)
    guard let earliest = statement.optionalInteger(3) else {
      guard statement.isNull(4), statement.isNull(5) else { throw damaged("date") }
      row.bounds = nil
      return
    }
    if let latest = statement.optionalInteger(4) {
      row.bounds = (earliest, latest)
      statement.copyBytes(5, into: &row.timeText)
    } else {
      guard statement.isNull(5), let text = dayText.bytes(ofDayAt: earliest) else {
        throw damaged("date")
      }
      row.bounds = (earliest, earliest + DayText.seconds)
      row.timeText.append(contentsOf: text)
    }
  }

  private func readTags(into tags: inout [NameID]) throws(EventLogError) {
    if statement.isNull(6) { return }
    var areTags = true
    let isWhole = statement.withBytes(6) { bytes in
      LEB128.forEach(in: bytes) { value in
        areTags =
          areTags && value < kinds.count && kinds[Int(value)] == NameTable.Kind.tag.rawValue
        tags.append(NameID(truncatingIfNeeded: value))
      }
    }
    guard isWhole && areTags else { throw damaged("tags") }
  }

  private func readTargets(into targets: inout [Position]) throws(EventLogError) {
    if statement.isNull(7) { return }
    let isWhole = statement.withBytes(7) { bytes in
      LEB128.forEach(in: bytes) { targets.append(Position($0)) }
    }
    guard isWhole else { throw damaged("targets") }
  }

  private func number(_ value: Int64, _ kind: NameTable.Kind) throws(EventLogError) -> NameID {
    guard value > 0, value < kinds.count, kinds[Int(value)] == kind.rawValue else {
      throw damaged("\(kind)")
    }
    return NameID(value)
  }

  private func damaged(_ what: String) -> EventLogError {
    EventLogError(.corrupt, "The \(what) of event \(statement.integer(0)) is damaged.")
  }

  // MARK: Reading whole events

  /// The event at hand, with what stands elsewhere in the log looked up by `lookup`.
  func event(_ lookup: EventLookup) throws(EventLogError) -> RecordedEvent {
    var row = EventRow()
    try read(into: &row)
    var targets: [EventID] = []
    for target in row.targets { targets.append(try lookup.id(at: target)) }
    let event = NewEvent(
      id: row.id, type: names.type(row.type), tags: row.tags.map(names.tag),
      time: row.bounds.map { bounds in
        ValidTime(
          text: String(decoding: row.timeText, as: UTF8.self), earliest: bounds.earliest,
          latest: bounds.latest)
      },
      targets: targets, body: row.body)
    return RecordedEvent(
      position: row.position, batch: try lookup.batch(row.batch), event: event,
      salt: statement.bytes(11), leafHash: statement.bytes(10),
      erasure: row.isErased
        ? Erasure(commitment: row.storedBody, by: try lookup.erasure(of: row.position)) : nil)
  }
}
