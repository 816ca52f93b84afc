import CSQLite
import EventLog

/// One connection to SQLite, for one thread at a time. With `Statement`, the only place that
/// touches C pointers; what SQLite answers leaves it as an `EventLogError`.
final class Connection {
  let handle: OpaquePointer
  let hooks = ConnectionHooks()
  private var kept: [String: Statement] = [:]
  private var unused: [String: [Statement]] = [:]
  /// Where the log lies; nil for a database in memory, and for a log that is read without locks.
  var path: LogPath?
  /// The files of the log, once it has been read from.
  private(set) var files: OpenFiles?
  /// In milliseconds.
  private var busyTimeout = 0
  private var projectionFunctions: ProjectionFunctions?
  /// The files of a log that is read without locks; nil where SQLite's locks are used.
  var unlocked: UnlockedFiles?
  /// Whether there was no journal before this connection was opened to write.
  var hasMadeJournal = false
  /// The format of the log that was found in the file: the newest, unless one was.
  var format = SchemaFile.newestFormat
  /// Whether what can be read of a damaged log is wanted; see `SQLiteLogOptions`.
  var isSalvage = false

  private static let countTables =
    "SELECT count(*) FROM main.sqlite_schema WHERE type = 'table' AND name = ?1"
  private var foundTables: Set<String> = []

  /// Statistics cost a lock at each allocation, and nobody reads them. The switch works only ahead
  /// of the first connection of the process: where somebody else was first, it is left as it is.
  private static let memoryStatisticsOff: Void = { _ = annals_sqlite3_memory_statistics(0) }()

  /// `location` is a path, or a `file:` URI where `flags` say so; `system` names one of SQLite's ways
  /// to use the file system.
  init(
    _ location: String, flags: Int32, system: String? = nil
  ) throws(EventLogError) {
    Self.memoryStatisticsOff
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(
      location, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, system)
    guard code == SQLITE_OK, let opened else {
      let error = EventLogError(sqlite: code, on: opened)
      sqlite3_close(opened)
      throw error
    }
    handle = opened
    hooks.install(on: opened)
  }

  deinit {
    kept.removeAll()
    unused.removeAll()
    // A statement that somebody still holds keeps the connection half open until it is gone.
    sqlite3_close_v2(handle)
  }

  /// Whether the log has a table that came with a later format than its first, which an earlier one
  /// may become while it is open.
  func has(table: String) throws(EventLogError) -> Bool {
    if foundTables.contains(table) { return true }
    let statement = try prepared(Self.countTables)
    defer { statement.reset() }
    statement.bind(text: table, at: 1)
    guard try statement.step(), statement.integer(0) == 1 else { return false }
    foundTables.insert(table)
    return true
  }

  private static let countErased = "SELECT count(*) FROM main.erased"

  /// How many payloads of the log have been erased.
  func erasures() throws(EventLogError) -> Int64 {
    guard try has(table: "erased") else { return 0 }
    let statement = try prepared(Self.countErased)
    defer { statement.reset() }
    do throws(EventLogError) {
      return try statement.step() ? statement.integer(0) : 0
    } catch {
      // The events themselves may be read for all that.
      guard isSalvage, isDamage(error) else { throw error }
      return 0
    }
  }

  /// Whether an error is damage of the file, beside which other parts may be read. To who saves what
  /// can be read, a disk that does not give a page is that too.
  func isDamage(_ error: EventLogError) -> Bool {
    error.code == .corrupt || isSalvage && [.tampered, .io].contains(error.code)
  }

  /// Runs statements that return nothing.
  func execute(_ sql: String) throws(EventLogError) {
    try check(sqlite3_exec(handle, sql, nil, nil, nil))
  }

  /// The statement of this text that is kept for use by one caller at a time.
  func prepared(_ sql: String) throws(EventLogError) -> Statement {
    if let statement = kept[sql] { return statement }
    let statement = try prepare(sql)
    kept[sql] = statement
    return statement
  }

  /// A statement of this text that nobody else uses until it is given back.
  func borrow(_ sql: String) throws(EventLogError) -> Statement {
    if let statement = unused[sql]?.popLast() { return statement }
    return try prepare(sql)
  }

  func giveBack(_ statement: Statement, _ sql: String) {
    statement.reset()
    unused[sql, default: []].append(statement)
  }

