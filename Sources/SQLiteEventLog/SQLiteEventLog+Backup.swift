import CSQLite
public import EventLog

extension SQLiteEventLog {
  /// What a backup holds.
  public struct Backup: Sendable {
    public var head: LogHead
    /// Root of the tree over all of its events, as it follows from them.
    public var root: [UInt8]
    public var bytes: Int
  }

  /// Writes a copy of the log as it stands to a new file, while others go on appending. The copy is
  /// verified whole, and on the disk, before it gets its name; it holds no free pages, and so nothing
  /// that was erased.
  ///
  /// Throws `.exists` where there is a file, and `.corrupt` when the copy does not verify: then the
  /// log itself is damaged.
  public func backup(
    to destination: String, progress: (@Sendable (_ done: Int64, _ of: Int64) -> Void)? = nil
  ) async throws -> Backup {
    let target = try await BlockingQueue.run { () throws(EventLogError) in
      try LogPath(new: destination)
    }
    let temporary = target.temporary()
    do {
      try await BlockingQueue.run { () throws(EventLogError) in
        try Self.copy(LogPath(existing: path), to: temporary)
      }
      // The copy may hold events of a process that was killed before it synced them.
      try await settle()
      var options = Options()
      options.checksEnd = false
      let copy = try await Self.open(at: temporary, mode: .readOnly, options: options)
      let result = try await copy.verify(LogVerificationRequest(progress: progress))
      let faults = try await copy.storageFaults()
      await copy.close()
      if let fault = result.faults.first {
        throw EventLogError(.corrupt, "The log does not verify: \(fault.message)")
      }
      if let fault = faults.first { throw EventLogError(.corrupt, "The copy is damaged: \(fault)") }
      let bytes = try await BlockingQueue.run { () throws(EventLogError) in
        let bytes = try LogPath.synchronize(temporary)
        try target.take(over: temporary)
        target.discardCompanions(of: temporary)
        return bytes
      }
      return Backup(head: result.head, root: result.root, bytes: bytes)
    } catch {
      await BlockingQueue.run { target.discard(temporary) }
      throw error
    }
  }

  /// One consistent state of the log, without free pages.
  private static func copy(_ source: LogPath, to temporary: String) throws(EventLogError) {
    try LogPath.create(temporary, like: source.file)
    let connection = try LogFile.openSnapshot(source, Options())
    connection.hooks.policy = .anything
    // The new file is attached to the connection, which else may attach none, and is written by it.
    connection.setLimit(SQLITE_LIMIT_ATTACHED, 1)
    try connection.execute("PRAGMA query_only = OFF; PRAGMA temp_store = FILE")
    let statement = try connection.prepare("VACUUM main INTO ?1")
    statement.bind(text: temporary, at: 1)
    do {
      try statement.run()
    } catch  where error.code == .badStatement {
      // The statement is ours and never fails of itself: the system said something odd of the file.
      throw EventLogError(.io, "\(temporary) cannot be written: \(error.message)")
    }
    let copy = try Connection(temporary, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW)
    // A copy has no free pages: nothing of it is to be purged.
    try copy.execute(Purge.clear)
    guard try copy.text("PRAGMA main.journal_mode = WAL") == "wal" else {
      throw EventLogError(.io, "The file system does not support a write-ahead log.")
    }
  }
}
