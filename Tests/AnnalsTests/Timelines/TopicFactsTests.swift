import EventLog
import Testing

@testable import Annals

/// Facts about a topic: those that its positions rest on are among them.
@Suite struct TopicFactsTests {
  /// A motion is linked, and the votes in the roll calls on it count: so the timeline has them.
  @Test func votesOnALinkedMotionAreAboutTheTopic() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      try await record.rollcall("r", "2025-02-24")
      try await record.rollcall("other", "2025-02-25")
      let link = try await record.add(
        LittleRecord.line(
          "topic.linked",
          #"{"topic":"t","motion":"m-r","supporting":"yes","strength":"strong","rationale":"x"}"#))
      let vote = try await record.vote("r", "no")
      try await record.vote("other", "yes")
      let show = try await store.show(actor: "USA", topic: "t")
      #expect(show.step?.evidence.position == vote)
      func votes(knownBy: Position? = nil) async throws -> [Position] {
        try await store.timeline(
          ["USA", "t"], types: ["vote.cast"], knownBy: knownBy.map { .position($0) }
        ).entries.map(\.fact.position)
      }
      #expect(try await votes() == [vote])
      #expect(try await store.health(["USA", "t"]).facts == 1)
      let head = try await store.log.head().position
      _ = try await record.retract(link)
      #expect(try await votes() == [])
      #expect(try await votes(knownBy: head) == [vote])
    }
  }

  /// A date without a beginning may have been any time before.
  @Test func whatMayHaveBeenAtAnyTimeBefore() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "../2025-01-05"])
      try await record.stance(2, "../2025-01-31")
      try await record.stance(-2, "2025-02", until: "2025-03")
      try await record.vote("r", "no")
      let viewpoint = Viewpoint(possibly: true)
      let audit = try await store.audit(actor: "USA", topic: "t", from: viewpoint)
      #expect(audit.steps.map(\.from) == [.min, 20_120, 20_179])
      #expect(audit.steps.map(\.level.low) == [2, -2, 2])
      let show = try await store.show(actor: "USA", topic: "t", from: viewpoint)
      #expect(show.step?.level == Level(2) && show.count == 3)
      var filter = StanceMoveFilter()
      filter.includesFirsts = true
      #expect(try await store.moves(filter, from: viewpoint).moves.count == 3)
      let table = try await store.compare(
        ["USA"], topic: "t", every: .year, from: viewpoint)
      #expect(table.rows.map(\.period.text) == ["2025"])
      #expect(audit.remarks.contains { $0.text.hasPrefix("supports from the beginning") })
      for rule in [Rule.record1, .classic1] {
        let shares = try await store.shares(
          actor: "USA", topic: "t", rule: rule, from: viewpoint)
        #expect(shares.periods.isEmpty)
        #expect(
          shares.coverage.contains { $0.hasPrefix("votes without a date that can be placed") })
      }
      let diff = try await store.diff(
        actor: "USA", topic: "t",
        on: (try LittleRecord.on("2025-01-01"), try LittleRecord.on("2025-12-31")),
        from: viewpoint)
      #expect(diff.before == Level(2) && diff.after == Level(2) && diff.steps.count == 2)
    }
  }
}
