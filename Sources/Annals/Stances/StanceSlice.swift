import EventLog

/// An actor on a topic, by their ids.
struct StancePair: Hashable, Sendable {
  var actor: String
  var topic: String
}

/// The part of the log that can bear on one actor's stance on one topic, read through the tag
/// index: a few dozen look-ups, however long the log is.
///
/// It may hold more than is needed, never less: a correction is filed under everything that its
/// fact was and is filed under, so that no question misses it. What holds is worked out by
/// `StanceFold`, the same code that folds the whole log.
struct StanceSlice {
  private var collector: RowCollector

  /// What was read: the folded evidence and how to name things in it.
  struct Answer: Sendable {
    var pair: StanceFold.Pair?
    var result: StanceFold.Result
    var names: (any LogNames)?
    /// Everything that was read, in log order.
    var positions: [Position]
    fileprivate var fold: StanceFold
    fileprivate var rule: Rule

    /// The fact that a correction is about; any other position stands for itself.
    func root(of position: Position) -> Position { fold.amendments.root(of: position) }

    /// The same without the evidence on `pairs` that a reader leaves out.
    func without(
      _ leavingOut: Exclusions, _ pairs: [StanceFold.Pair], _ store: Store, _ through: Position
    ) async throws -> Answer {
      guard let names else { return self }
      let positions = Set(pairs.flatMap { result.evidence[$0] ?? [] }.map(\.source))
      let facts = try await store.facts(of: store.events(at: positions), through: through)
        .filter(leavingOut.covers)
      var answer = self
      answer.result = fold.result(
        names: names, under: rule, leavingOut: Set(facts.map(\.position)),
        strongOnly: leavingOut.weak)
      // What is left out is recorded all the same: it is not missing.
      answer.result.voted = result.voted
      return answer
    }
  }

  static func read(
    _ pair: StancePair, under rule: Rule, from reader: RecordReader
  ) async throws -> Answer {
    var slice = StanceSlice(collector: RowCollector(reader))
    try await slice.collect(pair)
    return slice.answer(pair, under: rule)
  }

  /// What an actor's line on a topic was at an earlier position, and what it is now.
  struct Change: Sendable {
    var before: [LineSegment]
    var after: [LineSegment]
    /// Statements behind the earlier position that do not count.
    var uncounted: [UncountedStatement]
    /// Statements and the like behind the earlier position whose date is longer than a day. The date of
    /// a vote is that of its roll call.
    var imprecise: [Position]
  }

  /// The changes of some lines, in their order. Each is read once: what bore on a line then is a part of
  /// what bears on it now, for nothing leaves the log. Of a topic with many lines everything is read.
  static func changes(
    of pairs: [StancePair], since earlier: Position, from reader: RecordReader
  ) async throws -> [Change] {
    let rule = Rule.latest2
    var whole: [String: (before: Answer, after: Answer)] = [:]
    for (topic, pairs) in Dictionary(grouping: pairs, by: \.topic) where pairs.count > mostPairs {
      var slice = StanceSlice(collector: RowCollector(reader))
      try await slice.collect(topic: topic)
      whole[topic] = (
        slice.answer(nil, under: rule, through: earlier), slice.answer(nil, under: rule)
      )
    }
    var changes: [Change] = []
    for pair in pairs {
      if let (before, after) = whole[pair.topic] {
        changes.append(change(of: pair, from: before, to: after, since: earlier))
        continue
      }
      var slice = StanceSlice(collector: RowCollector(reader))
      try await slice.collect(pair)
      changes.append(
        change(
          of: pair, from: slice.answer(pair, under: rule, through: earlier),
          to: slice.answer(pair, under: rule), since: earlier))
    }
    return changes
  }

  /// The lines of a pair after each event that bears on it, in log order. Where these are many, after
  /// the last such event of each batch; of as many batches, after the last ones.
  static func revisions(
    of pair: StancePair, under rule: Rule, from reader: RecordReader
  ) async throws -> [(row: EventRow, answer: Answer)] {
    var slice = StanceSlice(collector: RowCollector(reader))
    try await slice.collect(pair)
    let rows = slice.collector.ordered()
    let most = min(mostRevisions, max(leastRevisions, mostRevisedRows / max(1, rows.count)))
    var ends = rows
    if ends.count > most {
      ends = rows.indices.filter { index in
        index + 1 == rows.count || rows[index + 1].batch != rows[index].batch
      }.map { rows[$0] }
    }
    return ends.suffix(most).map { row in
      (row, slice.answer(pair, under: rule, through: row.position))
    }
  }

  /// So many states of a line are looked at; fewer of a line with very many facts, each of which is judged
  /// again for each state.
  private static let mostRevisions = 200
  private static let leastRevisions = 5
  private static let mostRevisedRows = 400_000

  private static func change(
    of pair: StancePair, from before: Answer, to after: Answer, since earlier: Position
  ) -> Change {
    func line(_ answer: Answer) -> [LineSegment] {
      answer.result.line(
        of: answer.names.flatMap { StanceFold.Pair(pair, $0) }, under: answer.rule)
    }
    var change = Change(before: line(before), after: line(after), uncounted: [], imprecise: [])
    guard let names = after.names, let own = StanceFold.Pair(pair, names) else { return change }
    change.uncounted = after.result.uncounted(for: own, names).filter { $0.position > earlier }
    change.imprecise = after.result.imprecise(for: own, after: earlier)
    return change
  }

