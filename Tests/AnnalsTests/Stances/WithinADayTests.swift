import EventLog
import Testing

@testable import Annals

/// Several pieces of evidence on one day: what comes last, and what follows where nobody knows.
@Suite struct WithinADayTests {
  private static func stance(_ level: Int, _ on: String) -> String {
    LittleRecord.line(
      "stance.changed", #"{"actor":"USA","topic":"t","level":\#(level),"basis":"declared"}"#, on: on
    )
  }

  private static func statement(_ level: Int, _ on: String) -> String {
    LittleRecord.line(
      "statement.made",
      #"{"speaker":"USA","kind":"quote","text":"x","stance":{"topic":"t","level":\#(level)}}"#,
      on: on)
  }

  private static func vote(_ choice: String, _ rollcall: String, _ on: String) -> String {
    LittleRecord.line(
      "vote.cast", #"{"rollcall":"\#(rollcall)","voter":"USA","choice":"\#(choice)"}"#, on: on)
  }

  private static func show(_ store: Store, _ rule: Rule) async throws -> StanceAnswer {
    try await store.show(actor: "USA", topic: "t", from: Viewpoint(rule: rule))
  }

  @Test func aLaterTimeOfDayOutweighsAStrongerKind() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r/1": "2024-05-01"])
      try await record.add(
        [
          Self.vote("yes", "r/1", "2024-05-01T10:00:00Z"), Self.stance(-2, "2024-05-01T19:00:00Z"),
          Self.statement(-1, "2024-05-01T18:00:00Z"),
        ].joined(separator: "\n"))
      let show = try await Self.show(store, .latest2)
      #expect(show.step?.level == Level(-2))
      #expect(show.rule == "latest/2")
      let before = try await Self.show(store, .latest1)
      #expect(before.step?.level == Level(2), "latest/1 puts the kind before the time")
      #expect(before.rule == "latest/1")
    }
  }

  /// Without times the kind decides, as before.
  @Test(arguments: Rule.ofLines)
  func withoutTimesTheStrongerKindComesLast(_ rule: Rule) async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r/1": "2024-05-01"])
      try await record.add(
        [Self.vote("yes", "r/1", "2024-05-01"), Self.stance(-2, "2024-05-01T19:00:00Z")]
          .joined(separator: "\n"))
      #expect(try await Self.show(store, rule).step?.level == Level(2))
    }
  }

  @Test func anUnknownOrderGivesARangeAndARemark() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(
        store, rollcalls: ["r/0": "2023-01-01", "r/1": "2024-05-01", "r/2": "2024-05-01"])
      try await record.add(
        [
          Self.vote("yes", "r/0", "2023-01-01"), Self.vote("yes", "r/2", "2024-05-01"),
          Self.vote("no", "r/1", "2024-05-01"),
        ].joined(separator: "\n"))
      let show = try await Self.show(store, .latest2)
      #expect(show.step?.level == Level(low: -2, high: 2))
      #expect(Set(show.evidence.map(\.summary)).count == 2, "both votes are reasons")
      #expect(show.step?.restsOn == "2 votes in an unknown order")
      #expect(show.coverage.contains { $0.contains("order of") && $0.contains("is not known") })
      let audit = try await store.audit(actor: "USA", topic: "t")
      #expect(audit.remarks.filter { $0.kind == "order" }.count == 1)
      // It may be that nothing changed.
      #expect(try await store.moves().count == 0)
      #expect(try await store.swings().count == 0)
      #expect(try await Self.show(store, .latest1).step?.level == Level(-2))
      var filter = SwingFilter()
      filter.rule = .swing1
      #expect(try await store.swings(filter).count == 2)
    }
  }

  /// What comes behind the unknown order is compared with what was before it.
  @Test func aChangeAcrossAnUnknownOrderIsOneChange() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(
        store,
        rollcalls: [
          "r/0": "2023-01-01", "r/1": "2024-05-01", "r/2": "2024-05-01", "r/3": "2025-01-01",
        ])
      try await record.add(
        [
          Self.vote("yes", "r/0", "2023-01-01"), Self.vote("yes", "r/2", "2024-05-01"),
          Self.vote("no", "r/1", "2024-05-01"), Self.vote("no", "r/3", "2025-01-01"),
        ].joined(separator: "\n"))
      let moves = try await store.moves().moves
      #expect(moves.map(\.before) == [Level(2)])
      #expect(moves.map(\.after) == [Level(-2)])
      #expect(moves.map(\.day) == [CalendarDay(containing: 1_735_689_600).number])
      let swings = try await store.swings().swings
      #expect(swings.map(\.before.rollcall) == ["r/0"])
      #expect(swings.map(\.after.rollcall) == ["r/3"])
    }
  }

  @Test func timesGiveTheOrderOfVotesOfOneDay() async throws {
    try await withStore { store in
      let times = ["r/1": "2024-05-01T16:00:00Z", "r/2": "2024-05-01T09:00:00Z"]
      let record = try await LittleRecord.make(store, rollcalls: times)
      try await record.add(
        [
          Self.vote("yes", "r/1", "2024-05-01T16:00:00Z"),
          Self.vote("no", "r/2", "2024-05-01T09:00:00Z"),
        ].joined(separator: "\n"))
      #expect(try await Self.show(store, .latest2).step?.level == Level(2))
      let swings = try await store.swings().swings
      #expect(swings.map(\.before.rollcall) == ["r/2"])
    }
  }
}
