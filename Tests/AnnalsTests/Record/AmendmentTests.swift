import EventLog
import Testing

@testable import Annals

/// Corrections, retractions and second votes, through the store as a library user meets it.
@Suite struct AmendmentTests {
  /// The worked history of the design: A from 24 February 2022; B from 24 February 2025; late, C on
  /// 3 March 2025; then B is corrected to an earlier day, and C is withdrawn. A late correction of
  /// B's old claim must not override C, which is about a later day.
  @Test func aLateCorrectionDoesNotOverrideALaterFact() async throws {
    try await withStore { store in
      try await prepare(store)
      let a = try await stance(store, 2, "2022-02-24")
      let b = try await stance(store, -2, "2025-02-24")
      let c = try await stance(store, 0, "2025-03-03")
      let d = try await store.correct(
        .position(b), changes: [("on", "2025-02-12")], reason: "it was earlier",
        options: AppendOptions(recorder: "test")
      ).positions?.upperBound
      let e = try await store.retract(
        .position(c), reason: "it was somebody else", options: AppendOptions(recorder: "test")
      ).positions?.upperBound
      #expect(try await line(store, a) == ["2022-02-24 2"])
      #expect(try await line(store, b) == ["2022-02-24 2", "2025-02-24 -2"])
      #expect(try await line(store, c) == ["2022-02-24 2", "2025-02-24 -2", "2025-03-03 0"])
      #expect(try await line(store, d) == ["2022-02-24 2", "2025-02-12 -2", "2025-03-03 0"])
      #expect(try await line(store, e) == ["2022-02-24 2", "2025-02-12 -2"])
    }
  }

