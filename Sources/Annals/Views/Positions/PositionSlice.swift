import EventLog

/// An actor on a topic, by their ids.
struct PositionPair: Hashable, Sendable {
  var actor: String
  var topic: String
}

/// The part of the log that can bear on one actor's position on one topic, read through the tag
/// index: a few dozen look-ups, however long the log is.
///
/// It may hold more than is needed, never less: a correction is filed under everything that its
/// fact was and is filed under, so that no question misses it. What holds is worked out by
/// `PositionsFold`, the same code that folds the whole log.
struct PositionSlice {
  private let log: any EventLog
  private let through: Position
  private var rows: [Position: EventRow] = [:]
  private var names: (any LogNames)?

  private init(log: any EventLog, through: Position) {
    self.log = log
    self.through = through
  }

  /// What was read: the folded evidence and how to name things in it.
  struct Answer: Sendable {
    var pair: PositionsFold.Pair?
    var result: PositionsFold.Result
    var names: (any LogNames)?
    /// Everything that was read, in log order.
    var positions: [Position]
    fileprivate var fold: PositionsFold

    /// The same without the evidence on `pairs` that a reader leaves out.
    func without(
      _ leavingOut: LeaveOut, _ pairs: [PositionsFold.Pair], _ store: Store, _ through: Position
    ) async throws -> Answer {
      guard let names else { return self }
      let positions = Set(pairs.flatMap { result.evidence[$0] ?? [] }.map(\.source))
      // Facts that share a dispute come along; a link among them is no evidence, and stays.
      let facts = try await store.facts(of: store.events(at: positions), through: through)
        .filter { positions.contains($0.position) && leavingOut.covers($0) }
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
    _ pair: PositionPair, from log: any EventLog, through: Position
  ) async throws -> Answer {
    var slice = PositionSlice(log: log, through: through)
    try await slice.collect(pair)
    return slice.answer(pair)
  }

  /// All that bears on a topic, whoever the actor is.
  static func read(
    topic: String, from log: any EventLog, through: Position
  ) async throws -> Answer {
    var slice = PositionSlice(log: log, through: through)
    try await slice.collect(topic: topic)
    return slice.answer(nil)
  }

  private func answer(_ pair: PositionPair?) -> Answer {
    let ordered = rows.values.sorted { $0.position < $1.position }
    let positions = ordered.map { ($0.id, $0.position) }
    var fold = PositionsFold(
      corrected: Set(rows.keys), preferred: Dictionary(positions) { first, _ in first })
    guard let names else {
      return Answer(
        pair: nil, result: .init(), names: nil, positions: [], fold: fold)
    }
    for row in ordered { fold.add(row, names: names) }
    let numbers = pair.flatMap { pair in
      names.id(of: Tag(kind: "actor", value: pair.actor)).flatMap { actor in
        names.id(of: Tag(kind: "topic", value: pair.topic)).map {
          PositionsFold.Pair(actor: actor, topic: $0)
        }
      }
    }
    return Answer(
      pair: numbers, result: fold.result(names: names), names: names,
      positions: ordered.map(\.position), fold: fold)
  }

  // MARK: collecting

  private mutating func collect(_ pair: PositionPair) async throws {
    let topic = Tag(kind: "topic", value: pair.topic)
    let actors = try await collectFamily(of: pair.actor)
    var items = items(["topic.linked"], topic)
    for actor in actors {
      items += self.items(["stance.changed", "statement.made"], topic, actor)
      items += self.items(["role.held"], actor)
    }
    try await add(items)

    let links = values(of: ["rollcall", "motion"], inRowsOf: "topic.linked")
    let people = values(of: ["actor"], inRowsOf: "role.held").subtracting(actors)
    items = people.flatMap { self.items(["statement.made"], topic, $0) }
    for link in links where link.kind == "motion" {
      items += self.items(["rollcall.held"], link)
      items += actors.flatMap { self.items(["sponsorship.declared"], link, $0) }
    }
    try await add(items)

    let rollcalls = links.filter { $0.kind == "rollcall" }
      .union(values(of: ["rollcall"], inRowsOf: "rollcall.held"))
    items = []
    for rollcall in rollcalls {
      items += self.items(["rollcall.held"], rollcall)
      items += actors.flatMap { self.items(["vote.cast"], rollcall, $0) }
    }
    try await add(items)
  }

