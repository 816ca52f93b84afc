import EventLog

/// Inserts the rows of accepted events: their batch, themselves, their places in the tag index, and
/// the names that are new.
final class EventInserter {
  // OR ROLLBACK: what goes wrong here ends the transaction anyway, and SQLite need not keep copies
  // of pages in case it had to undo a single statement.
  private static let insertName =
    "INSERT OR ROLLBACK INTO main.name (id, kind, text) VALUES (?1, ?2, ?3)"
  private static let insertBatch = """
    INSERT OR ROLLBACK INTO main.batch (first, recorded, recorder, note) VALUES (?1, ?2, ?3, ?4)
    """
  private static let insertEvent = """
    INSERT OR ROLLBACK INTO main.event
      (seq, type, batch, earliest, latest, on_text, tags, targets, id, leaf, salt, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    """
  private static let insertTag =
    "INSERT OR ROLLBACK INTO main.tag (name, seq, more) VALUES (?1, ?2, ?3)"

  private static let insertErased =
    "INSERT OR ROLLBACK INTO main.erased (seq, by) VALUES (?1, ?2)"

  private let connection: Connection
  private let names: NameTable
  private let shapes: ShapeInserter
  private let event: Statement
  private let tag: Statement
  private var tagRows = TagRows()
  /// Bytes of a column that is put together, in storage that is used again.
  private var column: [UInt8] = []
  private var dayText = DayText()
  /// The type of the event before, with its number: most events are of the same one.
  private var latestType: (type: EventType, number: Int64)?

  init(_ connection: Connection, _ names: NameTable) throws(EventLogError) {
    self.connection = connection
    self.names = names
    shapes = ShapeInserter(connection, names.shapes)
    event = try connection.prepared(Self.insertEvent)
    tag = try connection.prepared(Self.insertTag)
  }

  func insert(_ batch: Batch) throws(EventLogError) {
    let statement = try connection.prepared(Self.insertBatch)
    statement.bind(batch.first.rawValue, at: 1)
    statement.bind(batch.recorded.microseconds, at: 2)
    statement.bind(try number(of: .init(kind: .recorder, text: batch.recorder)), at: 3)
    statement.bind(text: batch.note, at: 4)
    try statement.run()
  }

  /// The numbers in the log of what a request's events share.
  struct Numbers {
    /// Of the request's tags.
    var tags: [Int64] = []
    /// Of its shapes; nil for one under which nothing is stored.
    var shapes: [Int64?] = []
  }

  /// Looks up the tags and shapes of a request, and numbers those that are new.
  func resolve(_ request: AppendRequest) throws(EventLogError) -> Numbers {
    var numbers = Numbers()
    for key in request.tags.keys { numbers.tags.append(try number(of: key)) }
    for shape in request.payloads.shapes {
      numbers.shapes.append(try shapes.number(of: shape.text, times: shape.count))
    }
    return numbers
  }

  func insert(
    _ request: AppendRequest, _ index: Int, _ numbers: Numbers, at position: Position,
    in batch: Position, targets: [Position]?, leaf: ArraySlice<UInt8>
  ) throws(EventLogError) {
    let new = request.events[index]
    let seq = position.rawValue
    event.bind(seq, at: 1)
    let erasure = request.origin?.erasures[index]
    let type = try number(of: new.type)
    event.bind(type, at: 2)
    if erasure == nil { tagRows.file(seq, under: type) }
    event.bind(batch.rawValue, at: 3)
    bind(new.time)
    bind(request.tags[index], numbers, of: seq)
    bind(targets, of: seq, isFiled: erasure == nil)
    event.bind(id: new.id, at: 9)
    event.bind(blob: leaf, at: 10)
    event.bind(blob: request.salt(of: index), at: 11)
    if let erasure {
      event.bind(blob: PayloadShape.erasedBody(erasure.commitment), at: 12)
      try event.run()
      try insert(erasure, of: seq)
    } else {
      bindBody(of: request, index, numbers)
      try event.run()
    }
  }

  /// Inserts the index rows of the events so far; all of them are of one batch.
  func insertTags() throws(EventLogError) {
    try tagRows.removeAll { (row) throws(EventLogError) in
      tag.bind(row.name, at: 1)
      tag.bind(row.seq, at: 2)
      tag.bind(row.more, at: 3)
      try tag.run()
    }
  }

  private func bind(_ time: ValidTime?) {
    if let time, let day = dayText.start(of: time) {
      event.bind(day, at: 4)
      event.bindNull(at: 5)
      event.bindNull(at: 6)
    } else {
      event.bind(time?.earliest, at: 4)
      event.bind(time?.latest, at: 5)
      event.bind(text: time?.text, at: 6)
    }
  }

  private func bind(_ tags: ArraySlice<Int32>, _ numbers: Numbers, of seq: Int64) {
    if tags.isEmpty {
      event.bindNull(at: 7)
      return
    }
    column.removeAll(keepingCapacity: true)
    for tag in tags {
      let number = numbers.tags[Int(tag)]
      LEB128.append(number, to: &column)
      tagRows.file(seq, under: number)
    }
    event.bind(blob: column, at: 7)
  }

  private func bindBody(of request: AppendRequest, _ index: Int, _ numbers: Numbers) {
    if let payload = request.payloads[index], let shape = numbers.shapes[payload.shape] {
      column.removeAll(keepingCapacity: true)
      column.append(PayloadShape.mark)
      LEB128.append(shape, to: &column)
      column.append(contentsOf: payload.values)
      event.bind(blob: column, at: 12)
    } else {
      event.bind(blob: request.events[index].body, at: 12)
    }
  }

  private func insert(_ erasure: Erasure, of seq: Int64) throws(EventLogError) {
    let statement = try connection.prepared(Self.insertErased)
    statement.bind(seq, at: 1)
    statement.bind(erasure.by.rawValue, at: 2)
    try statement.run()
  }

  private func bind(_ targets: [Position]?, of seq: Int64, isFiled: Bool) {
    guard let targets else {
      event.bindNull(at: 8)
      return
    }
    var bytes: [UInt8] = []
    for target in targets { LEB128.append(target.rawValue, to: &bytes) }
    event.bind(blob: bytes, at: 8)
    guard isFiled else { return }
    for target in Set(targets) { tagRows.file(seq, under: -target.rawValue) }
  }

  // MARK: Names

  private func number(of type: EventType) throws(EventLogError) -> Int64 {
    if let latestType, latestType.type == type { return latestType.number }
    let number = try number(of: .init(kind: .type, text: type.description))
    latestType = (type, number)
    return number
  }

  /// The number of a name, which it is given now when it has none.
  private func number(of key: NameTable.Key) throws(EventLogError) -> Int64 {
    if let known = names.id(of: key) { return Int64(known) }
    let id = Int64(names.count) + 1
    guard id <= NameID.max else { throw EventLogError(.full, "The log has no number left.") }
    let insert = try connection.prepared(Self.insertName)
    insert.bind(id, at: 1)
    insert.bind(Int64(key.kind.rawValue), at: 2)
    insert.bind(text: key.text, at: 3)
    try insert.run()
    try names.add(key, id)
    return id
  }
}
