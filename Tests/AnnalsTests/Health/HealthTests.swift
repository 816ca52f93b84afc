import EventLog
import SQLiteEventLog
import Synchronization
import Testing

@testable import Annals

/// What `health` finds, and what it does not.
@Suite struct HealthTests {
  private typealias Line = LittleRecord

  /// A clock that stands where it was set.
  private final class Clock: Sendable {
    private let now = Mutex(Instant(microseconds: 0))

    func set(_ day: String, second: Int64 = 0, microsecond: Int64 = 0) {
      let start = CalendarDay(day)?.firstSecond ?? 0
      now.withLock { $0 = Instant(microseconds: (start + second) * 1_000_000 + microsecond) }
    }

    var options: SQLiteEventLog.Options {
      var options = SQLiteEventLog.Options()
      options.clock = { self.now.withLock { $0 } }
      return options
    }
  }

  private func positions(
    _ store: Store, _ kind: HealthKind, _ subjects: [String] = [], knownBy: Position? = nil
  ) async throws -> [Position] {
    let health = try await store.health(
      subjects, knownBy: knownBy.map { .position($0) }, limit: 1000)
    let found = health.findings.filter { $0.kind == kind }.map(\.position)
    #expect(health.counts.first { $0.kind == kind }?.count == found.count)
    return found
  }

  @Test func lateIsMoreThanThirtyDays() async throws {
    let clock = Clock()
    clock.set("2025-01-01")
    try await withStore(options: clock.options) { store in
      let record = try await LittleRecord.make(store)
      clock.set("2025-01-31", second: 86_399, microsecond: 999_000)
      try await record.stance(2, "2025-01-01")
      clock.set("2025-02-01")
      let late = try await record.stance(-2, "2025-01-01")
      let inTime = try await record.stance(-2, "2025-01-02")
      // An imprecise date is late when its last day is.
      let month = try await record.stance(1, "2025-01")
      try await record.stance(1, nil)
      #expect(try await positions(store, .late) == [late])
      // The same days as the remark of an audit.
      let audit = try await store.audit(actor: "USA", topic: "t")
      #expect(audit.remarks.filter { $0.kind == "late" }.map(\.position) == [late])
      // A corrected date counts, a retracted fact is not late, and what was known stays.
      let known = try await store.log.head().position
      _ = try await record.correct(inTime, [("on", "2024-12-31")])
      #expect(try await positions(store, .late) == [late, inTime])
      _ = try await record.retract(late)
      #expect(try await positions(store, .late) == [inTime])
      _ = try await record.correct(month, [("on", "2025-01-01/2025-01-02")])
      #expect(try await positions(store, .late) == [inTime])
      #expect(try await positions(store, .late, knownBy: known) == [late])
    }
  }

  /// The list of the whole record and the answer about one actor say the same of every fact.
  @Test func auditAndHealthAgreeOnWhatIsLate() async throws {
    let clock = Clock()
    clock.set("2025-06-01")
    try await withStore(options: clock.options) { store in
      let record = try await LittleRecord.make(store)
      // A straggler among facts about another actor, one of several old facts, and one in between.
      let batches: [[(actor: String, date: String)]] = [
        [("RUS", "2025-05-30"), ("RUS", "2025-05-31"), ("USA", "2011-01-01")],
        (0..<40).map { ($0 % 2 == 0 ? "USA" : "RUS", "200\($0 % 9)-01-0\(1 + $0 / 9)") },
        (0..<30).map { ($0 == 17 ? "USA" : "RUS", $0 == 17 ? "2012-01-01" : "2025-05-29") },
      ]
      for (number, batch) in batches.enumerated() {
        try await record.add(
          batch.enumerated().map { place, fact in
            Line.stanceLine((number + place) % 5 - 2, fact.date, of: fact.actor)
          }.joined(separator: "\n"))
      }
      let whole = try await positions(store, .late)
      #expect(whole.count == 2)
      for actor in ["USA", "RUS"] {
        let audit = try await store.audit(actor: actor, topic: "t")
        let late = audit.remarks.filter { $0.kind == "late" }.compactMap(\.position)
        let steps = Set(audit.steps.map(\.evidence.position))
        #expect(late.sorted() == whole.filter(steps.contains), "\(actor)")
        let own = try await positions(store, .late, [actor])
        #expect(own == whole.filter(Set(own).contains))
        #expect(Set(late).isSubset(of: own))
      }
    }
  }

