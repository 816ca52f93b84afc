import EventLog
import Testing

@testable import Annals

/// What it means that an actor's vote is not recorded, and a group side by side on a day.
@Suite struct UnrecordedVotesTests {
  private typealias World = ViewWorld

  private static let topic = [
    World.line("topic.defined", #"{"topic":"t","proposition":"It should be."}"#)
  ]

  private static func held(
    _ rollcall: String, on date: String, method: String = "recorded", body: String = "un"
  ) -> [String] {
    [
      World.line(
        "rollcall.held", on: date,
        #"{"rollcall":"\#(rollcall)","motion":"m","body":"\#(body)","method":"\#(method)","#
          + #""result":"adopted"}"#),
      World.line(
        "topic.linked",
        #"{"topic":"t","rollcall":"\#(rollcall)","supporting":"yes","strength":"strong","#
          + #""rationale":"r"}"#),
    ]
  }

  private static func vote(_ voter: String, _ choice: String, in rollcall: String) -> String {
    World.line(
      "vote.cast", #"{"rollcall":"\#(rollcall)","voter":"\#(voter)","choice":"\#(choice)"}"#)
  }

  @Test func silenceIsToldFromAbsence() async throws {
    let lines =
      World.base + Self.topic + Self.held("r1", on: "2001-05-01")
      + Self.held("r2", on: "2003-05-01") + Self.held("r3", on: "2003-06-01", method: "consensus")
      + Self.held("r4", on: "2003-07-01", method: "show-of-hands")
      + Self.held("r5", on: "2010-01-01") + [
        World.member("AAA", of: "un", "2002/.."), World.member("BBB", of: "un", "1990/.."),
        World.line(
          "import.completed",
          #"{"dataset":"votes","coverage":{"what":"all votes","from":"2000","to":"2005"}}"#),
        Self.vote("BBB", "yes", in: "r2"),
      ]
    try await withStore { store in
      let head = try await store.add(lines)
      let answer = try await store.show(actor: "AAA", topic: "t")
      #expect(
        answer.coverage == [
          "votes of single members were not recorded in r4", "AAA was no member of un at r1",
          "the record lacks a vote of AAA in r2, though votes (\(head.advanced(by: -1))) covers the day",
          "the record lacks a vote of AAA in r5",
        ])
      // A roll call that lies after the day asked about is nobody's silence.
      let early = try await store.show(
        actor: "AAA", topic: "t", from: Viewpoint(on: try Moment.on("2002", now: .now())))
      #expect(early.coverage == ["AAA was no member of un at r1"])
      let other = try await store.show(actor: "BBB", topic: "t")
      #expect(
        other.coverage.last == "the record lacks a vote of BBB in r5"
          && other.step?.level == Level(2))
      // Before the import said what it covers, nobody knew.
      let before = try await store.show(
        actor: "AAA", topic: "t", from: Viewpoint(knownBy: .position(head.advanced(by: -2))))
      #expect(before.coverage.contains("the record lacks a vote of AAA in r2, r5"))
    }
  }

  /// Where no memberships are recorded, a vote is missed of those who vote in that body.
  @Test func aVoteIsMissedOnlyWhereOneCouldBeExpected() async throws {
    let lines =
      World.base + Self.topic + Self.held("r1", on: "2003-05-01")
      + Self.held("r2", on: "2003-06-01", body: "bloc") + [
        World.line(
          "rollcall.held", on: "2001-01-01",
          #"{"rollcall":"r0","motion":"m","body":"un","method":"recorded","result":"adopted"}"#),
        World.line(
          "import.completed",
          #"{"dataset":"votes","coverage":{"what":"all votes","from":"2000","to":"2005"}}"#),
        Self.vote("AAA", "yes", in: "r0"),
      ]
    try await withStore { store in
      let head = try await store.add(lines)
      let covers = "though votes (\(head.advanced(by: -1))) covers the day"
      #expect(
        try await store.show(actor: "AAA", topic: "t").coverage == [
          "the record lacks a vote of AAA in r1, \(covers)"
        ])
      #expect(try await store.show(actor: "BBB", topic: "t").coverage == [])
    }
  }

  @Test func aGroupIsComparedOnTheVeryDay() async throws {
    let lines =
      World.base + Self.topic + Self.held("r1", on: "2004-05-01") + [
        World.member("AAA", of: "bloc", "2000/"), World.member("BBB", of: "bloc", "2002/.."),
        World.member("CCC", of: "bloc", "2004-01/.."),
        World.member("DDD", of: "bloc", "2004-05/.."),
        Self.vote("BBB", "yes", in: "r1"), Self.vote("CCC", "no", in: "r1"),
      ]
    try await withStore { store in
      try await store.add(lines)
      func compare(_ day: String) async throws -> CompareAnswer {
        try await store.compare(
          [], bloc: "bloc", topic: "t", from: Viewpoint(on: try Moment.on(day, now: .now())))
      }
      let then = try await compare("2003-06-01")
      #expect(then.bloc?.members == ["BBB"] && then.bloc?.possible == ["AAA"])
      let later = try await compare("2004-05-01")
      #expect(later.bloc?.members == ["BBB", "CCC", "DDD"] && later.bloc?.possible == ["AAA"])
      #expect(later.stances.map { $0.step?.level } == [Level(2), Level(-2), nil])
      await #expect(throws: Problems.self) {
        try await store.compare([], bloc: "EEE", topic: "t")
      }
    }
  }
}
