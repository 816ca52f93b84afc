public import EventLog

extension Store {
  /// The actor that a name, spelling or identifier stands for; a merged id gives the one that it
  /// was merged into, as known at `through`. What was named later is found only where nothing was
  /// known by that name then. Throws `.unknownActor` with the nearest name.
  public func resolveActor(
    _ name: String, through: Position = Position(.max)
  ) async throws -> Entity {
    var id = try await id(called: name, through: through)
    if id == nil { id = try await self.id(called: name, through: Position(.max)) }
    guard let id else { throw Problems([try await unknownActor(name)]) }
    return try await current(id, through: through)
  }

  /// The actor that a name stood for at `through`; nil when it stood for none. Throws when it stood
  /// for several.
  func actor(called name: String, through: Position) async throws -> Entity? {
    guard let id = try await id(called: name, through: through) else { return nil }
    return try await current(id, through: through)
  }

  private func id(called name: String, through: Position) async throws -> String? {
    let candidates = try await actors(named: name, through: through)
    guard candidates.count <= 1 else {
      throw Problems([
        Problem(
          .unknownActor, "\"\(name)\" may be any of \(candidates.joined(separator: ", "))",
          help: "use the id of the one you mean")
      ])
    }
    return candidates.first
  }

  private func current(_ id: String, through: Position) async throws -> Entity {
    let current = try await reader(through).merges(of: [id]).current(id)
    return Entity(id: current, name: try await displayName(ofActor: current, through: through))
  }

  /// Ids of the actors that carried a name at `through`; more than one when it was ambiguous.
  private func actors(named name: String, through: Position) async throws -> [String] {
    if try await isDefined(Tag(kind: "actor", value: name), through: through) { return [name] }
    let folded = ActorName.folded(name)
    let tag = Tag(kind: "name", value: folded)
    let named = try await log.read(EventQuery(tags: [tag]), in: EventRange(through: through))
    var ids: [String] = []
    // A corrected name is filed under both spellings. The wrong spelling belongs to no actor.
    for fact in try await facts(of: named, through: through)
    where fact.holds && tags(of: fact).contains(tag) {
      if let actor = fact.data["actor"]?.string, !ids.contains(actor) { ids.append(actor) }
    }
    if ids.isEmpty {
      for id in [name.uppercased(), folded.replacing(" ", with: "-")]
      where try await isDefined(Tag(kind: "actor", value: id), through: through) {
        return [id]
      }
    }
    return ids
  }

  /// True when an event up to `through` defined the entity of this tag.
  func isDefined(_ tag: Tag, through: Position = Position(.max)) async throws -> Bool {
    if EntityKind(rawValue: String(tag.kind)) == nil { return true }
    return try await !defined(among: [tag], through: through).isEmpty
  }

  /// The tags whose entities were defined by events up to `through`; read with few calls.
  func defined(
    among tags: Set<Tag>, through: Position = Position(.max)
  ) async throws -> Set<Tag> {
    let wanted = tags.compactMap { tag in
      EntityKind(rawValue: String(tag.kind)).map {
        (tag: tag, definers: vocabulary.definers(of: $0))
      }
    }
    var defined: Set<Tag> = []
    for start in stride(from: 0, to: wanted.count, by: Self.definitionsAtOnce) {
      let some = wanted[start..<min(start + Self.definitionsAtOnce, wanted.count)]
      let reader = reader(through)
      try await reader.load(
        some.flatMap { tag, definers in
          definers.map { RecordReader.Filing(type: $0, tags: [tag]) }
        })
      for (tag, definers) in some
      where try await reader.events(definers, under: [[tag]]).contains(where: { defines($0, tag) })
      {
        defined.insert(tag)
      }
    }
    return defined
  }

  private static let definitionsAtOnce = 400

  private func defines(_ event: RecordedEvent, _ tag: Tag) -> Bool {
    guard
      let path = vocabulary.definition(event.type.name, version: event.type.version)?.defines?.path
    else { return false }
    return EventBody(event.event.body).data.strings(at: path[...]).contains(String(tag.value))
  }

