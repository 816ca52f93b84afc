import CSQLite
import Dispatch
import EventLog
import Synchronization

/// The one place that writes: a connection on a queue of its own, used by nobody else.
///
/// Requests that arrive while a commit is on its way to the disk wait together, and share the next
/// one: each is judged by itself, and answered by itself once it is on the disk.
final class Writer: @unchecked Sendable {
  // Everything mutable but the inbox is touched on `queue` only.
  private let queue = DispatchQueue(label: "annals.sqlite.writer")
  private let path: LogPath
  private let options: SQLiteLogOptions
  private var lock: FileLock
  private let watch: HeadWatch
  private let names: NameTable
  private var database: WriterDatabase?
  /// Why nothing is appended any more: the files of the log have been replaced. What this process
  /// knows of the log may not be true of the files that stand there now.
  private var halt: EventLogError?

  private let inbox = Mutex(Inbox())

  /// Commits so far, for tests of group commit.
  let commits = Atomic<Int>(0)

  private struct Inbox {
    var waiting: [Pending] = []
    var isScheduled = false
    var isClosed = false
  }

  private struct Pending {
    let request: AppendRequest
    let condition: AppendCondition?
    let reply: Reply<AppendReceipt>
  }

  /// Events that share a commit, at most (one request may hold more): a bound for how long the
  /// first waits for the last.
  private static let eventsPerCommit = 50_000

  init(
    _ path: LogPath, _ options: SQLiteLogOptions, _ watch: HeadWatch, _ names: NameTable
  ) throws(EventLogError) {
    self.path = path
    self.options = options
    self.watch = watch
    self.names = names
    lock = try FileLock(path)
    let connection = try LogFile.openForAppending(path, options)
    if try !LogFile.isLoggingAhead(connection) {
      try lock.acquire(within: patience)
      defer { lock.release() }
      try LogFile.logAhead(connection)
    }
    let database = try WriterDatabase(connection, options, names)
    if database.isOutdated {
      try lock.acquire(within: patience)
      defer { lock.release() }
      try database.upgrade()
    }
    self.database = database
  }

  // MARK: Requests

  func append(
    _ request: AppendRequest, if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    try await Reply.wait { reply in
      let pending = Pending(request: request, condition: condition, reply: reply)
      let (isClosed, mustSchedule) = inbox.withLock { inbox -> (Bool, Bool) in
        if inbox.isClosed { return (true, false) }
        inbox.waiting.append(pending)
        defer { inbox.isScheduled = true }
        return (false, !inbox.isScheduled)
      }
      if isClosed { reply.give(.failure(Self.closed)) }
      if mustSchedule { queue.async { self.appendWaiting() } }
    }
  }

  func write(_ change: ProjectionChange) async throws(EventLogError) {
    try await perform(syncing: false) { database throws(EventLogError) in
      try ProjectionStore(database.connection).write(change)
    }
  }

  func forgetProjection(_ name: String) async throws(EventLogError) -> Bool {
    try await perform(syncing: false) { database throws(EventLogError) in
      try ProjectionStore(database.connection).forget(name)
    }
  }

  func advance(
    _ projection: any InlineProjection, by count: Int
  ) async throws(EventLogError) -> ProjectionState? {
    try await perform(projection) { database, run throws(EventLogError) in
      try database.advance(run, by: count)
    }
  }

  func swapIn(_ scratch: ScratchTables) async throws(EventLogError) -> ProjectionState {
    try await perform(scratch.projection) { database, run throws(EventLogError) in
      try database.swap(scratch, run)
    }
  }

  /// Erases payloads and appends the event that says so; see `EventLog.erase`.
  func erase(
    _ ids: [EventID], _ request: AppendRequest, if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    try await perform(syncing: true) { database throws(EventLogError) in
      try database.erase(ids, request, if: condition)
    }
  }

  /// Makes durable what stands in the log, whichever process has written it.
  func settle() async throws(EventLogError) {
    try await perform(syncing: true, changing: false) { database throws(EventLogError) in
      try database.settle(self.lock)
    }
  }

  /// Removes the traces of erased payloads from the file, if any may be left.
  func purge() async throws(EventLogError) {
    let result = await withCheckedContinuation { continuation in
      queue.async {
        let result: Result<Void, EventLogError> = Result { () throws(EventLogError) in
          try self.locked { database throws(EventLogError) in try database.purge(self.lock) }
        }
        continuation.resume(returning: result)
      }
    }
    try result.get()
  }

  /// Runs `body` in a transaction; once more when a projection's statements have ended it.
  private func perform<Value: Sendable>(
    _ projection: any InlineProjection,
    _ body: @escaping @Sendable (WriterDatabase, InlineRun) throws(EventLogError) -> Value
  ) async throws(EventLogError) -> Value {
    try await perform(syncing: false) { database throws(EventLogError) in
      let run = try database.run(of: projection)
      do throws(EventLogError) {
        return try body(database, run)
      } catch {
        guard run.takeRepeat() else { throw error }
        database.rollBack()
        try database.begin(syncing: false, self.lock)
        return try body(database, run)
      }
    }
  }

  /// Runs `body` in a transaction of its own, which is committed when it is `changing` anything.
  private func perform<Value: Sendable>(
    syncing: Bool, changing: Bool = true,
    _ body: @escaping @Sendable (WriterDatabase) throws(EventLogError) -> Value
  ) async throws(EventLogError) -> Value {
    try await Reply.wait { reply in
      queue.async {
        guard reply.isAwaited else { return }
        let result: Result<Value, EventLogError> = Result { () throws(EventLogError) in
          if self.inbox.withLock({ $0.isClosed }) { throw Self.closed }
          var value: Value?
          try self.transaction(syncing: syncing) { database throws(EventLogError) in
            guard reply.begin() else { throw .cancelled }
            value = try body(database)
            return changing
          } committed: {
          }
          guard let value else { throw Self.closed }
          return value
        }
        reply.give(result)
      }
    }
  }