  private mutating func collect(topic name: String) async throws {
    let topic = Tag(kind: "topic", value: name)
    try await add(
      items(["topic.linked", "stance.changed", "statement.made"], topic)
        + items(["role.held", "actor.merged"]))
    let links = values(of: ["rollcall", "motion"], inRowsOf: "topic.linked")
    try await add(
      links.flatMap { items(["rollcall.held", "sponsorship.declared", "vote.cast"], $0) })
    let rollcalls = values(of: ["rollcall"], inRowsOf: "rollcall.held")
    try await add(rollcalls.flatMap { items(["rollcall.held", "vote.cast"], $0) })
  }

  /// The actor and those that were merged into it, now or at some time.
  private mutating func collectFamily(of actor: String) async throws -> Set<Tag> {
    var family: Set<Tag> = []
    var fresh: Set<Tag> = [Tag(kind: "actor", value: actor)]
    while !fresh.isEmpty {
      family.formUnion(fresh)
      try await add(fresh.flatMap { items(["actor.merged"], $0) })
      fresh = values(of: ["actor"], inRowsOf: "actor.merged").subtracting(family)
    }
    return family
  }

  private func items(_ types: [String], _ tags: Tag...) -> [EventQuery.Item] {
    Amendment.items(types, tags)
  }

  /// Tags of the given kinds on the rows of a type and on corrections of such rows.
  private func values(of kinds: [String], inRowsOf type: String) -> Set<Tag> {
    guard let names else { return [] }
    var found: Set<Tag> = []
    for row in rows.values {
      let root = rows[rootPosition(row)] ?? row
      guard names.type(root.type).name == type else { continue }
      for id in row.tags {
        let tag = names.tag(id)
        if kinds.contains(String(tag.kind)) { found.insert(tag) }
      }
    }
    return found
  }

  private func rootPosition(_ row: EventRow) -> Position {
    var at = row
    while let names, names.type(at.type).name == "fact.corrected",
      let target = at.targets.first.flatMap({ rows[$0] })
    {
      at = target
    }
    return at.position
  }

  /// Reads what matches, what that is about, and all that was said about any of it.
  private mutating func add(_ items: [EventQuery.Item]) async throws {
    var items = items
    while !items.isEmpty {
      var fresh: [EventRow] = []
      for start in stride(from: 0, to: items.count, by: 400) {
        let chunk = Array(items[start..<min(start + 400, items.count)])
        fresh += try await read(EventQuery(items: chunk), EventRange(through: through))
      }
      fresh = fresh.filter { rows.updateValue($0, forKey: $0.position) == nil }
      var targets = fresh.flatMap(\.targets)
      while let position = targets.popLast() {
        guard rows[position] == nil else { continue }
        let range = EventRange(after: position.advanced(by: -1), through: position)
        for row in try await read(.all, range) where !row.isErased {
          rows[row.position] = row
          fresh.append(row)
          targets += row.targets
        }
      }
      items = fresh.map {
        EventQuery.Item(types: Self.amendments, tags: [.target($0.id)])
      }
    }
  }

  private static let amendments = Array(Amendment.types)

  private mutating func read(
    _ query: EventQuery, _ range: EventRange
  ) async throws -> [EventRow] {
    typealias State = (rows: [EventRow], names: (any LogNames)?)
    let state = try await log.fold(query, in: range, into: State([], names)) { state, row, names in
      state.rows.append(copy row)
      state.names = names
      return true
    }
    names = state.names
    return state.rows
  }
}
