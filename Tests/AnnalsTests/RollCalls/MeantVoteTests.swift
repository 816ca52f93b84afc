import EventLog
import Testing

@testable import Annals

private typealias Line = LittleRecord

/// What members say afterwards that they had meant stands beside their votes, and changes none of them.
@Suite struct MeantVoteTests {
  private static func said(
    _ choice: String, by speaker: String = "USA", for voter: String? = nil, rollcall: String = "r"
  ) -> String {
    let behalf = voter.map { #","onBehalfOf":"\#($0)""# } ?? ""
    return Line.line(
      "statement.made",
      #"{"speaker":"\#(speaker)","kind":"paraphrase","text":"It had meant \#(choice)."\#(behalf),"#
        + #""meant":{"rollcall":"\#(rollcall)","choice":"\#(choice)"}}"#)
  }

  private func counts(_ list: [RollCallAnswer.ChoiceCount]) -> [String] {
    list.map { "\($0.choice) \($0.low)" }
  }

  @Test func theCountAsMeantStandsBesideTheCountOfVotes() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(
        store, rollcalls: ["r": "2025-02-24", "other": "2025-02-25"])
      try await record.vote("r", "yes")
      try await record.vote("r", "no", of: "RUS")
      #expect(try await store.rollcall("r").countedAsMeant.isEmpty)
      try await record.add(Self.said("no"))
      // One speaks of another roll call, one speaker has no vote, and one voter meant the choice it cast.
      try await record.add(Self.said("abstain", rollcall: "other"))
      try await record.add(Self.said("abstain", by: "un"))
      try await record.add(Self.said("no", by: "RUS"))
      let answer = try await store.rollcall("r")
      #expect(counts(answer.counted) == ["yes 1", "no 1", "abstain 0"])
      #expect(counts(answer.countedAsMeant) == ["yes 0", "no 2", "abstain 0"])
      #expect(
        answer.meant.map { "\($0.voter.name) \($0.cast) \($0.choice)" } == [
          #"United States ["yes"] no"#
        ])
      // The stance follows the vote that was cast.
      #expect(try await store.show(actor: "USA", topic: "t").step?.level == Level(2))
    }
  }

  @Test func theLastStatementThatHoldsCounts() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      try await record.vote("r", "yes")
      try await record.add(
        Line.line("actor.registered", #"{"actor":"envoy","kind":"person","name":"Envoy"}"#))
      let first = try await record.add(Self.said("no"))
      let second = try await record.add(Self.said("abstain", by: "envoy", for: "USA"))
      #expect(
        counts(try await store.rollcall("r").countedAsMeant) == ["yes 0", "no 0", "abstain 1"])
      #expect(
        counts(try await store.rollcall("r", knownBy: .position(first)).countedAsMeant)
          == ["yes 0", "no 1", "abstain 0"])
      _ = try await record.retract(second)
      #expect(
        counts(try await store.rollcall("r").countedAsMeant) == ["yes 0", "no 1", "abstain 0"])
      _ = try await record.correct(first, [("meant", .object(["rollcall": "r", "choice": "yes"]))])
      #expect(try await store.rollcall("r").meant.isEmpty)
    }
  }
}
