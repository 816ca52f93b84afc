import EventLog
import Synchronization
import Testing

import struct EventLog.Tag

/// What becomes of calls whose task is cancelled.
struct CancellationChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  func cancelledCallsThrow() async throws {
    try await log.append([.sample(1), .sample(2)])
    // As `any Error`: the compiler crashes on an array of closures with typed throws (6.3.1).
    let calls: [@Sendable () async throws -> Void] = [
      { [log] in try await log.append([.sample(3)]) },
      { [log] in _ = try await log.head() },
      { [log] in _ = try await log.everything() },
      { [log] in _ = try await log.fold(.all, in: EventRange(), into: 0) { _, _, _ in true } },
      { [log] in _ = try await log.event(id: .sample(1)) },
      { [log] in _ = try await log.events(at: [1]) },
      { [log] in _ = try await log.positions(of: [.sample(1)]) },
      { [log] in _ = try await log.positions(beginning: "00", limit: 1) },
      { [log] in _ = try await log.position(recordedBy: .now()) },
      { [log] in _ = try await log.root(ofSize: 2) },
      { [log] in _ = try await log.tags(kind: "a") },
      { [log] in _ = try await log.rows("SELECT 1", []) },
      { [log] in _ = try await log.projection("p") },
      { [log] in _ = try await log.forgetProjection("p") },
      { [log] in _ = try await log.verify(LogVerificationRequest()) },
      { [log] in
        _ = try await log.erase(
          [.sample(1)], saying: .sample(4, type: Erasure.typeName, targets: [.sample(1)]),
          recorder: "r", note: nil, if: nil)
      },
    ]
    for (index, call) in calls.enumerated() {
      let task = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        try await call()
      }
      let error = await #expect(throws: EventLogError.self, "call \(index)") {
        try await task.value
      }
      #expect(error?.code == .cancelled, "call \(index)")
    }
    #expect(try await log.head().position == 2)
    #expect(try await log.everything().allSatisfy { !$0.isErased })
    // What was cancelled can be done again.
    #expect(try await log.append([.sample(3)]).entries.map(\.position) == [3])
    // Closing is not cancelled.
    await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      await log.close()
    }.value
    let error = await failure { () async throws(EventLogError) in _ = try await log.head() }
    #expect(error?.code == .closed)
  }

  func foldsAreCancelled() async throws {
    for start in stride(from: 0, to: 20_000, by: 5000) {
      try await log.append((start..<start + 5000).map { .sample($0) })
    }
    let seen = Mutex(0)
    let task = Task {
      try await log.fold(.all, in: EventRange(), into: 0) { _, row, _ in
        let count = seen.withLock { seen in
          seen += 1
          return seen
        }
        if count == 10 { withUnsafeCurrentTask { $0?.cancel() } }
        return true
      }
    }
    let error = await #expect(throws: EventLogError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    #expect(seen.withLock(\.self) < 15_000)
    // The log is as good as before.
    #expect(try await log.read(.all, in: EventRange(limit: 1)).count == 1)
  }

  /// However many readers a log has: enough folds take them all.
  func cancelledWaitingForAReader() async throws {
    try await log.append([.sample(1)])
    let heartbeat = Heartbeat()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<64 {
        group.addTask {
          _ = try await log.fold(.all, in: EventRange(), into: 0) { _, _, _ in
            heartbeat.holdThread()
            return true
          }
        }
      }
      await heartbeat.isBusy()
      let waiting = (0..<20).map { _ in Task { try await log.head() } }
      for task in waiting { task.cancel() }
      for task in waiting {
        // One that was quick has its answer.
        do {
          _ = try await task.value
        } catch let error as EventLogError {
          #expect(error.code == .cancelled)
        }
      }
      await heartbeat.beat()
      try await group.waitForAll()
    }
    #expect(!heartbeat.isStarved)
  }
}
