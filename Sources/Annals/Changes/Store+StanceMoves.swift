public import EventLog

/// A change of stance: from one level to another, on a day, by a piece of evidence.
public struct StanceMove: Sendable {
  public var actor: Entity
  public var topic: Entity
  /// Day counted from 1970-01-01; `Int64.min` when it may have been at any time before.
  public var day: Int64
  /// Nil for the first stance that is known, and for one after a time without any.
  public var before: Level?
  /// Nil where a stance ended and nothing else is known.
  public var after: Level?
  /// The fact that made the change; for a stance that ended, the one that ended.
  public var trigger: TimelineEntry
  /// True for the first stance that is known of the actor on the topic.
  public var isFirst: Bool

  /// How far it went, in levels: 4 from supports to opposes. Intervals count with their middle.
  /// Nil where it came from nothing known, or went there.
  public var size: Double? {
    guard let before, let after else { return nil }
    return abs(after.middle - before.middle)
  }
}

/// Changes of stance, the largest first.
public struct StanceMoves: Sendable {
  public var knownBy: RecordState
  public var on: String
  public var rule: String
  public var leavingOut: Exclusions
  public var topics: [Entity]
  public var moves: [StanceMove]
  /// How many changes there are before the limit was applied, and of how many actors.
  public var count: Int
  public var actors: Int
  /// First stances (nothing was known before), which are no changes.
  public var firsts: Int
}

/// Which changes of stance are asked for.
public struct StanceMoveFilter: Sendable {
  public var actors: [String] = []
  public var topics: [String] = []
  /// Days counted from 1970-01-01, both included.
  public var since: Int64?
  public var until: Int64?
  /// Takes in first stances too, which have no size.
  public var includesFirsts = false
  public var limit: Int?

  public init() {}
}

extension Level {
  var middle: Double { Double(low + high) / 2 }
}

extension Store {
  /// Every change of stance, with its size and what caused it: largest first, then newest.
  ///
  /// A confirmation, which leaves the level as it was, is no change. Throws when an actor or a
  /// topic is unknown.
  public func moves(
    _ filter: StanceMoveFilter = StanceMoveFilter(), from viewpoint: Viewpoint = Viewpoint(),
    today: Instant = .now()
  ) async throws -> StanceMoves {
    let recordState = try await recordState(viewpoint.knownBy)
    return try await asking(at: recordState.position).moves(filter, viewpoint, recordState, today)
  }

  private func moves(
    _ filter: StanceMoveFilter, _ viewpoint: Viewpoint, _ recordState: RecordState, _ today: Instant
  ) async throws -> StanceMoves {
    let through = recordState.position
    try await viewpoint.leavingOut.check(in: self)
    var actors: Set<String> = []
    for name in filter.actors {
      actors.insert(try await resolveActor(name, through: through).id)
    }
    var topics: [Entity] = []
    let names = filter.topics.isEmpty ? try await self.topics(through: through) : filter.topics
    for name in names {
      let topic = try await resolveTopic(name, through: through)
      if !topics.contains(topic) { topics.append(topic) }
    }
    var moves: [Move] = []
    for topic in topics {
      moves += try await self.moves(on: topic, actors, filter, viewpoint, through)
    }
    let firsts = moves.count { $0.isFirst }
    if !filter.includesFirsts { moves.removeAll { $0.isFirst } }
    moves.sort(by: Move.isLarger)
    let shown = filter.limit.map { Array(moves.prefix($0)) } ?? moves
    return StanceMoves(
      knownBy: recordState, on: viewpoint.day(today), rule: viewpoint.rule.name,
      leavingOut: viewpoint.leavingOut, topics: topics,
      moves: try await described(shown, through: through), count: moves.count,
      actors: Set(moves.map(\.actor)).count, firsts: firsts)
  }

  private struct Move {
    var actor: String
    var topic: Entity
    var day: Int64
    var before: Level?
    var after: Level?
    var trigger: Position
    var isFirst: Bool

