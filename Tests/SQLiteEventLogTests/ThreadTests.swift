import EventLog
import EventLogConformance
import SQLiteEventLog
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A log never blocks the threads of Swift's own pool. Each test runs more calls of a log at once
/// than the pool has threads, and a plain task must still get its turn.
@Suite struct ThreadTests {
  /// More than Swift has threads on this machine.
  private static let count = sysconf(Int32(_SC_NPROCESSORS_ONLN)) + 2

  /// What calls back from within the log, and so tells on which thread the log works.
  enum Work: CaseIterable { case fold, append, open, create, fill, scratch, verify, backup }

  private struct View: InlineProjection {
    let holdThread: @Sendable () -> Void
    var types: [String] { [] }

    var definition: ProjectionDefinition {
      holdThread()
      return ProjectionDefinition(
        name: "v", version: 1, tables: ["v"], schema: "CREATE TABLE v (x)")
    }

    func statements(for event: RecordedEvent, past: any LogPast) -> [ProjectionStatement] {
      holdThread()
      return []
    }
  }

  @Test(arguments: Work.allCases)
  func leavesTasksRunning(_ work: Work) async throws {
    let folder = try TemporaryFolder()
    let heartbeat = Heartbeat()
    let isDue = Flag()
    let holdThread: @Sendable () -> Void = {
      if isDue.isSet { heartbeat.holdThread() }
    }
    var options = SQLiteEventLog.Options()
    options.readers = Self.count
    options.inline = [.open, .create, .fill].contains(work) ? [View(holdThread: holdThread)] : []
    options.clock = {
      if work == .append { holdThread() }
      return .now()
    }
    var logs: [SQLiteEventLog] = []
    let isShared = [.fold, .verify, .backup].contains(work)
    let isNew = [.create, .fill].contains(work)
    for index in 0..<(isShared ? 1 : isNew ? 0 : Self.count) {
      let log = try await SQLiteEventLog.create(at: folder.path("log\(index)"), options: options)
      try await log.appendSamples(0..<(isShared ? 1500 : 10))
      logs.append(log)
    }
    isDue.set()
    try await withThrowingTaskGroup(of: Void.self) { [logs, options] group in
      for index in 0..<Self.count {
        group.addTask {
          let path = folder.path("log\(index)")
          switch work {
          case .fold:
            _ = try await logs[0].fold(.all, in: EventRange(limit: 1), into: 0) { _, _, _ in
              holdThread()
              return true
            }
          case .append: try await logs[index].appendSamples(10..<11)
          case .open: try await SQLiteEventLog.open(at: path, options: options).close()
          case .create: try await SQLiteEventLog.create(at: path, options: options).close()
          case .fill:
            _ = try await SQLiteEventLog.create(at: path, options: options) { log in
              try await log.appendSamples(0..<1)
            }
          case .scratch:
            let scratch = try await logs[index].scratch(for: View(holdThread: holdThread))
            _ = try await scratch.advance(by: 1, through: 10)
          case .verify:
            _ = try await logs[0].verify(LogVerificationRequest { _, _ in holdThread() })
          case .backup:
            _ = try await logs[0].backup(to: path + ".copy") { _, _ in holdThread() }
          }
        }
      }
      await heartbeat.isBusy(Self.count)
      await heartbeat.beat()
      try await group.waitForAll()
    }
    #expect(!heartbeat.isStarved)
    for log in logs { await log.close() }
  }
}
