public import EventLog

extension Store {
  /// What the record says of an actor, as it was at the end of a day.
  ///
  /// `name` is any of its names; a merged id leads to the actor that it was merged into. Offices
  /// and memberships are those that certainly held on that day; with `possibly` also those that may
  /// have, marked as such; with `history` those of all days and those that were taken back.
  /// Members are read for a body or bloc, for others with `members`. Throws `.unknownActor`.
  public func actor(
    _ name: String, on: OnMoment? = nil, possibly: Bool = false, members: Bool = false,
    knownBy: KnownBy? = nil, history: Bool = false, today: Instant = .now()
  ) async throws -> ActorAnswer {
    let recordState = try await recordState(knownBy)
    let store = asking(at: recordState.position)
    let actor = try await store.knownActor(name, through: recordState.position)
    let on = on ?? OnMoment(day: CalendarDay(number: today.day))
    var reader = ActorReader(
      store: store, actor: actor, recordState: recordState, time: AskedTime(endOf: on),
      possibly: possibly, history: history)
    try await reader.load()
    return try await reader.answer(name: name, on: on.text, withMembers: members)
  }
}

extension OnMoment {
  /// All of a day.
  init(day: CalendarDay) {
    self.init(text: day.description, endOfMoment: day.endSecond)
  }
}

/// Puts the answer about one actor together.
private struct ActorReader {
  let store: Store
  let actor: Entity
  let recordState: RecordState
  let time: AskedTime
  let possibly: Bool
  let history: Bool
  private var displayNames: DisplayNames
  /// The ids that stand for the actor.
  private var ids: Set<String> = []
  /// All that is filed under them, of the types that say who somebody is.
  private var facts: [Fact] = []
  /// What ids of the other actors stand for.
  private var merged: [String: String] = [:]
  private var names: [String: String] = [:]
  private var leftOut = 0

  private static let types = [
    "actor.registered", "actor.named", "actor.identified", "actor.merged", "actor.succeeded",
    "role.held", "membership.held",
  ]

  init(
    store: Store, actor: Entity, recordState: RecordState, time: AskedTime, possibly: Bool,
    history: Bool
  ) {
    self.store = store
    self.actor = actor
    self.recordState = recordState
    self.time = time
    self.possibly = possibly
    self.history = history
    displayNames = DisplayNames(through: recordState.position)
  }

  mutating func load() async throws {
    let through = recordState.position
    ids = try await store.ids(of: actor.id, through: through)
    facts = try await store.facts(Self.types, underAnyOf: Store.tags(ids), through: through)
      .filter { $0.holds || history }
    let others = facts.flatMap { fact in
      store.tags(of: fact).filter { $0.kind == "actor" }.map { String($0.value) }
    }
    merged = try await store.mergedIDs(of: Set(others), through: through)
    try await displayNames.load(facts, store: store)
    names = try await displayNames.names(
      ofActors: Set(merged.keys).union(merged.values), store: store)
  }

  mutating func answer(
    name: String, on: String, withMembers: Bool
  ) async throws -> ActorAnswer {
    let registrations = try await lines(of: "actor.registered", "actor") { fact in
      (fact.fields.name, fact.fields.kind)
    }
    let kind = registrations.last { own in
      own.entry.fact.holds && own.entry.fact.fields.actor == actor.id
    }?.detail
    let isGroup = ["body", "bloc"].contains(kind)
    var answer = ActorAnswer(
      actor: actor, kind: kind, mergedID: ids.contains(name) && name != actor.id ? name : nil,
      on: on, knownBy: recordState, hasHistory: history, registrations: registrations,
      names: try await lines(of: "actor.named", "actor") { fact in
        (fact.fields.name, fact.fields.language)
      },
      identifiers: try await lines(of: "actor.identified", "actor") { fact in
        (fact.fields.value, fact.fields.scheme)
      },
      roles: try await heldLines(of: "role.held", "person", other: "organisation"),
      officers: try await heldLines(of: "role.held", "organisation", other: "person"),
      memberships: try await heldLines(of: "membership.held", "actor", other: "group"),
      members: nil, merges: try await merges(),
      predecessors: try await lines(of: "actor.succeeded", "successor", other: "predecessor"),
      successors: try await lines(of: "actor.succeeded", "predecessor", other: "successor"),
      leftOut: 0)
    if withMembers || isGroup {
      answer.members = try await heldLines(of: "membership.held", "group", other: "actor")
    }
    answer.leftOut = leftOut
    return answer
  }

  /// The facts of a type in which the actor stands in one field; the field of the other actor is
  /// left as it was written.
  private mutating func lines(
    of type: String, _ own: String, other: String? = nil,
    _ words: (Fact) -> (value: String?, detail: String?) = { _ in (nil, nil) }
  ) async throws -> [ActorFact] {
    var lines: [ActorFact] = []
    for fact in facts where fact.type == type && isOwn(fact, own) {
      let (value, detail) = words(fact)
      let entity = other.flatMap { fact.data[$0]?.string }.map(entity)
      lines.append(
        ActorFact(
          value: value ?? entity?.id ?? "", detail: detail, other: entity,
          period: fact.fields.periodText,
          certainty: fact.fields.periodText == nil ? nil : fact.held(at: time),
          entry: try await store.entry(fact, &displayNames)))
    }
    return lines
  }

  /// The same for what was so for a while: what holds on the day.
  private mutating func heldLines(
    of type: String, _ own: String, other: String
  ) async throws -> [ActorFact] {
    var lines: [ActorFact] = []
    for fact in facts where fact.type == type && isOwn(fact, own) {
      let certainty = fact.held(at: time)
      if !history {
        if certainty == .possible && !possibly { leftOut += 1 }
        guard certainty == .certain || (certainty == .possible && possibly) else { continue }
      }
      let entity = fact.data[other]?.string.map(entity)
      lines.append(
        ActorFact(
          value: fact.fields.title ?? entity?.id ?? "", other: entity,
          isSpeaking: fact.fields.isSpeaking,
          period: fact.fields.periodText ?? fact.time?.text, certainty: certainty,
          entry: try await store.entry(fact, &displayNames)))
    }
    return lines.sorted { Self.order($0) < Self.order($1) }
  }

  /// Oldest first; of the same time by the other's name.
  private static func order(_ line: ActorFact) -> (Int64, String, Position) {
    (
      line.entry.fact.tenure?.startMin ?? .max, line.other?.name ?? "", line.entry.fact.position
    )
  }

  private mutating func merges() async throws -> [ActorFact] {
    var lines: [ActorFact] = []
    for fact in facts where fact.type == "actor.merged" {
      guard let winner = fact.fields.winner, let loser = fact.fields.loser
      else { continue }
      let isInto = ids.contains(winner)
      lines.append(
        ActorFact(
          value: isInto ? loser : winner, detail: isInto ? "merged into it" : "it was merged into",
          other: named(isInto ? loser : winner),
          entry: try await store.entry(fact, &displayNames)))
    }
    return lines
  }

  private func isOwn(_ fact: Fact, _ field: String) -> Bool {
    fact.data[field]?.string.map(ids.contains) ?? false
  }

  /// The actor that an id stands for.
  private func entity(_ id: String) -> Entity { named(merged[id] ?? id) }

  private func named(_ id: String) -> Entity { Entity(id: id, name: names[id] ?? id) }
}