    private var size: Double {
      guard let before, let after else { return -1 }
      return abs(after.middle - before.middle)
    }

    static func isLarger(_ a: Move, _ b: Move) -> Bool {
      if a.size != b.size { return a.size > b.size }
      if a.day != b.day { return a.day > b.day }
      if a.topic.id != b.topic.id { return a.topic.id < b.topic.id }
      return (a.actor, a.trigger) < (b.actor, b.trigger)
    }
  }

  private func moves(
    on topic: Entity, _ actors: Set<String>, _ filter: StanceMoveFilter, _ viewpoint: Viewpoint,
    _ through: Position
  ) async throws -> [Move] {
    var slice = try await StanceSlice.read(
      topic: topic.id, under: viewpoint.rule, from: reader(through))
    guard let names = slice.names, let number = names.id(of: Tag(kind: "topic", value: topic.id))
    else { return [] }
    if !viewpoint.leavingOut.isEmpty {
      let pairs = slice.result.evidence.keys.filter { $0.topic == number }
      slice = try await slice.without(viewpoint.leavingOut, pairs, self, through)
    }
    var moves: [Move] = []
    for (pair, evidence) in slice.result.evidence where pair.topic == number {
      let actor = String(names.tag(pair.actor).value)
      guard actors.isEmpty || actors.contains(actor) else { continue }
      let steps = LatestRule.steps(
        evidence, under: viewpoint.rule, until: viewpoint.end, possibly: viewpoint.possibly)
      for change in Self.changes(of: steps, evidence) {
        guard filter.since.map({ change.day >= $0 }) ?? true,
          filter.until.map({ change.day <= $0 }) ?? true
        else { continue }
        moves.append(
          Move(
            actor: actor, topic: topic, day: change.day, before: change.before,
            after: change.after, trigger: change.trigger, isFirst: change.isFirst))
      }
    }
    return moves
  }

  private typealias Change = (
    day: Int64, before: Level?, after: Level?, trigger: Position, isFirst: Bool
  )

  /// Where a line's level changes, its beginning and its end by itself among them. A stance that is
  /// not known because of the order of its evidence is passed over: what came before and what comes
  /// behind it are compared.
  private static func changes(
    of steps: [LatestRule.Step], _ evidence: [StanceFold.StanceEvidence]
  ) -> [Change] {
    var changes: [Change] = []
    var level: Level?
    var last: LatestRule.Step?
    var isFirst = true
    for step in steps {
      if let ended = last, ended.last + 1 < step.day, level != nil {
        changes.append((ended.last + 1, level, nil, evidence[ended.index].source, false))
        level = nil
      }
      last = step
      if !step.tied.isEmpty { continue }
      if step.level != level {
        changes.append((step.day, level, step.level, evidence[step.index].source, isFirst))
      }
      (level, isFirst) = (step.level, false)
    }
    if let last, last.last != .max, level != nil {
      changes.append((last.last + 1, level, nil, evidence[last.index].source, false))
    }
    return changes
  }

  private func described(
    _ moves: [Move], through: Position
  ) async throws -> [StanceMove] {
    let events = try await events(at: Set(moves.map(\.trigger)).sorted())
    let facts = try await facts(of: events, through: through)
    var displayNames = DisplayNames(through: through)
    try await displayNames.load(facts, store: self)
    var entries: [Position: TimelineEntry] = [:]
    for fact in facts { entries[fact.position] = try await entry(fact, &displayNames) }
    let names = try await displayNames.names(ofActors: Set(moves.map(\.actor)), store: self)
    var described: [StanceMove] = []
    for move in moves {
      guard let trigger = entries[move.trigger] else { continue }
      described.append(
        StanceMove(
          actor: Entity(id: move.actor, name: names[move.actor] ?? move.actor), topic: move.topic,
          day: move.day,
          before: move.before, after: move.after, trigger: trigger, isFirst: move.isFirst))
    }
    return described
  }
}
