import CSQLite
import EventLog

/// The connection that appends, with what it knows from one transaction to the next. All of it is
/// used under the file lock.
final class WriterDatabase {
  let connection: Connection
  let appender: Appender
  private let journal: Journal
  private let inline: [InlineRun]
  private let timeLimit: Duration

  /// The counter of schema changes at which the fingerprint was last right.
  private var schemaVersion: Int64
  /// Pages in the write-ahead log after the last commit, and at how many to checkpoint next.
  private var logPages = 0
  private var checkpointAt = WriterDatabase.checkpointPages
  /// Whether what is known of the log is what this connection's last commit left. An erasure leaves
  /// names to be read anew.
  private var isCurrent = false
  /// Whether the connection is set to sync each commit.
  private var isSyncing = true
  /// Whether an erasure, perhaps of a process that was killed, has left traces in the file.
  private var isPurgeDue = false
  private var hasPurgeFailed = false

  /// 32 MB: rare enough for pages to be changed many times ahead of being written to their place,
  /// and within what the log's index finds in one step (4,096 frames).
  private static let checkpointPages = 4000

  private static let selectSchemaVersion = "PRAGMA main.schema_version"

  /// `names` are those that the log's readers know; what this connection adds is kept apart until it
  /// is committed.
  init(
    _ connection: Connection, _ options: SQLiteLogOptions, _ names: NameTable
  ) throws(EventLogError) {
    self.connection = connection
    appender = Appender(connection, options)
    var inline: [InlineRun] = []
    for projection in options.inline {
      inline.append(
        try InlineRun(projection, on: connection, timeLimit: options.projectionTimeout))
    }
    self.inline = inline
    timeLimit = options.projectionTimeout
    schemaVersion = try connection.integer(Self.selectSchemaVersion)
    try LogFile.checkEnd(connection, names)
    journal = try Journal(connection, isNew: connection.hasMadeJournal)
  }

  /// Whether the log is of an earlier format, and must be upgraded ahead of the first append.
  var isOutdated: Bool { connection.format < SchemaFile.newestFormat }

  func upgrade() throws(EventLogError) {
    try LogFile.upgrade(connection)
    schemaVersion = try connection.integer(Self.selectSchemaVersion)
  }

  /// Begins a transaction whose commit is synced, or is left to the next that is.
  func begin(syncing: Bool, _ lock: FileLock) throws(EventLogError) {
    try connection.files?.checkDatabase()
    if syncing != isSyncing {
      try connection.setSyncing(syncing)
      isSyncing = syncing
    }
    // Never deferred: a transaction that starts to write later fails at once when somebody else
    // has committed in between, whatever the timeout.
    try connection.prepared("BEGIN IMMEDIATE").run()
    let isUntouched = try !journal.restore(lock) && isCurrent
    isCurrent = false
    if isUntouched { return try appender.beginAgain() }
    let version = try connection.integer(Self.selectSchemaVersion)
    if version != schemaVersion {
      // A projection's tables, or somebody who takes the guards away.
      try SchemaFingerprint.check(connection)
      schemaVersion = version
    }
    isPurgeDue = try Purge(connection).isDue()
    try appender.begin()
  }

  /// Commits. When this returns after a transaction that was to be synced, it is on the disk, in the
  /// files that have the log's names.
  func commit() throws(EventLogError) {
    do throws(EventLogError) {
      try connection.prepared("COMMIT").run()
    } catch {
      guard error.code == .io else { throw error }
      throw EventLogError(
        .commitUnknown,
        "The commit failed on its way to the disk; append the same ids again. \(error.message)")
    }
    try journal.committed(isSynced: isSyncing, head: appender.head.position)
    isCurrent = !isPurgeDue
  }

  /// Keeps for other processes what is known to be on the disk.
  func saveCommitted(_ lock: FileLock) { journal.saveCommitted(lock) }

  /// Makes durable what stands in the log, whichever process has written it; within a transaction.
  func settle(_ lock: FileLock) throws(EventLogError) {
    try journal.settle(lock, head: appender.head.position)
  }

  func rollBack() {
    connection.rollBack()
    appender.rolledBack()
  }

  // MARK: Erasing

  /// Erases the payloads of events that still have theirs, and appends the event that says so; in a
  /// transaction that was begun.
  func erase(
    _ ids: [EventID], _ request: AppendRequest, if condition: AppendCondition?
  ) throws(EventLogError) -> AppendReceipt {
    var positions: [Position] = []
    for id in ids {
      guard let position = try appender.snapshot.position(of: id) else {
        throw EventLogError(.unknownTarget, "\(id) is not in the log.")
      }
      if try !appender.snapshot.row(at: position).isErased { positions.append(position) }
    }
    var receipt = AppendReceipt(entries: [], recorded: nil)
    if !positions.isEmpty { receipt = try appender.append(request, if: condition).get() }
    try Eraser(connection, appender.snapshot)
      .erase(positions, by: receipt.entries.first?.position ?? .start)
    // What is known of names and of the schema is read anew.
    appender.rolledBack()
    isPurgeDue = true
    return receipt
  }

