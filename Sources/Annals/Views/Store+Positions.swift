public import EventLog

extension Store {
  /// Where an actor stands on a topic at the end of a day, and on what that rests. Rule `latest/1`.
  ///
  /// `actor` is any name of the actor. Evidence counts when it had certainly happened by then;
  /// with `possibly`, when it may have. Throws when actor or topic are unknown.
  public func show(
    actor: String, topic: String, from viewpoint: Viewpoint = Viewpoint(), today: Instant = .now()
  ) async throws -> PositionAnswer {
    let view = try await positionView(actor, topic, viewpoint, today)
    // A stance that ended by itself leaves nothing known.
    let step = view.steps.last.flatMap { $0.to == nil ? $0 : nil }
    var run: [PositionStep] = []
    for earlier in view.steps.reversed() {
      guard earlier.level == step?.level, run.last.map({ earlier.to == $0.from - 1 }) ?? true
      else { break }
      run.append(earlier)
    }
    var evidence: [TimelineEntry] = []
    if let step {
      evidence.append(TimelineEntry(fact: step.evidence, summary: step.summary))
      for step in run {
        evidence.append(TimelineEntry(fact: step.evidence, summary: step.summary))
        evidence += step.others
      }
    }
    var seen: Set<Position> = []
    return PositionAnswer(
      actor: view.actor, topic: view.topic, proposition: view.topic.name, on: view.on,
      knownBy: view.knownBy, rule: LatestRule.name, leavingOut: viewpoint.leavingOut, step: step,
      since: run.last?.from, before: run.last?.before,
      evidence: evidence.filter { seen.insert($0.fact.position).inserted },
      count: view.count, period: view.period, coverage: view.coverage)
  }

  /// How an actor's stance on a topic changed, step by step, and what a careful reader should know
  /// about the evidence.
  public func audit(
    actor: String, topic: String, from viewpoint: Viewpoint = Viewpoint(), today: Instant = .now()
  ) async throws -> AuditAnswer {
    let view = try await positionView(actor, topic, viewpoint, today)
    return AuditAnswer(
      actor: view.actor, topic: view.topic, proposition: view.topic.name, on: view.on,
      knownBy: view.knownBy, rule: LatestRule.name, leavingOut: viewpoint.leavingOut,
      steps: view.steps, count: view.count,
      period: view.period, remarks: view.remarks)
  }

  /// An actor's line on a topic, as it stands now: what an append may change.
  func line(_ pair: PositionPair) async throws -> [LineSegment] {
    let answer = try await PositionSlice.read(
      pair, from: log, through: try await log.head().position)
    return answer.result.line(of: answer.pair)
  }

  /// All that bears on an actor's position, without the evidence that is left out.
  func slice(
    _ pair: PositionPair, _ leavingOut: LeaveOut, _ through: Position
  ) async throws -> PositionSlice.Answer {
    let slice = try await PositionSlice.read(pair, from: log, through: through)
    guard !leavingOut.isEmpty else { return slice }
    try await leavingOut.check(in: self)
    return try await slice.without(leavingOut, slice.pair.map { [$0] } ?? [], self, through)
  }

  private struct PositionView {
    var actor: Entity
    var topic: Entity
    var on: String
    var knownBy: Knowledge
    var steps: [PositionStep]
    var count: Int
    var period: ClosedRange<Int64>?
    var coverage: [String]
    var remarks: [Remark]
  }

