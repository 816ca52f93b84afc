public import EventLog

/// What a careful reader should know about a fact or a stance of the record.
public enum HealthKind: String, CaseIterable, Sendable {
  /// Recorded more than 30 days after it was so, alone or close to facts of the same append or import
  /// that were recorded in time.
  case late
  /// A stance that rests on a single piece of evidence.
  case thin
  /// A stance whose evidence all comes from one source, though there is more than one piece.
  case singleSource = "single-source"
  /// Accounts that contradict each other, disputes that are not settled, tallies that differ.
  case conflicting
  /// A statement that does not count for the actor on whose behalf it was made.
  case uncounted
  /// A fact that names no source.
  case unsourced
  /// A fact that was corrected, or retracted.
  case corrected
  /// A fact without a date, which no question about a day can take in.
  case undated
}

/// How well the record is kept: what is late, thin, unsourced, contradicted or was put right.
public struct HealthAnswer: Sendable {
  public struct Finding: Hashable, Sendable {
    public var kind: HealthKind
    /// The fact that it is about; for a stance, the one that gives it.
    public var position: Position
    public var text: String
  }

  public var knownBy: RecordState
  public var subjects: [Entity]
  /// Facts and stances that were looked at.
  public var facts: Int
  public var stances: Int
  /// How many findings there are of each kind, in the order of the kinds.
  public var counts: [(kind: HealthKind, count: Int)]
  /// The first of each kind, in log order.
  public var findings: [Finding]
}

extension Store {
  /// Looks over the record, or over the facts about all of the subjects (actors, topics), for what
  /// a careful reader should know. `limit` findings of each kind are told, all are counted.
  public func health(
    _ names: [String] = [], knownBy: KnownBy? = nil, limit: Int = 20
  ) async throws -> HealthAnswer {
    let recordState = try await recordState(knownBy)
    let store = asking(at: recordState.position)
    let subjects = try await store.subjects(names, through: recordState.position)
    var check = HealthCheck(limit: limit)
    try await store.look(at: subjects, recordState.position, &check)
    try await store.lookAtStances(subjects, recordState.position, &check)
    return HealthAnswer(
      knownBy: recordState, subjects: subjects.entities, facts: check.facts, stances: check.stances,
      counts: HealthKind.allCases.map { ($0, check.counts[$0] ?? 0) },
      findings: HealthKind.allCases.flatMap(check.findings))
  }

  private func look(
    at subjects: Subjects, _ through: Position, _ check: inout HealthCheck
  ) async throws {
    let rollcalls = try await voteGrid(of: [], through: through).rollcalls
    check.rollcalls = Dictionary(uniqueKeysWithValues: rollcalls.map { ($0.id, $0) })
    let held =
      subjects.entities.isEmpty
      ? try await lookAtAll(through, &check) : try await lookAtFacts(of: subjects, through, &check)
    for tally in held.compactMap(tally) {
      if let rollcall = check.rollcalls[tally.rollcall], rollcall.hasVotes {
        check.compare(tally, rollcall)
      }
    }
  }

  /// All facts one by one: those that nobody amended as they stream by, the others as they read now.
  /// Gives the roll calls.
  private func lookAtAll(_ through: Position, _ check: inout HealthCheck) async throws -> [Fact] {
    let range = EventRange(through: through)
    let amendments = try await log.read(EventQuery(types: Array(Amendment.types)), in: range)
    let amended = try await facts(of: amendments, through: through)
    let skipped = Set(amended.map(\.position))
    for fact in amended { check.look(at: fact) }
    check = try await log.fold(.all, in: range, into: check) { check, row, names in
      if row.isErased { return true }
      check.noteDay(of: row, names)
      if !skipped.contains(row.position) { check.look(at: row, names) }
      return true
    }
    try await lookForLate(&check)
    let held = try await log.read(EventQuery(types: ["rollcall.held"]), in: range)
    return try await facts(of: held, through: through)
  }

  private func lookAtFacts(
    of subjects: Subjects, _ through: Position, _ check: inout HealthCheck
  ) async throws -> [Fact] {
    let events = try await log.events(matching: subjects.query.items, through: through)
    let facts = try await facts(of: events, through: through)
      .filter { subjects.cover(tags(of: $0)) }
    for fact in facts { check.look(at: fact) }
    let dated = Set(check.byDay.values.joined())
    let reader = reader(through)
    let late = try await reader.late(
      among: reader.dated(facts.filter { dated.contains($0.position) }))
    for position in late { check.addLate(position) }
    return facts.filter { $0.type == "rollcall.held" }
  }

