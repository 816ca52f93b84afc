import EventLog

/// What events did to stances.
struct StanceEffects: Sendable {
  var changes: [StanceChange] = []
  /// Remarks on statements that do not count, and on dates that are longer than a day.
  var remarks: [Remark] = []
}

extension Store {
  /// What the events behind a position do to stances: each change with the first day on which a line
  /// differs. After many events, and after actors were merged, there are remarks alone: for the changes
  /// every line would have to be read.
  func stanceEffects(after position: Position) async throws -> StanceEffects {
    let head = try await log.head().position
    let store = asking(at: head)
    let reader = store.reader(head)
    guard let pairs = try await TouchedStances.pairs(after: position, from: reader) else {
      return StanceEffects(remarks: try await statementRemarks(after: position))
    }
    return try await store.stanceEffects(on: pairs, from: position, to: head)
  }

  /// What changed in lines between two positions, within a question about the later one.
  func stanceEffects(
    on pairs: [StancePair], from: Position, to: Position
  ) async throws -> StanceEffects {
    let lines = try await StanceSlice.changes(of: pairs, since: from, from: reader(to))
    var effects = StanceEffects()
    effects.changes = try await changes(in: pairs, lines.map { ($0.before, $0.after) }, to)
    effects.remarks = try await remarks(
      on: lines.flatMap(\.uncounted), imprecise: Set(lines.flatMap(\.imprecise)), through: to)
    return effects
  }

  /// The same remarks for any number of events, from one fold of all evidence.
  func statementRemarks(after position: Position) async throws -> [Remark] {
    let head = try await log.head().position
    let first = try await log.read(
      EventQuery(types: ["statement.made", "stance.changed", "sponsorship.declared"]),
      in: EventRange(after: position, through: head, limit: 1))
    if first.isEmpty { return [] }
    let (fold, names) = try await StanceProjection.fold(log, through: head)
    guard let names else { return [] }
    let result = fold.result(names: names, under: .latest2)
    return try await asking(at: head).remarks(
      on: result.uncounted(for: nil, names).filter { $0.position > position },
      imprecise: result.evidence.keys.reduce(into: []) {
        $0.formUnion(result.imprecise(for: $1, after: position))
      }, through: head)
  }

  /// The number of facts with a date longer than a day for which a receipt has a remark each.
  private static let mostImprecise = 20

  private func remarks(
    on uncounted: [UncountedStatement], imprecise: Set<Position>, through: Position
  ) async throws -> [Remark] {
    var all = try await remarks(on: uncounted, through: through)
    let told = imprecise.sorted().prefix(Self.mostImprecise)
    for fact in try await facts(of: events(at: Set(told)), through: through) {
      guard let text = fact.imprecision else { continue }
      all.append(Remark(kind: "imprecise", position: fact.position, text: text))
    }
    // A condition holds for the speaker and for those who are spoken for.
    var seen: Set<Remark> = []
    all = all.filter { seen.insert($0).inserted }
      .sorted { ($0.position ?? .start, $0.text) < ($1.position ?? .start, $1.text) }
    if imprecise.count > told.count {
      all.append(
        Remark(
          kind: "imprecise", position: nil,
          text: "\(imprecise.count - told.count) more facts have a date longer than a day"))
    }
    return all
  }

  /// The pairs whose two lines differ, each with the first difference.
  func changes(
    in pairs: [StancePair], _ lines: [(before: [LineSegment], after: [LineSegment])],
    _ through: Position
  ) async throws -> [StanceChange] {
    let differing = zip(pairs, lines).compactMap { pair, lines in
      LineSegment.firstDifference(lines.before, lines.after).map { (pair, lines, day: $0) }
    }
    if differing.isEmpty { return [] }
    let names = try await displayNames(
      ofActors: Set(differing.map(\.0.actor)), through: through)
    return differing.map { pair, lines, day in
      StanceChange(
        actor: Entity(id: pair.actor, name: names[pair.actor] ?? pair.actor),
        topic: Entity(id: pair.topic, name: pair.topic), rule: Rule.latest2.name, from: day,
        before: LineSegment.level(lines.before, on: day),
        after: LineSegment.level(lines.after, on: day))
    }
  }
}