  /// A new statement; `sql` must hold one and no more.
  func prepare(_ sql: String) throws(EventLogError) -> Statement {
    var handle: OpaquePointer?
    var isAlone = true
    let code = sql.withCString { text in
      var tail: UnsafePointer<CChar>?
      let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
      let code = sqlite3_prepare_v3(self.handle, text, -1, flags, &handle, &tail)
      while let next = tail, next.pointee != 0 {
        isAlone = isAlone && [0x09, 0x0A, 0x0D, 0x20, 0x3B].contains(next.pointee)
        tail = next + 1
      }
      return code
    }
    try check(code)
    guard let handle else { throw EventLogError(.badStatement, "The statement is empty.") }
    let statement = Statement(handle, of: self)
    guard isAlone else { throw EventLogError(.badStatement, "More than one statement: \(sql)") }
    return statement
  }

  /// The first column of the only row of a query. Run to its end: the statement's own transaction
  /// commits only there, and may fail.
  func integer(_ sql: String) throws(EventLogError) -> Int64 {
    let statement = try prepare(sql)
    guard try statement.step() else { throw EventLogError(.corrupt, "No answer to: \(sql)") }
    let answer = statement.integer(0)
    while try statement.step() {}
    return answer
  }

  func text(_ sql: String) throws(EventLogError) -> String {
    let statement = try prepare(sql)
    guard try statement.step() else { throw EventLogError(.corrupt, "No answer to: \(sql)") }
    let answer = statement.text(0)
    while try statement.step() {}
    return answer
  }

  /// Makes the connection ready for the statements of projections.
  func readyForProjections() throws(EventLogError) {
    if projectionFunctions != nil { return }
    projectionFunctions = try ProjectionFunctions(on: self)
    // At their first use SQLite would ask whether it may change its own tables, which no statement
    // of a projection may.
    let usual = hooks.policy
    hooks.policy = .anything
    defer { hooks.policy = usual }
    // What a statement puts aside while it runs is on the disk: memory would not bound it.
    try execute("PRAGMA temp_store = FILE")
    for function in StatementPolicy.tableFunctions {
      _ = try prepare("SELECT value FROM \(function)('[]')")
    }
    // Nobody is asked about the functions in a column's default.
    for (name, arguments) in StatementPolicy.changingFunctions {
      try check(
        sqlite3_create_function_v2(
          handle, name, arguments, SQLITE_UTF8, nil,
          { context, _, _ in
            sqlite3_result_error(context, "a function that differs at each replay", -1)
          }, nil, nil, nil))
    }
  }

