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
  /// The last days of the events of a type that has a day, as they were recorded, and their batches; in
  /// log order.
  private(set) var recordedDays: [RecordedDay] = []
  /// What is known of roll calls: it dates the votes in them, and says which of them count.
  var rollcalls: [String: VoteRollCall] = [:]
  /// By number of the tag of a roll call.
  private var numbered: [NameID: VoteRollCall?] = [:]
  /// Votes of which an account is disputed: by roll call, what the account of each voter says.
  private var disputed: [String: [String: ChoiceSet]] = [:]
  private var tape = JSONTape()

  init(limit: Int) { self.limit = limit }

  struct RecordedDay: Sendable {
    var position: Position
    var batch: Position
    /// Nil for an event without a date.
    var day: Int64?
  }

  /// Notes the day of an event in its batch.
  mutating func noteDay(of row: borrowing EventRow, _ names: any LogNames) {
    guard Lateness.isDated(names.type(row.type).name) else { return }
    let latest = row.localBounds?.latest
    let day = latest.flatMap { $0 == .max ? nil : Day.last(before: $0) }
    recordedDays.append(RecordedDay(position: row.position, batch: row.batch, day: day))
  }

  mutating func add(_ kind: HealthKind, _ position: Position, _ text: String) {
    counts[kind, default: 0] += 1
    found[kind, default: []].append(
      HealthAnswer.Finding(kind: kind, position: position, text: text))
    // They come in any order; what cannot be among the first is let go from time to time.
    if found[kind, default: []].count > 2 * limit + 1000 { found[kind] = findings(kind) }
  }

  mutating func addLate(_ position: Position) {
    add(.late, position, "recorded more than \(Lateness.days) days after the day")
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
    var bounds = row.localBounds
    if type == "vote.cast" {
      let rollcall = rollcall(of: row, names)
      let text = String(decoding: row.timeText, as: UTF8.self)
      guard let date = date(ofVote: bounds, text, at: row.position, in: rollcall) else { return }
      bounds = date.bounds
    }
    look(type, row.position, latest: bounds?.latest, isSourced: cites)
  }

  private mutating func rollcall(
    of row: borrowing EventRow, _ names: any LogNames
  ) -> VoteRollCall? {
    for tag in row.tags {
      if let known = numbered[tag] {
        if let known { return known }
        continue
      }
      let name = names.tag(tag)
      let rollcall = name.kind == "rollcall" ? rollcalls[String(name.value)] : nil
      numbered.updateValue(rollcall, forKey: tag)
      if let rollcall { return rollcall }
    }
    return nil
  }

  /// The date of a vote; nil for a vote in a roll call that is annulled, which counts nowhere.
  private mutating func date(
    ofVote own: (earliest: Int64, latest: Int64)?, _ text: String, at position: Position,
    in rollcall: VoteRollCall?
  ) -> (bounds: (earliest: Int64, latest: Int64)?, isOwn: Bool)? {
    guard let rollcall else { return (own, true) }
    if rollcall.countsNoVotes {
      facts += 1
      return nil
    }
    let held = rollcall.bounds
    if VoteDate.isOwn(own, rollcall: held) { return (own, true) }
    if let own, let held, own.latest <= held.earliest || held.latest <= own.earliest,
      !Self.areOneInstant(text, rollcall.on ?? "")
    {
      add(
        .conflicting, position,
        "of another date than its roll call \(rollcall.id), \(rollcall.on ?? ""), which is gone by")
    }
    return (held, false)
  }

  /// Whether two dates name one instant, which clocks in two zones show differently.
  private static func areOneInstant(_ a: String, _ b: String) -> Bool {
    guard let a = try? EDTF(a), let b = try? EDTF(b) else { return false }
    return (a.earliest, a.latest) == (b.earliest, b.latest)
  }

  /// A fact as it reads after all that was said about it.
  mutating func look(at fact: Fact) {
    guard fact.isLive else {
      facts += 1
      add(.corrected, fact.position, "retracted")
      return
    }
    var bounds = fact.time?.bounds
    if let rollcall = fact.ballotRollcall, fact.holds {
      let text = fact.time?.text ?? ""
      guard let date = date(ofVote: bounds, text, at: fact.position, in: rollcalls[rollcall])
      else { return }
      bounds = date.bounds
    }
    look(
      fact.type, fact.position, latest: bounds?.latest, isSourced: !fact.sources.isEmpty)
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
    if Lateness.definitions.contains(type) { return }
    if !isSourced { add(.unsourced, position, "\(type) names no source") }
    if Lateness.periods.contains(type) { return }
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
        let casting =
          counted.difference(index, from: official).leavesOutCasting ? counted.casting[index] : 0
        return (
          name: ChoiceSet.names[index], official: official,
          counted: counted.certain[index] - casting - open.values.count { $0 == choice }
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
