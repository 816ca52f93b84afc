import EventLog
import Testing

@testable import Annals

/// How members vote in parliaments: in pairs, as tellers, with several votes, through both lobbies.
@Suite struct PopoloVotesTests {
  private static func importing(
    _ voteEvents: String, _ persons: [String] = ["ada", "bob", "cleo", "dan"],
    into store: Store, source: String = "chamber"
  ) async throws -> WriteReport {
    let people = persons.map { #"{"id":"\#($0)","name":"Member \#($0)"}"# }
    let text = """
      {"organizations":[{"id":"lords","name":"Lords","classification":"chamber"}],
       "persons":[\(people.joined(separator: ","))],
       "vote_events":[\(voteEvents)]}
      """
    return try await store.append(
      popolo: [PopoloImportTests.file(text)], PopoloOptions(source: source),
      options: AppendOptions(recorder: "test"))
  }

  private static func event(_ id: String, counts: String = "", _ votes: String) -> String {
    """
    {"id":"\(id)","organization_id":"lords","start_date":"1998-05-06","counts":[\(counts)],
     "votes":[\(votes)]}
    """
  }

  private static func choices(_ store: Store, _ rollcall: String) async throws -> [String] {
    try await store.rollcall(rollcall).votes.map { vote in
      let raw = vote.main.data["raw"]?.string.map { " (\($0))" } ?? ""
      return "\(vote.voter.id) \(vote.choices.joined(separator: "|"))\(raw) ×\(vote.weight)"
    }.sorted()
  }

  @Test func pairedMembersCastNoVote() async throws {
    try await withStore { store in
      let report = try await Self.importing(
        Self.event(
          "p", counts: #"{"option":"yes","value":1},{"option":"no","value":0}"#,
          """
          {"voter_id":"ada","option":"aye"},
          {"voter_id":"bob","option":"aye","pair_id":"cleo"},
          {"voter_id":"cleo","option":"no","pair_id":"bob"},
          {"voter_id":"dan","option":"absent","pair_id":null}
          """), into: store)
      #expect(report.skipped.isEmpty)
      #expect(
        try await Self.choices(store, "p") == [
          "ada yes (aye) ×1", "bob paired-yes (aye) ×1", "cleo paired-no (no) ×1", "dan absent ×1",
        ])
      let answer = try await store.rollcall("p")
      #expect(!answer.differences.contains { !$0.agrees })
    }
  }