  /// Empties the page cache, and hands free memory back to the system where that can be asked for.
  func releaseMemory() async {
    await withCheckedContinuation { continuation in
      queue.async {
        self.database?.connection.releaseMemory()
        continuation.resume()
      }
    }
  }

  /// Ends what waits, moves the write-ahead log into the file where nobody keeps it from that,
  /// and closes.
  func close() async {
    inbox.withLock { $0.isClosed = true }
    await withCheckedContinuation { continuation in
      queue.async {
        while self.appendGroup() {}
        if let database = self.database, self.halt == nil,
          (try? self.lock.acquire(within: self.patience)) != nil
        {
          // What fails here is left to the next program that opens the log.
          if self.lock.isCurrent { try? database.closeUnderLock(self.lock) }
          self.database = nil
          self.lock.release()
        }
        self.database = nil
        continuation.resume()
      }
    }
  }

  private static let closed = EventLogError(.closed, "The log is closed.")

  private var patience: Double { options.busyTimeout / .seconds(1) }

  // MARK: On the queue

  private func appendWaiting() {
    // The next group goes behind what else waits on the queue.
    if appendGroup() { queue.async { self.appendWaiting() } }
  }

  /// Appends what has come in; false when nothing has.
  private func appendGroup() -> Bool {
    let group = inbox.withLock { inbox -> [Pending] in
      inbox.waiting.removeAll { !$0.reply.isAwaited }
      var events = 0
      var count = 0
      for pending in inbox.waiting {
        events += pending.request.events.count
        if count > 0 && events > Self.eventsPerCommit { break }
        count += 1
      }
      let group = Array(inbox.waiting.prefix(count))
      inbox.waiting.removeFirst(count)
      if group.isEmpty { inbox.isScheduled = false }
      return group
    }
    if group.isEmpty { return false }
    append(group)
    return true
  }

  private func append(_ group: [Pending]) {
    var answers: [(reply: Reply<AppendReceipt>, answer: Result<AppendReceipt, EventLogError>)] = []
    var head: LogHead?
    do throws(EventLogError) {
      try transaction(syncing: true) { database throws(EventLogError) in
        let before = database.appender.head
        for pending in group where pending.reply.begin() {
          let answer = try database.appender.append(pending.request, if: pending.condition)
          answers.append((pending.reply, answer))
        }
        try database.takeAlong(from: before.position)
        head = database.appender.head
        if head != before { return true }
        // What is there already is acknowledged without a commit; whoever wrote it may have been
        // killed ahead of the sync.
        if answers.contains(where: { (try? $0.answer.get()) != nil }) { try database.settle(lock) }
        return false
      } committed: {
        for (reply, answer) in answers { reply.give(answer) }
        if let head { watch.publish(head) }
      }
    } catch {
      // An inline projection could not take an event in, and stops before it this time.
      if database?.takeRepeat() == true { return append(group) }
      let mayBeOne = ![.io, .corrupt, .commitUnknown, .busy, .replaced].contains(error.code)
      if group.count > 1 && mayBeOne {
        // One of them spoils it for the others.
        for pending in group { append([pending]) }
      } else {
        for pending in group { pending.reply.give(.failure(error)) }
      }
    }
  }

  /// Runs `body` under the file lock.
  private func locked(
    _ body: (WriterDatabase) throws(EventLogError) -> Void
  ) throws(EventLogError) {
    if let halt { throw halt }
    try lock.acquire(within: patience)
    while !lock.isCurrent {
      lock.release()
      lock = try FileLock(path)
      try lock.acquire(within: patience)
    }
    defer { lock.release() }
    let database = try usableDatabase()
    do throws(EventLogError) {
      try body(database)
    } catch {
      database.rollBack()
      // After a failed sync the system may take pages for written that are not: what this connection
      // knows of the disk is no longer to be relied on.
      if [.io, .corrupt, .commitUnknown, .replaced].contains(error.code) { self.database = nil }
      if error.code == .replaced { halt = error }
      throw error
    }
  }

  /// Runs `body` in a transaction under the file lock, and commits when it answers that something
  /// was changed. `committed` runs when all is on the disk, ahead of a checkpoint.
  ///
  /// Not `syncing`, for rows of projections: a power cut may take them back to where they were, which
  /// loses nothing, and others wait less. The next append brings them to the disk with it.
  private func transaction(
    syncing: Bool, _ body: (WriterDatabase) throws(EventLogError) -> Bool, committed: () -> Void
  ) throws(EventLogError) {
    try locked { database throws(EventLogError) in
      try database.begin(syncing: syncing, lock)
      if try body(database) {
        try database.commit()
        commits.add(1, ordering: .relaxed)
      } else {
        database.connection.rollBack()
      }
      committed()
      database.saveCommitted(lock)
      do throws(EventLogError) {
        try database.checkpointIfDue(lock)
        try database.purgeIfDue(lock)
      } catch {
        // The transaction is on the disk all the same. The next one opens the log anew.
        self.database = nil
      }
    }
  }

  /// The connection, opened anew after a failure.
  private func usableDatabase() throws(EventLogError) -> WriterDatabase {
    if let database { return database }
    let connection = try LogFile.openForAppending(path, options)
    if try !LogFile.isLoggingAhead(connection) { try LogFile.logAhead(connection) }
    let opened = try WriterDatabase(connection, options, names)
    database = opened
    return opened
  }
}
