import CSQLite
import EventLog

/// Takes payloads out of the log for good, within a transaction of the writer.
///
/// Rows are changed that the guards protect; they are switched off on this connection for as long as
/// that takes. What is freed is overwritten with zeros.
struct Eraser {
  private static let updateEvent =
    "UPDATE main.event SET tags = NULL, salt = zeroblob(16), body = ?2 WHERE seq = ?1"
  private static let selectTagRow = """
    SELECT seq, more FROM main.tag WHERE name = ?1 AND seq BETWEEN ?2 - 63 AND ?2
    ORDER BY seq DESC LIMIT 1
    """
  private static let deleteTagRow =
    "DELETE FROM main.tag WHERE name = ?1 AND seq = ?2 AND more = ?3"
  private static let insertTagRow = "INSERT INTO main.tag (name, seq, more) VALUES (?1, ?2, ?3)"
  private static let insertErased = "INSERT INTO main.erased (seq, by) VALUES (?1, ?2)"
  private static let isNameUsed = "SELECT EXISTS (SELECT 1 FROM main.tag WHERE name = ?1)"
  private static let blankName =
    "UPDATE main.name SET text = 'erased:' || id || '/' || hex(randomblob(8)) WHERE id = ?1"
  private static let isShapeUsed =
    "SELECT EXISTS (SELECT 1 FROM main.event WHERE substr(body, 1, ?2) = ?1)"
  private static let blankShape =
    "UPDATE main.shape SET text = 'erased ' || id || ' ' || hex(randomblob(8)) WHERE id = ?1"

  private let connection: Connection
  private let log: LogSnapshot

  init(_ connection: Connection, _ log: LogSnapshot) {
    self.connection = connection
    self.log = log
  }

  /// Erases the payloads of events that have theirs; the event at `by` says so. With none of them,
  /// only views go, in which something may be left that was erased before.
  func erase(_ positions: [Position], by: Position) throws(EventLogError) {
    let usual = connection.hooks.policy
    connection.hooks.policy = .anything
    defer { connection.hooks.policy = usual }
    try connection.execute("PRAGMA main.secure_delete = ON")
    try connection.setSwitch(SQLITE_DBCONFIG_ENABLE_TRIGGER, false)
    let result = Result { () throws(EventLogError) in
      var names: Set<NameID> = []
      var shapes: Set<NameID> = []
      for position in positions {
        try erase(position, by: by, &names, &shapes)
      }
      for name in names { try blank(name: name) }
      for shape in shapes { try blank(shape: shape) }
      try dropProjections()
      try Purge(connection).request()
    }
    try connection.setSwitch(SQLITE_DBCONFIG_ENABLE_TRIGGER, true)
    try result.get()
  }

  private func erase(
    _ position: Position, by: Position, _ names: inout Set<NameID>, _ shapes: inout Set<NameID>
  ) throws(EventLogError) {
    let row = try log.row(at: position)
    let event = try log.event(at: position)
    for name in [Int64(row.type)] + Set(row.tags).map(Int64.init)
      + Set(row.targets).map({ -$0.rawValue })
    {
      try unfile(position.rawValue, under: name)
    }
    names.formUnion(row.tags)
    if row.shape != 0 { shapes.insert(row.shape) }
    let body = PayloadShape.erasedBody(event.commitment)
    try run(Self.updateEvent, [.integer(position.rawValue), .blob(body)])
    try run(Self.insertErased, [.integer(position.rawValue), .integer(by.rawValue)])
  }

  /// Takes a position out of the index row that speaks for it.
  private func unfile(_ seq: Int64, under name: Int64) throws(EventLogError) {
    let statement = try connection.prepared(Self.selectTagRow)
    statement.bind(name, at: 1)
    statement.bind(seq, at: 2)
    guard try statement.step() else { return statement.reset() }
    let (first, more) = (statement.integer(0), UInt64(bitPattern: statement.integer(1)))
    statement.reset()
    let rest: (seq: Int64, more: UInt64)?
    if first == seq {
      // The row begins with the next position that it speaks for.
      let next = more.trailingZeroBitCount
      rest = more == 0 ? nil : (first + 1 + Int64(next), (more >> next) >> 1)
    } else {
      let bit: UInt64 = 1 << UInt64(seq - first - 1)
      if more & bit == 0 { return }
      rest = (first, more & ~bit)
    }
    try run(
      Self.deleteTagRow, [.integer(name), .integer(first), .integer(Int64(bitPattern: more))])
    if let rest {
      try run(
        Self.insertTagRow,
        [.integer(name), .integer(rest.seq), .integer(Int64(bitPattern: rest.more))])
    }
  }

  /// A tag that no other event carries goes too; its number stays taken.
  private func blank(name: NameID) throws(EventLogError) {
    if try !isTrue(Self.isNameUsed, [.integer(Int64(name))]) {
      try run(Self.blankName, [.integer(Int64(name))])
    }
  }

  /// So does a shape that no other payload has.
  private func blank(shape: NameID) throws(EventLogError) {
    var start = [PayloadShape.mark]
    LEB128.append(Int64(shape), to: &start)
    if try !isTrue(Self.isShapeUsed, [.blob(start), .integer(Int64(start.count))]) {
      try run(Self.blankShape, [.integer(Int64(shape))])
    }
  }

  /// Views hold what payloads said; they are folded anew by whoever asks next.
  private func dropProjections() throws(EventLogError) {
    // Who claims them may be anybody who can write to the file: never the log's own.
    let tables = try SchemaFingerprint.tablesOfProjections(connection)
    connection.hooks.policy = .projecting(tables: tables.filter { !StatementPolicy.isReserved($0) })
    defer { connection.hooks.policy = .anything }
    for table in tables.sorted() {
      let name = table.replacing("\"", with: "\"\"")
      try connection.execute("DROP TABLE IF EXISTS main.\"\(name)\"")
    }
    connection.hooks.policy = .anything
    try connection.execute("DELETE FROM main.projection")
  }

  private func run(_ sql: String, _ values: [SQLValue]) throws(EventLogError) {
    let statement = try connection.prepared(sql)
    try statement.bind(values)
    try statement.run()
  }

  private func isTrue(_ sql: String, _ values: [SQLValue]) throws(EventLogError) -> Bool {
    let statement = try connection.prepared(sql)
    defer { statement.reset() }
    try statement.bind(values)
    return try statement.step() && statement.integer(0) == 1
  }
}
