import EventLog
import EventLogConformance
import Synchronization
import Testing

@testable import SQLiteEventLog

/// Where a cancelled call stops, and where it no longer does.
@Suite struct CancellationTests {
  private static func code(_ task: Task<some Sendable, any Error>) async -> EventLogError.Code? {
    do {
      _ = try await task.value
      return nil
    } catch {
      return (error as? EventLogError)?.code
    }
  }

  @Test func waitingForTheFileLock() async throws {
    let folder = try TemporaryFolder()
    var options = SQLiteEventLog.Options()
    options.busyTimeout = .seconds(600)
    let log = try await SQLiteEventLog.create(at: folder.path("log"), options: options)
    try await log.appendSamples(0..<1)
    let other = try FileLock(LogPath(existing: folder.path("log")))
    try other.acquire(within: 1)
    let first = Task { try await log.appendSamples(1..<2) }
    let kept = Task { try await log.appendSamples(2..<3) }
    let forgotten = Task { try await log.forgetProjection("p") }
    let reader = try await SQLiteEventLog.open(
      at: folder.path("log"), mode: .readOnly, options: options)
    let settling = Task { try await reader.settle() }
    try await Task.sleep(for: .milliseconds(50))
    first.cancel()
    forgotten.cancel()
    settling.cancel()
    // While the lock is held, and long before anything is too late.
    #expect(await Self.code(first) == .cancelled)
    #expect(await Self.code(forgotten) == .cancelled)
    #expect(await Self.code(settling) == .cancelled)
    other.release()
    #expect(try await kept.value.entries.map(\.position) == [2])
    #expect(try await log.head().position == 2)
    await reader.close()
    await log.close()
  }

  /// From the beginning of its transaction on an append is finished, and answered.
  @Test func appendsThatHaveBegunAreFinished() async throws {
    let folder = try TemporaryFolder()
    let appending = Mutex<Task<AppendReceipt, any Error>?>(nil)
    var options = SQLiteEventLog.Options()
    options.clock = {
      appending.withLock { $0?.cancel() }
      return .now()
    }
    let log = try await SQLiteEventLog.create(at: folder.path("log"), options: options)
    let task = appending.withLock { appending in
      let task = Task { try await log.appendSamples(0..<3) }
      appending = task
      return task
    }
    #expect(try await task.value.entries.map(\.position) == [1, 2, 3])
    #expect(task.isCancelled)
    #expect(try await log.head().position == 3)
    await log.close()
  }

  /// A read that finds nothing scans all the same.
  @Test func readsStopByRowsScanned() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    let tags = [[Tag(kind: "a", value: "x")], [Tag(kind: "b", value: "x")]]
    for start in stride(from: 0, to: 40_000, by: 20_000) {
      // Runs so far apart that the index holds a row for each.
      let events = (start..<start + 20_000).map { number in
        NewEvent(
          id: EventID(high: 3, low: UInt64(number)), type: EventType("t"),
          tags: tags[number / 64 % 2], body: Array("{}".utf8))
      }
      _ = try await log.append(events, recorder: "t", note: nil, if: nil)
    }
    await log.close()
    let both = EventQuery(tags: tags.flatMap(\.self))
    let isCancelled = Flag()
    let task = Task.detached {
      let path = try LogPath(existing: path)
      let reader = LogReader(try LogFile.openForReading(path, .init()), NameTable())
      #expect(try reader.events(both, in: EventRange()) == [])
      withUnsafeCurrentTask { $0?.cancel() }
      isCancelled.set()
      for _ in 0..<1000 {
        _ = try reader.fold(both, in: EventRange(), into: 0) { _, _, _ in true }
      }
    }
    #expect(await Self.code(task) == .cancelled)
    #expect(isCancelled.isSet)
  }

  @Test func statementsAreStopped() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    let task = Task {
      try await log.rows(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n", [])
    }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(await Self.code(task) == .cancelled)
    #expect(try await log.rows("SELECT 1", []) == [[.integer(1)]])
    await log.close()
  }

  /// What a cancelled verification did not read is no damage.
  @Test func verificationAndBackup() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    for start in stride(from: 0, to: 8000, by: 1000) {
      try await log.appendSamples(start..<start + 1000)
    }
    let verification = Task {
      try await log.verify(
        LogVerificationRequest { _, _ in withUnsafeCurrentTask { $0?.cancel() } })
    }
    #expect(await Self.code(verification) == .cancelled)
    let backup = Task {
      try await log.backup(to: folder.path("copy")) { _, _ in
        withUnsafeCurrentTask { $0?.cancel() }
      }
    }
    #expect(await Self.code(backup) == .cancelled)
    #expect(try await log.verify(LogVerificationRequest()).faults == [])
    // Nothing is left of the copy, under its own name or another.
    #expect(try folder.names.allSatisfy { !$0.hasPrefix("copy") })
    await log.close()
  }
}
