import CSQLite
public import EventLog

extension SQLiteEventLog {
  /// The version of the SQLite library in use.
  public static var libraryVersion: String { String(cString: sqlite3_libversion()) }

  private static let selectTriggersWithPages =
    "SELECT name FROM main.sqlite_schema WHERE type = 'trigger' AND rootpage <> 0"

  private static let pageFaultLimit = 10

  /// What SQLite's own check of every page and index finds wrong, or the header says that a log's
  /// does not; empty when the file is whole. Reads the whole file. That its schema is ours has been
  /// checked when it was opened.
  public func storageFaults() async throws(EventLogError) -> [String] {
    try await read { (reader) throws(EventLogError) in
      let hooks = reader.connection.hooks
      hooks.policy = .anything
      defer { hooks.policy = .reading }
      var faults = try Self.pageFaults(reader.connection)
      let pages = try reader.connection.prepare(Self.selectTriggersWithPages)
      while try pages.step() {
        faults.append("the trigger \(pages.text(0)) has a page of its own, which none has")
      }
      return try faults + Self.headerFaults(reader.connection)
    }
  }

  /// Whether the file may still hold traces of erased payloads, because a process was killed while it
  /// erased them, or readers kept it from emptying the write-ahead log. The next append removes them.
  public func isPurgeDue() async throws(EventLogError) -> Bool {
    try await read { (reader) throws(EventLogError) in try Purge(reader.connection).isDue() }
  }

  /// What SQLite's own check says, the first of it.
  private static func pageFaults(_ connection: Connection) throws(EventLogError) -> [String] {
    let statement = try connection.prepare("PRAGMA main.integrity_check")
    var faults: [String] = []
    do throws(EventLogError) {
      while try statement.step() {
        faults += statement.text(0).split(separator: "\n").map(String.init)
      }
    } catch {
      // It has said what is wrong with the pages before it stumbled over them.
      guard error.code == .corrupt, !faults.isEmpty else { throw error }
    }
    if faults == ["ok"] { return [] }
    faults.removeAll { $0.hasPrefix("*** in database ") }
    let more = faults.count - pageFaultLimit
    return more > 0 ? faults.prefix(pageFaultLimit) + ["and \(more) more faults of pages"] : faults
  }

  /// Which versions of the file format the header names for writing and reading: 2 is that of a
  /// write-ahead log, 1 that of other journals, which some tool has set and the next to append sets
  /// back. SQLite's own check passes over them, though it writes nothing where the first is another.
  ///
  /// Read by way of SQLite's own descriptor: to close another of the same file would give up all locks
  /// that this process has on it.
  private static func headerFaults(_ connection: Connection) throws(EventLogError) -> [String] {
    var file: UnsafeMutablePointer<sqlite3_file>?
    var versions: [UInt8] = [0, 0]
    let code = sqlite3_file_control(
      connection.handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    guard code == SQLITE_OK, let file, let read = file.pointee.pMethods?.pointee.xRead else {
      throw EventLogError(sqlite: code, message: nil)
    }
    let result = read(file, &versions, 2, 18)
    guard result == SQLITE_OK else { throw EventLogError(sqlite: result, message: nil) }
    if versions == [1, 1] { return [] }
    return zip(["writing", "reading"], versions).filter { $0.1 != 2 }.map {
      "the header names version \($0.1) of the format for \($0.0), where a log has 2"
    }
  }
}
