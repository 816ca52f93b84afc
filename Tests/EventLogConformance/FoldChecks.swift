import EventLog
import Testing

import struct EventLog.Tag

/// How the bulk reader ends, and what its numbers stand for.
struct FoldChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  private struct Refusal: Error, Equatable { let position: Position }

  func foldStops() async throws {
    let untouched = try await log.fold(.all, in: EventRange(), into: 7) { state, _, _ in
      state = 0
      return true
    }
    #expect(untouched == 7)
    try await log.append((0..<2000).map { .sample($0) })
    let stopped = try await log.fold(.all, in: EventRange(), into: [Position]()) { state, row, _ in
      state.append(row.position)
      return state.count < 5
    }
    #expect(stopped == [1, 2, 3, 4, 5])
    await #expect(throws: Refusal(position: 3)) {
      _ = try await log.fold(.all, in: EventRange(), into: 0) { _, row, _ in
        if row.position == 3 { throw Refusal(position: row.position) }
        return true
      }
    }
    // The log is as good as before.
    #expect(try await log.read(.all, in: EventRange(limit: 1)).count == 1)
  }

  func foldNames() async throws {
    let time = ValidTime.day("2022-03-02", 19_053)
    try await log.append([
      .sample(1, type: "one", tags: ["a:1", "a:2"], time: time),
      .sample(2, type: "one", version: 2),
    ])
    try await log.append([
      .sample(3, type: "two", tags: ["a:2", "a:1"], targets: [.sample(2), .sample(1)])
    ])
    let known = try await log.fold(.all, in: EventRange(), into: [[String]]()) {
      state, row, names in
      let tags = row.tags.map { "\(names.tag($0))" }
      #expect(row.tags == row.tags.map { names.id(of: names.tag($0)) })
      #expect(names.id(of: Tag(kind: "no", value: "such")) == nil)
      state.append(["\(names.type(row.type))"] + tags + row.targets.map { "\($0)" })
      return true
    }
    #expect(
      known == [["one.v1", "a:1", "a:2"], ["one.v2"], ["two.v1", "a:2", "a:1", "#2", "#1"]])
    let times = try await log.fold(.all, in: EventRange(), into: [String?]()) { state, row, _ in
      state.append(
        row.bounds.map { "\(String(decoding: row.timeText, as: UTF8.self)) \($0) \($1)" })
      return true
    }
    #expect(times == ["2022-03-02 \(time.earliest) \(time.latest)", nil, nil])
    // Both versions are of the type.
    let ofOne = try await log.read(EventQuery(types: ["one"]), in: EventRange())
    #expect(ofOne.map(\.type.version) == [1, 2])
  }

  func readsSeeEarlierAppends() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<16 {
        group.addTask {
          for number in 0..<10 {
            let event = NewEvent.sample(
              task * 100 + number, type: "t\(task)", tags: ["own:\(task)-\(number)"])
            let position = try await log.append([event]).entries[0].position
            #expect(try await log.head().position >= position)
            #expect(try await log.event(id: event.id)?.position == position)
            let query = EventQuery(types: ["t\(task)"], tags: event.tags)
            #expect(try await log.read(query, in: EventRange()).map(\.position) == [position])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Folds that keep threads busy leave Swift's own to other tasks: here each fold goes on until a
  /// plain task has had its turn.
  func foldsLeaveTasksRunning() async throws {
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
      await heartbeat.beat()
      try await group.waitForAll()
    }
    #expect(!heartbeat.isStarved)
  }
}
