import EventLog
import Testing

@testable import Annals

/// Shares of votes through the store: which votes fall into which period, and how they count.
@Suite struct ShareStoreTests {
  private typealias Line = LittleRecord

  /// "2022 1/0/0/0 0/10": with, against, abstentions, absences; points of those available.
  private func rows(
    _ record: LittleRecord, _ rule: Rule = .record1, every unit: Period.Unit = .year,
    period: String? = nil, from viewpoint: Viewpoint = Viewpoint()
  ) async throws -> [String] {
    let answer = try await record.store.shares(
      actor: "USA", topic: "t", rule: rule, every: unit,
      period: try period.flatMap { Period(try EDTF($0)) }, from: viewpoint)
    return answer.periods.map { row in
      let votes = row.counts.strong
      let share = row.share.map { "\($0.points)/\($0.available)" } ?? "no data"
      return "\(row.period.text) \(votes.same)/\(votes.different)/\(votes.abstain)/\(votes.absent) "
        + share
    }
  }

  private func coverage(_ record: LittleRecord, _ rule: Rule = .record1) async throws -> [String] {
    try await record.store.shares(actor: "USA", topic: "t", rule: rule).coverage
  }

  @Test func choicesAreKeptApart() async throws {
    let choices = [
      "yes", "no", "abstain", "absent", "not-voting", "ineligible", "paired-yes", "paired-no",
    ]
    let rollcalls = Dictionary(uniqueKeysWithValues: choices.map { ("r-\($0)", "2024-05-06") })
    try await withStore { store in
      let record = try await LittleRecord.make(
        store, rollcalls: rollcalls.merging(["r-unrecorded": "2024-05-06"]) { $1 })
      for choice in choices { try await record.vote("r-\(choice)", choice) }
      // Of nine roll calls seven count, with one nobody could vote in, and one not recorded.
      #expect(try await rows(record) == ["2024 2/2/1/2 25/50"])
      #expect(
        try await coverage(record).contains("the record lacks a vote of USA in r-unrecorded"))
      let answer = try await store.shares(actor: "USA", topic: "t", rule: .record1)
      #expect(answer.count == 7 && answer.periods[0].votes.count == 7)
    }
  }

  @Test func periods() async throws {
    let rollcalls = [
      "a": "2021-12-31", "b": "2022-01-01", "c": "2022-03-31", "d": "2022-04-01", "e": "2024-12-31",
      // One day of two years, and one of a month of one year.
      "f": "2022-12/2023-01", "g": "2022-02",
    ]
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: rollcalls)
      for rollcall in rollcalls.keys.sorted() { try await record.vote(rollcall, "yes") }
      #expect(
        try await rows(record) == [
          "2021 1/0/0/0 0/10", "2022 4/0/0/0 0/40", "2023 0/0/0/0 no data", "2024 1/0/0/0 0/10",
        ])
      let notes = try await coverage(record)
      #expect(notes.contains { $0.hasPrefix("not certainly in one of the periods") })
      #expect(notes.contains("rests on a single vote: 2021, 2024"))
      #expect(
        try await rows(record, every: .quarter).prefix(4) == [
          "2021-Q4 1/0/0/0 0/10", "2022-Q1 3/0/0/0 0/30", "2022-Q2 1/0/0/0 0/10",
          "2022-Q3 0/0/0/0 no data",
        ])
      #expect(
        try await rows(record, every: .month).prefix(5) == [
          "2021-12 1/0/0/0 0/10", "2022-01 1/0/0/0 0/10", "2022-02 1/0/0/0 0/10",
          "2022-03 1/0/0/0 0/10", "2022-04 1/0/0/0 0/10",
        ])
      // A period of one's own, then the years in it; or other units.
      #expect(
        try await rows(record, period: "2022-01/2023-06") == [
          "2022-01/2023-06 5/0/0/0 0/50", "2022 4/0/0/0 0/40", "2023 0/0/0/0 no data",
        ])
      #expect(
        try await rows(record, every: .quarter, period: "2022-02/2022-05") == [
          "2022-02/2022-05 3/0/0/0 0/30", "2022-Q1 2/0/0/0 0/20", "2022-Q2 1/0/0/0 0/10",
        ])
      #expect(try await rows(record, period: "2022-04-01") == ["2022-04-01 1/0/0/0 0/10"])
      #expect(try await rows(record, period: "1999") == ["1999 0/0/0/0 no data"])
      // On a day before the votes of the year were all cast.
      #expect(
        try await rows(record, from: Viewpoint(on: try LittleRecord.on("2022-02-27"))) == [
          "2021 1/0/0/0 0/10", "2022 1/0/0/0 0/10",
        ])
    }
  }

  @Test(arguments: ["..", "2022/..", "/2022", "[2022,2024]", "2022~", "2022?/2023"])
  func noPeriod(text: String) throws {
    if let date = try? EDTF(text) { #expect(Period(date) == nil) }
  }

  @Test func yearsBeforeTheCommonEra() async throws {
    let rollcalls = ["a": "-0005-12-31", "b": "-0004-01-01", "c": "0000-02-29", "d": "0001-01-01"]
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: rollcalls)
      for rollcall in rollcalls.keys { try await record.vote(rollcall, "no") }
      #expect(
        try await rows(record) == [
          "-0005 0/1/0/0 10/10", "-0004 0/1/0/0 10/10", "-0003 0/0/0/0 no data",
          "-0002 0/0/0/0 no data", "-0001 0/0/0/0 no data", "0000 0/1/0/0 10/10",
          "0001 0/1/0/0 10/10",
        ])
      #expect(
        try await rows(record, every: .quarter).prefix(2) == [
          "-0005-Q4 0/1/0/0 10/10", "-0004-Q1 0/1/0/0 10/10",
        ])
      #expect(try await rows(record, every: .month).first == "-0005-12 0/1/0/0 10/10")
    }
  }

  @Test func setsOfChoicesAreNamedAndLeftOut() async throws {
    let rollcalls = ["a": "2024-01-01", "b": "2024-01-02", "c": "2024-01-03", "d": "2024-01-04"]
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: rollcalls)
      let open = try await record.vote("a", "no|abstain")
      // Whichever it was, it counts the same.
      try await record.vote("b", "no|paired-no")
      try await record.vote("c", "absent|not-voting")
      let maybe = try await record.vote("d", "absent|ineligible")
      #expect(try await rows(record) == ["2024 0/1/0/1 84/100"])
      #expect(
        try await coverage(record).contains(
          "known only as a set of choices, and left out: \(open), \(maybe)"))
      // Once it is known, it counts.
      try await record.vote("a", "abstain")
      #expect(try await rows(record) == ["2024 0/1/1/1 15/20"])
    }
  }

  @Test func correctionsRetractionsAndLinks() async throws {
    let rollcalls = ["a": "2024-01-01", "b": "2024-01-02"]
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: rollcalls)
      let vote = try await record.vote("a", "yes")
      try await record.vote("b", "yes")
      var head = try await store.log.head().position
      let before = head
      #expect(try await rows(record) == ["2024 2/0/0/0 0/20"])
      head = try await record.correct(vote, [("choice", "no")])
      #expect(try await rows(record) == ["2024 1/1/0/0 10/20"])
      // A vote is cast when its roll call is held.
      let held = try await store.log.read(EventQuery(types: ["rollcall.held"]), in: EventRange())
      _ = try await record.correct(held[0].position, [("on", "2023-12-31")])
      #expect(try await rows(record) == ["2023 0/1/0/0 10/10", "2024 1/0/0/0 0/10"])
      head = try await record.retract(vote)
      #expect(try await rows(record) == ["2024 1/0/0/0 0/10"])
      _ = try await record.retract(head)
      // The proposition is what no supports; then the link is informative, then gone.
      let link = try await record.link("b", yes: "no")
      #expect(try await rows(record) == ["2023 0/1/0/0 10/10", "2024 0/1/0/0 10/10"])
      _ = try await record.correct(link, [("strength", "informative")])
      #expect(try await rows(record) == ["2023 0/1/0/0 10/10"])
      let classic = try await store.shares(actor: "USA", topic: "t", rule: .classic1)
      #expect(classic.periods.map(\.share) == [Share(50, of: 50), Share(10, of: 10)])
      let links = try await store.log.read(EventQuery(types: ["topic.linked"]), in: EventRange())
      for event in links { _ = try? await record.retract(event.position) }
      #expect(try await rows(record) == [])
      // What was known stays as it was.
      #expect(
        try await rows(record, from: Viewpoint(knownBy: .position(before))) == ["2024 2/0/0/0 0/20"]
      )
    }
  }

  @Test func whatIsLeftOut() async throws {
    let rollcalls = ["a": "2024-01-01", "b": "2024-01-02", "c": "2024-01-03"]
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: rollcalls)
      try await record.add(#"{"type":"source.captured","data":{"source":"s","title":"S"}}"#)
      try await record.add(
        Line.line(
          "vote.cast", #"{"rollcall":"a","voter":"USA","choice":"yes"}"#,
          rest: #","sources":[{"source":"s"}]"#))
      try await record.add(
        Line.line(
          "vote.cast", #"{"rollcall":"b","voter":"USA","choice":"no"}"#,
          rest: #","confidence":"alleged""#))
      try await record.vote("c", "abstain")
      #expect(try await rows(record) == ["2024 1/1/1/0 15/30"])
      func without(_ leaveOut: Exclusions) -> Viewpoint { Viewpoint(leavingOut: leaveOut) }
      #expect(
        try await rows(record, from: without(Exclusions(sources: ["s"]))) == ["2024 0/1/1/0 15/20"])
      #expect(
        try await rows(record, from: without(Exclusions(weak: true))) == ["2024 1/0/1/0 5/20"])
      #expect(try await rows(record, from: without(Exclusions(types: ["vote.cast"]))) == [])
      // A link is a source too.
      try await record.rollcall("d", "2023-01-01")
      try await record.link("d")
      try await record.add(
        Line.line(
          "vote.cast", #"{"rollcall":"d","voter":"USA","choice":"yes"}"#,
          rest: #","sources":[{"source":"https://example.org/d"},{"source":"s"}]"#))
      for (sources, years) in [
        (["https://example.org/d"], 2), (["https://example.org/d", "s"], 1),
      ] {
        #expect(
          try await rows(record, from: without(Exclusions(sources: sources))).count == years)
      }
      await #expect(throws: Problems.self) {
        _ = try await rows(record, from: without(Exclusions(sources: ["no-such-source"])))
      }
      // What is left out is recorded, and not called missing.
      let answer = try await store.shares(
        actor: "USA", topic: "t", rule: .record1,
        from: without(Exclusions(types: ["vote.cast"])))
      #expect(answer.coverage == [])
    }
  }

  /// Each row of `compare` is what `shares` says of the same actor.
  @Test func compareIsSharesSideBySide() async throws {
    let rollcalls = ["a": "2022-01-01", "b": "2023-01-02", "c": "2025-01-03"]
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: rollcalls)
      for (rollcall, own, other) in [("a", "yes", "no"), ("b", "no", "no"), ("c", "abstain", "")] {
        try await record.vote(rollcall, own)
        if !other.isEmpty { try await record.vote(rollcall, other, of: "RUS") }
      }
      let open = try await record.vote("c", "yes|abstain", of: "RUS")
      for unit in Period.Unit.allCases {
        for rule in [Rule.record1, .classic1] {
          let table = try await store.compare(
            ["USA", "Russia", "RUS"], topic: "t", rule: rule, every: unit)
          #expect(table.stances.map(\.actor.id) == ["USA", "RUS"])
          #expect(
            table.stances[1].coverage.contains {
              $0 == "known only as a set of choices, and left out: \(open)"
            })
          for (column, actor) in ["USA", "RUS"].enumerated() {
            let own = try await store.shares(actor: actor, topic: "t", rule: rule, every: unit)
            for row in table.rows {
              let period = own.periods.first { $0.period == row.period }
              #expect(row.cells[column].share == period?.share)
              #expect(row.cells[column].facts == period?.votes.map(\.fact.position) ?? [])
            }
            #expect(Set(table.rows.map(\.period)).isSuperset(of: own.periods.map(\.period)))
          }
        }
        // Under latest/2 each cell is the stance on the last day of the period.
        let table = try await store.compare(["USA", "RUS"], topic: "t", every: unit)
        for row in table.rows {
          for (position, cell) in zip(table.stances, row.cells) {
            let day = CalendarDay(number: row.period.days.upperBound).description
            let show = try await store.show(
              actor: position.actor.id, topic: "t",
              from: Viewpoint(on: try LittleRecord.on(day)))
            #expect(cell.level == show.step?.level, "\(position.actor.id) on \(day)")
          }
        }
      }
    }
  }
}
