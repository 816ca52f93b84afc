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
    let store = line.store
    let earlier = try await store.line(
      line.actor, line.topic, from: viewpoint, knownBy: line.knownBy)
    let known = Set(
      earlier.steps.map { StepKey(day: $0.day, fact: earlier.evidence[$0.index].source) })
    let steps = try await store.steps(of: line)
    var made = steps.filter { !known.contains(StepKey(day: $0.from, fact: $0.evidence.position)) }
    // A later fact of the same day replaces the stance that held at the first moment.
    if let first = made.first, first.from == earlier.steps.last?.day, let level = earlier.level {
      made[0].before = level
    }
    return WorldDiff(
      actor: line.actor, topic: line.topic, from: range.from.text, to: range.to.text,
      knownBy: line.knownBy, rule: viewpoint.rule.name, leavingOut: viewpoint.leavingOut,
      before: earlier.level, after: line.level,
      steps: made,
      ended: Self.ended(steps, after: Day.last(before: range.from.endOfMoment)),
      coverage: try await store.coverage(of: line))
  }

  private struct StepKey: Hashable {
    var day: Int64
    var fact: Position
  }

  /// The steps whose stance ended by itself and left nothing, so that this shows from `day` on.
  private static func ended(_ steps: [StanceStep], after day: Int64) -> [StanceStep] {
    steps.indices.filter { index in
      guard let last = steps[index].to, last >= day else { return false }
      return index + 1 == steps.count || steps[index + 1].from > last + 1
    }.map { steps[$0] }
  }

  /// What was learned or put right: how an actor's line reads otherwise at `to` than at `from`.
  ///
  /// `viewpoint.knownBy` is not used. Throws when actor or topic are unknown.
  public func diff(
    actor: String, topic: String, knownBy range: (from: KnownBy, to: KnownBy),
    from viewpoint: Viewpoint = Viewpoint(), today: Instant = .now()
  ) async throws -> RevisionDiff {
    let (from, to) = try await ordered(range)
    var viewpoint = viewpoint
    viewpoint.knownBy = .position(to.position)
    let line = try await line(actor: actor, topic: topic, from: viewpoint)
    let earlier = try await asking(at: from.position)
      .line(line.actor, line.topic, from: viewpoint, knownBy: from)
    let store = line.store
    let old = try await earlier.store.steps(of: earlier)
    let new = try await store.steps(of: line)
    let pairs = Self.paired(old, new)
    let causes = try await store.diffCauses(line, after: from.position, of: pairs)
    _ = try await store.events(at: Set(pairs.flatMap(causes.of)))
    var displayNames = DisplayNames(through: to.position)
    var lines: [DiffLine] = []
    for pair in pairs {
      let entries = try await store.logEntries(
        store.events(at: causes.of(pair)), through: to.position, &displayNames)
      lines.append(
        DiffLine(
          kind: pair.before == nil ? .added : pair.after == nil ? .removed : .changed,
          before: pair.before, after: pair.after, causes: entries))
    }
    return RevisionDiff(
      actor: line.actor, topic: line.topic, on: viewpoint.day(today), from: from, to: to,
      rule: viewpoint.rule.name, leavingOut: viewpoint.leavingOut, before: earlier.level,
      after: line.level, lines: lines)
  }

  /// Two states of the record; the first one must not be the later.
  func ordered(
    _ range: (from: KnownBy, to: KnownBy)
  ) async throws -> (from: RecordState, to: RecordState) {
    let (from, to) = (try await recordState(range.from), try await recordState(range.to))
    guard from.position <= to.position else {
      throw Problems([
        Problem(
          .badMoment, "the range runs backwards: \(from.position) is after \(to.position)",
          help: "write the earlier state of the record first")
      ])
    }
    return (from, to)
  }

  typealias StepPair = (before: StanceStep?, after: StanceStep?)

  /// Steps that are not the same on both sides; a step of one fact, or of one day, on both sides is
  /// one that changed.
  private static func paired(_ old: [StanceStep], _ new: [StanceStep]) -> [StepPair] {
    func isSame(_ a: StanceStep, _ b: StanceStep) -> Bool {
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
