import EventLog
import Testing

@testable import Annals

/// Names, roles and memberships on a day, and what became of an actor.
@Suite struct ActorTests {
  private typealias World = ViewWorld

  private static let lines =
    World.base + [
      World.actor("p", "person"), World.actor("q", "person"),
      World.line(
        "role.held", id: 1, source: "s1",
        #"{"person":"p","organisation":"AAA","title":"Minister","speaksFor":true,"#
          + #""period":"2024-01-10/2024-02-20"}"#),
      World.line(
        "role.held",
        #"{"person":"p","organisation":"un","title":"Envoy","speaksFor":true,"period":"2024-02/"}"#),
      World.line(
        "role.held",
        #"{"person":"q","organisation":"AAA","title":"Clerk","speaksFor":false,"period":"2000/.."}"#
      ),
    ]

  private func actor(
    _ lines: [String], _ name: String, on: String, possibly: Bool = false,
    history: Bool = false, members: Bool = false, knownBy: Position? = nil
  ) async throws -> ActorAnswer {
    try await withStore { store in
      try await store.add(lines)
      return try await store.actor(
        name, on: try Moment.on(on, now: .now()), possibly: possibly, members: members,
        knownBy: knownBy.map { .position($0) }, history: history)
    }
  }

  private func roles(_ facts: [ActorFact]) -> [String] {
    facts.map { "\($0.value) \($0.other?.id ?? "") \($0.certainty?.rawValue ?? "not then")" }
  }

  @Test(arguments: [
    ("2024-01-09", []), ("2024-01-10", ["Minister AAA certain"]),
    ("2024-01", ["Minister AAA certain"]), ("2024-02-20", ["Minister AAA certain"]),
    ("2024-02-21", []),
  ])
  func certainRolesOfADay(_ day: String, _ expected: [String]) async throws {
    let answer = try await actor(Self.lines, "p", on: day)
    #expect(roles(answer.roles) == expected)
    #expect(answer.spokeFor.compactMap(\.other?.id) == (expected.isEmpty ? [] : ["AAA"]))
  }

  @Test func possibleRolesAreMarkedAsSuch() async throws {
    // An unknown end: whether the envoy was one after the first moment, nobody knows.
    let answer = try await actor(Self.lines, "p", on: "2024-02-10", possibly: true)
    #expect(roles(answer.roles) == ["Minister AAA certain", "Envoy un possible"])
    let certain = try await actor(Self.lines, "p", on: "2024-02-10")
    #expect(roles(certain.roles) == ["Minister AAA certain"])
    #expect(certain.leftOut == 1)
  }

  @Test func speakersOfAStateOnADay() async throws {
    let answer = try await actor(Self.lines, "Name of AAA", on: "2024-02-01")
    #expect(roles(answer.officers) == ["Clerk q certain", "Minister p certain"])
    #expect(answer.speakers.compactMap(\.other?.id) == ["p"])
    #expect(answer.kind == "state" && answer.members == nil)
    let later = try await actor(Self.lines, "AAA", on: "2025-01-01")
    #expect(later.speakers.isEmpty)
  }

  @Test func historyShowsWhatWasTakenBack() async throws {
    let lines =
      Self.lines + [World.line("fact.retracted", target: 1)]
    let now = try await actor(lines, "p", on: "2024-02-01")
    #expect(now.roles.isEmpty && now.spokeFor.isEmpty)
    let history = try await actor(lines, "p", on: "2024-02-01", history: true)
    #expect(roles(history.roles) == ["Minister AAA certain", "Envoy un possible"])
    #expect(history.roles.first?.entry.fact.isLive == false)
    #expect(history.roles.first?.entry.fact.chain.map(\.position) == [17])
    // What was taken back gave nobody a voice.
    #expect(history.spokeFor.compactMap(\.other?.id) == ["un"])
    let then = try await actor(lines, "p", on: "2024-02-01", knownBy: 16)
    #expect(roles(then.roles) == ["Minister AAA certain"])
  }

  @Test func aRoleWithoutPeriodIsHeldAroundItsOwnDate() throws {
    func fact(_ on: String) throws -> EDTFPeriod {
      EDTFPeriod(around: try EDTF(on).validTime.bounds)
    }
    let day = try EDTF("2024-02-10").validTime
    #expect(try fact("2024-02-10").covers(AskedTime(day)) == .certain)
    #expect(try fact("2024-02-11").covers(AskedTime(day)) == nil)
    // One unknown day of the month.
    #expect(try fact("2024-02").covers(AskedTime(day)) == .possible)
  }

  @Test func mergedIdsLeadToTheWinnerWithAllThatIsTheirs() async throws {
    let lines =
      Self.lines + [
        World.actor("old-p", "person"),
        World.line(
          "actor.named", #"{"actor":"old-p","name":"Pee","language":"en","period":"2020/2021"}"#),
        World.line(
          "role.held",
          #"{"person":"old-p","organisation":"BBB","title":"Judge","speaksFor":true,"#
            + #""period":"2024/2024"}"#),
        World.line("actor.merged", #"{"winner":"p","loser":"old-p"}"#),
      ]
    for name in ["old-p", "Pee", "p"] {
      let answer = try await actor(lines, name, on: "2024-02-01")
      #expect(answer.actor == Entity(id: "p", name: "Name of p"))
      #expect(answer.mergedID == (name == "old-p" ? "old-p" : nil))
      #expect(roles(answer.roles) == ["Judge BBB certain", "Minister AAA certain"])
      #expect(answer.names.map(\.value) == ["Pee"])
      #expect(answer.names.first?.detail == "en" && answer.names.first?.certainty == nil)
      #expect(answer.merges.map(\.value) == ["old-p"])
    }
    // The state sees the winner as its officer.
    let state = try await actor(lines, "BBB", on: "2024-02-01")
    #expect(roles(state.officers) == ["Judge p certain"])
    let before = try await actor(lines, "old-p", on: "2024-02-01", knownBy: 19)
    #expect(before.actor.id == "old-p" && before.merges.isEmpty)
  }

  @Test func groupsShowTheirMembersOfTheDay() async throws {
    let lines =
      World.base + [
        World.member("AAA", of: "bloc", "2000/2010"), World.member("BBB", of: "bloc", "2005/.."),
        World.member("CCC", of: "bloc", "2005/"), World.member("AAA", of: "DDD", "2000/.."),
      ]
    let bloc = try await actor(lines, "bloc", on: "2010-12-31")
    #expect(bloc.members?.compactMap(\.other?.id) == ["AAA", "BBB"])
    #expect(bloc.leftOut == 1)
    let later = try await actor(lines, "bloc", on: "2011-01-01", possibly: true)
    #expect(later.members?.compactMap(\.other?.id) == ["BBB", "CCC"])
    // A state is asked for its members only when told to.
    #expect(try await actor(lines, "DDD", on: "2011").members == nil)
    let asked = try await actor(lines, "DDD", on: "2011", members: true)
    #expect(asked.members?.compactMap(\.other?.id) == ["AAA"])
    let state = try await actor(lines, "AAA", on: "2011")
    #expect(state.memberships.compactMap(\.other?.id) == ["DDD"])
  }

  @Test func successionsAndIdentifiers() async throws {
    let lines =
      World.base + [
        World.line(
          "actor.succeeded", on: "1991-12-26", #"{"predecessor":"AAA","successor":"BBB"}"#),
        World.line("actor.identified", #"{"actor":"BBB","scheme":"cow","value":"365"}"#),
      ]
    let after = try await actor(lines, "365", on: "2000")
    #expect(after.actor.id == "BBB")
    #expect(after.predecessors.compactMap(\.other?.id) == ["AAA"] && after.successors.isEmpty)
    #expect(after.identifiers.map { [$0.detail ?? "", $0.value] } == [["cow", "365"]])
    #expect(try await actor(lines, "AAA", on: "2000").successors.map(\.value) == ["BBB"])
  }

  @Test func anActorMustBeKnownByThen() async throws {
    try await withStore { store in
      try await store.add(Self.lines)
      #expect(await problemCode { _ = try await store.actor("zz") } == .unknownActor)
      let early = await problemCode { _ = try await store.actor("p", knownBy: .position(5)) }
      #expect(early == .unknownActor)
    }
  }
}
