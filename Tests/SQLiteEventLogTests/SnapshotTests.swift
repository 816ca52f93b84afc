import Dispatch
import EventLog
import Foundation
import Synchronization
import Testing

@testable import SQLiteEventLog

/// Reads during which a payload is erased: they show one state of the log.
@Suite struct SnapshotTests {
  private static let erased = [EventID(high: 7, low: 2), EventID(high: 7, low: 80)]

  private func erase(_ log: SQLiteEventLog) async throws {
    let erasing = NewEvent(
      id: EventID(high: 9, low: 1), type: EventType("payload.erased"), targets: Self.erased,
      body: Array("{}".utf8))
    _ = try await log.erase(
      Self.erased, saying: erasing, recorder: "t", note: nil, if: nil)
  }

  /// Lets the task run to its end while this thread waits.
  private func waitFor(_ body: @escaping @Sendable () async throws -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task {
      try? await body()
      done.signal()
    }
    done.wait()
  }

  /// Runs `body` on a thread of its own, which may wait.
  private func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }

  @Test func anExportIsOneStateBesideAnErasure() async throws {
    let folder = try TemporaryFolder()
    var options = SQLiteEventLog.Options()
    options.busyTimeout = .milliseconds(50)
    let log = try await SQLiteEventLog.create(at: folder.path("log"), options: options)
    try await log.appendSamples(0..<100)
    let before = try await log.everything()
    var exported: [RecordedEvent] = []
    try await log.export(in: EventRange()) { event in
      exported.append(event)
      if exported.count == 40 { waitFor { try await erase(log) } }
    }
    #expect(exported == before)
    #expect(try await log.erasures() == 2)
    var part: [RecordedEvent] = []
    try await log.export(in: EventRange(after: 1, through: 3)) { part.append($0) }
    #expect(part.map(\.position) == [2, 3] && part.map(\.isErased) == [false, true])
    await log.close()
  }

  @Test func aFoldThatAnErasureOvertakesBeginsAgain() async throws {
    let folder = try TemporaryFolder()
    var options = SQLiteEventLog.Options()
    options.busyTimeout = .milliseconds(50)
    let log = try await SQLiteEventLog.create(at: folder.path("log"), options: options)
    try await log.appendSamples(0..<100)
    let path = folder.path("log")
    for at in [5, 40, 99] {
      let reading = options
      let runs = Mutex(0)
      let states = try await onThread {
        let reader = LogReader(
          try LogFile.openForReading(LogPath(existing: path), reading), NameTable())
        reader.eventsPerTransaction = 10
        return try reader.fold(.all, in: EventRange(), into: [Bool]()) { states, row, _ in
          states.append(row.isErased)
          let isFirst = runs.withLock { count in
            count += 1
            return count == at
          }
          if isFirst { self.waitFor { try await self.erase(log) } }
          return true
        }
      }
      // All of it before the erasure, or all of it behind.
      let erased = states.indices.filter { states[$0] }
      #expect(at == 5 ? erased == [2, 80] && states.count == 101 : erased == [2, 80])
      #expect(runs.withLock { $0 } == (at == 5 ? 111 : 101))
    }
    await log.close()
  }
}
