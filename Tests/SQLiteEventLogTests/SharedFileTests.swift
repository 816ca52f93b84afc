import CSQLite
import EventLog
import Synchronization
import Testing

@testable import SQLiteEventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Several users of one file; what is on the disk when they have gone.
@Suite struct SharedFileTests {
  @Test func closingLeavesOneFile() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    #expect(try folder.names == ["log", "log-wal", "log-shm", "log.lock"])
    try await log.appendSamples(0..<100)
    let before = try await log.everything()
    await log.close()
    #expect(try folder.names == ["log", "log.lock"])
    let again = try await SQLiteEventLog.open(at: folder.path("log"))
    #expect(try await again.everything() == before)
    await again.close()
  }

  @Test func unclosedLogKeepsWhatWasAcknowledged() async throws {
    let folder = try TemporaryFolder()
    var log: SQLiteEventLog? = try await SQLiteEventLog.create(at: folder.path("log"))
    try await log?.appendSamples(0..<100)
    log = nil
    let again = try await SQLiteEventLog.open(at: folder.path("log"))
    #expect(try await again.head().position == 100)
    await again.close()
  }

  @Test func readOnly() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let writer = try await SQLiteEventLog.create(at: path)
    try await writer.appendSamples(0..<10)
    let reader = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    #expect(try await reader.head().position == 10)
    try await writer.appendSamples(10..<20)
    #expect(try await reader.head().position == 20)
    let error = await #expect(throws: EventLogError.self) {
      try await reader.appendSamples(20..<21)
    }
    #expect(error?.code == .readOnly)
    await writer.close()
    #expect(try await reader.everything().count == 20)
    await reader.close()
  }

  /// Root may write anywhere, so the mode bits say nothing to it: only other users can run this.
  @Test(.enabled(if: geteuid() != 0)) func readOnlyFileInReadOnlyFolder() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let writer = try await SQLiteEventLog.create(at: path)
    try await writer.appendSamples(0..<10)
    await writer.close()
    unlink(path + ".lock")
    chmod(path, 0o444)
    chmod(folder.path, 0o555)
    defer { chmod(folder.path, 0o755) }
    let reader = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    #expect(try await reader.everything().count == 10)
    await reader.close()
    let error = await #expect(throws: EventLogError.self) {
      try await SQLiteEventLog.open(at: path)
    }
    #expect(error?.code == .notPermitted)
  }

  @Test func twoLogsOnOneFile() async throws {
    let folder = try TemporaryFolder()
    let first = try await SQLiteEventLog.create(at: folder.path("log"))
    let second = try await SQLiteEventLog.open(at: folder.path("log"))
    async let seen = { () async throws -> Position in
      for try await head in second.follow(after: 399) { return head.position }
      return .start
    }()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (offset, log) in [first, second].enumerated() {
        for task in 0..<4 {
          group.addTask {
            for number in 0..<50 {
              let id = EventID(high: UInt64(offset * 4 + task), low: UInt64(number))
              // Each brings names of its own, which the other must come to know.
              let event = NewEvent(
                id: id, type: EventType("type.\(offset)"),
                tags: [Tag(kind: "own", value: "\(offset)-\(task)-\(number)")],
                body: Array("{}".utf8))
              _ = try await log.append([event], recorder: "r\(offset)", note: nil, if: nil)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let all = try await first.everything()
    #expect(all.map(\.position) == (1...400).map { Position($0) })
    #expect(try await second.everything() == all)
    #expect(all.allSatisfy { $0.leafHash == $0.computedLeafHash })
    #expect(all.allSatisfy { $0.batch.recorder == "r\($0.type.name.last ?? "?")" })
    for (lower, upper) in zip(all, all.dropFirst()) {
      #expect(lower.batch.recorded < upper.batch.recorded)
    }
    #expect(try await seen == 400)
    await first.close()
    #expect(try await second.head().position == 400)
    await second.close()
    #expect(try folder.names == ["log", "log.lock"])
  }

  @Test func waitingForTheLock() async throws {
    let folder = try TemporaryFolder()
    var options = SQLiteEventLog.Options()
    options.busyTimeout = .milliseconds(500)
    let log = try await SQLiteEventLog.create(at: folder.path("log"), options: options)
    let other = try FileLock(LogPath(existing: folder.path("log")))
    try other.acquire(within: 1)
    for number in 0..<3 {
      let start = ContinuousClock.now
      let error = await #expect(throws: EventLogError.self) {
        try await log.appendSamples(number..<number + 1)
      }
      #expect(error?.code == .busy)
      #expect(ContinuousClock.now - start >= .milliseconds(495))
    }
    // Reading goes on meanwhile; afterwards the lock that nobody waited for is not kept.
    #expect(try await log.head().position == .start)
    other.release()
    try await log.appendSamples(0..<1)
    try other.acquire(within: 1)
    other.release()
    try await log.appendSamples(1..<2)
    #expect(try await log.head().position == 2)
    await log.close()
  }

  /// Somebody tidies up "stale" locks while the log is open.
  @Test func removedLockFile() async throws {
    let folder = try TemporaryFolder()
    var options = SQLiteEventLog.Options()
    options.busyTimeout = .milliseconds(500)
    let log = try await SQLiteEventLog.create(at: folder.path("log"), options: options)
    try await log.appendSamples(0..<1)
    unlink(folder.path("log.lock"))
    let other = try FileLock(LogPath(existing: folder.path("log")))
    try other.acquire(within: 1)
    let error = await #expect(throws: EventLogError.self) { try await log.appendSamples(1..<2) }
    #expect(error?.code == .busy)
    other.release()
    try await log.appendSamples(1..<2)
    await log.close()
  }

  @Test func projectionOfAnotherProcess() async throws {
    let folder = try TemporaryFolder()
    let first = try await SQLiteEventLog.create(at: folder.path("log"))
    let second = try await SQLiteEventLog.open(at: folder.path("log"))
    try await first.appendSamples(0..<3)
    #expect(try await second.projection("p") == nil)
    let definition = ProjectionDefinition(
      name: "p", version: 1, tables: ["p"], schema: "CREATE TABLE p (x); CREATE INDEX p_x ON p (x)")
    let state = ProjectionState(name: "p", version: 1, definitionHash: [1], position: 3)
    let statement = ProjectionStatement("INSERT INTO p VALUES (?1)", rows: [[.integer(5)]])
    try await second.write(
      ProjectionChange(
        definition: definition, expected: nil, state: state, rebuild: false,
        statements: [statement]))
    try await first.appendSamples(3..<6)
    #expect(try await first.rows("SELECT x FROM p", []) == [[.integer(5)]])
    #expect(try await first.projection("p") == state)
    await first.close()
    await second.close()
    let again = try await SQLiteEventLog.open(at: folder.path("log"))
    #expect(try await again.projection("p") == state)
    await again.close()
  }

  @Test func endlessStatement() async throws {
    let folder = try TemporaryFolder()
    var options = SQLiteEventLog.Options()
    options.statementTimeout = .milliseconds(50)
    options.readers = 1
    let log = try await SQLiteEventLog.create(at: folder.path("log"), options: options)
    let error = await #expect(throws: EventLogError.self) {
      try await log.rows(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n", [])
    }
    #expect(error?.code == .badStatement)
    #expect(try await log.rows("SELECT 1", []) == [[.integer(1)]])
    await log.close()
  }

  @Test func waitersShareACommit() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    try await log.appendSamples(0..<1)
    let before = try #require(log.writer).commits.load(ordering: .relaxed)
    let other = try FileLock(LogPath(existing: folder.path("log")))
    try other.acquire(within: 1)
    try await withThrowingTaskGroup(of: EventLogError.Code?.self) { group in
      for number in 1...64 {
        group.addTask {
          var event = NewEvent(
            id: EventID(high: 7, low: UInt64(number)), type: EventType("thing.done"),
            tags: [Tag(kind: "n", value: "\(number)")], body: Array("{}".utf8))
          // Some that are refused, amid the others.
          if number % 16 == 3 { event.targets = [EventID(high: 99, low: 99)] }
          let condition =
            number % 16 == 5
            ? AppendCondition(noneMatching: EventQuery(tags: [Tag(kind: "all", value: "x")])) : nil
          do throws(EventLogError) {
            _ = try await log.append([event], recorder: "tester", note: nil, if: condition)
            return nil
          } catch {
            return error.code
          }
        }
      }
      try await Task.sleep(for: .milliseconds(200))
      other.release()
      var codes: [EventLogError.Code?: Int] = [:]
      for try await code in group { codes[code, default: 0] += 1 }
      #expect(codes == [nil: 56, .unknownTarget: 4, .conflict: 4])
    }
    let commits = try #require(log.writer).commits.load(ordering: .relaxed) - before
    #expect((1...3).contains(commits))
    #expect(try await log.head().position == 57)
    #expect(try await log.everything().allSatisfy { $0.leafHash == $0.computedLeafHash })
    await log.close()
  }

  @Test func longLogIsCheckpointed() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    let body = Array(("{\"x\":\"" + String(repeating: "y", count: 7000) + "\"}").utf8)
    var longest = 0
    for round in 0..<30 {
      let events = (0..<500).map { number in
        NewEvent(
          id: EventID(high: UInt64(round), low: UInt64(number)), type: EventType("t"), body: body)
      }
      _ = try await log.append(events, recorder: "r", note: nil, if: nil)
      var status = stat()
      stat(folder.path("log-wal"), &status)
      longest = max(longest, Int(status.st_size))
    }
    // 120 MB were written; the log starts over at 32 MB.
    #expect(longest < 48 << 20)
    #expect(try await log.head().position == 15_000)
    await log.close()
  }
}