  private func positionView(
    _ actorName: String, _ topicName: String, _ viewpoint: Viewpoint, _ today: Instant
  ) async throws -> PositionView {
    let knowledge = try await knowledge(viewpoint.knownBy)
    let (end, possibly) = (viewpoint.end, viewpoint.possibly)
    let actor = try await resolveActor(actorName, through: knowledge.position)
    let topic = try await resolveTopic(topicName, through: knowledge.position)
    let slice = try await slice(
      PositionPair(actor: actor.id, topic: topic.id), viewpoint.leavingOut, knowledge.position)
    let evidence = slice.pair.flatMap { slice.result.evidence[$0] } ?? []
    let steps = LatestRule.steps(evidence, until: end, possibly: possibly)
    var builder = StepBuilder(
      store: self, knowledge: knowledge, evidence: evidence, steps: steps, end: end,
      possibly: possibly)
    try await builder.load(about: actor.id, topic.id)
    let built = try await builder.build()
    let counted = evidence.filter { item in
      item.level != nil && LatestRule.counts(item, until: end, possibly: possibly)
    }
    let days = counted.map { LatestRule.day($0, possibly: possibly) }
    let coverage = missing(in: slice, actor.id, end, evidence, steps, possibly)
    return PositionView(
      actor: actor, topic: topic,
      on: viewpoint.on?.text ?? CalendarDay(containing: today.microseconds / 1_000_000).description,
      knownBy: knowledge, steps: built, count: counted.count,
      period: days.min().flatMap { low in days.max().map { low...$0 } }, coverage: coverage,
      remarks: try await builder.remarks(built, slice, coverage: coverage))
  }

  /// What is known to be missing: so that silence can be told from absence.
  private func missing(
    in slice: PositionSlice.Answer, _ actor: String, _ end: Int64,
    _ evidence: [PositionsFold.PositionEvidence], _ steps: [LatestRule.Step], _ possibly: Bool
  ) -> [String] {
    guard let pair = slice.pair, let names = slice.names else { return [] }
    var notes: [String] = []
    let links = slice.result.strongLinks[pair.topic] ?? []
    let voted = slice.result.voted[pair.actor] ?? []
    let linked = slice.result.rollcalls(linkedBy: links)
    let silent = linked.subtracting(voted).map { String(names.tag($0).value) }.sorted()
    if !silent.isEmpty {
      notes.append("no vote of \(actor) is recorded in \(silent.joined(separator: ", "))")
    }
    if let last = steps.last, last.last != .max, let level = evidence[last.index].level {
      notes.append(
        "\(level.label) by \(evidence[last.index].source) ended on"
          + " \(CalendarDay(number: last.last)), and nothing newer is known")
    }
    let undated = evidence.filter { $0.level != nil && $0.bounds == nil }
    if !undated.isEmpty {
      notes.append(
        "undated and left out: \(undated.map { "\($0.source)" }.joined(separator: ", "))")
    }
    let worded = evidence.filter { $0.kind == .stanceChange && $0.level == nil }
    if !worded.isEmpty {
      let list = worded.map { "\($0.source)" }.joined(separator: ", ")
      notes.append("stated in words that are no level, so without a step: \(list)")
    }
    let uncertain = evidence.filter { item in
      item.level != nil && item.bounds != nil && !possibly
        && !LatestRule.counts(item, until: end, possibly: false)
        && LatestRule.counts(item, until: end, possibly: true)
    }
    if !uncertain.isEmpty {
      let list = uncertain.map { "\($0.source)" }.joined(separator: ", ")
      notes.append("not certain by then and left out: \(list)  (--possibly counts them)")
    }
    return notes
  }
}

extension PositionsFold.Result {
  /// The levels of an actor's line, merged where they do not change.
  func line(of pair: PositionsFold.Pair?) -> [LineSegment] {
    guard let pair, let evidence = evidence[pair] else { return [] }
    var line: [LineSegment] = []
    var ended: Int64?
    for step in LatestRule.steps(evidence) {
      if let last = ended, last + 1 < step.day {
        line.append(LineSegment(from: last + 1, level: nil))
      }
      ended = step.last
      guard let level = evidence[step.index].level, line.last?.level != level else { continue }
      line.append(LineSegment(from: step.day, level: level))
    }
    if let last = ended, last != .max { line.append(LineSegment(from: last + 1, level: nil)) }
    return line
  }

  /// The roll calls behind links, those of linked motions included.
  func rollcalls(linkedBy links: Set<NameID>) -> Set<NameID> {
    var found = links.intersection(motions.keys)
    for (rollcall, motion) in motions where links.contains(motion) { found.insert(rollcall) }
    return found
  }
}
