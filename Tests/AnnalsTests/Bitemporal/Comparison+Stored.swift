import EventLog
import Testing

@testable import Annals

/// The rows of the stored views: of votes, which follow the log, and of those folded on demand.
extension Comparison {
  /// The store stands where the oracle does.
  mutating func compareStoredViews() async throws {
    try await store.catchUp()
    _ = try await store.replay(["stances", "timeline"])
    try await compareStoredSteps()
    try await compareStoredVotes()
    try await compareStoredAmendments()
  }

  private static func text(_ value: SQLValue) -> String {
    switch value {
    case .null: "null"
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .blob(let bytes): "\(bytes)"
    }
  }

  private mutating func rows(_ query: String) async throws -> [String] {
    try await store.log.rows(query, []).map { row in
      row.map(Self.text).joined(separator: " ")
    }
  }

  private mutating func compareStoredSteps() async throws {
    let found = try await rows(
      "SELECT actor, topic, from_day, until_day, low, high, event FROM stance_step")
    var expected: [String] = []
    for actor in History.everybody {
      for topic in History.topics {
        for step in Oracle.steps(evidence.of(actor, topic)) {
          let level = step.level ?? 0...0
          let last = step.to.map { "\(Self.number($0))" } ?? "null"
          expected.append(
            "\(actor) \(topic) \(Self.number(step.from)) \(last) \(level.lowerBound) "
              + "\(level.upperBound) \(step.evidence.index + 1)")
        }
      }
    }
    equal(found.sorted(), expected.sorted(), "stored steps")
  }

  private mutating func compareStoredVotes() async throws {
    let projection = VotesProjection()
    let stored = try await store.log.contents(of: projection.definition, projection.columns)
    let rows = stored?.rows ?? [[], []]
    let grid = VoteGrid(rollcalls: rows[0], blocks: rows[1])
    equal(
      Set(grid.rollcalls.map(\.id)).isSuperset(of: oracle.rollcalls().map(\.id)), true,
      "stored roll calls")
    compare(grid, "stored votes")
  }

  private mutating func compareStoredAmendments() async throws {
    let found = try await rows(
      "SELECT fact, live, disputed, set_aside, current, on_text FROM timeline_amendment")
    let stored = Dictionary(
      uniqueKeysWithValues: found.map { row in
        (row.prefix { $0 != " " }, row)
      })
    for fact in oracle.facts {
      let isPlain =
        fact.isLive && !fact.isDisputed && fact.setAsideBy == nil && fact.current == fact.index
      let number = "\(fact.index + 1)"
      let aside = fact.setAsideBy.map { "\($0 + 1)" } ?? "null"
      let expected =
        "\(number) \(fact.isLive ? 1 : 0) \(fact.isDisputed ? 1 : 0) \(aside) "
        + "\(fact.current + 1) \(Self.date(fact.days) ?? "null")"
      // A fact without a row reads as it was recorded.
      let row = stored[Substring(number)]
      equal(row ?? (isPlain ? expected : "no row"), expected, "stored reading of #\(number)")
    }
  }
}
