import EventLog

/// Many small questions put to the log at once, for views that name hundreds of actors.
extension Store {
  /// The facts of some types that are filed under any of the tags, as known at a position, in log
  /// order: those that were taken back too. What a correction has put elsewhere since is among
  /// them, so the caller looks at the payload.
  func facts(
    _ types: [String], underAnyOf tags: some Sequence<Tag>, through: Position
  ) async throws -> [Fact] {
    try await reader(through).facts(types, under: tags.map { [$0] })
  }

  /// The names with which actors were registered, as corrected; none for one that was not.
  func displayNames(
    ofActors ids: Set<String>, through: Position
  ) async throws -> [String: String] {
    var names: [String: String] = [:]
    for fact in try await facts(["actor.registered"], underAnyOf: Self.tags(ids), through: through)
    where fact.holds {
      if let id = fact.data["actor"]?.string, ids.contains(id) {
        names[id] = fact.data["name"]?.string
      }
    }
    return names
  }

  /// What ids of actors stand for, as known at a position: themselves, or what they were merged
  /// into.
  func mergedIDs(of ids: Set<String>, through: Position) async throws -> [String: String] {
    let merges = try await reader(through).merges(of: ids)
    return Dictionary(uniqueKeysWithValues: ids.map { ($0, merges.current($0)) })
  }

  /// All ids that stand for an actor at a position, its own among them.
  func ids(of actor: String, through: Position) async throws -> Set<String> {
    try await reader(through).merges(of: [actor]).ids(of: actor)
  }

  /// The actors that an actor succeeded, itself or through others, the nearest first.
  func predecessors(of actor: String, through: Position) async throws -> [Entity] {
    var found: [String] = []
    var fresh = [actor]
    while !fresh.isEmpty {
      var ids: Set<String> = []
      for actor in fresh { ids.formUnion(try await self.ids(of: actor, through: through)) }
      let facts = try await facts(
        ["actor.succeeded"], underAnyOf: Self.tags(ids), through: through)
      let earlier = facts.filter { $0.holds && ids.contains($0.fields.successor ?? "") }
        .compactMap(\.fields.predecessor)
      let current = try await mergedIDs(of: Set(earlier), through: through)
      fresh = Set(current.values).subtracting(found + [actor]).sorted()
      found += fresh
    }
    let names = try await displayNames(ofActors: Set(found), through: through)
    return found.map { Entity(id: $0, name: names[$0] ?? $0) }
  }

  static func tags(_ actors: Set<String>) -> [Tag] {
    actors.map { Tag(kind: "actor", value: $0) }
  }

  /// The captures of a source, in log order: those that were taken back too.
  func captures(of source: String, through: Position) async throws -> [Fact] {
    try await facts(
      ["source.captured"], underAnyOf: [Tag(kind: "source", value: source)], through: through
    ).filter { $0.data["source"]?.string == source }
  }

  /// The actor of a name, which the record must have by `through`.
  func knownActor(_ name: String, through: Position) async throws -> Entity {
    let actor = try await resolveActor(name, through: through)
    let tag = Tag(kind: "actor", value: actor.id)
    if try await isDefined(tag, through: through) { return actor }
    throw Problems([try await unknownYet(.unknownActor, tag, called: name, through)])
  }

  /// The id of a roll call or a source, in any case, which the record must have by `through`.
  func knownID(
    _ kind: EntityKind, _ name: String, _ code: ErrorCode, through: Position
  ) async throws -> String {
    if let id = try await id(of: kind, reading: name, code, through: through) { return id }
    if let later = try await id(of: kind, reading: name, code, through: Position(.max)) {
      let tag = Tag(kind: kind.rawValue, value: later)
      throw Problems([try await unknownYet(code, tag, called: name, through)])
    }
    let ids = try await log.tags(kind: kind.rawValue).map { String($0.value) }.sorted()
    let isAddress = kind == .source && Citation.isURL(name)
    throw Problems([
      Problem(
        code, "no \(kind.noun) \"\(name)\"",
        help: isAddress
          ? "an address is cited as it is; only captured sources have versions"
          : "\(command: "list \(kind.rawValue)s") shows them all",
        suggestion: Suggestion.nearest(to: name, among: ids))
    ])
  }

  /// Something that was recorded only after the position asked about.
  private func unknownYet(
    _ code: ErrorCode, _ tag: Tag, called name: String, _ through: Position
  ) async throws -> Problem {
    let kind = EntityKind(rawValue: String(tag.kind)) ?? .actor
    let first = try await log.read(
      EventQuery(types: vocabulary.definers(of: kind), tags: [tag]), in: EventRange(limit: 1)
    ).first
    return Problem(
      code, "no \(kind.noun) \"\(name)\" is known by \(through)",
      help: first.map { "it was first recorded with \($0.position)" })
  }
}
