import EventLog
import Synchronization
import Testing

@testable import SQLiteEventLog

/// What it costs to follow a log, and what is left of it.
@Suite struct HeadWatchTests {
  private func followers(
    of log: SQLiteEventLog, _ count: Int, until position: Position
  ) -> [Task<Position?, any Error>] {
    (0..<count).map { _ in
      let stream = log.follow(after: .start)
      return Task {
        for try await head in stream where head.position >= position { return head.position }
        return nil
      }
    }
  }

  @Test func appendsAreHandedToAllFollowersWithoutReading() async throws {
    let folder = try TemporaryFolder()
    var options = SQLiteEventLog.Options()
    options.pollInterval = .seconds(3600)
    let log = try await SQLiteEventLog.create(at: folder.path("log"), options: options)
    try await log.appendSamples(0..<1)
    // Their first read comes with the streams.
    let first = followers(of: log, 50, until: 1)
    let all = followers(of: log, 50, until: 101)
    for follower in first { #expect(try await follower.value == 1) }
    let reads = log.watch.reads.load(ordering: .relaxed)
    for number in 1..<101 { try await log.appendSamples(number..<number + 1) }
    for follower in all { #expect(try await follower.value == 101) }
    let more = log.watch.reads.load(ordering: .relaxed) - reads
    #expect(more <= 2)
    await log.close()
  }

  @Test func appendsOfOthersReachAllFollowers() async throws {
    let folder = try TemporaryFolder()
    var options = SQLiteEventLog.Options()
    options.pollInterval = .milliseconds(10)
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    let other = try await SQLiteEventLog.open(
      at: folder.path("log"), mode: .readOnly, options: options)
    let followers = followers(of: other, 50, until: 3)
    for number in 0..<3 { try await log.appendSamples(number..<number + 1) }
    for follower in followers { #expect(try await follower.value == 3) }
    await other.close()
    await log.close()
  }

  @Test func noTimerRunsWithoutFollowers() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    #expect(!log.watch.isPolling)
    for _ in 0..<3 {
      let tasks = followers(of: log, 10, until: 99)
      #expect(log.watch.isPolling)
      for task in tasks { task.cancel() }
      for task in tasks { #expect(try await task.value == nil) }
      #expect(!log.watch.isPolling)
    }
    let last = followers(of: log, 10, until: 99)
    #expect(log.watch.isPolling)
    await log.close()
    for task in last { #expect(try await task.value == nil) }
    #expect(!log.watch.isPolling)
  }
}
