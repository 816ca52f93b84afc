import CSQLite
import EventLog
import Foundation
import Testing

@testable import SQLiteEventLog

/// The purge behind an erasure that was cut short: the file knows of it, and the next writer does it.
@Suite struct PurgeTests {
  private static let word = "tattletale"

  /// A log whose file holds the word in a free page, as a view that was dropped leaves it.
  private func makeLog(_ path: String) async throws {
    let log = try await SQLiteEventLog.create(at: path)
    try await log.appendSamples(0..<10)
    let definition = ProjectionDefinition(
      name: "seen", version: 1, tables: ["seen"],
      schema: "CREATE TABLE seen (seq INTEGER PRIMARY KEY, what TEXT) STRICT")
    let rows: [[SQLValue]] = (0..<400).map { [.integer($0), .text("\(Self.word) \($0)")] }
    try await log.write(
      ProjectionChange(
        definition: definition, expected: nil,
        state: ProjectionState(
          name: "seen", version: 1, definitionHash: definition.hash, position: 10),
        rebuild: true,
        statements: [ProjectionStatement("INSERT INTO seen VALUES (?1, ?2)", rows: rows)]))
    #expect(try await log.forgetProjection("seen"))
    await log.close()
  }

  private func erase(_ log: SQLiteEventLog) async throws {
    let erasing = NewEvent(
      id: EventID(high: 9, low: 1), type: EventType("payload.erased"),
      targets: [EventID(high: 7, low: 5)], body: Array("{}".utf8))
    _ = try await log.erase(
      [EventID(high: 7, low: 5)], saying: erasing, recorder: "t", note: nil, if: nil)
  }

  private func hasTraces(_ path: String) -> Bool {
    ["", "-wal"].contains { suffix in
      let bytes = FileManager.default.contents(atPath: path + suffix)
      return bytes?.range(of: Data(Self.word.utf8)) != nil
    }
  }

  private func isDue(_ path: String) async throws -> Bool {
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    let isDue = try await log.isPurgeDue()
    #expect(try await log.verify(LogVerificationRequest()).isPurgeDue == isDue)
    await log.close()
    return isDue
  }

  private func append(_ number: Int, to path: String) async throws {
    let log = try await SQLiteEventLog.open(at: path)
    try await log.appendSamples(number..<number + 1)
    await log.close()
  }

  @Test func theNextAppendCompletesAPurgeThatNeverBegan() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    try await makeLog(path)
    // What the transaction of an erasure leaves when its process is killed right behind the commit.
    let options = SQLiteEventLog.Options()
    let place = try LogPath(existing: path)
    let lock = try FileLock(place)
    let connection = try LogFile.openForAppending(place, options)
    let writer = try WriterDatabase(connection, options, NameTable())
    try writer.begin(syncing: true, lock)
    let erasing = NewEvent(
      id: EventID(high: 9, low: 1), type: EventType("payload.erased"),
      targets: [EventID(high: 7, low: 5)], body: Array("{}".utf8))
    _ = try writer.erase(
      [EventID(high: 7, low: 5)],
      AppendRequest(
        [erasing], recorder: "t", note: nil, isErasure: true, randomBytes: options.randomBytes),
      if: nil)
    try writer.commit()
    #expect(try await isDue(path) && hasTraces(path))
    // A backup holds no free pages, and says so.
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    _ = try await log.backup(to: folder.path("copy"))
    await log.close()
    #expect(try await !isDue(folder.path("copy")) && !hasTraces(folder.path("copy")))
    try await append(20, to: path)
    #expect(try await !isDue(path) && !hasTraces(path))
  }

  @Test func aReaderHoldsThePurgeUpAndNoAppend() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    try await makeLog(path)
    var options = SQLiteEventLog.Options()
    options.busyTimeout = .milliseconds(50)
    let log = try await SQLiteEventLog.open(at: path, options: options)
    let reader = LogReader(
      try LogFile.openForReading(LogPath(existing: path), options), NameTable())
    _ = try reader.begin()
    await #expect(throws: EventLogError.self) { try await erase(log) }
    let busy = LogReader(
      try LogFile.openForReading(LogPath(existing: path), options), NameTable())
    #expect(try Purge(busy.connection).isDue())
    // The purge comes behind the answer to an append, on the same queue as this.
    try await log.appendSamples(20..<21)
    await log.releaseMemory()
    #expect(try Purge(busy.connection).isDue() && hasTraces(path))
    reader.end()
    try await log.appendSamples(21..<22)
    await log.releaseMemory()
    #expect(try !Purge(busy.connection).isDue() && !hasTraces(path))
    await log.close()
  }

  @Test func anErasureThatIsRepeatedCompletesThePurge() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    try await makeLog(path)
    let database = try RawDatabase(path)
    try database.run(
      "INSERT INTO projection (name, version, definition, tables, position) VALUES ('', 1, x'', '', 0)"
    )
    #expect(try await isDue(path) && hasTraces(path))
    let log = try await SQLiteEventLog.open(at: path)
    #expect(try await log.projection("") == nil)
    #expect(try await !log.forgetProjection(""))
    try await erase(log)
    try await erase(log)
    await log.close()
    #expect(try await !isDue(path) && !hasTraces(path))
  }
}
