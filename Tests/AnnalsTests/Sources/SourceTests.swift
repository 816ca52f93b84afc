import EventLog
import Testing

@testable import Annals

/// Versions of a source, what rests on each, and what contradicts it.
@Suite struct SourceTests {
  private typealias World = ViewWorld

  private static let lines =
    World.base + [
      World.held(source: "s1"), World.vote("AAA", "yes", id: 1, source: "s1"),
      World.line(
        "source.captured", id: 2, source: "s1",
        #"{"source":"s1","title":"First, amended","url":"https://example.org/1"}"#),
      World.vote("BBB", "no", id: 3, source: "s1"), World.vote("CCC", "no", id: 4, source: "s2"),
      World.line("source.captured", id: 5, #"{"source":"s1","title":"First, amended"}"#),
    ]

  private func source(
    _ lines: [String], _ id: String = "s1", history: Bool = false, knownBy: Position? = nil
  ) async throws -> SourceAnswer {
    try await withStore { store in
      try await store.add(lines)
      return try await store.source(
        id, knownBy: knownBy.map { .position($0) }, history: history)
    }
  }

  private func changes(_ version: SourceAnswer.Version?) -> [String]? {
    version?.changes?.map {
      "\($0.field) \($0.before.flatMap(\.string) ?? "–") \($0.after.flatMap(\.string) ?? "–")"
    }
  }

  @Test func versionsAreComparedFieldByField() async throws {
    let answer = try await source(Self.lines)
    #expect(answer.versions.map(\.number) == [1, 2, 3])
    #expect(answer.versions.map(\.entry.fact.position) == [1, 14, 17])
    #expect(changes(answer.versions[0]) == nil)
    #expect(
      changes(answer.versions[1]) == [
        "title First First, amended", "url – https://example.org/1",
      ])
    #expect(changes(answer.versions[2]) == ["url https://example.org/1 –"])
    #expect(answer.title == "First, amended")
    let then = try await source(Self.lines, knownBy: 13)
    #expect(then.versions.count == 1 && then.title == "First")
  }

  @Test func factsRestOnTheVersionThatWasNewestThen() async throws {
    let answer = try await source(Self.lines)
    #expect(answer.facts.map { "\($0.type) \($0.count)" } == ["rollcall.held 1", "vote.cast 2"])
    #expect(answer.positions == 12...15)
    #expect(answer.versions.map(\.facts) == [2, 1, 0])
    #expect(
      answer.outdated.map { "\($0.entry.fact.position) \($0.version)" } == [
        "#12 1", "#13 1", "#15 2",
      ])
    #expect(answer.outdatedCount == 3)
    let then = try await source(Self.lines, knownBy: 15)
    #expect(then.outdated.map(\.entry.fact.position) == [12, 13])
  }

  @Test func correctionsMoveFactsBetweenVersionsAndSources() async throws {
    let lines =
      Self.lines + [
        World.line("fact.corrected", id: 6, source: "s1", target: 1, #"{"choice":"no"}"#),
        World.line("fact.corrected", id: 7, source: "s1", target: 4, #"{"choice":"yes"}"#),
        World.line("fact.corrected", target: 2, #"{"title":"Second title"}"#),
        World.line("fact.retracted", id: 8, target: 3), World.line("fact.retracted", target: 7),
      ]
    // The correction was read in the newest version, and it put a fact of the other source here.
    let corrected = try await source(lines, knownBy: 20)
    #expect(corrected.versions.map(\.facts) == [1, 1, 2])
    #expect(changes(corrected.versions[1])?.first == "title First Second title")
    #expect(changes(corrected.versions[2])?.first == "title Second title First, amended")
    // What was taken back rests on nothing.
    let now = try await source(lines)
    #expect(now.versions.map(\.facts) == [1, 0, 1])
    #expect(now.facts.map { "\($0.type) \($0.count)" } == ["rollcall.held 1", "vote.cast 1"])
  }

  @Test func aCaptureThatWasTakenBackIsNoVersion() async throws {
    let lines = Self.lines + [World.line("fact.retracted", target: 2)]
    let now = try await source(lines)
    #expect(now.versions.map(\.entry.fact.position) == [1, 17])
    #expect(now.versions.map(\.facts) == [3, 0])
    #expect(changes(now.versions[1]) == ["title First First, amended"])
    let history = try await source(lines, history: true)
    #expect(history.versions.map(\.number) == [1, nil, 2])
  }

  @Test func contradictionsStandSideBySide() async throws {
    let lines =
      Self.lines + [
        World.line(
          "relation.asserted", source: "s1", relation: "contradicts",
          #"{"a":"AAA","b":"BBB","kind":"ally"}"#),
        World.line("fact.disputed", id: 6, source: "s1", target: 4),
        World.vote("FFF", "abstain", source: "s2"),
        World.line("actor.merged", #"{"winner":"BBB","loser":"FFF"}"#),
      ]
    func found(_ answer: SourceAnswer) -> [String] {
      answer.contradictions.map { item in
        "\(item.kind) \(item.entry.fact.position)"
          + item.others.map { " \($0.fact.position)" }.joined()
      }
    }
    #expect(try await found(source(lines)) == ["vote #15 #20", "dispute #16 #19", "source #18"])
    #expect(try await found(source(lines, "s2")) == ["dispute #16 #19", "vote #20 #15"])
    #expect(try await found(source(lines, knownBy: 18)) == ["source #18"])
    let withdrawn = lines + [World.line("fact.retracted", target: 6)]
    #expect(try await found(source(withdrawn, "s2")) == ["vote #20 #15"])
  }

  /// Two votes of one id can only meet when one was taken back and comes again.
  @Test func aVoteThatCameBackIsFoundAsAContradiction() async throws {
    let lines =
      World.base + [
        World.held(), World.vote("AAA", "yes", id: 1, source: "s2"),
        World.line("fact.retracted", id: 2, target: 1),
      ]
    let answer: SourceAnswer = try await withStore { store in
      try await store.add(lines)
      try await store.add([World.vote("AAA", "no", source: "s1")])
      try await store.add([World.line("fact.retracted", target: 2)])
      return try await store.source("s1")
    }
    #expect(answer.contradictions.map(\.kind) == [.vote])
    #expect(answer.contradictions.first?.others.map(\.fact.position) == [13])
  }

  @Test func listingIsLimitedAndIdsAreFoundInAnyCase() async throws {
    try await withStore { store in
      try await store.add(Self.lines)
      let answer = try await store.source("S1", listing: 1)
      #expect(answer.source == "s1" && answer.outdated.count == 1 && answer.outdatedCount == 3)
      #expect(await problemCode { _ = try await store.source("s3") } == .unknownSource)
      #expect(await problemCode { _ = try await store.source("https://a.b") } == .unknownSource)
      let early = await problemCode { _ = try await store.source("s2", knownBy: .position(1)) }
      #expect(early == .unknownSource)
    }
  }
}
