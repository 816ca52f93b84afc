import EventLog
import Testing

@testable import Annals

/// The casting vote of a presiding officer, alone or beside the vote as a member.
@Suite struct CastingVoteTests {
  private typealias World = ViewWorld

  private static func vote(_ voter: String, _ choice: String, isCasting: Bool = false) -> String {
    let casting = isCasting ? #","casting":true"# : ""
    return World.line(
      "vote.cast", #"{"rollcall":"r","voter":"\#(voter)","choice":"\#(choice)"\#(casting)}"#)
  }

  private static func held(yes: Int, no: Int) -> String {
    World.line(
      "rollcall.held", on: "2020-02-01",
      #"{"rollcall":"r","motion":"m","body":"un","method":"recorded","result":"adopted","#
        + #""official":{"yes":\#(yes),"no":\#(no)}}"#)
  }

  private func answer(_ lines: [String], bloc: String? = nil) async throws -> RollCallAnswer {
    try await withStore { store in
      try await store.add(World.base + lines)
      return try await store.rollcall("r", bloc: bloc)
    }
  }

  private static let tie = [vote("AAA", "yes"), vote("BBB", "no")]

  @Test func whoVotedAsAMemberHasTwoVotes() async throws {
    let lines = Self.tie + [Self.vote("BBB", "yes", isCasting: true)]
    let answer = try await answer([Self.held(yes: 2, no: 1)] + lines)
    #expect(answer.counted.map { "\($0.choice) \($0.low)" } == ["yes 2", "no 1", "abstain 0"])
    #expect(
      answer.votes.map { "\($0.voter.id) \($0.isCasting)" }.sorted() == [
        "AAA false", "BBB false", "BBB true",
      ])
    #expect(answer.conflicts.isEmpty && answer.members.recorded == 2)
    #expect(answer.differences.allSatisfy { $0.agrees && !$0.leavesOutCasting })
    #expect(
      answer.coverage.notes.contains(
        "of the votes counted as yes, 1 casting vote: the official count is equal with it"))
  }

  @Test func theOfficialCountMayLeaveItOut() async throws {
    let lines = Self.tie + [Self.vote("BBB", "yes", isCasting: true)]
    let answer = try await answer([Self.held(yes: 1, no: 1)] + lines)
    #expect(answer.differences.map(\.leavesOutCasting) == [true, false])
    #expect(answer.differences.allSatisfy { $0.agrees })
    #expect(
      answer.coverage.notes.contains(
        "of the votes counted as yes, 1 casting vote: the official count is equal without it"))
    let other = try await self.answer([Self.held(yes: 7, no: 1)] + lines)
    #expect(other.differences.map(\.low) == [-5, 0])
    #expect(
      other.coverage.notes.contains(
        "of the votes counted as yes, 1 casting vote: the official count differs with it and "
          + "without"))
  }

  @Test func theStanceIsThatOfTheVoteAsAMember() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2020-02-01"])
      _ = try await record.add(Self.vote("USA", "yes", isCasting: true))
      #expect(try await record.line() == ["2020-02-01/… 2"])
      try await record.vote("r", "no")
      try await record.vote("r", "no", of: "RUS")
      #expect(try await record.line() == ["2020-02-01/… -2"])
      let total = try await store.agreement("USA", "RUS").total
      #expect(total.figures.same == 1 && total.figures.opposite == 0)
      let show = try await store.show(actor: "USA", topic: "t")
      #expect(show.alsoRecorded.contains { $0.summary.contains("with the casting vote") })
      try await record.checkViews()
    }
  }

  @Test func eachOfTheTwoVotesIsCastOnce() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2020-02-01"])
      let own = try await record.vote("r", "no")
      let casting = try await record.add(Self.vote("USA", "yes", isCasting: true))
      #expect(await record.refuses(Self.vote("USA", "no", isCasting: true)) == [.secondVote])
      #expect(await record.refuses(Self.vote("USA", "yes")) == [.secondVote])
      // Nor does a correction make two of one.
      await #expect(throws: Problems.self) {
        _ = try await record.correct(casting, [("casting", .bool(false))])
      }
      await #expect(throws: Problems.self) {
        _ = try await record.correct(own, [("casting", .bool(true))])
      }
      _ = try await record.retract(own)
      _ = try await record.correct(casting, [("casting", .null)])
      #expect(try await store.rollcall("r").votes.map(\.isCasting) == [false])
    }
  }

  @Test func whoOnlyPresidesIsNoMemberTooMany() async throws {
    let lines =
      ["AAA", "BBB"].map { World.member($0, of: "un", "2019/..") } + [Self.held(yes: 2, no: 1)]
      + Self.tie + [Self.vote("CCC", "yes", isCasting: true)]
    let answer = try await answer(lines)
    #expect(answer.members.recorded == 2 && answer.members.unrecorded == 0)
    #expect(!answer.coverage.notes.contains { $0.contains("not known as members") })
    // A presiding member that voted only then is not missing.
    let member = try await self.answer(lines + [World.member("CCC", of: "un", "2019/..")])
    #expect(member.members.recorded == 3 && member.members.unrecorded == 0)
  }
}
