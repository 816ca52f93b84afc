import EventLog

/// Rows of projections, with how far each has read.
struct ProjectionStore {
  private static let select = """
    SELECT version, definition, tables, position, failed, reason
    FROM main.projection WHERE name = ?1
    """
  private static let selectOthers = "SELECT name, tables FROM main.projection WHERE name <> ?1"
  private static let upsert = """
    INSERT INTO main.projection (name, version, definition, tables, position, failed, reason)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (name) DO UPDATE SET version = ?2, definition = ?3, tables = ?4, position = ?5,
      failed = ?6, reason = ?7
    """

  private static let delete = "DELETE FROM main.projection WHERE name = ?1"
  private static let countTables =
    "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = ?1"

  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  func state(_ name: String) throws(EventLogError) -> ProjectionState? {
    try stored(name)?.state
  }

  /// Makes a change; within a transaction.
  func write(_ change: ProjectionChange) throws(EventLogError) {
    let definition = change.definition
    let stored = try stored(definition.name)
    guard stored?.state == change.expected else {
      throw EventLogError(
        .projectionMoved, "Somebody else has run the projection \(definition.name).")
    }
    guard change.state.name == definition.name, change.state.version == definition.version else {
      throw EventLogError(.badStatement, "The state is not one of projection \(definition.name).")
    }
    if let erasures = change.erasures { try checkErasures(erasures, definition) }
    let isNew = change.rebuild || stored == nil
    if isNew { try makeTables(definition) }
    try within(.projecting(tables: Set(definition.tables))) { () throws(EventLogError) in
      for statement in change.statements { try run(statement) }
    }
    try save(change.state, tables: definition.tables)
    if isNew { try SchemaFingerprint.check(connection) }
  }

  /// Puts new tables in the place of those that the projection has; within a transaction.
  func replace(
    _ definition: ProjectionDefinition, with state: ProjectionState, erasures: Int64,
    fill: () throws(EventLogError) -> Void
  ) throws(EventLogError) {
    try checkErasures(erasures, definition)
    try makeTables(definition)
    try within(.projecting(tables: Set(definition.tables)), fill)
    try save(state, tables: definition.tables)
    try SchemaFingerprint.check(connection)
  }

  /// Rows that were made before a payload was erased may hold what it said.
  private func checkErasures(
    _ count: Int64, _ definition: ProjectionDefinition
  ) throws(EventLogError) {
    guard try connection.erasures() == count else {
      throw EventLogError(
        .projectionMoved, "A payload was erased while \(definition.name) was folded.")
    }
  }

  /// Removes a projection; within a transaction. False when there is none of this name.
  func forget(_ name: String) throws(EventLogError) -> Bool {
    guard let stored = try stored(name) else { return false }
    try dropTables(stored.tables)
    let statement = try connection.prepared(Self.delete)
    statement.bind(text: name, at: 1)
    try statement.run()
    try SchemaFingerprint.check(connection)
    return true
  }

  private func dropTables(_ tables: [String]) throws(EventLogError) {
    try within(.projecting(tables: Set(tables))) { () throws(EventLogError) in
      for table in tables { try connection.execute("DROP TABLE main.\"\(table)\"") }
    }
  }

  private func makeTables(_ definition: ProjectionDefinition) throws(EventLogError) {
    try check(definition)
    try dropTables(try stored(definition.name)?.tables ?? [])
    try within(.projecting(tables: Set(definition.tables))) { () throws(EventLogError) in
      try connection.execute(definition.schema)
    }
    try checkTables(definition)
  }

  private func within(
    _ policy: StatementPolicy, _ body: () throws(EventLogError) -> Void
  ) throws(EventLogError) {
    let usual = connection.hooks.policy
    connection.hooks.policy = policy
    defer { connection.hooks.policy = usual }
    try body()
  }

