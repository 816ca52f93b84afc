import EventLog
import Testing

@testable import Annals

/// Changes of stance against what the steps of every actor's audit say.
@Suite struct StanceMoveTests {
  /// "USA t 2025-02-24 2>-2 #9".
  private func texts(
    _ store: Store, _ filter: StanceMoveFilter = StanceMoveFilter(),
    from viewpoint: Viewpoint = Viewpoint()
  ) async throws -> [String] {
    try await store.moves(filter, from: viewpoint).moves.map(Self.text)
  }

  private static func text(_ move: StanceMove) -> String {
    text(
      move.actor.id, move.topic.id, move.day, move.before, move.after, move.trigger.fact.position)
  }

  private static func text(
    _ actor: String, _ topic: String, _ day: Int64, _ before: Level?, _ after: Level?,
    _ trigger: Position
  ) -> String {
    func level(_ level: Level?) -> String { level.map(LittleRecord.text) ?? "none" }
    return
      "\(actor) \(topic) \(CalendarDay(number: day)) \(level(before))>\(level(after)) \(trigger)"
  }

  /// What consecutive steps say: the level before, where one step ends as the next one begins.
  private func changes(
    _ store: Store, _ actor: String, _ topic: String, from viewpoint: Viewpoint
  ) async throws -> [(text: String, size: Double, isFirst: Bool)] {
    let steps = try await store.audit(actor: actor, topic: topic, from: viewpoint).steps
    var found: [(String, Double, Bool)] = []
    var before: StanceStep?
    var level: Level?
    var isFirst = true
    for step in steps {
      if let last = before?.to, let fact = before?.evidence.position, last + 1 < step.from,
        level != nil
      {
        found.append((Self.text(actor, topic, last + 1, level, nil, fact), -1, false))
        level = nil
      }
      before = step
      // Where the order is not known, nobody can say that the stance changed.
      if !step.tied.isEmpty { continue }
      if level != step.level {
        let size = level.map {
          abs(Double(step.level.low + step.level.high) - Double($0.low + $0.high)) / 2
        }
        found.append(
          (
            Self.text(actor, topic, step.from, level, step.level, step.evidence.position),
            size ?? -1, isFirst
          ))
      }
      (level, isFirst) = (step.level, false)
    }
    if let last = before?.to, let step = before, level != nil {
      found.append(
        (Self.text(actor, topic, last + 1, level, nil, step.evidence.position), -1, false))
    }
    return found
  }

  @Test(arguments: [11, 12, 13, 14] as [UInt64])
  func movesEqualTheStepsOfAudit(seed: UInt64) async throws {
    let history = History(seed: seed, count: 120, mergesFreely: false)
    try await withStore { store in
      let lines = history.lines
      for line in lines {
        _ = try await store.append(line, options: LittleRecord.options.quick)
      }
      let head = try await store.log.head().position
      let viewpoints = [
        Viewpoint(), Viewpoint(knownBy: .position(head.advanced(by: -40))),
        Viewpoint(on: try LittleRecord.on("2025-01-03")), Viewpoint(possibly: true),
        Viewpoint(leavingOut: Exclusions(types: ["vote.cast"])),
        Viewpoint(leavingOut: Exclusions(weak: true)),
      ]
      for viewpoint in viewpoints {
        var expected: [(text: String, size: Double, isFirst: Bool)] = []
        for actor in History.actors + History.people {
          // Who was merged into another has no line of their own.
          let through = try await store.recordState(viewpoint.knownBy).position
          guard try await store.mergedIDs(of: [actor], through: through)[actor] == actor
          else { continue }
          for topic in History.topics {
            expected += try await changes(store, actor, topic, from: viewpoint)
          }
        }
        var filter = StanceMoveFilter()
        filter.includesFirsts = true
        let all = try await store.moves(filter, from: viewpoint)
        #expect(all.moves.map(Self.text).sorted() == expected.map(\.text).sorted(), "seed \(seed)")
        #expect(all.count == expected.count && all.firsts == expected.count(where: \.isFirst))
        for move in all.moves {
          let own = expected.first { $0.text == Self.text(move) }
          #expect(move.size ?? -1 == own?.size)
        }
        // Largest first, then newest; what has no size comes last.
        let order = all.moves.map { ($0.size ?? -1, $0.day) }
        for (a, b) in zip(order, order.dropFirst()) { #expect(a >= b) }
        let changes = try await store.moves(from: viewpoint)
        #expect(
          changes.moves.map(Self.text).sorted()
            == expected.filter { !$0.isFirst }.map(\.text).sorted())
        #expect(changes.firsts == all.firsts && changes.count == changes.moves.count)
      }
      // Filters leave what falls under them, in the same order.
      var filter = StanceMoveFilter()
      let all = try await store.moves(filter).moves
      filter.since = CalendarDay("2025-01-03")?.number
      filter.until = CalendarDay("2025-01-05")?.number
      let between = all.filter { move in
        ["2025-01-03", "2025-01-04", "2025-01-05"].contains("\(CalendarDay(number: move.day))")
      }
      #expect(try await texts(store, filter) == between.map(Self.text))
      filter.limit = 2
      let few = try await store.moves(filter)
      #expect(few.moves.map(Self.text) == between.prefix(2).map(Self.text))
      #expect(few.count == between.count)
      filter = StanceMoveFilter()
      (filter.topics, filter.actors) = (["one", "ONE"], ["AAA"])
      #expect(
        try await texts(store, filter)
          == all.filter { $0.actor.id == "AAA" && $0.topic.id == "one" }.map(Self.text))
    }
  }

  @Test func endsGapsAndIntervals() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-06-01"])
      let a = try await record.stance(2, "2025-01-01", until: "2025-01-31")
      let b = try await record.stance(-2, "2025-03-01")
      let c = try await record.stance(1, "2025-04-01", until: "2025-04-10")
      let vote = try await record.vote("r", "abstain|no")
      #expect(
        try await texts(store) == [
          "USA t 2025-04-11 1>-2 \(b)", "USA t 2025-04-01 -2>1 \(c)",
          "USA t 2025-06-01 -2>-2..0 \(vote)", "USA t 2025-03-01 none>-2 \(b)",
          "USA t 2025-02-01 2>none \(a)",
        ])
      let all = try await store.moves()
      #expect(all.moves.map(\.size) == [3, 3, 1, nil, nil])
      #expect(all.firsts == 1 && all.actors == 1)
      await #expect(throws: Problems.self) {
        var filter = StanceMoveFilter()
        filter.topics = ["no-such-topic"]
        _ = try await store.moves(filter)
      }
    }
  }
}

extension AppendOptions {
  /// The same without what only people look at.
  var quick: AppendOptions {
    var options = self
    options.updateViews = false
    options.reportsChanges = false
    return options
  }
}
