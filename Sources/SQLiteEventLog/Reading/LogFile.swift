import CSQLite
import EventLog

/// Makes the file of a log, and opens connections to it.
enum LogFile {
  /// "Anls"; also in 0001_log.sql.
  static let applicationID: Int64 = 0x416E_6C73

  /// How long the checks at opening may take: a hostile file must not hold us for ever.
  private static let openingTime = Duration.seconds(10)

  // MARK: Making

  /// Makes an empty log under another name, and gives it its own when it is complete and on the
  /// disk: an interrupted creation leaves no half log.
  static func create(_ path: LogPath, like other: String? = nil) throws(EventLogError) {
    let temporary = path.temporary()
    do {
      if let other { try LogPath.create(temporary, like: other) }
      try fill(temporary)
      try path.take(over: temporary)
    } catch {
      path.discard(temporary)
      throw error
    }
  }

  private static func fill(_ file: String) throws(EventLogError) {
    let connection = try Connection(
      file, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW)
    // Rows of 200 bytes and a b-tree per index: 8 KB pages were 20 % faster than 4 KB.
    try connection.execute("PRAGMA page_size = 8192")
    // A rollback journal, with each of its steps synced, until there is something to log ahead of.
    try connection.execute("PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = EXTRA")
    try connection.execute("BEGIN EXCLUSIVE")
    try connection.execute(SchemaFile.log())
    try connection.execute("COMMIT")
    guard try connection.text("PRAGMA main.journal_mode = WAL") == "wal" else {
      throw EventLogError(.io, "The file system does not support a write-ahead log.")
    }
  }

  // MARK: Opening

  /// The connection that appends.
  static func openForAppending(
    _ path: LogPath, _ options: SQLiteLogOptions
  ) throws(EventLogError) -> Connection {
    let hasMadeJournal = LogPath.status(of: path.log) == nil
    path.createCompanions()
    let connection = try open(path.file, SQLITE_OPEN_READWRITE, options)
    connection.path = path
    connection.hasMadeJournal = hasMadeJournal
    // An append that was acknowledged survives a power cut: the log is synced at each commit.
    try connection.setSyncing(true)
    // On macOS, fsync alone leaves data in the drive's own memory. Nothing elsewhere.
    try connection.execute("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON")
    // Our own checkpoints only, and only under the file lock; see FileLock.
    connection.hooks.watchLog(of: connection.handle)
    // The log's file shrinks to this again after a long reader had kept it from being reused.
    try connection.execute("PRAGMA main.journal_size_limit = 67108864")
    // INSERT OR REPLACE deletes rows: only with this do the guards against deletion see it.
    try connection.execute("PRAGMA recursive_triggers = ON")
    // Debian's SQLite overwrites what it frees; nothing is deleted here but rows of projections.
    try connection.execute("PRAGMA main.secure_delete = OFF")
    try connection.execute("PRAGMA main.cache_size = -\(options.pageCache / 1024)")
    connection.hooks.policy = .appending
    return connection
  }

  /// A connection that reads.
  static func openForReading(
    _ path: LogPath, _ options: SQLiteLogOptions
  ) throws(EventLogError) -> Connection {
    let connection = try openToRead(path, options)
    if connection.unlocked == nil { connection.path = path }
    try connection.execute("PRAGMA query_only = ON")
    try connection.execute("PRAGMA main.cache_size = -\(options.readerCache / 1024)")
    connection.hooks.policy = .reading
    return connection
  }

