import Annals
import EventLog
import Testing

@testable import AnnalsPages

/// The map of both times: at each day and state of the record it shows what the question answers.
@Suite struct TimesMapTests {
  @Test func the_map_shows_at_each_moment_what_is_answered() async throws {
    try await withStore { store in
      try await PagesRecord.fill(store)
      let revisions = try await store.revisions(actor: "A", topic: "t").revisions
      #expect(revisions.count >= 5)
      let today = Instant.now().day
      let map = TimesMap(revisions: revisions, address: .explorer("A", "t"), last: today)
      let days = map.days
      for (row, revision) in revisions.enumerated() {
        for column in 0...days.count {
          let cells = map.cells.filter { $0.rows.contains(row) && $0.columns.contains(column) }
          #expect(cells.count == 1)
          for day in PagesRecord.days(of: column, days, today) {
            let shown = try await store.show(
              actor: "A", topic: "t",
              from: Viewpoint(
                on: OnMoment(day: CalendarDay(number: day)),
                knownBy: .position(revision.knownBy.position)))
            #expect(
              cells.first?.level == shown.step?.level, "day \(day), \(revision.knownBy.position)")
          }
        }
      }
    }
  }

  @Test func between_two_states_nothing_reads_otherwise() async throws {
    try await withStore { store in
      try await PagesRecord.fill(store)
      let revisions = try await store.revisions(actor: "A", topic: "t").revisions
      let head = try await store.log.head().position
      for position in stride(from: Int64(5), through: head.rawValue, by: 1) {
        let known = KnownBy.position(Position(position))
        let audit = try await store.audit(
          actor: "A", topic: "t", from: Viewpoint(knownBy: known))
        let last = revisions.last { $0.knownBy.position.rawValue <= position }
        #expect(
          audit.steps.map { [$0.from, $0.to ?? .max, Int64($0.level.low)] }
            == (last?.steps ?? []).map { [$0.from, $0.to ?? .max, Int64($0.level.low)] },
          "#\(position)")
      }
    }
  }
}

/// A record in which a line was corrected, withdrawn, disputed and ended.
enum PagesRecord {
  static func fill(_ store: Store) async throws {
    func append(_ lines: String...) async throws {
      _ = try await store.append(
        Array(lines.joined(separator: "\n").utf8), options: AppendOptions(recorder: "tester"))
    }
    try await append(
      #"{"type":"actor.registered","data":{"actor":"A","kind":"state","name":"Aland"}}"#,
      #"{"type":"topic.defined","data":{"topic":"t","proposition":"It should be so."}}"#,
      statement("2020-01-05", 2, "one"), statement("2021-03-04", -2, "two"))
    try await append(statement("2020-07-01", 0, "three"))
    _ = try await store.correct(
      .position(Position(4)), changes: [(path: "stance.level", value: -1)],
      sources: [],
      reason: "Misread.", options: AppendOptions(recorder: "tester"))
    _ = try await store.retract(
      .position(Position(5)), sources: [], reason: "Not so.",
      options: AppendOptions(recorder: "tester"))
    try await append(
      #"{"type":"actor.named","data":{"actor":"A","name":"Åland"}}"#,
      statement("2022/2023", 2, "four"))
  }

  private static func statement(_ on: String, _ level: Int, _ text: String) -> String {
    #"{"type":"statement.made","on":"\#(on)","data":{"speaker":"A","kind":"paraphrase","text":"\#(text)","stance":{"topic":"t","level":\#(level)}}}"#
  }

  /// Days of a column of the map: its first, one within, its last.
  static func days(of column: Int, _ days: [Int64], _ today: Int64) -> [Int64] {
    let first = column == 0 ? (days.first ?? today) - 40 : days[column - 1]
    let last = column < days.count ? days[column] - 1 : today
    return [first, (first + last) / 2, last]
  }
}