  @Test func whoPresidesMayHaveACastingVoteBesideTheirOwn() async throws {
    try await withStore { store in
      let report = try await Self.importing(
        Self.event(
          "c", counts: #"{"option":"yes","value":2},{"option":"no","value":1}"#,
          """
          {"voter_id":"ada","option":"aye"},
          {"voter_id":"bob","option":"no"},
          {"voter_id":"bob","option":"aye","role":"Casting vote"}
          """), into: store)
      #expect(report.skipped.isEmpty)
      let answer = try await store.rollcall("c")
      #expect(
        answer.votes.map { "\($0.voter.id) \($0.choices[0]) \($0.isCasting)" }.sorted() == [
          "ada yes false", "bob no false", "bob yes true",
        ])
      #expect(!answer.differences.contains { !$0.agrees || $0.leavesOutCasting })
    }
  }

  @Test func tellersCountInNoTallyAndWeightsCountAsWritten() async throws {
    try await withStore { store in
      _ = try await Self.importing(
        Self.event(
          "w", counts: #"{"option":"yes","value":30},{"option":"no","value":1}"#,
          """
          {"voter_id":"ada","option":"yes","weight":30},
          {"voter_id":"bob","option":"no","weight":1},
          {"voter_id":"cleo","option":"yes","role":"Teller"},
          {"voter_id":"dan","option":"tellno"}
          """), into: store)
      let votes = [
        "ada yes ×30", "bob no ×1", "cleo yes ×0", "dan no (tellno) ×0",
      ]
      #expect(try await Self.choices(store, "w") == votes)
      let answer = try await store.rollcall("w")
      #expect(answer.counted.map { "\($0.choice) \($0.low)" } == ["yes 30", "no 1", "abstain 0"])
      #expect(!answer.differences.contains { !$0.agrees })
      #expect(answer.members.recorded == 4)
      // The list of roll calls reads the stored grid, and the grid is folded in another way.
      let list = try await store.rollcalls()
      #expect(list.differing == 0)
      #expect(list.rows.map(\.recorded) == [4])
      let fresh = try await VotesFold.grid(of: store.log, through: Position(.max))
      #expect(fresh.rollcalls.map(\.certain) == [[30, 1, 0, 0, 0, 0, 0, 0, 0]])
    }
  }

  @Test func whatIsNoTellerAndNoWholeWeightIsCountedAsLeftOut() async throws {
    try await withStore { store in
      let report = try await Self.importing(
        Self.event(
          "x",
          #"{"voter_id":"ada","option":"yes","role":"whip"},{"voter_id":"bob","option":"no","weight":0.5}"#
        ), into: store)
      #expect(
        report.skipped.map(\.reason) == [
          "vote.role \"whip\"", "vote.weight that is no whole number",
        ])
      #expect(try await Self.choices(store, "x") == ["ada yes ×1", "bob no ×1"])
    }
  }

  @Test func whoWalkedThroughBothLobbiesIsOnNeitherSide() async throws {
    try await withStore { store in
      _ = try await Self.importing(
        Self.event(
          "b", counts: #"{"option":"yes","value":2},{"option":"no","value":1}"#,
          """
          {"voter_id":"bob","option":"Aye"},{"voter_id":"ada","option":"Aye"},
          {"voter_id":"ada","option":"No"},{"voter_id":"ada","option":"Aye"}
          """), into: store)
      #expect(
        try await Self.choices(store, "b") == ["ada both (Aye and No) ×1", "bob yes (Aye) ×1"])
      let answer = try await store.rollcall("b")
      #expect(
        answer.counted.map { "\($0.choice) \($0.low)" } == [
          "yes 2", "no 1", "abstain 0", "both 1",
        ])
      #expect(!answer.differences.contains { !$0.agrees })
      #expect(answer.coverage.notes.contains { $0.contains("voted for and against") })
      let agreement = try await store.agreement("ada", "bob")
      #expect(agreement.total.figures.n == 0)
      #expect(agreement.total.a.bothWays == 1)
      #expect(agreement.total.a.absent == 0)
    }
  }

  @Test func theExcusedAndTheAbsentAreCountedTogether() async throws {
    try await withStore { store in
      _ = try await Self.importing(
        Self.event(
          "e",
          counts: """
            {"option":"absent","value":2},{"option":"excused","value":1},
            {"option":"other","value":1},{"option":"yes","value":0}
            """,
          """
          {"voter_id":"ada","option":"absent"},{"voter_id":"bob","option":"excused"},
          {"voter_id":"cleo","option":"absent"},{"voter_id":"dan","option":"other"}
          """), into: store)
      let answer = try await store.rollcall("e")
      #expect(answer.official.first { $0.choice == "absent" }?.votes == 3)
      #expect(
        answer.votes.first { $0.voter.id == "dan" }?.choices == ["abstain", "absent", "not-voting"])
      // A later file that says no more than that contradicts nothing.
      _ = try await Self.importing(
        Self.event("e", #"{"voter_id":"ada","option":"other"}"#), into: store)
      #expect(
        try await store.rollcall("e").votes.first { $0.voter.id == "ada" }?.choices == ["absent"])
    }
  }

  @Test func anOptionThatNobodyKnowsIsToldOnceWithItsCount() async throws {
    try await withStore { store in
      let found = await #expect(throws: Problems.self) {
        _ = try await Self.importing(
          Self.event(
            "u", counts: #"{"option":"nei","value":3}"#,
            """
            {"voter_id":"ada","option":"nei"},{"voter_id":"bob","option":"nei"},
            {"voter_id":"cleo","option":"perhaps"}
            """), into: store)
      }
      let messages = found?.problems.map(\.message) ?? []
      #expect(
        messages == ["option \"nei\" is not known (3 times)", "option \"perhaps\" is not known"])
    }
  }

  @Test func aVoteInTheEveningIsOfTheDayAsWritten() async throws {
    try await withStore { store in
      let text = """
        {"organizations":[{"id":"lords","name":"Lords","classification":"chamber"}],
         "persons":[{"id":"ada","name":"Ada"},{"id":"bob","name":"Bob"}],
         "memberships":[
          {"person_id":"ada","organization_id":"lords","start_date":"2001-01-01",
           "end_date":"2001-06-30T00:00:00-05:00"},
          {"person_id":"bob","organization_id":"lords","start_date":"2001-07-01T00:00:00+03:00"}],
         "vote_events":[
          {"id":"late","organization_id":"lords","start_date":"2001-06-30T23:10:00-05:00",
           "votes":[{"voter_id":"ada","option":"yes"}]},
          {"id":"early","organization_id":"lords","start_date":"2001-07-01T00:30:00+03:00",
           "votes":[{"voter_id":"bob","option":"yes"}]}]}
        """
      _ = try await store.append(
        popolo: [PopoloImportTests.file(text)], PopoloOptions(source: "lords"),
        options: AppendOptions(recorder: "test"))
      for id in ["late", "early"] {
        let members = try await store.rollcall(id).members
        #expect(members.listed == 1)
        #expect(members.recorded == 1)
        #expect(members.unrecorded == 0)
      }
      for (day, id) in [("2001-06-30", "late"), ("2001-07-01", "early")] {
        var scope = RollCallScope()
        scope.period = Period(try EDTF(day))
        #expect(try await store.rollcalls(in: scope).rows.map(\.rollcall) == [id])
      }
    }
  }
}
