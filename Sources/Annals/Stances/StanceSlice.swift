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
        names: names,
        leavingOut: Set(facts.map(\.position)),
        strongOnly: leavingOut.weak)
      // What is left out is recorded all the same: it is not missing.
      answer.result.voted = result.voted
      return answer
    }
  }

  static func read(
    _ pair: StancePair, from reader: RecordReader
  ) async throws -> Answer {
    var slice = StanceSlice(collector: RowCollector(reader))
    try await slice.collect(pair)
    return slice.answer(pair)
  }

  /// The line of an actor on a topic as the record had it at an earlier position, and as it has it now.
  ///
  /// What bore on the line then is a part of what bears on it now, for nothing leaves the log.
  static func lines(
    of pair: StancePair, at earlier: Position, from reader: RecordReader
  ) async throws -> (before: [LineSegment], after: [LineSegment]) {
    var slice = StanceSlice(collector: RowCollector(reader))
    try await slice.collect(pair)
    let (before, after) = (slice.answer(pair, through: earlier), slice.answer(pair))
    return (before.result.line(of: before.pair), after.result.line(of: after.pair))
  }

  /// All evidence on a topic, of all actors.
  static func read(
    topic: String, from reader: RecordReader
  ) async throws -> Answer {
    var slice = StanceSlice(collector: RowCollector(reader))
    try await slice.collect(topic: topic)
    return slice.answer(nil)
  }

  private func answer(_ pair: StancePair?, through: Position = Position(.max)) -> Answer {
    let ordered = collector.rows.values.filter { $0.position <= through }
      .sorted { $0.position < $1.position }
    let positions = ordered.map { ($0.id, $0.position) }
    var fold = StanceFold(
      corrected: Set(ordered.map(\.position)),
      preferred: Dictionary(positions) { first, _ in first })
    guard let names = collector.names else {
      return Answer(
        pair: nil, result: .init(), names: nil, positions: [], fold: fold)
    }
    for row in ordered { fold.add(row, names: names) }
    let numbers = pair.flatMap { pair in
      names.id(of: Tag(kind: "actor", value: pair.actor)).flatMap { actor in
        names.id(of: Tag(kind: "topic", value: pair.topic)).map {
          StanceFold.Pair(actor: actor, topic: $0)
        }
      }
    }
    return Answer(
      pair: numbers, result: fold.result(names: names), names: names,
      positions: ordered.map(\.position), fold: fold)
  }

  // MARK: collecting

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
    for link in links where link.kind == "motion" {
      items += RowCollector.items(["rollcall.held"], link)
      items += RowCollector.items(["sponsorship.declared"], link, ofActors: actors)
    }
    try await collector.add(items)

    let rollcalls = links.filter { $0.kind == "rollcall" }
      .union(collector.values(of: ["rollcall"], inRowsOf: "rollcall.held"))
    items = []
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
