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
  /// What the other actors are registered as.
  private var kinds: [String: String] = [:]
  /// How surely offices in the actor were held.
  private var officers: [Position: Certainty] = [:]
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
    kinds = try await store.kinds(ofActors: Set(merged.values), through: through)
    names = try await displayNames.names(
      ofActors: Set(merged.keys).union(merged.values), store: store)
    officers = try await store.certainties(
      ofOffices: facts.filter { $0.type == "role.held" && isOwn($0, \.organisation) }, at: time,
      through: through)
  }

  mutating func answer(
    name: String, on: String, withMembers: Bool
  ) async throws -> ActorAnswer {
    let registrations = try await lines(
      of: "actor.registered", \.actor, saying: { ($0.name, $0.kind) })
    let kind = registrations.last { own in
      own.entry.fact.holds && own.entry.fact.fields.actor == actor.id
    }?.detail
    let isGroup = ["body", "bloc"].contains(kind)
    var answer = ActorAnswer(
      actor: actor, kind: kind, mergedID: ids.contains(name) && name != actor.id ? name : nil,
      on: on, knownBy: recordState, hasHistory: history, registrations: registrations,
      names: try await lines(of: "actor.named", \.actor, saying: { ($0.name, $0.language) }),
      identifiers: try await lines(
        of: "actor.identified", \.actor, saying: { ($0.value, $0.scheme) }),
      roles: try await heldLines(of: "role.held", \.person, other: \.organisation),
      officers: try await heldLines(
        of: "role.held", \.organisation, other: \.person,
        certainty: { [officers] in officers[$0.position] }),
      memberships: try await heldLines(of: "membership.held", \.actor, other: \.group),
      members: nil, merges: try await merges(),
      predecessors: try await lines(of: "actor.succeeded", \.successor, other: \.predecessor),
      successors: try await lines(of: "actor.succeeded", \.predecessor, other: \.successor),
      leftOut: 0)
    if withMembers || isGroup {
      let members = try await store.members(
        of: actor.id, at: time, through: recordState.position)
      answer.members = try await heldLines(
        of: "membership.held", \.group, other: \.actor,
        certainty: { [time, merged] fact in
          // Who changes sides on that day may be in either group.
          guard fact.holds, Tenures.mayChange(fact, at: time), let member = fact.fields.actor else {
            return fact.held(at: time)
          }
          return fact.held(at: time) == nil ? nil : members?[merged[member] ?? member]
        })
    }
    answer.leftOut = leftOut
    return answer
  }

  /// The facts of a type in which the actor stands in one field; the field of the other actor is
  /// left as it was written.
  private mutating func lines(
    of type: String, _ own: Field, other: Field? = nil,
    saying words: (PayloadFields) -> (value: String?, detail: String?) = { _ in (nil, nil) }
  ) async throws -> [ActorFact] {
    var lines: [ActorFact] = []
    let facts = facts.filter { $0.type == type && isOwn($0, own) }
    let certainties =
      type == "actor.named"
      ? self.certainties(
        of: facts, kind: { $0.fields.language ?? "" }, { $0.fields.name ?? "" })
      : facts.map { $0.held(at: time) }
    for (fact, certainty) in zip(facts, certainties) {
      let (value, detail) = words(fact.fields)
      let entity = other.flatMap { $0(fact.fields) }.map(entity)
      lines.append(
        ActorFact(
          value: value ?? entity?.id ?? "", detail: detail, other: entity,
          period: fact.fields.periodText,
          certainty: fact.fields.periodText == nil ? nil : certainty,
          entry: try await store.entry(fact, &displayNames)))
    }
    return lines
  }

  /// The same for what was so for a while: what holds on the day.
  private mutating func heldLines(
    of type: String, _ own: Field, other: Field, certainty: ((Fact) -> Certainty?)? = nil
  ) async throws -> [ActorFact] {
    var lines: [ActorFact] = []
    let facts = facts.filter { $0.type == type && isOwn($0, own) }
    func id(_ fact: Fact) -> String { other(fact.fields).map { merged[$0] ?? $0 } ?? "" }
    let certainties =
      if let certainty {
        facts.map(certainty)
      } else {
        self.certainties(
          of: facts, kind: { type == "role.held" ? "" : kinds[id($0)] ?? "" }, id)
      }
    for (fact, certainty) in zip(facts, certainties) {
      if !history {
        if certainty == .possible && !possibly { leftOut += 1 }
        guard certainty == .certain || (certainty == .possible && possibly) else { continue }
      }
      let entity = other(fact.fields).map(entity)
      lines.append(
        ActorFact(
          value: fact.fields.title ?? entity?.id ?? "", other: entity,
          isSpeaking: fact.fields.isSpeaking,
          period: fact.fields.periodText ?? fact.time?.text, certainty: certainty,
          entry: try await store.entry(fact, &displayNames)))
    }
    return lines.sorted { Self.order($0) < Self.order($1) }
  }

  /// How surely each of several facts held. Of those of one kind that hold, each excludes the others
  /// that say something else.
  private func certainties(
    of facts: [Fact], kind: (Fact) -> String, _ what: (Fact) -> String
  ) -> [Certainty?] {
    var certainties = facts.map { $0.held(at: time) }
    let holding = facts.indices.filter { facts[$0].holds }
    for (_, indices) in Dictionary(grouping: holding, by: { kind(facts[$0]) }) {
      let judged = Tenures.certainties(of: indices.map { facts[$0] }, at: time, held: what)
      for (index, certainty) in zip(indices, judged) { certainties[index] = certainty }
    }
    return certainties
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

  /// The field of a payload that names an actor.
  private typealias Field = (PayloadFields) -> String?

  private func isOwn(_ fact: Fact, _ field: Field) -> Bool {
    field(fact.fields).map(ids.contains) ?? false
  }

  /// The actor that an id stands for.
  private func entity(_ id: String) -> Entity { named(merged[id] ?? id) }

  private func named(_ id: String) -> Entity { Entity(id: id, name: names[id] ?? id) }
}