  /// Removes the traces of erased payloads from the file, if any may be left.
  func purge(_ lock: FileLock) throws(EventLogError) {
    try connection.checkFiles()
    _ = try journal.restore(lock)
    try Purge(connection).run { () throws(EventLogError) in
      try journal.committed(isSynced: isSyncing, head: appender.head.position)
      return try journal.checkpoint(lock, truncate: true)
    }
    try connection.checkFiles()
    isPurgeDue = false
  }

  /// The same behind any transaction, so that a purge that was cut short is completed. Waits for no
  /// reader. Throws only where it fails in a way that leaves open what is on the disk.
  func purgeIfDue(_ lock: FileLock) throws(EventLogError) {
    guard isPurgeDue, !hasPurgeFailed else { return }
    do throws(EventLogError) {
      try connection.withoutWaiting { () throws(EventLogError) in try purge(lock) }
    } catch {
      // Where there is no room for a second copy of the file, each attempt takes long.
      hasPurgeFailed = error.code != .busy
      if [.io, .corrupt, .commitUnknown, .replaced].contains(error.code) { throw error }
    }
  }

  // MARK: Inline projections

  /// Takes along the projections that stood at `before`, the head ahead of what this transaction
  /// has appended. Others stay where they are, to catch up.
  func takeAlong(from before: Position) throws(EventLogError) {
    if inline.isEmpty || appender.head.position == before { return }
    for run in inline {
      guard let state = try storedState(of: run), state.position == before else { continue }
      try advance(run, from: state, by: .max)
    }
  }

  /// Brings a projection on by as many as `count` events that concern it.
  func advance(
    _ run: InlineRun, by count: Int
  ) throws(EventLogError) -> ProjectionState? {
    guard let state = try storedState(of: run) else { return nil }
    return try advance(run, from: state, by: count)
  }

  /// Puts other tables in the place of the stored ones, and brings those to the head: readers must
  /// not see a view that steps back, and appends take along only a view that stands at the head.
  func swap(
    _ scratch: ScratchTables, _ run: InlineRun
  ) throws(EventLogError) -> ProjectionState {
    try ProjectionStore(connection).replace(
      run.definition, with: scratch.state, erasures: scratch.erasures
    ) { () throws(EventLogError) in
      try scratch.copy(into: connection)
    }
    return try advance(run, from: scratch.state, by: .max, mustArrive: true)
  }

  /// The run of a projection: that of the appends, where they have the same one.
  func run(of projection: any InlineProjection) throws(EventLogError) -> InlineRun {
    let hash = projection.definition.hash
    if let run = inline.first(where: { $0.hash == hash }) { return run }
    return try InlineRun(projection, on: connection, timeLimit: timeLimit)
  }

  /// True, once, when the transaction that was rolled back should be run again.
  func takeRepeat() -> Bool {
    inline.reduce(false) { $1.takeRepeat() || $0 }
  }

  private func storedState(of run: InlineRun) throws(EventLogError) -> ProjectionState? {
    guard let state = try ProjectionStore(connection).state(run.definition.name),
      state.definitionHash == run.hash
    else { return nil }
    return state
  }

  @discardableResult
  private func advance(
    _ run: InlineRun, from state: ProjectionState, by count: Int, mustArrive: Bool = false
  ) throws(EventLogError) -> ProjectionState {
    let next = try run.advance(
      state, through: appender.head.position, by: count, in: appender.snapshot,
      mustArrive: mustArrive)
    if next != state {
      try ProjectionStore(connection).save(next, tables: run.definition.tables)
    }
    return next
  }

  // MARK: Checkpoints

  /// Moves the write-ahead log into the file once it is long. Readers may keep it from being moved
  /// whole; then it is tried again when the log has grown some more.
  func checkpointIfDue(_ lock: FileLock) throws(EventLogError) {
    let pages = connection.hooks.logPages
    if pages < logPages { checkpointAt = Self.checkpointPages }
    logPages = pages
    if pages < checkpointAt { return }
    checkpointAt = pages + Self.checkpointPages / 4
    _ = try journal.checkpoint(lock, truncate: false)
  }

  /// Leaves one complete file, where no other process has the log open.
  func closeUnderLock(_ lock: FileLock) throws(EventLogError) {
    try connection.checkFiles()
    // Not for long: readers elsewhere may take their time, and then another process closes last.
    connection.setBusyTimeout(100)
    guard try journal.checkpoint(lock, truncate: true) else { return }
    journal.retire(lock)
    // The last to close may remove the write-ahead log: SQLite does so only when no other connection
    // has the file open, and no other process can append while we hold the lock.
    try connection.setSwitch(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)
  }
}
