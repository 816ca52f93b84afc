import CSQLite
public import EventLog

extension SQLiteEventLog {
  /// The version of the SQLite library in use.
  public static var libraryVersion: String { String(cString: sqlite3_libversion()) }

  private static let selectTriggersWithPages =
    "SELECT name FROM main.sqlite_schema WHERE type = 'trigger' AND rootpage <> 0"

  /// What SQLite's own check of every page and index finds wrong, or the header says that a log's
  /// does not; empty when the file is whole. Reads the whole file. That its schema is ours has been
  /// checked when it was opened.
  public func storageFaults() async throws(EventLogError) -> [String] {
    try await read { (reader) throws(EventLogError) in
      let hooks = reader.connection.hooks
      hooks.policy = .anything
      defer { hooks.policy = .reading }
      let statement = try reader.connection.prepare("PRAGMA main.integrity_check")
      var faults: [String] = []
      while try statement.step() { faults.append(statement.text(0)) }
      if faults == ["ok"] { faults = [] }
      let pages = try reader.connection.prepare(Self.selectTriggersWithPages)
      while try pages.step() {
        faults.append("the trigger \(pages.text(0)) has a page of its own, which none has")
      }
      return try faults + LogPath.headerFaults(of: path)
    }
  }
}