  @Test func aRetractionCanBeRetracted() async throws {
    try await withStore { store in
      try await prepare(store)
      let fact = try await stance(store, 2, "2022-02-24")
      let options = AppendOptions(recorder: "test")
      let first = try await store.retract(.position(fact), reason: "wrong", options: options)
      let gone = try await store.show(actor: "USA", topic: "t")
      #expect(gone.step == nil)
      await #expect(throws: Problems.self) {
        try await store.retract(
          .position(fact), reason: "wrong for another reason", options: options)
      }
      let position = try #require(first.positions?.upperBound)
      _ = try await store.retract(.position(position), reason: "it was right", options: options)
      let back = try await store.show(actor: "USA", topic: "t")
      #expect(back.step?.level == Level(2))
      let again = try await store.retract(.position(fact), reason: "wrong", options: options)
      #expect(again.appended == 1)
      let goneAgain = try await store.show(actor: "USA", topic: "t")
      #expect(goneAgain.step == nil)
    }
  }

  @Test func aDryRunSaysWhatWouldChangeAndWritesNothing() async throws {
    try await withStore { store in
      try await prepare(store)
      let fact = try await stance(store, 2, "2022-02-24")
      let head = try await store.log.head()
      var options = AppendOptions(recorder: "test")
      options.dryRun = true
      let dry = try await store.correct(
        .position(fact), changes: [("level", -1)], reason: "misread", options: options)
      #expect(try await store.log.head() == head)
      options.dryRun = false
      let real = try await store.correct(
        .position(fact), changes: [("level", -1)], reason: "misread", options: options)
      #expect(dry.changes.count == 1)
      let levels = [dry, real].map { [$0.changes.first?.before, $0.changes.first?.after] }
      #expect(levels == [[Level(2), Level(-1)], [Level(2), Level(-1)]])
      #expect(dry.receipts.map(\.id) == real.receipts.map(\.id))
      #expect(dry.receipts.map(\.position) == real.receipts.map(\.position))
    }
  }

  @Test func aSecondVoteIsAConflictUnlessItNarrowsASet() async throws {
    try await withStore { store in
      try await prepare(store)
      try await append(
        store, #"{"type":"vote.cast","data":{"rollcall":"r","voter":"USA","choice":"no"}}"#)
      await #expect(throws: Problems.self) {
        try await append(
          store, #"{"type":"vote.cast","data":{"rollcall":"r","voter":"USA","choice":"yes"}}"#)
      }
      try await append(
        store,
        #"{"type":"vote.cast","data":{"rollcall":"r","voter":"RUS","choice":["no","abstain"]}}"#)
      await #expect(throws: Problems.self) {
        try await append(
          store, #"{"type":"vote.cast","data":{"rollcall":"r","voter":"RUS","choice":"yes"}}"#)
      }
      try await append(
        store, #"{"type":"vote.cast","data":{"rollcall":"r","voter":"RUS","choice":"abstain"}}"#)
      let answer = try await store.show(actor: "RUS", topic: "t")
      #expect(answer.step?.level == Level(0))
      #expect(answer.evidence.count == 1 && answer.alsoRecorded.count == 1)
    }
  }

  @Test func aRefusedDefinitionIsToldOnce() async throws {
    try await withStore { store in
      try await prepare(store)
      let lines = """
        {"type":"actor.registered","data":{"actor":"FRA","kind":"country","name":"France"}}
        {"type":"actor.named","data":{"actor":"FRA","name":"Paris"}}
        {"type":"actor.named","data":{"actor":"GBR","name":"London"}}
        """
      do {
        try await append(store, lines)
        Issue.record("appended")
      } catch let problems as Problems {
        #expect(problems.problems.map(\.code) == [.unknownValue, .unknownReference])
        #expect(problems.problems.last?.message.contains("GBR") == true)
      }
      // Where the good lines are kept, one that needs the bad one is not good.
      let options = AppendOptions(recorder: "test", reject: { _, _ in })
      let report = try await store.append(Array(lines.utf8), options: options)
      #expect(report.appended == 0 && report.rejected == 3)
    }
  }

  @Test func viewsFollowALinkThatWasCorrected() async throws {
    try await withStore { store in
      try await prepare(store)
      try await append(
        store,
        """
        {"type":"rollcall.held","on":"2025-02-25","data":{"rollcall":"s","motion":"m","body":"un",\
        "method":"recorded","result":"adopted"}}
        """)
      _ = try await store.correct(
        .position(7), changes: [("rollcall", "s")], reason: "the other roll call",
        options: AppendOptions(recorder: "test"))
      try await append(
        store, #"{"type":"vote.cast","data":{"rollcall":"s","voter":"USA","choice":"no"}}"#)
      let answer = try await store.show(actor: "USA", topic: "t")
      #expect(answer.step?.level == Level(-2))
      for check in try await store.check() {
        #expect(check.differences.isEmpty, "\(check.name): \(check.differences)")
      }
      // The vote is about the topic only as far as the link is known.
      let now = try await store.timeline(["t"], types: ["vote.cast"])
      #expect(now.entries.map(\.fact.position) == [10])
      for (known, held) in [(6, []), (8, [6]), (10, [8])] as [(Int64, [Position])] {
        let then = try await store.timeline(
          ["t"], types: ["rollcall.held"], knownBy: .position(Position(known)))
        #expect(then.entries.map(\.fact.position) == held, "known by \(known)")
      }
    }
  }

  @Test func whatMakesNoStepIsSaid() async throws {
    try await withStore { store in
      try await prepare(store)
      let worded = #"{"actor":"USA","topic":"t","level":"suports","basis":"declared"}"#
      try await append(
        store, #"{"type":"stance.changed","on":"2025-01-01","data":\#(worded)}"#)
      let undated = #"{"actor":"USA","topic":"t","level":2,"basis":"declared"}"#
      try await append(store, #"{"type":"stance.changed","data":\#(undated)}"#)
      let answer = try await store.show(actor: "USA", topic: "t")
      #expect(answer.step == nil && answer.count == 0)
      #expect(
        answer.coverage == [
          "undated and left out: #9",
          "stated in words that are no level, so without a step: #8",
        ])
    }
  }

  @Test func aCorrectionMustLeaveAValidFact() async throws {
    try await withStore { store in
      try await prepare(store)
      let fact = try await stance(store, 2, "2022-02-24")
      for change: (String, JSON) in [
        ("level", 7), ("topic", "no-such-topic"), ("colour", "red"), ("actor", .null),
      ] {
        await #expect(throws: Problems.self, "\(change)") {
          try await store.correct(
            .position(fact), changes: [change], reason: "x",
            options: AppendOptions(recorder: "test"))
        }
      }
    }
  }

  @Test func anExpectedHeadThatMovedIsAConflict() async throws {
    try await withStore { store in
      try await prepare(store)
      var options = AppendOptions(recorder: "test")
      options.expectedHead = try await store.log.head().position
      let line = #"{"type":"topic.defined","data":{"topic":"u","proposition":"U."}}"#
      _ = try await store.append(Array(line.utf8), options: options)
      let other = #"{"type":"topic.defined","data":{"topic":"v","proposition":"V."}}"#
      do {
        _ = try await store.append(Array(other.utf8), options: options)
        Issue.record("appended at a head that had moved")
      } catch let problems as Problems {
        #expect(problems.problems.map(\.code) == [.headMoved])
      }
    }
  }

  // MARK: the little world

  private func prepare(_ store: Store) async throws {
    try await append(
      store,
      """
      {"type":"actor.registered","data":{"actor":"USA","kind":"state","name":"United States"}}
      {"type":"actor.registered","data":{"actor":"RUS","kind":"state","name":"Russia"}}
      {"type":"actor.registered","data":{"actor":"un","kind":"body","name":"UN"}}
      {"type":"topic.defined","data":{"topic":"t","proposition":"T should be."}}
      {"type":"motion.tabled","data":{"motion":"m","body":"un","title":"M"}}
      {"type":"rollcall.held","on":"2025-02-24","data":{"rollcall":"r","motion":"m","body":"un",\
      "method":"recorded","result":"adopted"}}
      {"type":"topic.linked","data":{"topic":"t","rollcall":"r","supporting":"yes",\
      "strength":"strong","rationale":"the same"}}
      """)
  }

  @discardableResult
  private func append(_ store: Store, _ lines: String) async throws -> WriteReport {
    try await store.append(Array(lines.utf8), options: AppendOptions(recorder: "test"))
  }

  private func stance(_ store: Store, _ level: Int, _ on: String) async throws -> Position {
    let report = try await append(
      store,
      #"{"type":"stance.changed","on":"\#(on)","data":{"actor":"USA","topic":"t","#
        + #""level":\#(level),"basis":"declared"}}"#)
    return try #require(report.positions?.upperBound)
  }

  /// The line as known after a position: "day level".
  private func line(_ store: Store, _ known: Position?) async throws -> [String] {
    let audit = try await store.audit(
      actor: "USA", topic: "t", from: Viewpoint(knownBy: .position(try #require(known))))
    return audit.steps.map { "\(CalendarDay(number: $0.from)) \($0.level.low)" }
  }
}