  /// Who imports the past records nothing late; a straggler among news is late.
  @Test func lateIsHeldAgainstTheImport() async throws {
    let clock = Clock()
    clock.set("2025-06-01")
    try await withStore(options: clock.options) { store in
      let record = try await LittleRecord.make(store)
      let past = (1...9).map { Line.stanceLine($0 % 5 - 2, "200\($0)-01-01") }
      try await record.add(past.joined(separator: "\n"))
      #expect(try await positions(store, .late) == [])
      #expect(try await positions(store, .late, ["USA"]) == [])
      let news = [
        Line.stanceLine(1, "2025-05-30"), Line.stanceLine(-1, "2011-01-01"),
        Line.stanceLine(2, "2025-05-31"),
      ]
      let last = try await record.add(news.joined(separator: "\n"))
      let straggler = last.advanced(by: -1)
      #expect(try await positions(store, .late) == [straggler])
      #expect(try await positions(store, .late, ["USA"]) == [straggler])
      let alone = try await record.stance(0, "2012-01-01")
      #expect(try await positions(store, .late) == [straggler, alone])
      #expect(try await positions(store, .late, ["USA", "t"]) == [straggler, alone])
      let audit = try await store.audit(actor: "USA", topic: "t")
      #expect(audit.remarks.filter { $0.kind == "late" }.map(\.position) == [straggler, alone])
      // Many late batches are counted in one reading of the log.
      for year in 13...24 { try await record.stance(year % 5 - 2, "20\(year)-01-01") }
      let remarks = try await store.audit(actor: "USA", topic: "t").remarks
      #expect(remarks.count { $0.kind == "late" } == 14)
    }
  }

