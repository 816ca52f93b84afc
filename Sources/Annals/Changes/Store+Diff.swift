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
    let known = Set(earlier.steps.map { MadeStep($0, earlier) })
    var made = try await store.steps(
      of: line, line.steps.indices.filter { !known.contains(MadeStep(line.steps[$0], line)) })
    // A later fact of the same day replaces the stance that held at the first moment.
    if let first = made.first, first.from == earlier.steps.last?.day, let level = earlier.level {
      made[0].before = level
    }
    return WorldDiff(
      actor: line.actor, topic: line.topic, from: range.from.text, to: range.to.text,
      knownBy: line.knownBy, rule: viewpoint.rule.name, leavingOut: viewpoint.leavingOut,
      before: earlier.level, after: line.level,
      steps: made,
      ended: try await store.steps(
        of: line, line.endedSteps(after: Day.last(before: range.from.endOfMoment))),
      coverage: try await store.coverage(of: line))
  }

  /// A step by its fact and its day.
  private struct MadeStep: Hashable {
    var day: Int64
    var fact: Position

    init(_ step: LatestRule.Step, _ line: ActorLine) {
      (day, fact) = (step.day, line.evidence[step.index].source)
    }
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
    let (before, after) = (earlier.readSteps, line.readSteps)
    let (old, new) = (Set(before), Set(after))
    let pairs = Self.paired(
      try await earlier.store.steps(
        of: earlier, before.indices.filter { !new.contains(before[$0]) }),
      try await store.steps(of: line, after.indices.filter { !old.contains(after[$0]) }))
    let causes = try await store.diffCauses(line, after: from.position, of: pairs)
    _ = try await store.events(at: Set(pairs.flatMap(causes.of)))
    var displayNames = DisplayNames(through: to.position)
    var lines: [DiffLine] = []
    for pair in pairs {
      let entries = try await store.logEntries(
        store.events(at: causes.of(pair)), through: to.position, &displayNames, asRecorded: true)
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

  /// Pairs steps that stand on one side only. Two steps of the same fact are a pair, and otherwise two
  /// steps of the same day: such a step has changed.
  private static func paired(_ old: [StanceStep], _ new: [StanceStep]) -> [StepPair] {
    // The first of a list last, to be taken from its end.
    let reversed = Array(old.indices.reversed())
    var byFact = Dictionary(grouping: reversed) { old[$0].evidence.position }
    var byDay = Dictionary(grouping: reversed) { old[$0].from }
    var rest = Set(old.indices)
    func take(_ list: inout [Int]?) -> StanceStep? {
      while let index = list?.popLast() {
        if rest.remove(index) != nil { return old[index] }
      }
      return nil
    }
    var pairs: [StepPair] = []
    for after in new {
      let before = take(&byFact[after.evidence.position]) ?? take(&byDay[after.from])
      pairs.append((before, after))
    }
    pairs += rest.sorted().map { (old[$0], nil) }
    func day(_ pair: StepPair) -> Int64 { pair.after?.from ?? pair.before?.from ?? .min }
    return pairs.sorted {
      (day($0), $0.after == nil ? 0 : 1) < (day($1), $1.after == nil ? 0 : 1)
    }
  }
}

extension ActorLine {
  /// The parts of a step by which two states of the record are compared.
  fileprivate struct ReadStep: Hashable {
    var day: Int64
    var level: Level
    var fact: Position
    /// The last correction that holds.
    var current: Position
  }

  fileprivate var readSteps: [ReadStep] {
    steps.map { step in
      let fact = evidence[step.index].source
      return ReadStep(
        day: step.day, level: step.level, fact: fact,
        current: slice.result.corrected[fact] ?? fact)
    }
  }

  /// The steps whose stance ended by itself and left nothing, so that this shows from `day` on.
  fileprivate func endedSteps(after day: Int64) -> [Int] {
    steps.indices.filter { index in
      guard let next = steps[index].next, next > day else { return false }
      return index + 1 == steps.count || steps[index + 1].day > next
    }
  }
}
