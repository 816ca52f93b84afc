import Foundation
import Testing

/// The eight questions that the shipped record must answer, with event and source named.
@Suite(.sharedDemo) struct QuestionsTests {
  private let program: Program

  init() throws { program = try SharedDemo.program }

  private static let annexation = "annexation-vote"
  private static let declines = "us-declines-to-co-sponsor"
  private static let praises = "kremlin-praises-us"
  private static let post = "jerusalem-post"

  @Test("1. The United States supports, leans against, opposes: each by an event of a source")
  func first() async throws {
    let autumn: ShowJSON = try await program.ask("show USA ukraine-integrity --on 2022-10-13")
    #expect(autumn.level == 2 && autumn.label == "supports")
    // By the statements of those who spoke for it: the article names no ballot of its own.
    #expect(autumn.recorded.allSatisfy { $0.type == "statement.made" })
    let statements = ["003-21", "003-18", "003-22"]
    #expect(autumn.recorded.map { $0.sources?.first?.locator } == statements)
    #expect(autumn.evidence.count == 1)
    #expect(autumn.coverage.contains { $0.contains("un-ga/ES-11/4") })

    let winter: ShowJSON = try await program.ask("show USA ukraine-integrity --on 2025-02-20")
    #expect(winter.level == -1 && winter.label == "leans against" && winter.since == "2025-02-20")
    let declined = try #require(winter.evidence.first)
    #expect(declined.type == "sponsorship.declared" && declined.on == "2025-02-20~")
    #expect(declined.cites(Self.declines, "001-02"))

    let vote: ShowJSON = try await program.ask("show USA ukraine-integrity --on 2025-02-24")
    #expect(vote.level == -2 && vote.label == "opposes" && vote.since == "2025-02-24")
    let no = try await program.event("vote.cast", Self.praises, "000-03")
    #expect(vote.evidence.first?.id == no.id)
    #expect(no.data?.rollcall == "un-ga/ES-11/7" && no.data?.choice == .init("no"))
  }

  @Test("1. The Council's text of that day has no strong link to the topic")
  func firstCouncil() async throws {
    let links: TimelineJSON = try await program.ask("log ukraine-integrity --type topic.linked")
    let council = links.entries.filter { $0.data?.rollcall == "un-sc/2774" }
    #expect(council.map { $0.data?.strength } == ["informative"])
    #expect(council.allSatisfy { $0.cites(Self.praises, "000-14") })
  }

  @Test("2. The day before: declined to co-sponsor, may reconsider; no vote yet")
  func second() async throws {
    let eve: ShowJSON = try await program.ask("show USA ukraine-integrity --on 2025-02-23")
    #expect(eve.level == -1)
    let declined = try await program.event("sponsorship.declared", Self.declines, "001-02")
    #expect(eve.evidence.first?.id == declined.id && declined.data?.answer == "declined")
    let reconsider = try await program.event("claim.made", Self.declines, "001-09")
    #expect(eve.alsoRecorded.contains { $0.id == reconsider.id })
    #expect(reconsider.data?.proposition?.contains("may still think again") == true)
    #expect(!eve.recorded.contains { $0.type == "vote.cast" })
  }

  @Test("3. Peskov's remark about a joint vote leads to the roll calls")
  func third() async throws {
    let remark = try await program.event("statement.made", Self.post, "002-03")
    let rollcalls = remark.rollcalls ?? []
    #expect(rollcalls.map(\.rollcall) == ["un-ga/ES-11/7", "un-sc/2774"])
    for (rollcall, locator) in zip(rollcalls, ["000-02", "000-14"]) {
      let held: EventJSON = try await program.ask("event \(rollcall.seq)")
      #expect(held.type == "rollcall.held" && held.cites(Self.praises, locator))
    }
    // And both did vote alike in them.
    for voter in ["USA", "RUS"] {
      let votes: TimelineJSON = try await program.ask("timeline \(voter) --type vote.cast")
      for (rollcall, choice) in [("un-ga/ES-11/7", "no"), ("un-sc/2774", "yes")] {
        let cast = votes.entries.filter { $0.data?.rollcall == rollcall }
        #expect(cast.map { $0.data?.choice } == [.init(choice)], "\(voter) in \(rollcall)")
      }
    }
  }

