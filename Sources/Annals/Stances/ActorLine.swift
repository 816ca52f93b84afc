import EventLog

/// An actor's evidence and steps on a topic, as seen from a viewpoint.
struct ActorLine: Sendable {
  /// The store, as it is asked for the answer that the line is for.
  var store: Store
  var actor: Entity
  var topic: Entity
  var viewpoint: Viewpoint
  var knownBy: RecordState
  var slice: StanceSlice.Answer
  var evidence: [StanceFold.StanceEvidence]
  var steps: [LatestRule.Step]

  /// The step that holds at the end of the moment asked about.
  var holding: LatestRule.Step? { steps.last.flatMap { $0.last == .max ? $0 : nil } }

  var level: Level? { holding?.level }

  var rule: Rule { viewpoint.rule }

  private static let listedPositions = 12

  /// Takes evidence out of what was read, and judges what remains.
  mutating func leaveOut(_ part: Exclusions) async throws {
    slice = try await slice.without(part, slice.pair.map { [$0] } ?? [], store, knownBy.position)
    judge()
  }

  /// Makes steps of what was read.
  fileprivate mutating func judge() {
    evidence = slice.pair.flatMap { slice.result.evidence[$0] } ?? []
    steps = LatestRule.steps(
      evidence, under: rule, until: viewpoint.end, possibly: viewpoint.possibly)
  }

  /// Says that the order of the evidence of a step is not known; nil where it is.
  func orderNote(_ step: LatestRule.Step) -> String? {
    if step.tied.isEmpty { return nil }
    let all = ([step.index] + step.tied).map { evidence[$0].source }.sorted()
    let listed = all.prefix(Self.listedPositions).map(\.description).joined(separator: ", ")
    let more = all.count - Self.listedPositions
    return
      "the order of \(listed)\(more > 0 ? " and \(more) more" : "") is not known: each may be the"
      + " latest"
  }

  /// All directed evidence that counts.
  var counted: [StanceFold.StanceEvidence] {
    evidence.filter { item in
      item.level != nil
        && LatestRule.counts(item, until: viewpoint.end, possibly: viewpoint.possibly)
    }
  }

  /// The first and the last day from which counted evidence counts.
  var period: ClosedRange<Int64>? {
    let days = counted.map { LatestRule.day($0, possibly: viewpoint.possibly) }
    return days.min().flatMap { low in days.max().map { low...$0 } }
  }

  /// The roll calls on the topic, held by then, in which no vote of the actor is recorded.
  var silentRollcalls: [String] {
    guard let pair = slice.pair, let names = slice.names else { return [] }
    return slice.result.rollcalls(linkedTo: pair.topic, before: viewpoint.end)
      .subtracting(slice.result.voted[pair.actor] ?? []).map { String(names.tag($0).value) }
  }

  /// The roll calls on the topic in which a vote of the actor is recorded.
  var votedRollcalls: [String] {
    guard let pair = slice.pair, let names = slice.names else { return [] }
    return (slice.result.strongRollcalls[pair.topic] ?? [])
      .intersection(slice.result.voted[pair.actor] ?? []).map { String(names.tag($0).value) }
  }

  /// What of the evidence could not be used, and what of it contradicts itself.
  var leftOutNotes: [String] {
    var notes: [String] = []
    let used = Set(evidence.map(\.source))
    for (first, second) in slice.result.conflicts where used.contains(first) {
      notes.append("\(first) and \(second) contradict each other: two accounts of one vote")
    }
    if let last = steps.last, last.last != .max {
      notes.append(
        "\(last.level.label) by \(evidence[last.index].source) ended on"
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
      item.level != nil && item.bounds != nil && !viewpoint.possibly
        && !LatestRule.counts(item, until: viewpoint.end, possibly: false)
        && LatestRule.counts(item, until: viewpoint.end, possibly: true)
    }
    if !uncertain.isEmpty {
      let list = uncertain.map { "\($0.source)" }.joined(separator: ", ")
      notes.append("not certain by then and left out: \(list)  (--possibly counts them)")
    }
    return notes
  }
}

extension Store {
  /// Reads and judges all that bears on an actor's stance on a topic. Throws when actor, topic or
  /// what is left out are unknown.
  func line(
    actor actorName: String, topic topicName: String, from viewpoint: Viewpoint
  ) async throws -> ActorLine {
    let recordState = try await recordState(viewpoint.knownBy)
    return try await asking(at: recordState.position)
      .lines(actors: [actorName], topic: topicName, from: viewpoint, knownBy: recordState)[0]
  }

  /// The same for several actors, within a question.
  func lines(
    actors names: [String], topic topicName: String, from viewpoint: Viewpoint, knownBy: RecordState
  ) async throws -> [ActorLine] {
    let through = knownBy.position
    try await loadDefinitions(ofActors: names, topics: [topicName], through: through)
    var lines: [ActorLine] = []
    for name in names {
      let actor = try await resolveActor(name, through: through)
      let topic = try await resolveTopic(topicName, through: through)
      if lines.isEmpty { try await viewpoint.leavingOut.check(in: self) }
      // Two names of one actor are one line.
      if lines.contains(where: { $0.actor.id == actor.id }) { continue }
      lines.append(try await line(actor, topic, from: viewpoint, knownBy: knownBy))
    }
    return lines
  }

  /// The same for an actor and a topic that are known to be there.
  func line(
    _ actor: Entity, _ topic: Entity, from viewpoint: Viewpoint, knownBy: RecordState
  ) async throws -> ActorLine {
    let slice = try await StanceSlice.read(
      StancePair(actor: actor.id, topic: topic.id), under: viewpoint.rule,
      from: reader(knownBy.position))
    var line = ActorLine(
      store: self, actor: actor, topic: topic, viewpoint: viewpoint, knownBy: knownBy, slice: slice,
      evidence: [], steps: [])
    line.judge()
    if !viewpoint.leavingOut.isEmpty { try await line.leaveOut(viewpoint.leavingOut) }
    return line
  }
}

extension StanceFold.Result {
  /// The levels of an actor's line, merged where they do not change.
  func line(of pair: StanceFold.Pair?, under rule: Rule) -> [LineSegment] {
    guard let pair, let evidence = evidence[pair] else { return [] }
    var line: [LineSegment] = []
    var ended: Int64?
    for step in LatestRule.steps(evidence, under: rule) {
      if let last = ended, last + 1 < step.day {
        line.append(LineSegment(from: last + 1, level: nil))
      }
      ended = step.last
      guard line.last?.level != step.level else { continue }
      line.append(LineSegment(from: step.day, level: step.level))
    }
    if let last = ended, last != .max { line.append(LineSegment(from: last + 1, level: nil)) }
    return line
  }

  /// The roll calls that are strongly linked to a topic, directly or through their motion, but for
  /// those that were certainly held only after the second `end`.
  func rollcalls(linkedTo topic: NameID, before end: Int64) -> Set<NameID> {
    (strongRollcalls[topic] ?? []).filter { held[$0].map { $0.earliest < end } ?? true }
  }
}