  /// A connection that reads one state for as long as it is open. Without locks, that takes a copy of
  /// its own, in a file without a name.
  static func openSnapshot(
    _ path: LogPath, _ options: SQLiteLogOptions
  ) throws(EventLogError) -> Connection {
    while true {
      let connection = try openForReading(path, options)
      guard let files = connection.unlocked else { return connection }
      let copy = try Connection("", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
      try copy.fill(from: connection)
      guard files.isUnchanged else { continue }
      try prepare(copy, path.file, options)
      copy.hooks.policy = .reading
      return copy
    }
  }

  private static func openToRead(
    _ path: LogPath, _ options: SQLiteLogOptions
  ) throws(EventLogError) -> Connection {
    guard path.isWritable, path.isOwned || path.hasIndex || path.hasLog else {
      return try openUnlocked(path, options)
    }
    path.createCompanions()
    do {
      return try open(path.file, SQLITE_OPEN_READONLY, options)
    } catch  where [.notPermitted, .full].contains(error.code) && !path.hasLog {
      // There is no index beside the file, and no right or no room to create one.
      return try openUnlocked(path, options)
    }
  }

  /// How often files are opened that are written at the same time, before that is an error.
  static let unlockedAttempts = 20

  /// A connection that reads without locks; see `UnlockedFiles`.
  static func openUnlocked(
    _ path: LogPath, _ options: SQLiteLogOptions
  ) throws(EventLogError) -> Connection {
    var files = try UnlockedFiles(path)
    for _ in 1..<unlockedAttempts {
      do throws(EventLogError) {
        let connection = try files.connect()
        try prepare(connection, path.file, options)
        if files.isOpen {
          connection.unlocked = files
          return connection
        }
      } catch {
        if files.isOpen { throw error }
      }
      files = try UnlockedFiles(path)
    }
    throw files.error
  }

  private static func open(
    _ location: String, _ flags: Int32, _ options: SQLiteLogOptions
  ) throws(EventLogError) -> Connection {
    let connection = try Connection(location, flags: flags | SQLITE_OPEN_NOFOLLOW)
    // Before anything is read: SQLite would try for long to join a journal that it cannot write to.
    if flags & SQLITE_OPEN_READWRITE != 0, sqlite3_db_readonly(connection.handle, "main") != 0 {
      throw EventLogError(.notPermitted, "\(location) cannot be written.")
    }
    try prepare(connection, location, options)
    return connection
  }

  /// Hardens a connection, and checks that what it has opened is a log.
  static func prepare(
    _ connection: Connection, _ location: String, _ options: SQLiteLogOptions
  ) throws(EventLogError) {
    connection.hooks.deadline = .now + openingTime
    defer { connection.hooks.deadline = nil }
    do {
      try harden(connection)
      // Damaged pages are noticed when they are read, not by what follows from them; but what can be
      // saved of one is.
      connection.isSalvage = options.isSalvage
      try connection.setCheckingCells(!options.isSalvage)
      connection.setBusyTimeout(Int(options.busyTimeout / .milliseconds(1)))
      try checkFormat(connection, location, isSalvage: options.isSalvage)
    } catch  where connection.hooks.stop == .deadline {
      throw EventLogError(.tampered, "\(location) could not be checked in time.")
    } catch  where error.code == .badStatement {
      // These statements are ours and never fail of themselves.
      throw EventLogError(.corrupt, "\(location) cannot be read: \(error.message)")
    }
  }

  /// Settings that keep a file made by somebody else from doing more than hold data.
  private static func harden(_ connection: Connection) throws(EventLogError) {
    // No edits of the schema's own table, no journal_mode = OFF.
    try connection.setSwitch(SQLITE_DBCONFIG_DEFENSIVE, true)
    // No functions with side effects from within the schema.
    try connection.setSwitch(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)
    // Fails where the library was built without extensions, as Apple's is.
    try? connection.setSwitch(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, false)
    // A closing connection would checkpoint without the file lock; see FileLock.
    try connection.setSwitch(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
    try connection.execute("PRAGMA wal_autocheckpoint = 0")
    // A mapped file that somebody truncates ends the process.
    try connection.execute("PRAGMA mmap_size = 0")
    try connection.execute("PRAGMA temp_store = MEMORY")
    try limit(connection)
  }

  /// Bounds for what statements may be, and strictness about what they mean.
  static func limit(_ connection: Connection) throws(EventLogError) {
    // "x" is a name and never a string: a misspelt column is an error.
    try connection.setSwitch(SQLITE_DBCONFIG_DQS_DML, false)
    try connection.setSwitch(SQLITE_DBCONFIG_DQS_DDL, false)
    connection.setLimit(SQLITE_LIMIT_LENGTH, 1 << 26)
    connection.setLimit(SQLITE_LIMIT_SQL_LENGTH, 1 << 20)
    connection.setLimit(SQLITE_LIMIT_EXPR_DEPTH, 100)
    connection.setLimit(SQLITE_LIMIT_COLUMN, 200)
    connection.setLimit(SQLITE_LIMIT_COMPOUND_SELECT, 50)
    connection.setLimit(SQLITE_LIMIT_TRIGGER_DEPTH, 4)
    connection.setLimit(SQLITE_LIMIT_ATTACHED, 0)
  }

  private static func checkFormat(
    _ connection: Connection, _ location: String, isSalvage: Bool
  ) throws(EventLogError) {
    guard try connection.integer("PRAGMA main.application_id") == applicationID else {
      throw EventLogError(.notALog, "\(location) is a database, but not a log.")
    }
    let version = try connection.integer("PRAGMA main.user_version")
    let newest = SchemaFile.newestFormat
    if version > newest {
      throw EventLogError(
        .newerFormat,
        "\(location) has format \(version); this program knows formats up to \(newest).")
    }
    guard version > 0 else {
      throw EventLogError(.tampered, "\(location) has no format.")
    }
    connection.format = version
    if isSalvage {
      try SchemaFingerprint.checkTables(connection)
    } else {
      try SchemaFingerprint.check(connection)
    }
  }

  /// False when another program has given the file another journal, which survives less.
  static func isLoggingAhead(_ connection: Connection) throws(EventLogError) -> Bool {
    let policy = connection.hooks.policy
    connection.hooks.policy = .anything
    defer { connection.hooks.policy = policy }
    return try connection.text("PRAGMA main.journal_mode") == "wal"
  }

  /// Gives the file its write-ahead log back; under the file lock.
  static func logAhead(_ connection: Connection) throws(EventLogError) {
    let policy = connection.hooks.policy
    connection.hooks.policy = .anything
    defer { connection.hooks.policy = policy }
    guard try connection.text("PRAGMA main.journal_mode = WAL") == "wal" else {
      throw EventLogError(
        .busy, "Another program has taken the log's journal away, and keeps it from being restored."
      )
    }
  }

  /// Brings a log of an earlier format to the newest one; under the file lock. What is recorded stays
  /// as it is.
  static func upgrade(_ connection: Connection) throws(EventLogError) {
    let policy = connection.hooks.policy
    connection.hooks.policy = .anything
    defer { connection.hooks.policy = policy }
    try connection.execute("BEGIN IMMEDIATE")
    do throws(EventLogError) {
      let found = try connection.integer("PRAGMA main.user_version")
      if found < SchemaFile.newestFormat {
        try connection.execute(SchemaFile.log(from: found))
        try TreeGrowth(connection).complete()
      }
      connection.format = SchemaFile.newestFormat
      try SchemaFingerprint.check(connection)
      try connection.execute("COMMIT")
    } catch {
      connection.rollBack()
      throw error
    }
  }

  /// Reads the last event and hashes it anew: a file that was cut or damaged at its end is noticed
  /// before anything is added to it.
  static func checkEnd(
    _ connection: Connection, _ names: NameTable
  ) throws(EventLogError) {
    let reader = LogReader(connection, names)
    let kinds = try reader.begin()
    defer { reader.end() }
    let head = try reader.head()
    if try connection.has(table: "tree"),
      try TreeGrowth(connection).blockCount() != head.position.rawValue / TreeTable.blockSize
    {
      throw EventLogError(.tampered, "The log's tree is not as long as the log.")
    }
    if head.position == .start { return }
    let event = try reader.event(
      at: head.position, kinds: kinds, EventLookup(connection, reader.names))
    if event.computedLeafHash != event.leafHash {
      throw EventLogError(
        .tampered, "The last event of the log (\(head.position)) does not match its hash.")
    }
  }
}