  private func stored(
    _ name: String
  ) throws(EventLogError) -> (state: ProjectionState, tables: [String])? {
    // The row without a name is no projection's: see Purge.
    if name.isEmpty { return nil }
    let statement = try connection.prepared(Self.select)
    defer { statement.reset() }
    statement.bind(text: name, at: 1)
    guard try statement.step() else { return nil }
    let position = Position(statement.integer(3))
    // Rows that are said to stand past the head were set there by somebody else, and are rebuilt.
    let isPastHead = try position > LogReader(connection, NameTable()).head().position
    let state = ProjectionState(
      name: name, version: Int(statement.integer(0)),
      definitionHash: isPastHead ? [] : statement.bytes(1), position: position,
      failure: statement.optionalInteger(4).map {
        .init(position: Position($0), reason: statement.text(5))
      })
    return (state, statement.text(2).split(separator: "\n").map(String.init))
  }

  private func check(_ definition: ProjectionDefinition) throws(EventLogError) {
    guard !definition.name.isEmpty else {
      throw EventLogError(.badStatement, "The projection has no name.")
    }
    for table in definition.tables {
      guard let first = table.utf8.first, !(0x30...0x39).contains(first),
        table.utf8.allSatisfy({
          $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
        }), !StatementPolicy.isReserved(table)
      else {
        throw EventLogError(
          .badStatement, "The table name \"\(table)\" is not of a-z, 0-9 and _, or reserved.")
      }
    }
    let statement = try connection.prepared(Self.selectOthers)
    defer { statement.reset() }
    statement.bind(text: definition.name, at: 1)
    while try statement.step() {
      for table in statement.text(1).split(separator: "\n")
      where definition.tables.contains(String(table)) {
        throw EventLogError(
          .tableTaken,
          "The table \(table) of \(definition.name) is that of another projection,"
            + " \(statement.text(0)).")
      }
    }
  }

  private func checkTables(_ definition: ProjectionDefinition) throws(EventLogError) {
    let statement = try connection.prepared(Self.countTables)
    for table in definition.tables {
      defer { statement.reset() }
      statement.bind(text: table, at: 1)
      guard try statement.step(), statement.integer(0) == 1 else {
        throw EventLogError(.badStatement, "The schema does not make the table \(table).")
      }
    }
  }

  private func run(_ change: ProjectionStatement) throws(EventLogError) {
    let statement = try connection.prepare(change.sql)
    for row in change.rows {
      try statement.bind(row)
      do throws(EventLogError) {
        try statement.run()
      } catch  where error.code == .tampered {
        throw EventLogError(.badStatement, error.message)
      }
    }
  }

  /// Moves the checkpoint of a projection that has these tables.
  func save(_ state: ProjectionState, tables: [String]) throws(EventLogError) {
    let statement = try connection.prepared(Self.upsert)
    statement.bind(text: state.name, at: 1)
    statement.bind(Int64(state.version), at: 2)
    statement.bind(blob: state.definitionHash, at: 3)
    statement.bind(text: tables.joined(separator: "\n"), at: 4)
    statement.bind(state.position.rawValue, at: 5)
    statement.bind(state.failure?.position.rawValue, at: 6)
    statement.bind(text: state.failure?.reason, at: 7)
    try statement.run()
  }

  /// State and rows in one; within a transaction of a reader.
  func contents(
    of definition: ProjectionDefinition, _ columns: [(table: String, columns: [String])]
  ) throws(EventLogError) -> ProjectionContents? {
    guard let state = try state(definition.name), state.definitionHash == definition.hash,
      try SchemaFingerprint.hasTables(of: definition, connection)
    else { return nil }
    var tables: [[[SQLValue]]] = []
    for table in columns {
      let columns = table.columns.joined(separator: ", ")
      tables.append(try rows("SELECT \(columns) FROM main.\"\(table.table)\"", []))
    }
    return ProjectionContents(state: state, rows: tables)
  }

  /// The rows of one SELECT, run on a reader.
  func rows(_ sql: String, _ values: [SQLValue]) throws(EventLogError) -> [[SQLValue]] {
    let statement = try connection.prepare(sql)
    guard statement.isReadOnly else {
      throw EventLogError(.badStatement, "The statement does not only read: \(sql)")
    }
    try statement.bind(values)
    var rows: [[SQLValue]] = []
    while try statement.step() {
      rows.append((0..<statement.columnCount).map(statement.value))
    }
    return rows
  }
}