  /// Bounds what the statements of projections make of values, and how many steps they go between
  /// looks at the clock; then runs `body`. One function of a value takes as long as the value is.
  func projecting(
    valueLimit: Int, _ body: () throws(EventLogError) -> Void
  ) throws(EventLogError) {
    let usual = sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(clamping: valueLimit))
    projectionFunctions?.setLimit(valueLimit)
    hooks.lookAtClock(of: handle, every: valueLimit > 1 << 20 ? 10 : 100)
    defer {
      sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, usual)
      hooks.lookAtClock(of: handle)
    }
    try body()
  }

  func setSwitch(_ option: Int32, _ on: Bool) throws(EventLogError) {
    try check(annals_sqlite3_db_switch(handle, option, on ? 1 : 0))
  }

  /// Gives back what is held of pages, and what the allocator holds free.
  func releaseMemory() {
    sqlite3_db_release_memory(handle)
    annals_trim_memory()
  }

  func setLimit(_ which: Int32, _ value: Int) {
    sqlite3_limit(handle, which, Int32(clamping: value))
  }

  func setBusyTimeout(_ milliseconds: Int) {
    busyTimeout = milliseconds
    sqlite3_busy_timeout(handle, Int32(clamping: milliseconds))
  }

  /// Runs `body`, in which what another connection keeps busy fails at once.
  func withoutWaiting(_ body: () throws(EventLogError) -> Void) throws(EventLogError) {
    let usual = busyTimeout
    setBusyTimeout(0)
    defer { setBusyTimeout(usual) }
    try body()
  }

  /// Whether each commit syncs the write-ahead log, or leaves that to a later one; between
  /// transactions.
  func setSyncing(_ each: Bool) throws(EventLogError) {
    try configure("main.synchronous = \(each ? "FULL" : "NORMAL")")
  }

  /// Whether a page with a damaged cell counts as damaged as a whole when it is read, or only what
  /// stands in that cell.
  func setCheckingCells(_ each: Bool) throws(EventLogError) {
    try configure("cell_size_check = \(each ? "ON" : "OFF")")
  }

  /// Never by a kept statement: SQLite obeys some of these already when it prepares them.
  private func configure(_ setting: String) throws(EventLogError) {
    let policy = hooks.policy
    hooks.policy = .anything
    defer { hooks.policy = policy }
    try execute("PRAGMA " + setting)
  }

  /// True between BEGIN and COMMIT; SQLite ends a transaction by itself after some errors.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  func rollBack() {
    if isInTransaction { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
  }

  /// Copies all of another database into this empty one.
  func fill(from other: Connection) throws(EventLogError) {
    guard let copying = sqlite3_backup_init(handle, "main", other.handle, "main") else {
      throw error(sqlite3_errcode(handle))
    }
    sqlite3_backup_step(copying, -1)
    try check(sqlite3_backup_finish(copying))
  }

  /// Moves the write-ahead log into the file. True when all of it was moved.
  func checkpoint(truncate: Bool) throws(EventLogError) -> Bool {
    var frames: Int32 = 0
    var moved: Int32 = 0
    let code = sqlite3_wal_checkpoint_v2(
      handle, "main", truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
      &frames, &moved)
    if code & 0xFF == SQLITE_BUSY { return false }
    try check(code)
    return frames == moved
  }

  /// Throws `.replaced` when another file has taken the place of one that this connection uses. After
  /// a first read: SQLite opens the journal then.
  func checkFiles() throws(EventLogError) {
    if let files { return try files.check() }
    guard let path else { return }
    let files = try OpenFiles(at: path)
    var hasMoved: Int32 = 0
    try check(sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved))
    if hasMoved != 0 { throw OpenFiles.replaced(path.file) }
    self.files = files
  }

  /// Whether there is an index of a write-ahead log; after a first read.
  var usesWriteAheadLog: Bool {
    var bytes = [UInt8](repeating: 0, count: 100)
    return annals_wal_index(handle, &bytes) != SQLITE_NOTFOUND
  }

  /// Reads the head of the write-ahead log's index; see `JournalIndex`.
  func withJournalIndex<Value>(
    _ body: (UnsafeRawBufferPointer) throws(EventLogError) -> Value
  ) throws(EventLogError) -> Value {
    let result = withUnsafeTemporaryAllocation(byteCount: 100, alignment: 8) { buffer in
      Result { () throws(EventLogError) in
        let bytes = buffer.bindMemory(to: UInt8.self)
        try check(annals_wal_index(handle, bytes.baseAddress))
        return try body(UnsafeRawBufferPointer(bytes))
      }
    }
    return try result.get()
  }

  /// A page of the database as it stands in the file, past SQLite; see `Journal`.
  func read(pageAt offset: Int64, size: Int) throws(EventLogError) -> [UInt8] {
    var page = [UInt8](repeating: 0, count: size)
    try check(annals_read_page(handle, &page, Int32(size), offset))
    return page
  }

  /// Writes a page of the database in its place, past SQLite; see `Journal`.
  func write(page: [UInt8], at offset: Int64) throws(EventLogError) {
    try check(annals_write_page(handle, page, Int32(page.count), offset))
  }

  func synchronizeDatabase() throws(EventLogError) {
    try check(annals_sync_database(handle))
  }

  func check(_ code: Int32) throws(EventLogError) {
    if code != SQLITE_OK { throw error(code) }
  }

  /// What SQLite says of the last error, and where in the statement's text it is, if it says so.
  var lastFault: (message: String, offset: Int?) {
    let offset = annals_sqlite3_error_offset(handle)
    return (String(cString: sqlite3_errmsg(handle)), offset < 0 ? nil : Int(offset))
  }

  func error(_ code: Int32) -> EventLogError {
    if code & 0xFF == SQLITE_INTERRUPT, hooks.stop == .cancellation { return .cancelled }
    return EventLogError(sqlite: code, on: handle)
  }
}