  /// Reads the definitions of actors and topics that are named by their ids, and what imports cover,
  /// with one call of the log.
  func loadDefinitions(
    ofActors actors: [String], topics: [String], through: Position
  ) async throws {
    let wanted =
      actors.flatMap { actor in
        vocabulary.definers(of: .actor).map {
          RecordReader.Filing(type: $0, tags: [.actor(actor)])
        }
      } + topics.map { RecordReader.Filing(type: "topic.defined", tags: [.topic($0)]) }
      + [RecordReader.Filing(type: "import.completed", tags: [])]
    try await reader(through).load(wanted)
  }

  /// The name with which an actor was registered, as corrected by `through`.
  func displayName(ofActor id: String, through: Position = Position(.max)) async throws -> String {
    try await displayNames(ofActors: [id], through: through)[id] ?? id
  }

  private func unknownActor(_ name: String) async throws -> Problem {
    let names = try await log.tags(kind: "name").map { String($0.value) }
    let ids = try await log.tags(kind: "actor").map { String($0.value) }
    var nearest = Suggestion.nearest(to: name, among: ids + names)
    if let folded = nearest, !ids.contains(folded) {
      // Names are filed folded; the suggestion is as somebody wrote it.
      let named = try await log.read(
        EventQuery(tags: [Tag(kind: "name", value: folded)]), in: EventRange(limit: 1))
      let data = named.first.map { EventBody($0.event.body).data }
      nearest = data?["name"]?.string ?? data?["value"]?.string ?? folded
    }
    return Problem(
      .unknownActor, "no actor \"\(name)\"", help: "annals list actors shows them all",
      suggestion: nearest)
  }

  /// The topic with this id, in any case, with its proposition as known at `through`. Throws
  /// `.unknownTopic` with the nearest id.
  public func resolveTopic(
    _ name: String, through: Position = Position(.max)
  ) async throws -> Entity {
    if let known = try await knownTopic(name, through: through) { return known }
    if let later = try await knownTopic(name, through: Position(.max)) {
      // Nothing was known of it yet, and neither was what it proposes.
      return Entity(id: later.id, name: later.id)
    }
    let topics = try await log.tags(kind: "topic").map { String($0.value) }
    throw Problems([
      Problem(
        .unknownTopic, "no topic \"\(name)\"", help: "annals list topics shows them all",
        suggestion: Suggestion.nearest(to: name, among: topics))
    ])
  }

  /// The topic with this id, in any case, as known at `through`; nil when there was none yet.
  func knownTopic(_ name: String, through: Position) async throws -> Entity? {
    let reader = reader(through)
    var id = name
    if try await reader.events(["topic.defined"], under: [[.topic(name)]]).isEmpty {
      let matching = try await reader.tags(kind: "topic")
        .filter { $0.value.lowercased() == name.lowercased() }
      let topics = try await known(matching, through: through)
      guard let found = topics.first(where: { $0 == name }) ?? topics.first else { return nil }
      id = found
    }
    let proposition = try await reader.facts(["topic.defined"], under: [[.topic(id)]])
      .last { $0.holds && $0.data["topic"]?.string == id }?.data["proposition"]?.string
    return Entity(id: id, name: proposition ?? id)
  }

  /// The ids of all topics of which something was recorded by `through`, in order.
  func topics(through: Position) async throws -> [String] {
    try await known(try await log.tags(kind: "topic"), through: through)
  }

  /// The values of those tags under which something was filed by `through`, in order.
  private func known(_ tags: [Tag], through: Position) async throws -> [String] {
    var values: [String] = []
    for tag in tags {
      let first = try await log.read(
        EventQuery(tags: [tag]), in: EventRange(through: through, limit: 1))
      if !first.isEmpty { values.append(String(tag.value)) }
    }
    return values.sorted()
  }
}
