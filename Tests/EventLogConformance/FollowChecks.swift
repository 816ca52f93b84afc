import EventLog
import Testing

/// Following the head, and the end of a log's use.
struct FollowChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  func followSeesAppends() async throws {
    try await log.append([.sample(1), .sample(2)])
    // At once, when there is something already.
    for try await head in log.follow(after: .start) {
      #expect(head.position == 2)
      break
    }
    let target = Position(102)
    async let seen = Self.heads(of: log, after: 2, until: target)
    for number in 0..<100 {
      try await log.append([.sample(100 + number)])
      if number % 10 == 0 { try await Task.sleep(for: .milliseconds(2)) }
    }
    let heads = try await seen
    #expect(heads.last?.position == target)
    #expect(heads.map(\.position) == heads.map(\.position).sorted())
    #expect(Set(heads).count == heads.count)
    #expect(heads.allSatisfy { $0.position > 2 && $0.recorded != nil })
  }

  private static func heads(
    of log: any EventLog, after position: Position, until target: Position
  ) async throws -> [LogHead] {
    var heads: [LogHead] = []
    for try await head in log.follow(after: position) {
      heads.append(head)
      if head.position >= target { break }
    }
    return heads
  }

  func followEnds() async throws {
    let follower = Task {
      var count = 0
      for try await _ in log.follow(after: .start) { count += 1 }
      return count
    }
    try await log.append([.sample(1)])
    try await Task.sleep(for: .milliseconds(50))
    follower.cancel()
    #expect(try await follower.value <= 1)
  }

  /// A stream has the newest head before it ends with the log.
  func followersEndWithTheLog() async throws {
    try await log.append([.sample(1)])
    let streams = (0..<5).map { _ in log.follow(after: .start) }
    let followers = streams.map { stream in
      Task { try await stream.reduce(into: []) { $0.append($1.position) } }
    }
    try await log.append([.sample(2)])
    await log.close()
    for follower in followers { #expect(try await follower.value.last == 2) }
    let error = await #expect(throws: EventLogError.self) {
      for try await _ in log.follow(after: .start) {}
    }
    #expect(error?.code == .closed)
  }

  /// However often the log is closed at once, each call returns when it is closed: here a fold keeps
  /// all of them waiting.
  func closingManyTimesAtOnce() async throws {
    try await log.append([.sample(1)])
    let heartbeat = Heartbeat()
    let closing = (0..<8).map { _ in Flag() }
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        _ = try? await log.fold(.all, in: EventRange(), into: 0) { _, _, _ in
          heartbeat.holdThread()
          return true
        }
      }
      await heartbeat.isBusy()
      for isClosing in closing {
        group.addTask {
          isClosing.set()
          await log.close()
          let error = await failure { () async throws(EventLogError) in _ = try await log.head() }
          #expect(error?.code == .closed)
        }
      }
      while !closing.allSatisfy(\.isSet) { await Task.yield() }
      await heartbeat.beat()
    }
    #expect(!heartbeat.isStarved)
  }

  func closedLogsRefuse() async throws {
    try await log.append([.sample(1)])
    await log.close()
    await log.close()
    // As `any Error`: the compiler crashes on an array of closures with typed throws (6.3.1).
    let calls: [() async throws -> Void] = [
      { _ = try await log.append([.sample(2)]) }, { _ = try await log.head() },
      { _ = try await log.everything() }, { _ = try await log.event(id: .sample(1)) },
      { _ = try await log.tags(kind: "a") }, { _ = try await log.rows("SELECT 1", []) },
      { _ = try await log.projection("p") },
    ]
    for call in calls {
      let error = await #expect(throws: EventLogError.self) { try await call() }
      #expect(error?.code == .closed)
    }
  }
}
