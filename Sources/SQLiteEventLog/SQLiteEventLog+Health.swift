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
      throw EventLogError(sqlite: code)
    }
    let result = read(file, &versions, 2, 18)
    guard result == SQLITE_OK else { throw EventLogError(sqlite: result) }
    if versions == [1, 1] { return [] }
    return zip(["writing", "reading"], versions).filter { $0.1 != 2 }.map {
      "the header names version \($0.1) of the format for \($0.0), where a log has 2"
    }
  }

  private static let selectInstants = "SELECT first, recorded FROM main.batch ORDER BY first"
  private static let jumpLimit = 10

  /// Where the recorded instants show that the clock was wrong: leaps of more than a year, batches one
  /// microsecond apart, which a clock that was behind leaves, and a last instant after `now`. The first
  /// of them.
  public func clockJumps(now: Instant) async throws(EventLogError) -> [String] {
    try await read { (reader) throws(EventLogError) in
      let bounds = Options.ClockBounds()
      var jumps: [String] = []
      var last: (first: Int64, recorded: Instant)?
      var behind: (first: Int64, count: Int)?
      func endRun(at first: Int64) {
        guard let run = behind else { return }
        behind = nil
        if run.count > 1 {
          jumps.append(
            "behind from \(Position(run.first)) to \(Position(first)): \(run.count) batches are one"
              + " microsecond apart")
        }
      }
      let statement = try reader.connection.prepare(Self.selectInstants)
      while try statement.step() {
        let (first, recorded) = (statement.integer(0), Instant(microseconds: statement.integer(1)))
        defer { last = (first, recorded) }
        guard let last else { continue }
        let step = recorded.microseconds - last.recorded.microseconds
        if step == 1 {
          behind = (behind?.first ?? first, (behind?.count ?? 0) + 1)
        } else {
          endRun(at: last.first)
        }
        if bounds.refusal(of: recorded, after: last.recorded) != nil {
          jumps.append(
            "a leap of \(step / 86_400_000_000) days before \(Position(first)), from \(last.recorded)"
              + " to \(recorded)")
        }
      }
      if let last {
        endRun(at: last.first)
        if last.recorded > now { jumps.append("\(last.recorded), the last time, is not over yet") }
      }
      let more = jumps.count - Self.jumpLimit
      return more > 0 ? jumps.prefix(Self.jumpLimit) + ["and \(more) more"] : jumps
    }
  }
}
