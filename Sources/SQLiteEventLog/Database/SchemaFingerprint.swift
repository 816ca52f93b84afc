import CSQLite
import EventLog
import Synchronization

/// The check that a file's schema is ours to the letter: no guard missing, no view in a table's
/// place, no trigger of somebody else's. Only tables and indexes of registered projections may
/// stand beside.
///
/// Reads nothing but the list of objects before that list is known to be right: a table may be
/// a view that never ends.
enum SchemaFingerprint {
  private struct Object: Hashable {
    let type: String
    let name: String
    let table: String
    let sql: String?
  }

  private static let select = "SELECT type, name, tbl_name, sql FROM main.sqlite_schema"
  private static let selectTables = "SELECT tables FROM main.projection"

  /// What SQLite itself keeps in a file: counters, and statistics for its query planner.
  private static let ofSQLite: Set<String> = ["sqlite_sequence", "sqlite_stat1", "sqlite_stat4"]

  /// Programs that copy SQLite files while they are in use, by how the names of their tables begin.
  private static let replicators = [
    (prefix: "_litestream_", name: "Litestream"), (prefix: "__marmot__", name: "Marmot"),
    (prefix: "crsql_", name: "cr-sqlite"), (prefix: "_electric_", name: "ElectricSQL"),
    (prefix: "libsql_", name: "libSQL"),
  ]

  /// By format, as it comes out of the schema's files with this very library.
  private static let expected: [Result<Set<Object>, EventLogError>] =
    (1...SchemaFile.newestFormat).map { format in
      Result { () throws(EventLogError) in
        let memory = try Connection(":memory:", flags: SQLITE_OPEN_READWRITE)
        try memory.execute(SchemaFile.log(to: format))
        return try objects(of: memory)
      }
    }

  static func check(_ connection: Connection) throws(EventLogError) {
    let expected = try expected[Int(connection.format) - 1].get()
    let found = try objects(of: connection)
    if let missing = expected.subtracting(found).min(by: { $0.name < $1.name }) {
      throw EventLogError(
        .tampered, "The log's \(missing.type) \"\(missing.name)\" is missing or was altered.")
    }
    let projected = try tablesOfProjections(connection)
    if let claimed = projected.first(where: StatementPolicy.isReserved) {
      throw EventLogError(
        .tampered, "A projection says that \"\(claimed)\" is its own, which is the log's.")
    }
    let others = found.subtracting(expected)
    for other in others where !ofSQLite.contains(other.name) {
      let isOurs =
        projected.contains(other.table) && (other.type == "table" || other.type == "index")
      if let replicator = replicators.first(where: { other.table.hasPrefix($0.prefix) })?.name {
        throw EventLogError(
          .replicated,
          "\(replicator) has added \"\(other.name)\" to the file. It reads and checkpoints the file"
            + " without the lock of the log, which can lose events.")
      }
      if !isOurs || other.sql?.uppercased().hasPrefix("CREATE VIRTUAL") == true {
        throw EventLogError(
          .tampered, "The file holds a \(other.type) \"\(other.name)\" that is not the log's.")
      }
    }
  }

  /// The least that must be right for a log to be read: its tables are tables, as they were made.
  static func checkTables(_ connection: Connection) throws(EventLogError) {
    let expected = try expected[Int(connection.format) - 1].get().filter { $0.type == "table" }
    if let missing = expected.subtracting(try objects(of: connection)).first {
      throw EventLogError(
        .tampered, "The log's table \"\(missing.name)\" is missing or was altered.")
    }
  }

  /// Tables that registered projections say are theirs.
  static func tablesOfProjections(_ connection: Connection) throws(EventLogError) -> Set<String> {
    let statement = try connection.prepare(selectTables)
    var tables: Set<String> = []
    while try statement.step() {
      tables.formUnion(statement.text(0).split(separator: "\n").map(String.init))
    }
    return tables
  }

  /// Whether a projection's tables are those that its definition makes.
  static func hasTables(
    of definition: ProjectionDefinition, _ connection: Connection
  ) throws(EventLogError) -> Bool {
    let tables = Set(definition.tables)
    return try madeTables(of: definition)
      == objects(of: connection).filter { tables.contains($0.table) }
  }

  /// What definitions make, by their hash: found out once, as it is asked for at each reading.
  private static let made = Mutex<[[UInt8]: Set<Object>]>([:])

  private static func madeTables(
    of definition: ProjectionDefinition
  ) throws(EventLogError) -> Set<Object> {
    let hash = definition.hash
    if let known = made.withLock({ $0[hash] }) { return known }
    let memory = try Connection(":memory:", flags: SQLITE_OPEN_READWRITE)
    try memory.execute(definition.schema)
    let objects = try objects(of: memory)
    made.withLock { $0[hash] = objects }
    return objects
  }

  private static func objects(of connection: Connection) throws(EventLogError) -> Set<Object> {
    let statement = try connection.prepare(select)
    var objects: Set<Object> = []
    while try statement.step() {
      objects.insert(
        Object(
          type: statement.text(0), name: statement.text(1), table: statement.text(2),
          sql: statement.optionalText(3)))
    }
    return objects
  }
}
