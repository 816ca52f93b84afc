import EventLog
import Testing

import struct EventLog.Tag

/// What a condition lets through.
struct ConditionChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  func conditions() async throws {
    let first = (0..<40).map { number in
      NewEvent.sample(
        number, type: number % 2 == 0 ? "even" : "odd",
        tags: ["n:\(number)", "third:\(number % 3)"])
    }
    try await log.append(first)
    func query(_ types: [String] = [], _ tags: [String] = []) -> EventQuery {
      EventQuery(types: types, tags: tags.compactMap(Tag.init))
    }
    let conditions: [AppendCondition] = [
      .head(40), .head(41), .head(39), .head(.start),
      AppendCondition(noneMatching: query(["even"]), after: 38),
      AppendCondition(noneMatching: query(["even"]), after: 39),
      AppendCondition(noneMatching: query(["odd"], ["third:1"]), after: 30),
      AppendCondition(noneMatching: query([], ["n:5"])),
      AppendCondition(noneMatching: query([], ["n:5"]), after: 6),
      AppendCondition(noneMatching: query([], ["n:5", "third:1"])),
      AppendCondition(noneMatching: query(["no.such.type"])),
      AppendCondition(noneMatching: query([], ["no:such"])),
      AppendCondition(noneMatching: query(["later"]), after: 41),
      AppendCondition(noneMatching: EventQuery(items: [])),
      AppendCondition(
        noneMatching: EventQuery(items: [.init(tags: [Tag("n:7")!]), .init(tags: [Tag("n:3")!])])),
    ]
    var refused = 0
    for (index, condition) in conditions.enumerated() {
      let before = try await log.everything()
      let conflicts = before.filter {
        $0.position > condition.after && QueryChecks.matches($0, condition.query)
      }
      let error = await failure { () async throws(EventLogError) in
        try await log.append([.sample(1000 + index, type: "later")], if: condition)
      }
      #expect(error?.code == (conflicts.isEmpty ? nil : .conflict), "\(condition)")
      #expect(error?.conflicts ?? [] == Array(conflicts.prefix(16)), "\(condition)")
      refused += conflicts.isEmpty ? 0 : 1
      let head = try await log.head().position
      #expect(head.rawValue == Int64(before.count + (conflicts.isEmpty ? 1 : 0)))
    }
    #expect(refused == 7)
  }

  /// What the log says nothing about yet cannot be made a condition.
  func conditionsPastTheHead() async throws {
    try await log.append([.sample(1), .sample(2)])
    for query in [EventQuery.all, EventQuery(types: ["none"]), EventQuery(items: [])] {
      for position in [Position(3), Position(1_000_000), Position(.max)] {
        let error = await failure { () async throws(EventLogError) in
          try await log.append(
            [.sample(3)], if: AppendCondition(noneMatching: query, after: position))
        }
        #expect(error?.code == .outOfRange, "\(query) after \(position)")
        // An event that is stored is acknowledged under any condition.
        let again = try await log.append(
          [.sample(2)], if: AppendCondition(noneMatching: query, after: position))
        #expect(again.entries == [.init(position: 2, isNew: false)])
      }
    }
    #expect(try await log.head().position == 2)
    #expect(try await log.append([.sample(3)], if: .head(2)).entries.map(\.position) == [3])
  }

  func conditionRace() async throws {
    let key = Tag(kind: "key", value: "one")
    for round in 0..<15 {
      let before = try await log.head().position
      let winners = await withTaskGroup(of: Bool.self) { group in
        for task in 0..<64 {
          group.addTask {
            let error = await failure { () async throws(EventLogError) in
              try await log.append(
                [.sample(round * 100 + task, tags: ["key:one", "task:\(task)"])],
                if: AppendCondition(noneMatching: EventQuery(tags: [key]), after: before))
            }
            if let error {
              #expect(error.code == .conflict)
              #expect(error.conflicts.count == 1)
              #expect(error.conflicts.first?.position == before.advanced(by: 1))
            }
            return error == nil
          }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(winners == 1)
      #expect(try await log.head().position == before.advanced(by: 1))
    }
  }

  func conditionOfARepeatedAppend() async throws {
    let events = [NewEvent.sample(1, tags: ["key:one"]), .sample(2)]
    let condition = AppendCondition(noneMatching: EventQuery(tags: [Tag("key:one")!]))
    let first = try await log.append(events, if: condition)
    // The answer got lost: the same append once more is no conflict with itself.
    let again = try await log.append(events, if: condition)
    #expect(again.entries.map(\.position) == first.entries.map(\.position))
    #expect(again.entries.allSatisfy { !$0.isNew })
    // With something new in it, it is.
    let error = await failure { () async throws(EventLogError) in
      try await log.append(events + [.sample(3)], if: condition)
    }
    #expect(error?.code == .conflict)
    #expect(try await log.head().position == 2)
  }
}
