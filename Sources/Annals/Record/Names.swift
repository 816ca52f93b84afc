public import EventLog

/// An actor with a name or an identifier that it bears, and the identifier's scheme.
typealias ActorBearer = (actor: String, name: String, scheme: String?)

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

  /// Whether an actor was registered under exactly this id, merged since or not.
  public func hasActor(_ id: String) async throws -> Bool {
    try await isDefined(Tag(kind: "actor", value: id))
  }

  /// The actor that a name stood for at `through`; nil when it stood for none. Throws when it stood
  /// for several.
  func actor(called name: String, through: Position) async throws -> Entity? {
    guard let id = try await id(called: name, through: through) else { return nil }
    return try await current(id, through: through)
  }

  /// The id that a name stood for: after merges it is one actor, whichever of the merged ids bears it.
  private func id(called name: String, through: Position) async throws -> String? {
    let candidates = try await actors(named: name, through: through)
    if candidates.count <= 1 { return candidates.first }
    let merges = try await reader(through).merges(of: Set(candidates))
    let current = Set(candidates.map { merges.current($0) }).sorted()
    if current.count == 1 { return current[0] }
    throw Problems([Self.ambiguous(.unknownActor, name, current)])
  }

  static func ambiguous(_ code: ErrorCode, _ name: String, _ ids: [String]) -> Problem {
    Problem(
      code, "\"\(name)\" may be any of \(ids.joined(separator: ", "))",
      help: "use the id of the one you mean")
  }

  private func current(_ id: String, through: Position) async throws -> Entity {
    let current = try await reader(through).merges(of: [id]).current(id)
    return Entity(id: current, name: try await displayName(ofActor: current, through: through))
  }

  /// Ids of the actors that a name stood for at `through`; more than one when it was ambiguous. An id
  /// that is written exactly is meant before any name.
  private func actors(named name: String, through: Position) async throws -> [String] {
    if try await isDefined(Tag(kind: "actor", value: name), through: through) { return [name] }
    var ids = try await bearers(of: ActorName.forms(name), through: through).map(\.actor)
    let folded = ActorName.folded(name)
    if ids.isEmpty {
      // Names that an earlier version of the program has filed in another form.
      let filed = try await log.tags(kind: "name").map { String($0.value) }
        .filter { ActorName.folded($0) == folded }
      if !filed.isEmpty { ids = try await bearers(of: filed, through: through).map(\.actor) }
    }
    if ids.isEmpty {
      let slug = folded.replacing(" ", with: "-")
      ids = try await self.ids(of: .actor, through: through) {
        let read = ReadForm.folded($0)
        return read == folded || read == slug
      }
    }
    return Array(Set(ids))
  }

  /// The actors that bore a name or identifier which is filed in one of some forms.
  func bearers(of forms: [String], through: Position) async throws -> [ActorBearer] {
    let items = forms.map { EventQuery.Item(tags: [Tag(kind: "name", value: $0)]) }
    let named = try await log.events(matching: items, through: through)
    let read = Set(forms.map(ActorName.folded))
    // A corrected name is filed under both spellings. The wrong spelling belongs to no actor.
    return try await facts(of: named, through: through).compactMap { fact in
      let isFiled = tags(of: fact).contains {
        $0.kind == "name" && read.contains(ActorName.folded(String($0.value)))
      }
      guard fact.holds, isFiled, let actor = fact.fields.actor,
        let name = fact.fields.name ?? fact.fields.value
      else { return nil }
      return (actor, name, fact.fields.scheme)
    }
  }

  /// The ids of defined things of a kind that fit, in order.
  private func ids(
    of kind: EntityKind, through: Position, where isFitting: (String) -> Bool
  ) async throws -> [String] {
    let fitting = try await reader(through).tags(kind: kind.rawValue).filter {
      isFitting(String($0.value))
    }
    return try await defined(among: Set(fitting), through: through).map { String($0.value) }
      .sorted()
  }

  /// The id of something that a person names by its id: as written, else the one that reads the same.
  /// Nil where nothing of the kind is known by then. Throws where several read the same.
  func id(
    of kind: EntityKind, reading name: String, _ code: ErrorCode, through: Position
  ) async throws -> String? {
    if try await isDefined(Tag(kind: kind.rawValue, value: name), through: through) { return name }
    let folded = ReadForm.folded(name)
    let alike = try await ids(of: kind, through: through) { ReadForm.folded($0) == folded }
    if alike.count > 1 { throw Problems([Self.ambiguous(code, name, alike)]) }
    return alike.first
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
    let wanted = tags.filter { EntityKind(rawValue: String($0.kind)) != nil }.sorted {
      $0.description < $1.description
    }
    var defined: Set<Tag> = []
    for start in stride(from: 0, to: wanted.count, by: Self.definitionsAtOnce) {
      let some = wanted[start..<min(start + Self.definitionsAtOnce, wanted.count)]
      defined.formUnion(try await self.defined(among: Set(some), in: reader(through)))
    }
    return defined
  }

  /// The same as one reader has them.
  func defined(among tags: Set<Tag>, in reader: RecordReader) async throws -> Set<Tag> {
    try await reader.load(definitions(of: tags))
    var defined: Set<Tag> = []
    for tag in tags {
      let definers = definitions(of: [tag]).map(\.type)
      let events = try await reader.events(definers, under: [[tag]])
      if events.contains(where: { defines($0, tag) }) { defined.insert(tag) }
    }
    return defined
  }

  /// Where the definitions of entities are filed.
  func definitions(of tags: Set<Tag>) -> [RecordReader.Filing] {
    tags.flatMap { tag in
      EntityKind(rawValue: String(tag.kind)).map { kind in
        vocabulary.definers(of: kind).map { RecordReader.Filing(type: $0, tags: [tag]) }
      } ?? []
    }
  }

  private static let definitionsAtOnce = 400

  /// Whether an event brings the entity of a tag into being.
  func defines(_ event: RecordedEvent, _ tag: Tag) -> Bool {
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
      .unknownActor, "no actor \"\(name)\"", help: "\(command: "list actors") shows them all",
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
        .unknownTopic, "no topic \"\(name)\"", help: "\(command: "list topics") shows them all",
        suggestion: Suggestion.nearest(to: name, among: topics))
    ])
  }

  /// The topic with this id, as known at `through`; nil when there was none yet. Throws where several
  /// ids read the same.
  func knownTopic(_ name: String, through: Position) async throws -> Entity? {
    guard let id = try await id(of: .topic, reading: name, .unknownTopic, through: through) else {
      return nil
    }
    let proposition = try await reader(through).facts(["topic.defined"], under: [[.topic(id)]])
      .last { $0.holds && $0.data["topic"]?.string == id }?.data["proposition"]?.string
    return Entity(id: id, name: proposition ?? id)
  }

  /// The ids of all topics of which something was recorded by `through`, in order.
  func topics(through: Position) async throws -> [String] {
    try await known(try await log.tags(kind: "topic"), through: through)
  }

  /// The values of those tags under which something was filed by `through`, in order.
  private func known(_ tags: [Tag], through: Position) async throws -> [String] {
    var found = try await defined(among: Set(tags), through: through)
    // Of what is not defined by then something else may stand there: little, if anything.
    let rest = tags.filter { !found.contains($0) }
    for start in stride(from: 0, to: rest.count, by: RecordReader.itemsPerQuery) {
      let some = Set(rest[start...].prefix(RecordReader.itemsPerQuery))
      found = try await log.fold(
        EventQuery(items: some.map { EventQuery.Item(tags: [$0]) }),
        in: EventRange(through: through), into: found
      ) { found, row, names in
        found.formUnion(row.tags.lazy.map(names.tag).filter(some.contains))
        return !found.isSuperset(of: some)
      }
    }
    return found.map { String($0.value) }.sorted()
  }
}