  @Test func unsourcedUndatedAndCorrected() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      try await record.add(#"{"type":"source.captured","data":{"source":"s","title":"S"}}"#)
      let cited = try await record.add(
        Line.stanceLine(2, "2025-01-01", rest: #","sources":[{"source":"s"}]"#))
      let linked = try await record.add(
        Line.stanceLine(1, "2025-01-02", rest: #","sources":[{"source":"https://example.org/a"}]"#))
      let bare = try await record.stance(0, nil)
      #expect(Set(try await positions(store, .unsourced)).isDisjoint(with: [cited, linked]))
      #expect(try await positions(store, .unsourced).contains(bare))
      #expect(try await positions(store, .undated) == [bare])
      #expect(try await positions(store, .corrected) == [])
      let correction = try await record.correct(bare, [("on", "2025-01-03")])
      #expect(try await positions(store, .undated) == [])
      #expect(try await positions(store, .corrected) == [bare])
      // What was retracted is told as that, and as nothing else.
      let retraction = try await record.retract(bare)
      #expect(try await positions(store, .corrected) == [bare])
      #expect(!(try await positions(store, .unsourced)).contains(bare))
      _ = try await record.retract(retraction)
      _ = try await record.retract(correction)
      #expect(try await positions(store, .corrected) == [])
      #expect(try await positions(store, .undated) == [bare])
      // A correction that names a source gives the fact one.
      _ = try await store.correct(
        .position(bare), changes: [("on", "2025-01-04")], sources: [.object(["source": "s"])],
        reason: "test", options: LittleRecord.options)
      #expect(!(try await positions(store, .unsourced)).contains(bare))
    }
  }

  @Test func thinAndOfASingleSource() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      try await record.add(
        """
        {"type":"source.captured","data":{"source":"s","title":"S"}}
        {"type":"source.captured","data":{"source":"u","title":"U"}}
        """)
      func add(_ level: Int, _ on: String, _ source: String?) async throws -> Position {
        let rest = source.map { #","sources":[{"source":"\#($0)"}]"# } ?? ""
        return try await record.add(Line.stanceLine(level, on, rest: rest))
      }
      func found() async throws -> [String] {
        try await store.health(limit: 9).findings
          .filter { [.thin, .singleSource].contains($0.kind) }
          .map { "\($0.kind.rawValue) \($0.position)" }
      }
      let first = try await add(2, "2025-01-01", "s")
      #expect(try await found() == ["thin \(first)"])
      let second = try await add(2, "2025-01-02", "s")
      #expect(try await found() == ["single-source \(second)"])
      let third = try await add(2, "2025-01-03", nil)
      #expect(try await found() == [])
      let fourth = try await add(2, "2025-01-04", "u")
      #expect(try await found() == [])
      _ = try await record.retract(third)
      _ = try await record.retract(fourth)
      #expect(try await found() == ["single-source \(second)"])
      // Only the run of the level that holds now counts.
      let turn = try await add(-2, "2025-01-05", "u")
      #expect(try await found() == ["thin \(turn)"])
      // A stance that has ended is none.
      _ = try await record.correct(turn, [("until", "2025-01-06")])
      #expect(try await found() == ["single-source \(second)"])
      #expect(try await store.health().stances == 1)
    }
  }

  @Test func conflictsAndTallies() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      for (id, tally) in [
        ("right", #"{"yes":1,"no":1,"abstain":0}"#), ("part", #"{"yes":2,"no":5,"abstain":1}"#),
        ("wrong", #"{"yes":0,"no":2,"abstain":0}"#), ("more", #"{"yes":0,"no":9,"abstain":9}"#),
        ("open", #"{"yes":1,"no":1,"abstain":0}"#),
      ] {
        try await record.rollcall(id, "2025-02-24", official: tally)
        try await record.link(id)
        try await record.vote(id, "yes")
        try await record.vote(id, id == "open" ? "no|abstain" : "no", of: "RUS")
      }
      let held = try await store.log.read(EventQuery(types: ["rollcall.held"]), in: EventRange())
      func positions(_ ids: [String]) -> [Position] {
        held.filter { ids.contains(EventBody($0.event.body).data["rollcall"]?.string ?? "") }
          .map(\.position)
      }
      // Fewer votes than the tally has are just not all of them; more contradict it.
      #expect(try await self.positions(store, .conflicting) == positions(["wrong", "more"]))
      let text = try await store.health().findings.first { $0.kind == .conflicting }?.text
      #expect(
        text == "wrong: counted 1 yes, officially 0; counted 1 no, officially 2")
      #expect(try await self.positions(store, .conflicting, ["t"]) == positions(["wrong", "more"]))
      // As known before the votes were recorded there was nothing to hold against the tally.
      let wrong = try #require(positions(["wrong"]).first)
      #expect(try await self.positions(store, .conflicting, knownBy: wrong) == [])
      // The tally is corrected, then a vote.
      _ = try await record.correct(
        wrong, [("official.yes", 1), ("official.no", 1)])
      #expect(try await self.positions(store, .conflicting) == positions(["more"]))
      let votes = try await store.log.read(
        EventQuery(types: ["vote.cast"], tags: [Tag(kind: "rollcall", value: "more")]),
        in: EventRange())
      _ = try await record.correct(votes[0].position, [("choice", "abstain")])
      #expect(try await self.positions(store, .conflicting) == [])
      // A disputed vote and the account beside it are two findings, but no third one.
      let right = try #require(
        try await store.log.read(
          EventQuery(types: ["vote.cast"], tags: [Tag(kind: "rollcall", value: "right")]),
          in: EventRange()
        ).first)
      _ = try await store.append(
        Array(
          #"{"type":"fact.disputed","target":"\#(right.id)","reason":"x","data":{}}"#.utf8),
        options: LittleRecord.options)
      try await record.add(Line.voteLine("right", "no", id: 7))
      #expect(
        try await self.positions(store, .conflicting) == [right.position, right.position])
    }
  }

  @Test func subjectsLimitsAndCounts() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      for day in 1...7 { try await record.stance(day % 2, "2025-01-0\(day)") }
      for day in 1...2 { try await record.stance(1, "2025-01-0\(day)", of: "RUS") }
      let all = try await store.health(limit: 3)
      #expect(all.counts.map(\.kind) == HealthKind.allCases)
      func count(_ health: HealthAnswer, _ kind: HealthKind) -> Int {
        health.counts.first { $0.kind == kind }?.count ?? -1
      }
      #expect(count(all, .unsourced) == 9)
      #expect(all.findings.count { $0.kind == .unsourced } == 3)
      #expect(all.findings.filter { $0.kind == .unsourced }.map(\.position) == [5, 6, 7])
      #expect(all.stances == 2 && all.facts == 13)
      let none = try await store.health(limit: 0)
      #expect(none.findings.isEmpty && count(none, .unsourced) == 9)
      let russia = try await store.health(["Russia", "t"])
      #expect(count(russia, .unsourced) == 2 && russia.stances == 1)
      #expect(russia.subjects.map(\.id) == ["RUS", "t"])
      await #expect(throws: Problems.self) { _ = try await store.health(["Nowhere"]) }
    }
  }

  /// For each subject the findings are those of the whole record that are about it.
  @Test(arguments: [51, 52] as [UInt64])
  func findingsOfASubjectAreThoseOfTheWhole(seed: UInt64) async throws {
    let history = History(seed: seed, count: 150)
    try await withStore { store in
      for line in history.lines {
        _ = try await store.append(line, options: LittleRecord.options.quick)
      }
      let head = try await store.log.head().position
      for known in [head.advanced(by: -70), head] {
        let knownBy = KnownBy.position(known)
        let whole = try await store.health(knownBy: knownBy, limit: 10_000)
        let few = try await store.health(knownBy: knownBy, limit: 2)
        #expect(few.counts.map(\.count) == whole.counts.map(\.count))
        #expect(
          few.findings
            == HealthKind.allCases.flatMap { kind in
              whole.findings.filter { $0.kind == kind }.prefix(2)
            })
        for subject in History.actors + History.topics {
          let own = try await store.health([subject], knownBy: knownBy, limit: 10_000)
          let stances = [HealthKind.thin, .singleSource]
          if History.topics.contains(subject) {
            #expect(
              own.findings.filter { stances.contains($0.kind) }
                == whole.findings.filter {
                  stances.contains($0.kind) && $0.text.contains(" on \(subject):")
                })
          }
          for kind in HealthKind.allCases where ![.thin, .singleSource].contains(kind) {
            var expected: [HealthAnswer.Finding] = []
            for finding in whole.findings where finding.kind == kind {
              let event = try #require(try await store.event(at: finding.position))
              let fact = try await store.facts(of: [event], through: known)
                .first { $0.position == finding.position }
              let subjects = try await store.subjects([subject], through: known)
              if let fact, subjects.cover(store.tags(of: fact)) { expected.append(finding) }
            }
            #expect(
              own.findings.filter { $0.kind == kind } == expected, "seed \(seed), \(subject)")
          }
        }
      }
    }
  }
}
