import EventLog
import Testing

@testable import SQLiteEventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What other programs do to a log that is closed, and what is made of it.
@Suite struct OtherProgramsTests {
  /// With a rollback journal less survives a power cut: the write-ahead log is put back.
  @Test(arguments: ["DELETE", "TRUNCATE", "OFF"])
  func theJournalIsPutBack(_ mode: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    try await log.appendSamples(0..<3)
    await log.close()
    try RawDatabase(path).run("PRAGMA journal_mode = \(mode)")
    let again = try await SQLiteEventLog.open(at: path)
    try await again.appendSamples(3..<4)
    await again.close()
    #expect(try RawDatabase(path).text("PRAGMA journal_mode") == "wal")
  }

  @Test(arguments: ["-wal", "-shm", "-journal", ".lock"])
  func pipesBesideTheFileAreRefused(_ suffix: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    try await log.appendSamples(0..<3)
    await log.close()
    unlink(path + suffix)
    try #require(mkfifo(path + suffix, 0o600) == 0)
    for mode in [SQLiteEventLog.Mode.readWrite, .readOnly] {
      let error = await #expect(throws: EventLogError.self) {
        try await SQLiteEventLog.open(at: path, mode: mode)
      }
      #expect(error?.code == .notPermitted)
    }
  }

  private static let view = ProjectionDefinition(
    name: "seen", version: 1, tables: ["seen"],
    schema: "CREATE TABLE seen (seq INTEGER PRIMARY KEY, what TEXT) STRICT")

  /// Rows that cannot be those of the log are not handed out, and are made anew.
  @Test(arguments: [
    "UPDATE projection SET position = 900",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'what', 'that') WHERE name = 'seen'",
  ])
  func viewsThatCannotBeRightAreStale(_ sql: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    try await log.appendSamples(0..<3)
    func write(_ log: SQLiteEventLog, rebuild: Bool) async throws {
      try await log.write(
        ProjectionChange(
          definition: Self.view, expected: try await log.projection("seen"),
          state: ProjectionState(
            name: "seen", version: 1, definitionHash: Self.view.hash, position: 3),
          rebuild: rebuild,
          statements: [
            ProjectionStatement(
              "INSERT INTO seen VALUES (?1, ?2)", rows: [[.integer(1), .text("a")]])
          ]))
    }
    try await write(log, rebuild: true)
    let columns = [(table: "seen", columns: ["seq", "what"])]
    #expect(try await log.contents(of: Self.view, columns)?.rows[0].count == 1)
    await log.close()
    try RawDatabase(path).run(sql)
    let again = try await SQLiteEventLog.open(at: path)
    #expect(try await again.contents(of: Self.view, columns) == nil)
    try await write(again, rebuild: true)
    #expect(try await again.contents(of: Self.view, columns)?.rows[0].count == 1)
    await again.close()
  }
}
