import EventLog
import Testing

@testable import Annals

private typealias Line = LittleRecord

/// Roll calls that are taken back or declared void, and roll calls that were held on another day: each
/// answer says the same of the votes in them.
@Suite struct AnnulledRollCallTests {
  private static func held(
    _ rollcall: String, on: String?, result: String = "adopted", id: Int, rest: String = ""
  ) -> String {
    Line.line(
      "rollcall.held",
      #"{"rollcall":"\#(rollcall)","motion":"m","body":"un","method":"recorded","#
        + #""result":"\#(result)"}"#, on: on, id: id, rest: rest)
  }

  /// Two roll calls on one topic, in both of which both voted otherwise: `r` with the id 1, `s` with 2.
  private func make(_ store: Store, votesOn: String? = nil) async throws -> LittleRecord {
    let record = try await LittleRecord.make(store)
    try await record.add(
      Line.line("motion.tabled", #"{"motion":"m","body":"un","title":"M"}"#) + "\n"
        + Self.held("r", on: "2025-03-01", id: 1) + "\n" + Self.held("s", on: "2025-04-01", id: 2))
    try await record.link("r")
    try await record.link("s")
    for voter in ["USA", "RUS"] {
      try await record.vote("r", "yes", of: voter, on: votesOn)
      try await record.vote("s", "no", of: voter)
    }
    return record
  }

  /// What the answers say of the votes in `r`.
  private func count(_ store: Store) async throws -> [Int] {
    let list = try await store.rollcalls()
    let agreement = try await store.agreement("USA", "RUS")
    let answer = try await store.rollcall("r")
    let line = try await store.line(actor: "USA", topic: "t", from: Viewpoint())
    let shares = try await store.shares(actor: "USA", topic: "t", rule: .record1)
    return [
      list.rows.first { $0.rollcall == "r" }?.recorded ?? 0, agreement.total.figures.n - 1,
      answer.votes.count, line.evidence.count - 1, shares.count - 1,
    ]
  }

  private static let all = [2, 1, 2, 1, 1]
  private static let none = [0, 0, 0, 0, 0]

  @Test func votesInARollCallThatWasTakenBackCountNowhere() async throws {
    try await withStore { store in
      let record = try await make(store)
      #expect(try await count(store) == Self.all)
      try await record.checkViews()
      let before = try await store.log.head().position
      let retraction = try await record.amend("fact.retracted", of: [1], id: 9)
      #expect(try await count(store) == Self.none)
      #expect(try await record.line() == ["2025-04-01/… -2"])
      #expect(try await record.line(knownBy: before).first == "2025-03-01/2025-03-31 2")
      #expect(try await store.rollcalls().rows.map(\.rollcall) == ["s"])
      #expect(try await store.swings().swings.isEmpty)
      let answer = try await store.rollcall("r")
      #expect(answer.unrecorded.isEmpty && answer.members.unrecorded == nil)
      #expect(
        answer.coverage.notes.first
          == "every account of the roll call itself was taken back, so the 2 votes recorded in it"
          + " count nowhere")
      #expect(try await store.health(limit: 9).findings.filter { $0.kind == .undated } == [])
      try await record.checkViews()
      // Nobody's silence: there was no vote.
      #expect(!(try await store.show(actor: "un", topic: "t").coverage.joined().contains("r,")))
      _ = try await record.retract(retraction)
      #expect(try await count(store) == Self.all)
      try await record.checkViews()
    }
  }

  @Test func anotherAccountOfTheRollCallKeepsItsVotes() async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.add(Self.held("r", on: "2025-03-01", result: "rejected", id: 3))
      _ = try await record.amend("fact.retracted", of: [1])
      #expect(try await count(store) == Self.all)
      _ = try await record.amend("fact.retracted", of: [3])
      #expect(try await count(store) == Self.none)
      // It may be recorded again.
      try await record.add(Self.held("r", on: "2025-03-03", id: 4))
      #expect(try await count(store) == Self.all)
      #expect(try await record.line().first == "2025-03-03/2025-03-31 2")
      try await record.checkViews()
    }
  }

  @Test func aVoteThatWasDeclaredVoidCountsNowhere() async throws {
    try await withStore { store in
      let record = try await make(store)
      _ = try await record.amend("fact.corrected", of: [1], #"{"result":"annulled"}"#)
      #expect(try await count(store) == Self.none)
      let answer = try await store.rollcall("r")
      #expect(answer.result == "annulled" && answer.differences.isEmpty)
      #expect(
        answer.coverage.notes.first
          == "its result is annulled, so the 2 votes recorded in it count nowhere")
      try await record.checkViews()
    }
  }

  /// Votes may be recorded without any account of their roll call.
  @Test func aRollCallOfWhichNothingWasEverRecordedKeepsItsVotes() async throws {
    try await withStore { store in
      let record = try await make(store)
      // Another id takes over: nothing was taken back.
      _ = try await record.amend("fact.corrected", of: [1], #"{"rollcall":"s"}"#)
      let answer = try await store.rollcall("r")
      #expect(answer.accounts.isEmpty && answer.votes.count == 2)
      #expect(try await store.agreement("USA", "RUS").total.figures.n == 2)
      try await record.checkViews()
    }
  }

  // MARK: the day

  @Test(arguments: [nil, "2025-03-01", "2025-02"])
  func theCorrectedDayOfARollCallReachesItsVotes(_ own: String?) async throws {
    try await withStore { store in
      let record = try await make(store, votesOn: own)
      #expect(try await record.line().first == "2025-03-01/2025-03-31 2")
      _ = try await record.add(
        Line.line(
          "fact.corrected", "{}", on: "2025-03-05", id: 8,
          rest: #","target":["\#(Line.id(1))"],"reason":"test""#))
      #expect(try await record.line().first == "2025-03-05/2025-03-31 2")
      let show = try await store.show(
        actor: "USA", topic: "t", from: Viewpoint(on: try Line.on("2025-03-04")))
      #expect(show.step == nil)
      let timeline = try await store.timeline(["USA"], types: ["vote.cast"])
      #expect(timeline.entries.map { $0.fact.time?.text } == ["2025-03-05", "2025-04-01"])
      let day = try await store.timeline(
        ["USA"], types: ["vote.cast"], on: try Line.on("2025-03-04"))
      #expect(day.entries.isEmpty && day.leftOut == 2)
      let vote = try #require(timeline.entries.first?.fact)
      let detail = try await store.event(.position(vote.position))
      #expect(detail.entry.fact.time?.text == "2025-03-05")
      var filter = LogFilter()
      filter.types = ["vote.cast"]
      filter.until = try #require(CalendarDay("2025-03-05")).firstSecond
      #expect(try await store.log(["USA"], filter: filter).entries.isEmpty)
      let agreement = try await store.agreement(
        "USA", "RUS", in: scope("2025-03-05"), listingFacts: true)
      #expect(agreement.facts?.map(\.on) == ["2025-03-05"])
      let audit = try await store.audit(actor: "USA", topic: "t")
      #expect(audit.steps.first?.evidence.time?.text == "2025-03-05")
      try await record.checkViews()
    }
  }

  private func scope(_ period: String) throws -> RollCallScope {
    var scope = RollCallScope()
    scope.period = Period(try EDTF(period))
    return scope
  }

  /// A roll call that is dated roughly may hold votes that are dated exactly.
  @Test func theOwnDateOfAVoteCountsWithinThatOfItsRollCall() async throws {
    try await withStore { store in
      let record = try await make(store, votesOn: "2025-03-07")
      let month = #","target":["\#(Line.id(1))"],"reason":"test""#
      _ = try await record.add(Line.line("fact.corrected", "{}", on: "2025-03", rest: month))
      #expect(try await record.line().first == "2025-03-07/2025-03-31 2")
      // In the month before it lies outside, and the month of the roll call is all that is known.
      _ = try await record.add(Line.line("fact.corrected", "{}", on: "2025-02", rest: month))
      #expect(try await record.line().first == "2025-02-28/2025-03-31 2")
    }
  }

  @Test func healthSaysWhereVotesAreDatedOtherwise() async throws {
    try await withStore { store in
      _ = try await make(store, votesOn: "2025-02-20")
      let found = try await store.health(limit: 9).findings.filter { $0.kind == .conflicting }
      #expect(
        found.map(\.text)
          == Array(
            repeating: "of another date than its roll call r, 2025-03-01, which is gone by",
            count: 2))
      let own = try await store.health(["USA"], limit: 9).findings
        .filter { $0.kind == .conflicting || $0.kind == .undated }
      #expect(
        own.map(\.text) == [
          "of another date than its roll call r, 2025-03-01, which is gone by"
        ])
    }
  }

  @Test func aVoteWithoutADateOfItsOwnIsNotUndated() async throws {
    try await withStore { store in
      let record = try await make(store)
      #expect(try await store.health(limit: 9).findings.filter { $0.kind == .undated } == [])
      try await record.add(
        Self.held("u", on: nil, id: 5) + "\n" + Line.voteLine("u", "yes", of: "USA", id: 6))
      let undated = try await store.health(limit: 9).findings.filter { $0.kind == .undated }
      #expect(undated.count == 2)
    }
  }

  // MARK: what hangs on it

  @Test func aRetractionSaysHowManyFactsHangOnIt() async throws {
    try await withStore { store in
      let record = try await make(store)
      let id = try #require(EventID(Line.id(1)))
      var options = Line.options
      options.dryRun = true
      let report = try await store.retract(.id(id), reason: "test", options: options)
      // Two votes and the link to the topic.
      #expect(report.dependents == 3)
      // Another account keeps them.
      try await record.add(Self.held("r", on: "2025-03-01", result: "rejected", id: 3))
      #expect(try await store.retract(.id(id), reason: "test", options: options).dependents == 0)
      // A motion takes its roll calls with it, and they their votes.
      let motion = try await store.list(.motions).first?.position
      let whole = try await store.retract(
        .position(try #require(motion)), reason: "test", options: options)
      #expect(whole.dependents == 9)
    }
  }

  @Test func whatHangsOnItIsTakenBackWithIt() async throws {
    try await withStore { store in
      let record = try await make(store)
      let id = try #require(EventID(Line.id(1)))
      let report = try await store.retract(
        .id(id), withDependents: true, reason: "never held", options: Line.options)
      #expect(report.appended == 1 && report.dependents == 3)
      #expect(try await count(store) == Self.none)
      // The receipt was lost, and the command is given again.
      let again = try await store.retract(
        .id(id), withDependents: true, reason: "never held", options: Line.options)
      #expect(again.appended == 0 && again.alreadyPresent == 1 && again.dependents == 3)
      #expect(again.receipts.map(\.id) == report.receipts.map(\.id))
      #expect(try await store.timeline(["USA"], types: ["vote.cast"]).entries.count == 1)
      // One retraction of the retraction brings all of it back.
      _ = try await record.retract(try #require(report.positions?.lowerBound))
      #expect(try await count(store) == Self.all)
      try await record.checkViews()
    }
  }

  /// One event names about a thousand others at most.
  @Test func moreThanOneEventCanNameAreTakenBackByTwo() async throws {
    try await withStore { store in
      _ = try await make(store)
      let lines = (0..<1100).map { number in
        Line.line("actor.registered", #"{"actor":"a-\#(number)","kind":"person","name":"A"}"#)
          + "\n" + Line.voteLine("r", "yes", of: "a-\(number)")
      }
      var options = Line.options
      options.reportsChanges = false
      _ = try await store.append(Array(lines.joined(separator: "\n").utf8), options: options)
      let id = try #require(EventID(Line.id(1)))
      let report = try await store.retract(
        .id(id), withDependents: true, reason: "never held", options: options)
      #expect(report.appended == 2 && report.dependents == 1103)
      #expect(try await count(store) == Self.none)
      let again = try await store.retract(
        .id(id), withDependents: true, reason: "never held", options: options)
      #expect(again.appended == 0 && again.alreadyPresent == 2 && again.dependents == 1103)
    }
  }
}