  /// A fact was recorded long after the day when it stands behind the last event that was recorded in
  /// time: one look-up per day, not per fact.
  private func lookForLate(_ check: inout HealthCheck) async throws {
    var lastInTime: [Int64: Position] = [:]
    for day in Set(check.byDay.keys).union(check.recordedDays.lazy.compactMap(\.day)) {
      let deadline = CalendarDay(number: day).advanced(by: Int64(Lateness.days) + 1).firstSecond
      let (microseconds, overflow) = deadline.multipliedReportingOverflow(by: 1_000_000)
      if overflow { continue }
      lastInTime[day] = try await log.position(
        recordedBy: Instant(microseconds: microseconds - 1))
    }
    let events = check.recordedDays
    for (day, facts) in check.byDay {
      guard let last = lastInTime[day] else { continue }
      for fact in facts where fact > last {
        let place = events.partitioningIndex { $0.position < fact }
        guard place < events.count, events[place].position == fact else { continue }
        let own = events[place]
        func isBeside(_ event: HealthCheck.RecordedDay) -> Bool {
          event.batch == own.batch
            && abs(event.position.rawValue - fact.rawValue) <= Int64(Lateness.neighbours)
        }
        let beside =
          events[..<place].reversed().prefix(while: isBeside)
          + events[(place + 1)...].prefix(while: isBeside)
        let ages = beside.lazy.map { event -> Lateness.Age in
          let isInTime = event.day.map { day in
            lastInTime[day].map { event.position <= $0 } ?? true
          }
          return isInTime == true ? .inTime : .oldOrUndated
        }
        if Lateness.isLate(beside: ages) { check.addLate(fact) }
      }
    }
  }

  /// What the stances that hold now rest on, and accounts that contradict each other.
  private func lookAtStances(
    _ subjects: Subjects, _ through: Position, _ check: inout HealthCheck
  ) async throws {
    let result: StanceFold.Result
    let names: (any LogNames)?
    if let topic = subjects.topics.first {
      // What bears on one topic is found under it.
      let slice = try await StanceSlice.read(
        topic: String(topic.value), under: .latest2, from: reader(through))
      (result, names) = (slice.result, slice.names)
    } else {
      let whole = try await StanceProjection.fold(log, through: through)
      names = whole.1
      result = names.map { whole.0.result(names: $0, under: .latest2) } ?? .init()
    }
    guard let names else { return }
    var conflicts = result.conflicts
    if !subjects.entities.isEmpty {
      let own = try await positions(Set(conflicts.map(\.0)), of: subjects, through)
      conflicts.removeAll { !own.contains($0.0) }
    }
    for (first, second) in conflicts {
      check.add(.conflicting, first, "contradicts \(second): two accounts of one vote, both kept")
    }
    var uncounted = result.uncounted(for: nil, names).filter { !$0.isConditional }
    if !subjects.entities.isEmpty {
      let own = try await positions(Set(uncounted.map(\.position)), of: subjects, through)
      uncounted.removeAll { !own.contains($0.position) }
    }
    // As many are told as are listed; the others are counted.
    let told = try await remarks(
      on: Array(uncounted.prefix(check.limit)), through: through, limit: check.limit)
    for (index, statement) in uncounted.enumerated() {
      let text = index < told.count ? told[index].text : ""
      check.add(.uncounted, statement.position, text)
    }
    for pair in result.evidence.keys {
      let (actor, topic) = (names.tag(pair.actor), names.tag(pair.topic))
      guard subjects.actors.allSatisfy({ $0.contains(actor) }),
        subjects.topics.allSatisfy({ $0 == topic })
      else { continue }
      try await lookAtStance(pair, result, names, through, &check)
    }
  }

  /// Those of the facts that are about all of the subjects.
  private func positions(
    _ positions: Set<Position>, of subjects: Subjects, _ through: Position
  ) async throws -> Set<Position> {
    let facts = try await facts(of: events(at: positions), through: through)
    return Set(facts.filter { subjects.cover(tags(of: $0)) }.map(\.position))
  }

  private func lookAtStance(
    _ pair: StanceFold.Pair, _ result: StanceFold.Result, _ names: any LogNames,
    _ through: Position, _ check: inout HealthCheck
  ) async throws {
    let evidence = result.evidence[pair] ?? []
    let steps = LatestRule.steps(evidence, under: .latest2)
    guard let last = steps.last, last.last == .max else { return }
    let level = last.level
    check.stances += 1
    let start = LatestRule.runStarts(of: steps, evidence, possibly: false)[steps.count - 1]
    let agreeing =
      last.tied.isEmpty
      ? evidence.filter {
        $0.level == level && LatestRule.day($0, possibly: false) >= start
          && LatestRule.counts($0, until: .max, possibly: false)
      } : ([last.index] + last.tied).map { evidence[$0] }
    let subject = "\(names.tag(pair.actor).value) \(level.label) on \(names.tag(pair.topic).value)"
    let source = evidence[last.index].source
    if agreeing.count == 1 {
      check.add(.thin, source, "\(subject): rests on this fact alone")
      return
    }
    let facts = try await facts(of: events(at: Set(agreeing.map(\.source))), through: through)
    let sources = Set(facts.flatMap { $0.sources.map(\.source) })
    // A fact that names no source may come from anywhere, and is told as such.
    if sources.count == 1, let only = sources.first, facts.allSatisfy({ !$0.sources.isEmpty }) {
      check.add(
        .singleSource, source, "\(subject): \(agreeing.count) facts, all from \(only)")
    }
  }
}