  @Test(
    "4. Names resolve across their spellings",
    arguments: [
      ("dmitry-peskov", ["Peskov", "Dmitry Peskov", "Dimitri Peskov"], ["000-23", "002-02"]),
      (
        "volodymyr-zelenskyy",
        ["Zelenskyy", "Zelensky", "Zelenskiy", "Volodymyr Zelensky", "Volodymyr Zelenskiy"],
        ["001-17", "002-16", "003-19"]
      ),
      ("sergey-lavrov", ["Lavrov", "Sergey Lavrov", "Sergei Lavrov"], ["002-07", "002-21"]),
      ("antony-blinken", ["Blinken", "Antony Blinken", "Anthony Blinken"], ["003-21"]),
      ("PRK", ["North Korea", "DPRK", "PRK"], ["000-06", "003-06"]),
      ("GBR", ["Britain", "United Kingdom", "UK", "the UK"], ["000-16"]),
    ])
  func fourth(actor: String, names: [String], locators: [String]) async throws {
    for name in names {
      let timeline: TimelineJSON = try await program.ask("timeline '\(name)'")
      #expect(timeline.subjects == [actor], "\(name)")
      let found = Set(timeline.entries.flatMap { $0.sources ?? [] }.compactMap(\.locator))
      #expect(found.isSuperset(of: locators), "\(name): \(found.sorted())")
      let events: TimelineJSON = try await program.ask("log '\(name)' -n 1")
      #expect(!events.entries.isEmpty, "\(name)")
      let show: ShowJSON = try await program.ask("show '\(name)' ukraine-integrity")
      #expect(show.actor == actor, "\(name)")
    }
  }

  @Test("5. The prediction of weak support leads to 93–18–65")
  func fifth() async throws {
    let prediction = try await program.event("claim.made", Self.declines, "001-10")
    let check = try #require(prediction.mentions?.first)
    #expect(check.data?.check?.result.contains("93–18–65") == true)
    #expect(check.data?.check?.by == ["un-ga/ES-11/7"])
    #expect(check.sources?.first?.source == "un-digital-library")
    let tally = try #require(prediction.rollcalls?.first { $0.rollcall == "un-ga/ES-11/7" })
    #expect([tally.yes, tally.no, tally.abstain] == [93, 18, 65])
    let held: EventJSON = try await program.ask("event \(tally.seq)")
    #expect(held.cites(Self.praises, "000-02"))
  }

  @Test("7. The meeting of 2023-07-10 is in no timeline about Ukraine")
  func seventh() async throws {
    let meeting = try await program.event("action.taken", Self.post, "002-21")
    #expect(meeting.on == "2023-07-10")
    for subject in ["ukraine-integrity", "ukraine-settlement", "us-ukraine-ties", "Ukraine"] {
      let timeline: TimelineJSON = try await program.ask("timeline \(subject)")
      #expect(!timeline.entries.isEmpty)
      #expect(!timeline.entries.contains { $0.id == meeting.id }, "\(subject)")
    }
    let minister: TimelineJSON = try await program.ask("timeline Lavrov")
    #expect(minister.entries.contains { $0.id == meeting.id })
  }

  @Test("8. \"Far less support\" is checked against the series of roll calls")
  func eighth() async throws {
    let claim = try await program.event("claim.made", Self.praises, "000-09")
    let yes = Dictionary(
      uniqueKeysWithValues: (claim.rollcalls ?? []).map { ($0.rollcall, $0.yes) })
    #expect(
      yes == [
        "un-ga/ES-11/1": 141, "un-ga/ES-11/2": 140, "un-ga/ES-11/3": 93, "un-ga/ES-11/4": 143,
        "un-ga/ES-11/5": 94, "un-ga/ES-11/6": 141, "un-ga/ES-11/7": 93,
      ])
    let check = try #require(claim.mentions?.first)
    #expect(check.sources?.allSatisfy { $0.source == "un-digital-library" } == true)
    let result = try #require(check.data?.check?.result)
    let halves = result.split(separator: "not against")
    try #require(halves.count == 2)
    for number in ["141", "140", "143"] { #expect(halves[0].contains(number)) }
    for number in ["93", "94"] { #expect(halves[1].contains(number)) }
  }
}
