import EventLog
import Testing

@testable import Annals

/// Official tallies beside counted votes; what is open, missing or contradictory is kept apart.
@Suite struct RollCallTests {
  private typealias World = ViewWorld

  private func rollcall(
    _ lines: [String], bloc: String? = nil, knownBy: Position? = nil
  ) async throws -> RollCallAnswer {
    try await withStore { store in
      try await store.add(World.base + lines)
      return try await store.rollcall(
        "un/R/1", bloc: bloc, knownBy: knownBy.map { .position($0) })
    }
  }

  private func counts(_ answer: RollCallAnswer) -> [String] {
    answer.counted.map { "\($0.choice) \($0.low)" + ($0.low == $0.high ? "" : "-\($0.high)") }
  }

  private func votes(_ answer: RollCallAnswer) -> [String] {
    answer.votes.map { "\($0.voter.id) \($0.choices.joined(separator: "|")) \($0.main.position)" }
  }

  @Test func fourKindsOfSilenceAreKeptApart() async throws {
    let answer = try await rollcall([
      World.held(#","members":6,"official":{"yes":1,"no":0,"abstain":1,"absent":2}"#),
      World.vote("AAA", "yes"), World.vote("BBB", "abstain"), World.vote("CCC", "absent"),
      World.vote("DDD", "ineligible"), World.vote("EEE", "not-voting"),
    ])
    #expect(
      counts(answer) == [
        "yes 1", "no 0", "abstain 1", "absent 1", "not-voting 1", "ineligible 1",
      ])
    // A tally has one place for all that took no part.
    #expect(answer.differences.map(\.low) == [0, 0, 0, 0])
    // Five of six hold a vote in the record, one of them without the right to one.
    #expect(answer.members.recorded == 4 && answer.members.ineligible == 1)
    #expect(answer.members.unrecorded == 2)
    #expect(answer.motion?.name == "The motion" && answer.body?.name == "Name of un")
  }

  @Test func setsAreCountedAsRanges() async throws {
    let answer = try await rollcall([
      World.held(#","official":{"yes":2,"no":1,"abstain":1}"#),
      World.vote("AAA", "yes"), World.vote("BBB", "no|abstain"), World.vote("CCC", "yes|no"),
      World.vote("DDD", "no|abstain"),
    ])
    #expect(counts(answer) == ["yes 1-2", "no 0-3", "abstain 0-2"])
    #expect(
      answer.open == [
        .init(choices: ["yes", "no"], count: 1), .init(choices: ["no", "abstain"], count: 2),
      ])
    #expect(answer.differences.map { [$0.low, $0.high] } == [[-1, 0], [-1, 2], [-1, 1]])
    #expect(answer.differences.allSatisfy { $0.agrees })
  }

  @Test func aSetIsResolvedByALaterAccountAndTheHistoryKept() async throws {
    let lines = [
      World.held(), World.vote("AAA", "no|abstain", source: "s1"),
      World.vote("AAA", "abstain", source: "s2"),
    ]
    let now = try await rollcall(lines)
    #expect(votes(now) == ["AAA abstain #14"])
    #expect(now.votes[0].accounts.map(\.fact.position) == [13, 14])
    #expect(!now.votes[0].isConflict)
    let then = try await rollcall(lines, knownBy: 13)
    #expect(votes(then) == ["AAA no|abstain #13"])
  }

