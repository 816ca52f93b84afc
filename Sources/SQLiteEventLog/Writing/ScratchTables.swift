import CSQLite
import EventLog

/// Tables of a projection in a database of their own: a file without a name, which grows as needed
/// and is gone with the connection.
final class ScratchTables: ProjectionScratch, @unchecked Sendable {
  // Used by one task at a time, and at the end by the writer while that task waits.
  private let connection: Connection
  private let run: InlineRun
  private let readers: ReaderPool
  private let writer: Writer?
  private(set) var state: ProjectionState
  /// How many payloads had been erased when the first events were taken in.
  private(set) var erasures: Int64 = 0

  static func make(
    _ projection: any InlineProjection, _ options: SQLiteLogOptions, _ readers: ReaderPool,
    _ writer: Writer?
  ) async throws(EventLogError) -> ScratchTables {
    try await BlockingQueue.run { () throws(EventLogError) in
      try ScratchTables(projection, options, readers, writer)
    }
  }

  private init(
    _ projection: any InlineProjection, _ options: SQLiteLogOptions, _ readers: ReaderPool,
    _ writer: Writer?
  ) throws(EventLogError) {
    connection = try Self.open()
    self.readers = readers
    self.writer = writer
    run = try InlineRun(projection, on: connection, timeLimit: options.projectionTimeout)
    state = run.beginning
    connection.hooks.policy = .projecting(tables: Set(run.definition.tables))
    try connection.execute(run.definition.schema)
    connection.hooks.policy = .appending
  }

  /// An empty database; its pages beyond a few are kept on the disk.
  private static func open() throws(EventLogError) -> Connection {
    let connection = try Connection("", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    try LogFile.limit(connection)
    try connection.execute("PRAGMA cache_size = -16384")
    return connection
  }

  func advance(
    by count: Int, through: Position
  ) async throws(EventLogError) -> ProjectionState {
    try await readers.read { (reader) throws(EventLogError) in
      let reader = try reader.get()
      repeat {
        do throws(EventLogError) {
          state = try step(reader, through, count)
          return state
        } catch {
          connection.rollBack()
          guard run.takeRepeat() else { throw error }
        }
      } while true
    }
  }

  private func step(
    _ reader: LogReader, _ through: Position, _ count: Int
  ) throws(EventLogError) -> ProjectionState {
    let kinds = try reader.begin()
    defer { reader.end() }
    if state.position == .start { erasures = try reader.connection.erasures() }
    let log = LogSnapshot(
      connection: reader.connection, names: reader.names, kinds: kinds,
      lookup: EventLookup(reader.connection, reader.names))
    let end = min(through, try reader.head().position)
    try connection.prepared("BEGIN").run()
    let next = try run.advance(state, through: end, by: count, in: log)
    try connection.prepared("COMMIT").run()
    return next
  }

  func rows() async throws(EventLogError) -> [[[SQLValue]]] {
    try await readers.read { (_) throws(EventLogError) in
      var tables: [[[SQLValue]]] = []
      for table in run.definition.tables {
        tables.append(try ProjectionStore(connection).rows("SELECT * FROM \"\(table)\"", []))
      }
      return tables
    }
  }

  func swapIn() async throws(EventLogError) -> ProjectionState {
    guard let writer else { throw EventLogError(.readOnly, "The log is open for reading only.") }
    return try await writer.swapIn(self)
  }

  // MARK: For the writer

  var projection: any InlineProjection { run.projection }

  /// Copies all rows into tables of the same definition that are empty.
  func copy(into other: Connection) throws(EventLogError) {
    connection.hooks.policy = .reading
    defer { connection.hooks.policy = .appending }
    for table in run.definition.tables {
      let columns = try storedColumns(of: table)
      let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
      let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
      let source = try connection.prepare("SELECT \(list) FROM \"\(table)\"")
      let target = try other.prepare(
        "INSERT INTO main.\"\(table)\" (\(list)) VALUES (\(places))")
      while try source.step() {
        for column in columns.indices {
          target.bind(source.value(Int32(column)), at: Int32(column + 1))
        }
        try target.run()
      }
    }
  }

  /// The columns that rows are inserted with: not those that are computed from others, but the
  /// hidden number of the row, by which statements may name it.
  private func storedColumns(of table: String) throws(EventLogError) -> [String] {
    connection.hooks.policy = .anything
    defer { connection.hooks.policy = .reading }
    let statement = try connection.prepare("PRAGMA table_xinfo(\"\(table)\")")
    var columns: [String] = []
    while try statement.step() {
      if statement.integer(6) == 0 { columns.append(statement.text(1)) }
    }
    let number = "_rowid_"
    let hasNumber = (try? connection.prepare("SELECT \(number) FROM \"\(table)\"")) != nil
    let isNamed = columns.contains { $0.lowercased() == number }
    return hasNumber && !isNamed ? [number] + columns : columns
  }
}
