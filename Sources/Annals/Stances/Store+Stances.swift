public import EventLog

extension Store {
  /// Where an actor stands on a topic at the end of a day, and on what that rests. Rule `latest/1`.
  ///
  /// `actor` is any name of the actor. Evidence counts when it had certainly happened by then;
  /// with `possibly`, when it may have. With `history`, what became of all facts that bear on it.
  /// Throws when actor or topic are unknown.
  public func show(
    actor: String, topic: String, from viewpoint: Viewpoint = Viewpoint(), history: Bool = false,
    today: Instant = .now()
  ) async throws -> StanceAnswer {
    let line = try await line(actor: actor, topic: topic, from: viewpoint)
    var answer = try await line.store.show(line, today: today)
    if history { answer.history = try await line.store.history(of: line) }
    return answer
  }

  func show(_ line: ActorLine, today: Instant) async throws -> StanceAnswer {
    let viewpoint = line.viewpoint
    let steps = try await self.steps(of: line)
    // A stance that ended by itself leaves nothing known.
    let step = steps.last.flatMap { $0.to == nil ? $0 : nil }
    var run: [StanceStep] = []
    for earlier in steps.reversed() {
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
    return StanceAnswer(
      actor: line.actor, topic: line.topic, proposition: line.topic.name,
      on: viewpoint.day(today), knownBy: line.knownBy, rule: Rule.latest1.name,
      leavingOut: viewpoint.leavingOut, step: step,
      since: run.last?.from, before: run.last?.before,
      evidence: evidence.filter { seen.insert($0.fact.position).inserted },
      count: line.counted.count, period: line.period,
      coverage: try await coverage(of: line))
  }

  /// How an actor's stance on a topic changed, step by step, and what a careful reader should know
  /// about the evidence. With `history`, what became of all facts that bear on it.
  public func audit(
    actor: String, topic: String, from viewpoint: Viewpoint = Viewpoint(), history: Bool = false,
    today: Instant = .now()
  ) async throws -> AuditAnswer {
    try await audit(
      line(actor: actor, topic: topic, from: viewpoint), history: history, today: today)
  }

  func audit(_ line: ActorLine, history: Bool, today: Instant) async throws -> AuditAnswer {
    let viewpoint = line.viewpoint
    let store = line.store
    var builder = StepBuilder(line: line)
    try await builder.load()
    let steps = try await builder.build()
    let remarks = try await builder.remarks(steps, coverage: store.coverage(of: line))
    return AuditAnswer(
      actor: line.actor, topic: line.topic, proposition: line.topic.name,
      on: viewpoint.day(today), knownBy: line.knownBy, rule: Rule.latest1.name,
      leavingOut: viewpoint.leavingOut,
      steps: steps, count: line.counted.count, period: line.period, remarks: remarks,
      history: history ? try await store.history(of: line) : [])
  }

  /// The facts that bear on a line and that later events are about, retracted ones among them.
  private func history(of line: ActorLine) async throws -> [FactHistory] {
    let events = try await events(at: line.slice.positions)
    var displayNames = DisplayNames(through: line.knownBy.position)
    var history: [FactHistory] = []
    for fact in try await facts(of: events, through: line.knownBy.position)
    where !fact.chain.isEmpty {
      try await reader(displayNames.through).loadNaming(fact.chain)
      var chain: [TimelineEntry] = []
      for event in fact.chain {
        chain.append(try await logEntry(event, through: displayNames.through, &displayNames))
      }
      history.append(FactHistory(entry: try await entry(fact, &displayNames), chain: chain))
    }
    return history
  }

  /// The steps of a line with the facts behind them.
  func steps(of line: ActorLine) async throws -> [StanceStep] {
    var builder = StepBuilder(line: line)
    try await builder.load()
    return try await builder.build()
  }

  /// What is known to be missing on a line: so that silence can be told from absence.
  func coverage(of line: ActorLine) async throws -> [String] {
    var unrecorded = UnrecordedVotes(
      store: self, actor: line.actor.id, through: line.knownBy.position)
    return try await unrecorded.notes(line.silentRollcalls) + line.leftOutNotes
  }
}
