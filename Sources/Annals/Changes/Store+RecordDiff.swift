import EventLog

extension Store {
  /// What was recorded between two states of the record: new facts, facts that read otherwise, and
  /// the stances that read otherwise for it.
  public func diff(
    knownBy range: (from: KnownBy, to: KnownBy)
  ) async throws -> RecordDiff {
    let (from, to) = try await ordered(range)
    return try await asking(at: to.position).diff(from, to)
  }

  private func diff(_ from: RecordState, _ to: RecordState) async throws -> RecordDiff {
    typealias Survey = (counts: [String: Int], first: [Position], amendments: [Position])
    let survey = try await log.fold(
      .all, in: EventRange(after: from.position, through: to.position),
      into: Survey([:], [], [])
    ) { survey, row, names in
      if row.isErased { return true }
      let type = names.type(row.type).name
      if AmendmentState.kind(of: type) != nil {
        survey.amendments.append(row.position)
      } else {
        survey.counts[type, default: 0] += 1
        if survey.first.count < RecordDiff.limit { survey.first.append(row.position) }
      }
      return true
    }
    var displayNames = DisplayNames(through: to.position)
    let first = Set(survey.first)
    let new = try await facts(of: events(at: first), through: to.position)
      .filter { $0.position > from.position && first.contains($0.position) }
    try await displayNames.load(new, store: self)
    var newFacts: [TimelineEntry] = []
    for fact in new { newFacts.append(try await entry(fact, &displayNames)) }
    let amendments = try await events(at: survey.amendments)
    let amended = try await facts(of: amendments, through: to.position)
    return RecordDiff(
      from: from, to: to,
      added: survey.counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      newFacts: newFacts,
      changed: try await changed(amended, from: from.position, &displayNames),
      stances: try await stances(from: from.position, to: to.position),
      amendedNew: amended.count { $0.position > from.position })
  }

  private func changed(
    _ facts: [Fact], from: Position, _ displayNames: inout DisplayNames
  ) async throws -> [ChangedFact] {
    let known = facts.filter { $0.position <= from }
    try await displayNames.load(known, store: self)
    let before = try await asking(at: from).facts(of: known.map(\.root), through: from)
    let old = Dictionary(before.map { ($0.position, $0) }) { first, _ in first }
    let chain = known.flatMap(\.chain).filter { $0.position > from }
    let entries = Dictionary(
      try await logEntries(chain, through: displayNames.through, &displayNames)
        .map { ($0.fact.position, $0) }
    ) { first, _ in first }
    var changed: [ChangedFact] = []
    for fact in known {
      guard let earlier = old[fact.position] else { continue }
      let fields = FieldChange.between(earlier, fact)
      let causes = fact.chain.compactMap { entries[$0.position] }
      // What was retracted and restored in between reads as before, and is told all the same.
      if fields.isEmpty && causes.isEmpty { continue }
      changed.append(
        ChangedFact(entry: try await entry(fact, &displayNames), fields: fields, causes: causes))
    }
    return changed
  }

  /// The stances that read otherwise at one position than at another.
  private func stances(from: Position, to: Position) async throws -> [StanceChange] {
    guard let pairs = try await TouchedStances.pairs(after: from, from: reader(to))
    else { return try await allStances(from: from, to: to) }
    return try await stanceEffects(on: pairs, from: from, to: to).changes
  }

  private func allStances(from: Position, to: Position) async throws -> [StanceChange] {
    let old = try await lines(through: from)
    let new = try await lines(through: to)
    let pairs = Set(old.keys).union(new.keys).sorted {
      ($0.actor, $0.topic) < ($1.actor, $1.topic)
    }
    return try await changes(in: pairs, pairs.map { (old[$0] ?? [], new[$0] ?? []) }, to)
  }

  /// Every line of the record, from one fold of the log.
  func lines(through: Position) async throws -> [StancePair: [LineSegment]] {
    let (fold, names) = try await StanceProjection.fold(log, through: through)
    guard let names else { return [:] }
    let result = fold.result(names: names, under: .latest2)
    var lines: [StancePair: [LineSegment]] = [:]
    for pair in result.evidence.keys {
      let key = StancePair(
        actor: String(names.tag(pair.actor).value), topic: String(names.tag(pair.topic).value))
      lines[key] = result.line(of: pair, under: .latest2)
    }
    return lines
  }
}
