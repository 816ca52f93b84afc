import CSQLite
public import EventLog

extension SQLiteEventLog {
  /// What is wrong with the SQL of a projection, found without any log: the schema's statements
  /// are run in an empty database beside the log's own tables, those for events only compiled.
  ///
  /// `definition` names the tables; its own schema is not looked at.
  public static func faults(
    of definition: ProjectionDefinition, schema: [String], statements: [String]
  ) throws(EventLogError) -> [StatementFault] {
    let connection = try Connection(":memory:", flags: SQLITE_OPEN_READWRITE)
    try LogFile.limit(connection)
    try connection.execute(SchemaFile.log())
    try connection.readyForProjections()
    var faults: [StatementFault] = []
    func examine(
      _ sql: String, _ index: Int, _ policy: StatementPolicy,
      _ body: () throws(EventLogError) -> String?
    ) {
      connection.hooks.policy = policy
      do throws(EventLogError) {
        if let message = try body() {
          faults.append(StatementFault(statement: index, offset: nil, message: message))
        }
      } catch {
        let fault = connection.lastFault
        let message = fault.message == "not an error" ? error.message : fault.message
        faults.append(
          StatementFault(
            statement: index, offset: fault.offset, message: words(for: message)))
      }
    }
    let tables = Set(definition.tables)
    for (index, sql) in schema.enumerated() {
      examine(sql, index, .projecting(tables: tables)) { () throws(EventLogError) in
        try connection.prepare(sql).run()
        return nil
      }
    }
    // What follows from a table that is missing need not be told.
    if !faults.isEmpty { return faults }
    for (index, sql) in statements.enumerated() {
      examine(sql, schema.count + index, .filling(tables: tables)) { () throws(EventLogError) in
        try connection.prepare(sql).isReadOnly ? "the statement changes nothing" : nil
      }
    }
    return faults
  }

  /// SQLite's words, or ours where those say little.
  private static func words(for message: String) -> String {
    if message == "not authorized" {
      return "not allowed: statements may change and read no tables but their own"
    }
    if message.hasPrefix("access to "), message.hasSuffix(" is prohibited") {
      return message + ": statements may read no tables but their own"
    }
    if message.hasPrefix("not authorized to use function") {
      return message.replacing("not authorized to use function: ", with: "the function ")
        + " is not allowed: it gives something else at each replay"
    }
    if message.contains("already exists") || message.contains("there is already") {
      return message + ": the name is the log's own"
    }
    return message
  }
}