  /// Up to this number of actors, the lines of a topic are read one by one.
  private static let mostPairs = 12

  /// All evidence on a topic, of all actors.
  static func read(
    topic: String, under rule: Rule, from reader: RecordReader
  ) async throws -> Answer {
    var slice = StanceSlice(collector: RowCollector(reader))
    try await slice.collect(topic: topic)
    return slice.answer(nil, under: rule)
  }

  private func answer(
    _ pair: StancePair?, under rule: Rule, through: Position = Position(.max)
  ) -> Answer {
    let rows = collector.ordered(through: through)
    guard let names = collector.names else {
      return Answer(
        pair: nil, result: .init(), names: nil, positions: [], fold: StanceFold(), rule: rule)
    }
    var fold = Self.fold(of: rows, names)
    for row in rows { fold.add(row, names: names) }
    return Answer(
      pair: pair.flatMap { StanceFold.Pair($0, names) },
      result: fold.result(names: names, under: rule), names: names,
      positions: rows.map(\.position), fold: fold, rule: rule)
  }

  /// An empty fold, which knows what the amendments among the rows will name.
  private static func fold(of rows: [EventRow], _ names: any LogNames) -> StanceFold {
    let amendments = rows.filter { !$0.targets.isEmpty }
    let preferred = Set(
      amendments.filter { AmendmentState.kind(of: names.type($0.type).name) == .settlement }
        .compactMap { AmendmentState.preferred(in: $0.body) })
    let named = preferred.isEmpty ? [] : rows.filter { preferred.contains($0.id) }
    return StanceFold(
      corrected: Set(amendments.flatMap(\.targets)),
      preferred: Dictionary(named.map { ($0.id, $0.position) }) { first, _ in first })
  }

  // MARK: collecting

  /// Up to this number of roll calls, each is looked up.
  private static let mostRollcalls = 200

  private mutating func collect(_ pair: StancePair) async throws {
    let topic = Tag(kind: "topic", value: pair.topic)
    let actors = try await collector.family(of: [.actor(pair.actor)])
    var items = RowCollector.items(["topic.linked"], topic)
    items += RowCollector.items(["stance.changed", "statement.made"], topic, ofActors: actors)
    items += RowCollector.items(["role.held"], ofActors: actors)
    try await collector.add(items)

    let links = collector.values(of: ["rollcall", "motion"], inRowsOf: "topic.linked")
    let holders = collector.values(of: ["actor"], inRowsOf: "role.held").subtracting(actors)
    let people = try await collector.family(of: holders).subtracting(actors)
    items = RowCollector.items(["statement.made"], topic, ofActors: people)
    // A speaker for several organisations must name the one that is meant.
    items += RowCollector.items(["role.held"], ofActors: people)
    for link in links where link.kind == "motion" {
      items += RowCollector.items(["rollcall.held"], link)
      items += RowCollector.items(["sponsorship.declared"], link, ofActors: actors)
    }
    try await collector.add(items)

    let organisations = collector.values(of: ["actor"], inRowsOf: "role.held")
      .subtracting(actors.union(people))
    if !organisations.isEmpty { _ = try await collector.family(of: organisations) }
    let rollcalls = links.filter { $0.kind == "rollcall" }
      .union(collector.values(of: ["rollcall"], inRowsOf: "rollcall.held"))
    items = []
    // Of many roll calls all accounts are read, and all that the actor has voted.
    if rollcalls.count > Self.mostRollcalls {
      items = RowCollector.items(["rollcall.held"])
      items += RowCollector.items(["vote.cast"], ofActors: actors)
      return try await collector.add(items)
    }
    for rollcall in rollcalls {
      items += RowCollector.items(["rollcall.held"], rollcall)
      items += RowCollector.items(["vote.cast"], rollcall, ofActors: actors)
    }
    try await collector.add(items)
  }

  private mutating func collect(topic name: String) async throws {
    let topic = Tag(kind: "topic", value: name)
    try await collector.add(
      RowCollector.items(["topic.linked", "stance.changed", "statement.made"], topic)
        + RowCollector.items(["role.held", "actor.merged"]))
    let links = collector.values(of: ["rollcall", "motion"], inRowsOf: "topic.linked")
    try await collector.add(
      links.flatMap {
        RowCollector.items(["rollcall.held", "sponsorship.declared", "vote.cast"], $0)
      })
    let rollcalls = collector.values(of: ["rollcall"], inRowsOf: "rollcall.held")
    try await collector.add(
      rollcalls.flatMap { RowCollector.items(["rollcall.held", "vote.cast"], $0) })
  }
}

extension StanceFold.Result {
  /// Statements and the like behind a position whose date is longer than a day. The date of a vote is
  /// that of its roll call.
  func imprecise(for pair: StanceFold.Pair, after position: Position) -> [Position] {
    (evidence[pair] ?? []).filter { item in
      guard item.source > position, item.kind != .vote, item.level != nil, let bounds = item.bounds
      else { return false }
      return Day.of(second: bounds.earliest) != Day.last(before: bounds.latest)
    }.map(\.source)
  }
}

extension StanceFold.Pair {
  /// Nil where the log does not know the actor or the topic.
  init?(_ pair: StancePair, _ names: any LogNames) {
    guard let actor = names.id(of: .actor(pair.actor)), let topic = names.id(of: .topic(pair.topic))
    else { return nil }
    self.init(actor: actor, topic: topic)
  }
}
