public import EventLog

extension Store {
  /// What the world changed: the steps that an actor's line made after `from` and by `to`.
  ///
  /// `viewpoint.on` is not used. Throws when actor or topic are unknown.
  public func diff(
    actor: String, topic: String, on range: (from: OnMoment, to: OnMoment),
    from viewpoint: Viewpoint = Viewpoint()
  ) async throws -> WorldDiff {
    var viewpoint = viewpoint
    viewpoint.on = range.to
    let line = try await line(actor: actor, topic: topic, from: viewpoint)
    viewpoint.on = range.from
    let earlier = try await self.line(
      line.actor, line.topic, from: viewpoint, knownBy: line.knownBy)
    let first = Day.of(second: range.from.endOfMoment)
    let (steps, _) = try await described(line)
    return WorldDiff(
      actor: line.actor, topic: line.topic, from: range.from.text, to: range.to.text,
      knownBy: line.knownBy, rule: Rule.latest1.name, leavingOut: viewpoint.leavingOut,
      before: earlier.level, after: line.level, steps: steps.filter { $0.from >= first },
      coverage: line.coverage)
  }

  /// What was learned or put right: how an actor's line reads otherwise at `to` than at `from`.
  ///
  /// `viewpoint.knownBy` is not used. Throws when actor or topic are unknown.
  public func diff(
    actor: String, topic: String, knownBy range: (from: KnownBy, to: KnownBy),
    from viewpoint: Viewpoint = Viewpoint(), today: Instant = .now()
  ) async throws -> KnowledgeDiff {
    let (from, to) = try await ordered(range)
    var viewpoint = viewpoint
    viewpoint.knownBy = .position(to.position)
    let line = try await line(actor: actor, topic: topic, from: viewpoint)
    let earlier = try await self.line(line.actor, line.topic, from: viewpoint, knownBy: from)
    let old = try await described(earlier).steps
    let new = try await described(line).steps
    let between = line.slice.positions.filter { $0 > from.position }
    var lines: [DiffLine] = []
    var explained = DiffCauses(store: self, after: from.position, through: to.position)
    for pair in Self.paired(old, new) {
      lines.append(
        DiffLine(
          kind: pair.before == nil ? .added : pair.after == nil ? .removed : .changed,
          before: pair.before, after: pair.after,
          causes: try await explained.causes(of: pair.before, pair.after, among: between)))
    }
    return KnowledgeDiff(
      actor: line.actor, topic: line.topic, on: viewpoint.day(today), from: from, to: to,
      rule: Rule.latest1.name, leavingOut: viewpoint.leavingOut, before: earlier.level,
      after: line.level, lines: lines)
  }

  /// Two states of the record; the first one must not be the later.
  func ordered(
    _ range: (from: KnownBy, to: KnownBy)
  ) async throws -> (from: Knowledge, to: Knowledge) {
    let (from, to) = (try await knowledge(range.from), try await knowledge(range.to))
    guard from.position <= to.position else {
      throw Problems([
        Problem(
          .badMoment, "the range runs backwards: \(from.position) is after \(to.position)",
          help: "write the earlier state of the record first")
      ])
    }
    return (from, to)
  }

  private typealias StepPair = (before: PositionStep?, after: PositionStep?)

  /// Steps that are not the same on both sides; a step of one fact, or of one day, on both sides is
  /// one that changed.
  private static func paired(_ old: [PositionStep], _ new: [PositionStep]) -> [StepPair] {
    func isSame(_ a: PositionStep, _ b: PositionStep) -> Bool {
      a.from == b.from && a.level == b.level && a.evidence.position == b.evidence.position
        && a.evidence.current == b.evidence.current
    }
    var removed = old.filter { a in !new.contains { isSame(a, $0) } }
    var pairs: [StepPair] = []
    for after in new where !old.contains(where: { isSame($0, after) }) {
      let before =
        removed.firstIndex { $0.evidence.position == after.evidence.position }
        ?? removed.firstIndex { $0.from == after.from }
      pairs.append((before.map { removed.remove(at: $0) }, after))
    }
    pairs += removed.map { ($0, nil) }
    func day(_ pair: StepPair) -> Int64 { pair.after?.from ?? pair.before?.from ?? .min }
    return pairs.sorted {
      (day($0), $0.after == nil ? 0 : 1) < (day($1), $1.after == nil ? 0 : 1)
    }
  }
}

/// Finds the events that made a step come, go or change.
private struct DiffCauses {
  let store: Store
  let after: Position
  let through: Position
  private var captions: Captions
  private var entries: [Position: TimelineEntry] = [:]

  init(store: Store, after: Position, through: Position) {
    self.store = store
    self.after = after
    self.through = through
    captions = Captions(through: through)
  }

  /// What was said meanwhile about the step's facts; a fact that is new itself; or else what was
  /// recorded meanwhile about links, roles and merges: all that can move evidence.
  mutating func causes(
    of before: PositionStep?, _ new: PositionStep?, among between: [Position]
  ) async throws -> [TimelineEntry] {
    var found: Set<Position> = []
    for fact in [before?.evidence, new?.evidence].compactMap(\.self) {
      let now = try await store.facts(of: [fact.root], through: through)
        .first { $0.position == fact.position }
      found.formUnion((now?.chain ?? []).map(\.position).filter { $0 > after })
      if fact.position > after { found.insert(fact.position) }
    }
    if found.isEmpty {
      for event in try await store.events(at: between)
      where !LeaveOut.evidenceTypes.contains(event.type.name) {
        found.insert(event.position)
      }
    }
    // A newer fact of the same day can push a step out.
    if found.isEmpty { found = Set(between) }
    var causes: [TimelineEntry] = []
    for position in found.sorted() {
      if entries[position] == nil, let event = try await store.event(at: position) {
        entries[position] = try await store.logEntry(event, through: through, &captions)
      }
      if let entry = entries[position] { causes.append(entry) }
    }
    return causes
  }
}
