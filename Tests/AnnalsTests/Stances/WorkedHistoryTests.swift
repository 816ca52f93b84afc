import EventLog
import Testing

@testable import Annals

/// The worked history of the design: a late fact that ended by itself, a correction of an older
/// one, a retraction. After each event the whole line is held against the table.
@Suite struct WorkedHistoryTests {
  /// Supports, opposes and neutral stand for A, B and C.
  private static let table: [[String]] = [
    ["2022-02-24/… 2"],
    ["2022-02-24/2025-02-23 2", "2025-02-24/… -2"],
    [
      "2022-02-24/2025-02-23 2", "2025-02-24/2025-03-02 -2", "2025-03-03/2025-03-10 0",
      "2025-03-11/… -2",
    ],
    [
      "2022-02-24/2025-02-11 2", "2025-02-12/2025-03-02 -2", "2025-03-03/2025-03-10 0",
      "2025-03-11/… -2",
    ],
    ["2022-02-24/2025-02-11 2", "2025-02-12/… -2"],
  ]

  private func record(_ record: LittleRecord) async throws -> [Position] {
    let a = try await record.stance(2, "2022-02-24")
    let b = try await record.stance(-2, "2025-02-24")
    let c = try await record.stance(0, "2025-03-03", until: "2025-03-10")
    return [
      a, b, c, try await record.correct(b, [("on", "2025-02-12")]), try await record.retract(c),
    ]
  }

  @Test func everyRowOfTheTable() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      for (position, line) in zip(try await self.record(record), Self.table) {
        #expect(try await record.line(knownBy: position) == line, "known by \(position)")
        // The fold of the whole log gives the same line as the slice.
        let folded = try await store.lines(through: position)
        let segments = try #require(folded[StancePair(actor: "USA", topic: "t")])
        #expect(
          segments.map {
            "\(CalendarDay(number: $0.from)) \($0.level.map(LittleRecord.text) ?? "-")"
          }
            == line.map { $0.replacing(/\/[^ ]+/, with: "") }, "known by \(position)")
      }
      try await record.checkViews()
    }
  }

  /// A stance that holds again rests on what it rested on before.
  @Test func whatAStanceThatHoldsAgainRestsOn() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      let positions = try await self.record(record)
      let audit = try await store.audit(
        actor: "USA", topic: "t", from: Viewpoint(knownBy: .position(positions[3])))
      #expect(audit.steps.map(\.restsOn) == Array(repeating: "a single declared change", count: 4))
      #expect(audit.steps.map { $0.before?.low } == [nil, 2, -2, 0])
    }
  }

  /// What `show` says on each day is what the line says, whatever day is asked about.
  @Test func everyDayOfTheTable() async throws {
    let days = [
      "2022-02-23", "2022-02-24", "2025-02-11", "2025-02-12", "2025-02-23", "2025-02-24",
      "2025-03-02", "2025-03-03", "2025-03-10", "2025-03-11", "2026-01-01",
    ]
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      for (position, line) in zip(try await self.record(record), Self.table) {
        for day in days {
          let answer = try await store.show(
            actor: "USA", topic: "t",
            from: Viewpoint(on: try LittleRecord.on(day), knownBy: .position(position)))
          let expected = line.first { step in
            let parts = step.split(whereSeparator: { "/ ".contains($0) })
            return parts[0] <= day && (parts[1] == "…" || day <= parts[1])
          }?.split(separator: " ").last.map(String.init)
          #expect(
            answer.step.map { LittleRecord.text($0.level) } == expected,
            "on \(day), known by \(position)")
        }
      }
    }
  }

  @Test func aStanceThatEndsWithNothingBeforeItLeavesAGap() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      try await record.stance(2, "2025-01-01", until: "2025-01-31")
      let later = try await record.stance(2, "2025-06-01")
      #expect(
        try await record.line() == ["2025-01-01/2025-01-31 2", "2025-06-01/… 2"])
      let gap = try await store.show(
        actor: "USA", topic: "t", from: Viewpoint(on: try LittleRecord.on("2025-03")))
      #expect(gap.step == nil && gap.since == nil && gap.evidence.isEmpty)
      #expect(gap.coverage.contains { $0.contains("ended on 2025-01-31") })
      let table = try await store.compare(
        ["USA"], topic: "t", every: .month, from: Viewpoint(on: try LittleRecord.on("2025-03")))
      #expect(
        table.rows.map { "\($0.period.text) \($0.cells[0].label)" } == [
          "2025-01 supports", "2025-02 no data",
        ])
      let now = try await store.show(actor: "USA", topic: "t")
      #expect(now.since == CalendarDay("2025-06-01")?.number && now.before == nil)
      #expect(now.step?.restsOn == "a single declared change")
      // Lists and stored views do not run the two together either.
      #expect(
        try await store.list(.stances) == [
          ListEntry(id: "USA", name: "t", detail: "supports since 2025-06-01", position: later)
        ])
      try await record.checkViews()
    }
  }

  @Test func anEndMayNotComeBeforeTheBeginning() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      #expect(
        await record.refuses(LittleRecord.stanceLine(2, "2025-02-02", until: "2025-02-01"))
          == [.outOfRange])
      #expect(
        await record.refuses(LittleRecord.stanceLine(2, "2025-02-02", until: "soon")) != [])
      let fact = try await record.stance(2, "2025-02-02", until: "2025-02-02")
      #expect(try await record.line() == ["2025-02-02/2025-02-02 2"])
      for change: (String, JSON) in [("until", "2025-02-01"), ("on", "2025-02-03")] {
        await #expect(throws: Problems.self, "\(change)") {
          try await record.correct(fact, [change])
        }
      }
      _ = try await record.correct(fact, [("until", .null)])
      #expect(try await record.line() == ["2025-02-02/… 2"])
    }
  }
}