  @Test func correctionsAndRetractionsCountFromTheirPositionOn() async throws {
    let lines = [
      World.held(), World.vote("AAA", "yes", id: 1), World.vote("BBB", "yes", id: 2),
      World.line("fact.corrected", target: 1, #"{"choice":"no"}"#),
      World.line("fact.retracted", id: 3, target: 2),
      World.line("fact.retracted", target: 3),
    ]
    let expected: [Position: [String]] = [
      13: ["AAA yes #13"], 14: ["AAA yes #13", "BBB yes #14"],
      15: ["BBB yes #14", "AAA no #13"], 16: ["AAA no #13"], 17: ["BBB yes #14", "AAA no #13"],
    ]
    for (position, votes) in expected {
      #expect(try await self.votes(rollcall(lines, knownBy: position)) == votes, "\(position)")
    }
  }

  /// A vote that a correction moved here counts here, and one that it moved away does not.
  @Test func aCorrectionMovesAVoteToAnotherRollCall() async throws {
    try await withStore { store in
      let other = World.held().replacing("un/R/1", with: "un/R/2")
      try await store.add(
        World.base + [
          World.held(), other, World.vote("AAA", "yes", id: 1),
          World.line("fact.corrected", target: 1, #"{"rollcall":"un/R/2"}"#),
        ])
      let first = try await store.rollcall("un/R/1")
      let second = try await store.rollcall("un/R/2")
      #expect(votes(first) == [] && votes(second) == ["AAA yes #14"])
      let before = try await store.rollcall("un/R/1", knownBy: .position(14))
      #expect(votes(before) == ["AAA yes #14"])
    }
  }

  @Test func contradictoryAccountsStandSideBySideAndCountAsASet() async throws {
    let lines = [
      World.held(), World.vote("AAA", "yes", id: 1, source: "s1"),
      World.vote("FFF", "no", id: 2, source: "s2"), World.vote("BBB", "no"),
      World.line("actor.merged", #"{"winner":"AAA","loser":"FFF"}"#),
    ]
    let answer = try await rollcall(lines)
    #expect(votes(answer) == ["BBB no #15", "AAA yes|no #13"])
    #expect(counts(answer) == ["yes 0-1", "no 1-2", "abstain 0"])
    let conflict = try #require(answer.conflicts.first)
    #expect(conflict.accounts.map(\.fact.position) == [13, 14])
    #expect(conflict.accounts.compactMap(\.fact.sources.first?.title) == ["First", "Second"])
    // Before the merge they were two voters.
    let before = try await rollcall(lines, knownBy: 15)
    #expect(counts(before) == ["yes 1", "no 2", "abstain 0"])
    #expect(before.conflicts.isEmpty)
  }

  @Test func anEventShowsTheAccountsThatContradictIt() async throws {
    try await withStore { store in
      try await store.add(
        World.base + [
          World.held(), World.vote("AAA", "yes", source: "s1"),
          World.vote("FFF", "no", source: "s2"), World.vote("BBB", "no"),
          World.line("actor.merged", #"{"winner":"AAA","loser":"FFF"}"#),
        ])
      let event = try await store.event(.position(13))
      #expect(event.conflicts.map(\.fact.position) == [14])
      #expect(event.conflicts.first?.fact.sources.first?.title == "Second")
      #expect(try await store.event(.position(14)).conflicts.map(\.fact.position) == [13])
      #expect(try await store.event(.position(15)).conflicts.isEmpty)
      #expect(try await store.event(.position(13), knownBy: .position(15)).conflicts.isEmpty)
    }
  }

  @Test func aSecondVoteIsRefusedWithBothAccountsAndTheirSources() async throws {
    try await withStore { store in
      try await store.add(
        World.base + [World.held(), World.vote("AAA", "yes", source: "s1")])
      let pending = [
        World.vote("BBB", "yes", id: 1, source: "s1"), World.vote("BBB", "no", id: 2, source: "s1"),
      ]
      for lines in [[World.vote("AAA", "no", source: "s1")], pending] {
        do {
          try await store.add(lines)
          Issue.record("appended")
        } catch let problems as Problems {
          let problem = try #require(problems.problems.first)
          #expect(problem.code == .secondVote)
          for words in ["yes", "by s1", "no"] {
            #expect(problem.message.contains(words), "\(problem.message)")
          }
        }
      }
    }
  }

  @Test func officialTalliesThatDifferAreAllShown() async throws {
    let answer = try await rollcall([
      World.held(source: "s1", #","official":{"yes":2,"no":1}"#),
      World.held(source: "s2", #","official":{"yes":3,"no":1}"#),
      World.vote("AAA", "yes"), World.vote("BBB", "yes"), World.vote("CCC", "no"),
    ])
    #expect(answer.contested == ["yes"])
    #expect(answer.official.map { "\($0.choice) \($0.votes ?? -1)" } == ["yes -1", "no 1"])
    #expect(answer.accounts.map(\.tally.position) == [12, 13])
    #expect(answer.accounts.map { $0.differences.map(\.low) } == [[0, 0], [-1, 0]])
    #expect(answer.differences.map(\.choice) == ["no"])
  }

  // MARK: members

  private static let memberships = [
    World.member("AAA", of: "un", "2000/.."), World.member("BBB", of: "un", "2025-02-24/.."),
    World.member("CCC", of: "un", "2000/2025-02-23"), World.member("DDD", of: "un", "2000/"),
    World.member("EEE", of: "un", "2000/2025-02-24"),
  ]

  @Test func membersAreThoseOfTheVeryDay() async throws {
    let answer = try await rollcall(
      [World.held()] + Self.memberships + [World.vote("AAA", "yes"), World.vote("FFF", "yes")])
    #expect(answer.members.listed == 3)
    #expect(answer.unrecorded.map(\.id) == ["BBB", "EEE"])
    #expect(answer.members.unrecorded == 2)
    #expect(
      answer.coverage.notes == [
        "not known as members on that day: FFF", "possibly members, and no vote recorded: DDD",
      ])
  }

  @Test func anImpreciseDateMakesMembershipsUncertain() async throws {
    let answer = try await rollcall(
      [World.held(on: "2025-02"), World.vote("AAA", "yes")] + Self.memberships)
    #expect(answer.members.listed == 1 && answer.unrecorded.isEmpty)
    #expect(
      answer.coverage.notes == ["possibly members, and no vote recorded: BBB, CCC, DDD, EEE"])
  }

  @Test func aBlocIsItsMembersOfTheDay() async throws {
    let lines =
      [World.held(#","official":{"yes":9}"#)]
      + Self.memberships.map {
        $0.replacing("\"group\":\"un\"", with: "\"group\":\"bloc\"")
      } + [World.member("FFF", of: "bloc", "2025-02")]
      + [
        World.vote("AAA", "yes"), World.vote("BBB", "yes"), World.vote("CCC", "no"),
        World.vote("DDD", "no"), World.vote("EEE", "abstain"), World.vote("FFF", "yes|no"),
      ]
    let answer = try await rollcall(lines, bloc: "Name of bloc")
    let bloc = try #require(answer.bloc)
    #expect(bloc.members == 4)
    #expect(bloc.majority == "yes" && bloc.majorityCount == 2)
    #expect(bloc.broke.map(\.voter.id) == ["EEE"])
    #expect(bloc.mayHaveBroken.map(\.voter.id) == ["FFF"])
    #expect(bloc.possibleMembers.map(\.id) == ["DDD"])
    #expect(answer.votes.map(\.voter.id) == ["AAA", "BBB", "EEE", "FFF"])
    #expect(answer.differences.isEmpty)
    // A day later the record knew no members.
    let early = try await rollcall(lines, bloc: "bloc", knownBy: 12)
    #expect(early.bloc?.members == 0)
    #expect(early.coverage.notes == ["no membership of bloc is recorded"])
  }

  @Test func aBlocWithoutAMostFrequentChoiceHasNoMajority() async throws {
    let answer = try await rollcall(
      [
        World.held(), World.member("AAA", of: "bloc", "2000/.."),
        World.member("BBB", of: "bloc", "2000/.."), World.vote("AAA", "yes"),
        World.vote("BBB", "no"),
      ], bloc: "bloc")
    #expect(answer.bloc?.majority == nil)
    #expect(answer.bloc?.broke.isEmpty == true)
  }

  // MARK: coverage and errors

  @Test func importsSayWhetherTheyCoverTheDay() async throws {
    func completed(_ name: String, _ from: String?, _ to: String?) -> String {
      let bounds = [("from", from), ("to", to)].compactMap { key, value in
        value.map { #","\#(key)":"\#($0)""# }
      }
      return World.line(
        "import.completed",
        #"{"dataset":"\#(name)","coverage":{"what":"votes"\#(bounds.joined())}}"#)
    }
    let answer = try await rollcall([
      World.held(), completed("exact", "2025-02-24", "2025-02-24"),
      completed("before", "2000", "2025-02-23"), completed("after", "2025-02-25", nil),
      completed("year", "2025", "2025"), completed("open", nil, nil),
    ])
    #expect(answer.coverage.imports.map(\.dataset) == ["exact", "year", "open"])
  }

  @Test func accountsThatDisagreeAboutTheDayAndTheResultAreNamed() async throws {
    let answer = try await rollcall([
      World.held(on: "2025-02", source: "s1"),
      World.held(source: "s2").replacing("adopted", with: "rejected"), World.vote("AAA", "yes"),
    ])
    #expect(answer.on == "2025-02-24" && answer.result == "rejected")
    #expect(
      answer.coverage.notes == [
        "its accounts give different dates: 2025-02, 2025-02-24",
        "its accounts give different results: adopted, rejected",
        "the accounts of the roll call differ; this answer uses #13 (s2), the one with the most exact date",
        "how many members could vote is not recorded",
      ])
  }

  @Test func aConsensusLacksNobodysVote() async throws {
    let answer = try await rollcall([
      World.held(#","members":6"#).replacing("recorded", with: "consensus"),
      World.member("AAA", of: "un", "2000/.."),
    ])
    #expect(answer.members.unrecorded == nil && answer.unrecorded.isEmpty)
    #expect(answer.coverage.notes.first == "decided by consensus, so nobody's vote is missing")
  }

  @Test func idsAreFoundInAnyCaseAndOthersAreRefused() async throws {
    try await withStore { store in
      try await store.add(World.base + [World.held()])
      #expect(try await store.rollcall("UN/r/1").rollcall == "un/R/1")
      #expect(await problemCode { _ = try await store.rollcall("un/R/2") } == .unknownRollcall)
      let early = await problemCode {
        _ = try await store.rollcall("un/R/1", knownBy: .position(11))
      }
      #expect(early == .unknownRollcall)
      let bloc = await problemCode { _ = try await store.rollcall("un/R/1", bloc: "nobody") }
      #expect(bloc == .unknownActor)
    }
  }
}
