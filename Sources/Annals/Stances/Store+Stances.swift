public import EventLog

extension Store {
  /// Where an actor stands on a topic at the end of a day, and on what that rests.
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
    var builder = StepBuilder(line: line)
    // The newest first.
    let run = Array(try await builder.build(builder.current).reversed())
    let step = run.first
    let evidence = step?.because ?? []
    var seen = Set(evidence.map(\.fact.position))
    let others = run.flatMap { $0.because + $0.others }
      .filter { seen.insert($0.fact.position).inserted }
    return StanceAnswer(
      actor: line.actor, topic: line.topic, proposition: line.topic.name,
      on: viewpoint.moment(today), knownBy: line.knownBy, rule: line.rule.name,
      leavingOut: viewpoint.leavingOut, step: step,
      since: run.last?.from, sinceDated: run.last.flatMap(\.dated), before: run.last?.before,
      evidence: evidence, alsoRecorded: others,
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
    let steps = try await builder.build(forRemarks: true)
    let remarks = try await builder.remarks(
      steps,
      uncounted: store.remarks(
        on: line.uncounted(), from: viewpoint, through: line.knownBy.position),
      coverage: store.gaps(of: line))
    return AuditAnswer(
      actor: line.actor, topic: line.topic, proposition: line.topic.name,
      on: viewpoint.day(today), knownBy: line.knownBy, rule: line.rule.name,
      leavingOut: viewpoint.leavingOut,
      steps: steps, count: line.counted.count, period: line.period, remarks: remarks,
      history: history ? try await store.history(of: line) : [])
  }

  /// The facts that bear on a line and that later events are about, retracted ones among them.
  private func history(of line: ActorLine) async throws -> [FactHistory] {
    let events = try await events(at: line.slice.positions)
    var displayNames = DisplayNames(through: line.knownBy.position)
    let facts = try await facts(of: events, through: line.knownBy.position)
      .filter { !$0.chain.isEmpty }
    try await displayNames.load(facts, store: self)
    let chains = try await logEntries(
      facts.flatMap(\.chain), through: displayNames.through, &displayNames)
    var rest = chains[...]
    var history: [FactHistory] = []
    for fact in facts {
      let chain = Array(rest.prefix(fact.chain.count))
      rest = rest.dropFirst(chain.count)
      history.append(FactHistory(entry: try await entry(fact, &displayNames), chain: chain))
    }
    return history
  }

  /// The steps of a line, or some of them, with the facts behind them.
  func steps(of line: ActorLine, _ wanted: [Int]? = nil) async throws -> [StanceStep] {
    var builder = StepBuilder(line: line)
    return try await builder.build(wanted)
  }

  /// The steps of a line as they would be without some of its evidence, for each of several parts that
  /// can be left out. What is judged is read once. Throws when actor or topic are unknown.
  public func steps(
    actor: String, topic: String, from viewpoint: Viewpoint = Viewpoint(),
    without parts: [Exclusions]
  ) async throws -> [[StanceStep]] {
    var viewpoint = viewpoint
    viewpoint.leavingOut = Exclusions()
    let whole = try await line(actor: actor, topic: topic, from: viewpoint)
    var lines: [[StanceStep]] = []
    for part in parts {
      var line = whole
      line.viewpoint.leavingOut = part
      try await line.leaveOut(part)
      lines.append(try await line.store.steps(of: line))
    }
    return lines
  }

  /// Notes on a line beside its level: missing votes, an unknown order, statements that do not count.
  func coverage(of line: ActorLine) async throws -> [String] {
    let uncounted = try await remarks(
      on: line.uncounted(), from: line.viewpoint, through: line.knownBy.position)
    let order = line.holding.flatMap(line.orderNote).map { [$0] } ?? []
    return try await gaps(of: line) + order
      + uncounted.map { ($0.position.map { "\($0) " } ?? "") + $0.text }
  }

  /// What is known to be missing on a line: so that silence can be told from absence.
  func gaps(of line: ActorLine) async throws -> [String] {
    var unrecorded = UnrecordedVotes(
      store: self, actor: line.actor.id, through: line.knownBy.position)
    return try await unrecorded.notes(line.silentRollcalls, known: line.votedRollcalls)
      + line.leftOutNotes + predecessorNotes(line)
  }

  /// Where nothing is known of an actor: who has a stance among the actors that it succeeded.
  private func predecessorNotes(_ line: ActorLine) async throws -> [String] {
    guard line.counted.isEmpty else { return [] }
    var notes: [String] = []
    let through = line.knownBy.position
    for earlier in try await predecessors(of: line.actor.id, through: through) {
      let own = try await self.line(
        earlier, line.topic, from: line.viewpoint, knownBy: line.knownBy)
      if own.counted.isEmpty { continue }
      notes.append(
        "\(line.actor.id) succeeded \(earlier.id), of which a stance is recorded: "
          + "ask for \(earlier.id)")
    }
    return notes
  }
}
