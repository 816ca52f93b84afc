import EventLog

/// Looks at facts one by one for what a careful reader should know; all are counted, the first of
/// each kind are kept.
struct HealthCheck: Sendable {
  let limit: Int
  private(set) var counts: [HealthKind: Int] = [:]
  private var found: [HealthKind: [HealthAnswer.Finding]] = [:]
  private(set) var facts = 0
  var stances = 0
  /// Dated facts by the last day on which they may have been so.
  private(set) var byDay: [Int64: [Position]] = [:]
  /// Votes of which an account is disputed: by roll call, what the account of each voter says.
  private var disputed: [String: [String: ChoiceSet]] = [:]
  private var tape = JSONTape()

  init(limit: Int) { self.limit = limit }

  /// Definitions, and what the record says about itself, need neither source nor date.
  private static let definitions: Set<String> = [
    "source.captured", "import.completed", "actor.registered", "actor.named", "actor.identified",
    "actor.merged", "topic.defined", "topic.linked", "topic.retired", "payload.erased",
  ]
  /// Facts that hold over a period of their own.
  private static let periods: Set<String> = [
    "role.held", "membership.held", "actor.succeeded", "relation.asserted", "motion.tabled",
  ]

  mutating func add(_ kind: HealthKind, _ position: Position, _ text: String) {
    counts[kind, default: 0] += 1
    found[kind, default: []].append(
      HealthAnswer.Finding(kind: kind, position: position, text: text))
    // They come in any order; what cannot be among the first is let go from time to time.
    if found[kind, default: []].count > 2 * limit + 1000 { found[kind] = findings(kind) }
  }

  /// The first findings of a kind, in log order.
  func findings(_ kind: HealthKind) -> [HealthAnswer.Finding] {
    let sorted = (found[kind] ?? []).sorted { ($0.position, $0.text) < ($1.position, $1.text) }
    return Array(sorted.prefix(limit))
  }

  /// A fact of which nothing was said later.
  mutating func look(at row: borrowing EventRow, _ names: any LogNames) {
    let type = names.type(row.type).name
    guard AmendmentState.kind(of: type) == nil else { return }
    let cites =
      row.tags.contains { names.tag($0).kind == "source" } || Self.hasSources(row.body, &tape)
    look(type, row.position, latest: row.bounds?.latest, isSourced: cites)
  }

  /// A fact as it reads after all that was said about it.
  mutating func look(at fact: Fact) {
    guard fact.isLive else {
      facts += 1
      add(.corrected, fact.position, "retracted")
      return
    }
    look(
      fact.type, fact.position, latest: fact.time?.latest, isSourced: !fact.sources.isEmpty)
    if fact.current != fact.position {
      add(.corrected, fact.position, "corrected by \(fact.current)")
    }
    if fact.isDisputed { add(.conflicting, fact.position, "disputed, and not settled") }
    if fact.type == "vote.cast", fact.holds, fact.isDisputed { noteDisputed(fact.data) }
  }

  private mutating func look(
    _ type: String, _ position: Position, latest: Int64?, isSourced: Bool
  ) {
    facts += 1
    if Self.definitions.contains(type) { return }
    if !isSourced { add(.unsourced, position, "\(type) names no source") }
    if Self.periods.contains(type) { return }
    if let latest {
      let day = Day.last(before: latest)
      if day != .max { byDay[day, default: []].append(position) }
    } else {
      add(.undated, position, "\(type) has no date")
    }
  }

  /// Links are sources too, and are not filed under.
  private static func hasSources(_ body: [UInt8], _ tape: inout JSONTape) -> Bool {
    guard (try? tape.parse(body)) != nil, let sources = tape.member(tape.root, "sources") else {
      return false
    }
    return tape.value(sources).array?.isEmpty == false
  }

  // MARK: tallies

  private mutating func noteDisputed(_ vote: JSON) {
    guard let rollcall = vote["rollcall"]?.string, let voter = vote["voter"]?.string,
      let choices = vote["choice"].flatMap(ChoiceSet.init)
    else { return }
    disputed[rollcall, default: [:]][voter] = choices
  }

  /// Holds an official tally against the votes as they are counted: more votes than it has contradict
  /// it, and fewer do where as many are recorded in all. A disputed vote may have been another.
  mutating func compare(_ tally: Tally, _ counted: VoteRollCall) {
    let open = disputed[tally.rollcall] ?? [:]
    let pairs = [tally.yes, tally.no, tally.abstain].enumerated().compactMap { index, official in
      official.map { official in
        let choice = ChoiceSet(rawValue: 1 << UInt16(index))
        return (
          name: ChoiceSet.names[index], official: official,
          counted: counted.certain[index] - open.values.count { $0 == choice }
        )
      }
    }
    let isWhole =
      pairs.reduce(0) { $0 + $1.counted } >= pairs.reduce(0) { $0 + $1.official }
      && counted.open + counted.conflicts == 0 && open.isEmpty
    let wrong = pairs.filter { $0.counted > $0.official || (isWhole && $0.counted != $0.official) }
    if wrong.isEmpty { return }
    let text = wrong.map { "\($0.counted) \($0.name), officially \($0.official)" }
    add(
      .conflicting, tally.position,
      "\(tally.rollcall): counted \(text.joined(separator: "; counted "))")
  }
}
