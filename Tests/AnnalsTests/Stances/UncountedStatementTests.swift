import EventLog
import Testing

@testable import Annals

/// Statements that do not count for whom they seem to speak are never a reason, and are named.
@Suite struct UncountedStatementTests {
  private static let people = """
    {"type":"actor.registered","data":{"actor":"ann","kind":"person","name":"Ann Lind"}}
    {"type":"actor.registered","data":{"actor":"union","kind":"organisation","name":"The Union"}}
    """

  private static func office(_ organisation: String, _ period: String) -> String {
    """
    {"type":"role.held","data":{"person":"ann","organisation":"\(organisation)","title":"Minister",\
    "speaksFor":true,"period":"\(period)"}}
    """
  }

  private static func said(_ level: Int, on: String, _ more: String = "") -> String {
    """
    {"type":"statement.made","on":"\(on)","data":{"speaker":"ann","kind":"quote","text":"Yes.",\
    "stance":{"topic":"t","level":\(level)}\(more)}}
    """
  }

  private static let forRussia = #","onBehalfOf":"RUS""#

  private static func withRecord(
    _ lines: [String], _ body: (Store, WriteReport) async throws -> Void
  ) async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      try await record.add(people)
      let text = lines.joined(separator: "\n")
      let report = try await store.append(Array(text.utf8), options: LittleRecord.options)
      try await body(store, report)
    }
  }

  /// The receipt of an import says the same, however many events it has, and before it is written.
  @Test(arguments: [0, 300], [false, true])
  func aReceiptSaysTheSameForFewAndForMany(_ more: Int, _ isDryRun: Bool) async throws {
    let lines =
      [
        Self.office("RUS", "2020-01-01/2021-12-31"),
        Self.said(-2, on: "2022-05-16", Self.forRussia),
        Self.said(1, on: "2022-05-17", #","conditional":true"#),
        LittleRecord.stanceLine(1, "2019-03"),
      ]
      + (0..<more).map {
        LittleRecord.stanceLine($0 % 3, "2018-01-0\(1 + $0 % 9)", topic: "t\($0)")
      }
    let topics = (0..<more).map {
      LittleRecord.line("topic.defined", #"{"topic":"t\#($0)","proposition":"T."}"#)
    }
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      try await record.add(Self.people)
      if !topics.isEmpty { try await record.add(topics.joined(separator: "\n")) }
      var options = LittleRecord.options
      options.dryRun = isDryRun
      let report = try await store.append(
        Array(lines.joined(separator: "\n").utf8), options: options)
      #expect(report.remarks.listed.map(\.kind) == ["no-office", "conditional", "imprecise"])
      let first = try #require(report.positions?.lowerBound)
      #expect(
        report.remarks.listed.map(\.position) == [1, 2, 3].map { first.advanced(by: $0) })
    }
  }

  @Test func aSpeakerWithoutAnOfficeOnTheDayIsNamedEverywhere() async throws {
    let lines = [
      Self.office("RUS", "2020-01-01/2021-12-31"), Self.said(2, on: "2021-06-01", Self.forRussia),
      Self.said(-2, on: "2022-05-16", Self.forRussia),
    ]
    let text = "does not count for Russia: no office of Ann Lind covers 2022-05-16"
    try await Self.withRecord(lines) { store, report in
      let position = try #require(report.positions?.upperBound)
      #expect(report.remarks.listed == [Remark(kind: "no-office", position: position, text: text)])
      let show = try await store.show(actor: "RUS", topic: "t")
      #expect(show.step?.level == Level(2))
      let reasons = (show.evidence + show.alsoRecorded).map(\.fact.position)
      #expect(!reasons.contains(position))
      #expect(show.coverage.contains("\(position) \(text)"))
      let compare = try await store.compare(["RUS"], topic: "t")
      #expect(compare.stances[0].coverage.contains("\(position) \(text)"))
      let health = try await store.health()
      #expect(health.findings.filter { $0.kind == .uncounted }.map(\.position) == [position])
      #expect(try await store.health(["USA"]).findings.allSatisfy { $0.kind != .uncounted })
      let page = try await store.report(
        ReportQuestion(actors: ["RUS"], topic: "t", on: Moment.on("2026-01-01", now: .now()))
      ).written(as: .md, by: "annals")
      #expect(page.contains("Coverage: \(position) \(text)"))
      #expect(!page.contains("nothing is known to be missing"))
      // On a day before it was said there is nothing to tell.
      let earlier = try await store.show(
        actor: "RUS", topic: "t", from: Viewpoint(on: Moment.on("2022-01-01", now: .now())))
      #expect(!earlier.coverage.contains { $0.contains("does not count") })
    }
  }

  @Test func aLargeImportNamesThemToo() async throws {
    let lines = (1...300).map { Self.said(1, on: "2022-05-16", ",\"venue\":\"\($0)\"") }
    try await Self.withRecord(lines + [Self.said(2, on: "2022-05-17", Self.forRussia)]) {
      _, report in
      #expect(report.remarks.listed.map(\.kind) == ["no-office"])
    }
  }

  @Test func aSpeakerOfTwoBodiesCountsForTheOneThatIsNamed() async throws {
    let offices = [Self.office("RUS", "2024-01-01/2024-06-30"), Self.office("union", "2024")]
    try await Self.withRecord(offices + [Self.said(2, on: "2024-02-01")]) { store, report in
      for name in ["RUS", "union"] {
        let show = try await store.show(actor: name, topic: "t")
        #expect(show.step == nil)
        #expect(show.coverage.contains { $0.contains("RUS and union on 2024-02-01") })
        let old = try await store.show(actor: name, topic: "t", from: Viewpoint(rule: .latest1))
        #expect(old.step?.level == Level(2))
      }
      #expect(report.remarks.listed.map(\.kind) == ["several-offices", "several-offices"])
      #expect(try await store.show(actor: "ann", topic: "t").step?.level == Level(2))
      let record = LittleRecord(store: store)
      try await record.add(Self.said(-1, on: "2024-03-01", #","onBehalfOf":"union""#))
      #expect(try await store.show(actor: "union", topic: "t").step?.level == Level(-1))
      #expect(try await store.show(actor: "RUS", topic: "t").step == nil)
      // After the one office has ended there is no doubt.
      try await record.add(Self.said(1, on: "2024-08-01"))
      #expect(try await store.show(actor: "union", topic: "t").step?.level == Level(1))
    }
  }

  @Test func aConditionMakesNoStepAndIsToldEverywhere() async throws {
    let lines = [
      Self.said(-2, on: "2024-01-01"), Self.said(2, on: "2024-02-01", #","conditional":true"#),
    ]
    try await Self.withRecord(lines) { store, report in
      let position = try #require(report.positions?.upperBound)
      let text = "said under a condition, so it makes no step: supports"
      let remark = Remark(kind: "conditional", position: position, text: text)
      #expect(report.remarks.listed == [remark])
      let show = try await store.show(actor: "ann", topic: "t")
      #expect(show.step?.level == Level(-2))
      #expect(show.coverage.contains("\(position) \(text)"))
      let summary = show.alsoRecorded.first { $0.fact.position == position }?.summary
      #expect(summary == "Ann Lind said, under a condition: Yes.")
      let audit = try await store.audit(actor: "ann", topic: "t")
      #expect(audit.remarks.contains(Remark(kind: "conditional", position: position, text: text)))
      #expect(try await store.moves().count == 0)
      let old = try await store.show(actor: "ann", topic: "t", from: Viewpoint(rule: .latest1))
      #expect(old.step?.level == Level(2))
    }
  }

  /// `2022-07/2024-02` is one unknown day, not a stretch.
  @Test func aDateLongerThanADayIsToldInTheReceipt() async throws {
    let stance = #"{"actor":"RUS","topic":"t","level":2,"basis":"declared"}"#
    let lines = [LittleRecord.line("stance.changed", stance, on: "2022-07/2024-02")]
    try await Self.withRecord(lines) { store, report in
      #expect(
        report.remarks.listed.map(\.text) == [
          "dated 2022-07/2024-02: one unknown day of 609; it counts from 2024-02-29"
        ])
      let show = try await store.show(actor: "RUS", topic: "t")
      #expect(show.sinceDated == "2022-07/2024-02")
      let record = LittleRecord(store: store)
      try await record.add(
        LittleRecord.line("stance.changed", stance, on: "2025-01-01", rest: #","note":"again""#))
      #expect(try await store.show(actor: "USA", topic: "t").sinceDated == nil)
    }
  }

  /// The editor's judgement stands beside the vote that it reads.
  @Test func aVoteIsReadByItsLink() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r/1": "2024-05-01"])
      let link = try await store.log.head().position
      try await record.add(LittleRecord.voteLine("r/1", "no", on: "2024-05-01", id: 1))
      let reading = try await store.show(actor: "USA", topic: "t").step?.reading
      #expect(reading?.link == link)
      #expect(reading?.text.hasPrefix("no on r/1 = opposes, by link \(link) (strong)") == true)
    }
  }
}
