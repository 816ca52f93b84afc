import CSQLite

/// What SQLite asks back while it works: may this be done, is the answer still wanted, is there time
/// left, how long is the write-ahead log. One per connection, used by its thread only.
final class ConnectionHooks {
  /// What statements may do from now on. SQLite asks when a statement is compiled, also when it
  /// compiles one again after a change of the schema.
  var policy = StatementPolicy.anything

  /// When to give up; nil for never.
  var deadline: ContinuousClock.Instant?

  /// Why the last statement that was stopped was stopped.
  enum Stop { case deadline, cancellation }
  private(set) var stop: Stop?

  /// Pages in the write-ahead log after the last commit on this connection.
  private(set) var logPages = 0

  func install(on handle: OpaquePointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_set_authorizer(
      handle,
      { context, action, first, second, database, _ in
        guard let context else { return SQLITE_DENY }
        let hooks = Unmanaged<ConnectionHooks>.fromOpaque(context).takeUnretainedValue()
        let allowed = hooks.policy.allows(
          action, first.map { String(cString: $0) }, second.map { String(cString: $0) },
          database: database.map { String(cString: $0) })
        return allowed ? SQLITE_OK : SQLITE_DENY
      }, context)
    lookAtClock(of: handle)
  }

  /// Has the deadline looked at every so many steps of a statement; as a rule about every 0.1 ms of
  /// work. The clock costs 50 ns.
  func lookAtClock(of handle: OpaquePointer, every steps: Int32 = 10_000) {
    sqlite3_progress_handler(
      handle, steps,
      { context in
        guard let context else { return 1 }
        let hooks = Unmanaged<ConnectionHooks>.fromOpaque(context).takeUnretainedValue()
        // Work on the writer's queue is part of no task, and is never cancelled.
        if Task.isCancelled {
          hooks.stop = .cancellation
          return 1
        }
        guard let deadline = hooks.deadline, ContinuousClock.now > deadline else { return 0 }
        hooks.stop = .deadline
        return 1
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Has the length of the log reported after each commit, in place of automatic checkpoints.
  func watchLog(of handle: OpaquePointer) {
    sqlite3_wal_hook(
      handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<ConnectionHooks>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }
}
