import CSQLite
import EventLog

/// Removes what erased payloads have left behind: free pages of the file, in which earlier rows and
/// views can still be read, and older pages in the write-ahead log.
///
/// The transaction that erases a payload also notes that a purge is due. The note stays in the file
/// until the purge is complete, so the next writer completes the purge of a process that was killed.
/// The note is the row of `projection` with an empty name, which no projection can have.
struct Purge {
  private enum Step: Int64 {
    /// To write the file anew, without free pages.
    case rewriteFile = 1
    /// To empty the write-ahead log.
    case emptyLog = 2
  }

  private static let selectStep = "SELECT version FROM main.projection WHERE name = ''"
  private static let note = """
    INSERT INTO main.projection (name, version, definition, tables, position, reason)
    VALUES ('', ?1, x'', '', 0, 'a purge is due: the file may hold traces of erased payloads')
    ON CONFLICT (name) DO UPDATE SET version = ?1
    """
  /// Removes the note.
  static let clear = "DELETE FROM main.projection WHERE name = ''"

  private let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  func isDue() throws(EventLogError) -> Bool { try step() != nil }

  /// Notes that a purge is due; within the transaction that erases.
  func request() throws(EventLogError) { try note(.rewriteFile) }

  /// Takes the steps that are still to be taken. Outside of any transaction, under the file lock.
  /// `emptyLog` moves all of the write-ahead log into the file, unless readers keep it from that.
  func run(_ emptyLog: () throws(EventLogError) -> Bool) throws(EventLogError) {
    guard let step = try step() else { return }
    let usual = connection.hooks.policy
    connection.hooks.policy = .anything
    defer { connection.hooks.policy = usual }
    if step == .rewriteFile {
      try rewriteFile()
      try note(.emptyLog)
    }
    guard try emptyLog() else {
      throw EventLogError(.busy, "Readers keep older pages in the write-ahead log.")
    }
    try connection.execute(Self.clear)
  }

  private func rewriteFile() throws(EventLogError) {
    // VACUUM attaches the new file to this connection, which else may attach none; it stands in a
    // file of its own, as memory may be too small for it.
    connection.setLimit(SQLITE_LIMIT_ATTACHED, 1)
    defer { connection.setLimit(SQLITE_LIMIT_ATTACHED, 0) }
    try connection.execute("PRAGMA temp_store = FILE")
    let result = Result { () throws(EventLogError) in try connection.execute("VACUUM main") }
    try connection.execute("PRAGMA temp_store = MEMORY; PRAGMA main.secure_delete = OFF")
    try result.get()
  }

  private func step() throws(EventLogError) -> Step? {
    let statement = try connection.prepared(Self.selectStep)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return Step(rawValue: statement.integer(0)) ?? .rewriteFile
  }

  private func note(_ step: Step) throws(EventLogError) {
    let statement = try connection.prepared(Self.note)
    statement.bind(step.rawValue, at: 1)
    try statement.run()
  }
}
