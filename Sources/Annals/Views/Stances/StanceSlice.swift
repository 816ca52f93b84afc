import EventLog

/// An actor on a topic, by their ids.
struct StancePair: Hashable, Sendable {
  var actor: String
  var topic: String
}

/// The part of the log that can bear on one actor's position on one topic, read through the tag
/// index: a few dozen look-ups, however long the log is.
///
/// It may hold more than is needed, never less: a correction is filed under everything that its
/// fact was and is filed under, so that no question misses it. What holds is worked out by
/// `StanceFold`, the same code that folds the whole log.
struct StanceSlice {
  private let reader: RecordReader
  private var rows: [Position: EventRow] = [:]
  private var names: (any LogNames)?
  /// All amendments and merges, where they are few.
  private var survey: RecordReader.RowSurvey?

  private init(_ reader: RecordReader) { self.reader = reader }

  private var log: any EventLog { reader.log }
  private var through: Position { reader.through }

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
    var slice = StanceSlice(reader)
    slice.take(try await reader.rowSurvey())
    try await slice.collect(pair)
    return slice.answer(pair)
  }

  /// All that bears on a topic, whoever the actor is.
  static func read(
    topic: String, from reader: RecordReader
  ) async throws -> Answer {
    var slice = StanceSlice(reader)
    slice.take(try await reader.rowSurvey())
    try await slice.collect(topic: topic)
    return slice.answer(nil)
  }

  private func answer(_ pair: StancePair?) -> Answer {
    let ordered = rows.values.sorted { $0.position < $1.position }
    let positions = ordered.map { ($0.id, $0.position) }
    var fold = StanceFold(
      corrected: Set(rows.keys), preferred: Dictionary(positions) { first, _ in first })
    guard let names else {
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

  private mutating func take(_ survey: RecordReader.RowSurvey?) {
    self.survey = survey
    names = survey?.names
  }

  private mutating func collect(_ pair: StancePair) async throws {
    let topic = Tag(kind: "topic", value: pair.topic)
    let actors = try await collectFamily(of: [.actor(pair.actor)])
    var items = items(["topic.linked"], topic)
    for actor in actors {
      items += self.items(["stance.changed", "statement.made"], topic, actor)
      items += self.items(["role.held"], actor)
    }
    try await add(items)

    let links = values(of: ["rollcall", "motion"], inRowsOf: "topic.linked")
    let holders = values(of: ["actor"], inRowsOf: "role.held").subtracting(actors)
    let people = try await collectFamily(of: holders).subtracting(actors)
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

  /// The actors and those that were merged into them, now or at some time.
  private mutating func collectFamily(of actors: Set<Tag>) async throws -> Set<Tag> {
    var family: Set<Tag> = []
    var fresh = actors
    var steps = 0
    while !fresh.isEmpty {
      family.formUnion(fresh)
      steps += 1
      if let survey, survey.hasMerges {
        let numbers = Set(fresh.compactMap { survey.names?.id(of: $0) })
        try await complete(
          add(survey.merges.filter { $0.tags.contains(where: numbers.contains) }))
      } else if steps > RecordReader.depth {
        // A long chain of merges is read whole.
        try await add(items(["actor.merged"]))
      } else {
        try await add(fresh.flatMap { items(["actor.merged"], $0) })
      }
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
    let roots = rootPositions(names)
    for row in rows.values {
      let root = roots[row.position].flatMap { rows[$0] } ?? row
      guard names.type(root.type).name == type else { continue }
      for id in row.tags {
        let tag = names.tag(id)
        if kinds.contains(String(tag.kind)) { found.insert(tag) }
      }
    }
    return found
  }

  /// By correction: the position of the fact that it is about, as far as that is known.
  private func rootPositions(_ names: any LogNames) -> [Position: Position] {
    var roots: [Position: Position] = [:]
    for row in rows.values.sorted(by: { $0.position < $1.position })
    where names.type(row.type).name == "fact.corrected" {
      guard let target = row.targets.first, rows[target] != nil else { continue }
      roots[row.position] = roots[target] ?? target
    }
    return roots
  }

  /// Reads what matches, what that is about, and all that was said about any of it.
  private mutating func add(_ items: [EventQuery.Item]) async throws {
    try await complete(try await take(items))
  }

  /// Adds what rows are about, and all that was said about any of it.
  private mutating func complete(_ fresh: [EventRow]) async throws {
    var fresh = fresh
    var steps = 0
    while !fresh.isEmpty {
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
      steps += 1
      if let survey {
        fresh = add(fresh.flatMap { survey.amendments[$0.position] ?? [] })
      } else if steps > RecordReader.depth || fresh.count > RecordReader.mostItems {
        // Amendments of so many facts, or of amendments of amendments: all are read, and those that
        // belong to none of the rows are left out again.
        try await readSurvey()
      } else {
        fresh = try await take(
          fresh.map { EventQuery.Item(types: Self.amendments, tags: [.target($0.id)]) })
      }
    }
  }

  /// Reads all amendments, which may be many.
  private mutating func readSurvey() async throws {
    let survey = try await log.fold(
      EventQuery(types: Self.amendments), in: EventRange(through: through),
      into: RecordReader.RowSurvey()
    ) { survey, row, names in
      survey.add(row, names)
      return true
    }
    self.survey = survey
  }

  /// Reads what matches; returns what was not there before.
  private mutating func take(_ items: [EventQuery.Item]) async throws -> [EventRow] {
    var found: [EventRow] = []
    let size = RecordReader.itemsPerQuery
    for start in stride(from: 0, to: items.count, by: size) {
      let chunk = Array(items[start..<min(start + size, items.count)])
      found += try await read(EventQuery(items: chunk), EventRange(through: through))
    }
    return add(found)
  }

  /// Adds rows; returns those that were not there before.
  private mutating func add(_ found: [EventRow]) -> [EventRow] {
    found.filter { rows.updateValue($0, forKey: $0.position) == nil }
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
