public import EventLog

extension Store {
  /// The actor that a name, spelling or identifier stands for; a merged id gives the one that it
  /// was merged into, as known at `through`. Throws `.unknownActor` with the nearest name.
  ///
  /// A name that was recorded later than `through` is understood as well, as long as none of that
  /// time has it: the question is put today.
  public func resolveActor(
    _ name: String, through: Position = Position(.max)
  ) async throws -> Entity {
    var candidates = try await actors(named: name, through: through)
    if candidates.isEmpty { candidates = try await actors(named: name, through: Position(.max)) }
    guard candidates.count <= 1 else {
      throw Problems([
        Problem(
          .unknownActor, "\"\(name)\" may be any of \(candidates.joined(separator: ", "))",
          help: "use the id of the one you mean")
      ])
    }
    guard let id = candidates.first else {
      throw Problems([try await unknownActor(name)])
    }
    let current = try await mergedInto(id, through)
    return Entity(id: current, name: try await displayName(ofActor: current, through: through))
  }

  /// Ids of the actors that carry a name; more than one when it is ambiguous.
  private func actors(named name: String, through: Position) async throws -> [String] {
    if try await isDefined(Tag(kind: "actor", value: name), through: through) { return [name] }
    let folded = ActorName.folded(name)
    let named = try await log.read(
      EventQuery(tags: [Tag(kind: "name", value: folded)]), in: EventRange(through: through))
    var ids: [String] = []
    for fact in try await facts(of: named, through: through) where fact.isLive {
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

  /// True when an event defined the entity of this tag.
  func isDefined(_ tag: Tag, through: Position = Position(.max)) async throws -> Bool {
    guard let kind = EntityKind(rawValue: String(tag.kind)) else { return true }
    let found = try await log.read(
      EventQuery(types: vocabulary.definers(of: kind), tags: [tag]),
      in: EventRange(through: through, limit: 16))
    return found.contains { event in
      guard
        let path = vocabulary.definition(event.type.name, version: event.type.version)?.defines?
          .path
      else { return false }
      return EventBody(event.event.body).data.strings(at: path[...]).contains(String(tag.value))
    }
  }

  /// The actor that an id stands for, as known at a position.
  func mergedInto(_ id: String, _ through: Position) async throws -> String {
    var current = id
    var seen: Set<String> = [id]
    while true {
      let merges = try await log.read(
        Amendment.query(["actor.merged"], [Tag(kind: "actor", value: current)]),
        in: EventRange(through: through))
      let winner = try await facts(of: merges, through: through)
        .last {
          $0.isLive && $0.type == "actor.merged" && $0.data["loser"]?.string == current
        }?
        .data["winner"]?.string
      guard let winner, seen.insert(winner).inserted else { return current }
      current = winner
    }
  }

  /// The actor and those that were merged into it or that it was merged into, now or at some time:
  /// never too few, so that what bears on one of them is looked for under all.
  func family(of actor: Tag, through: Position = Position(.max)) async throws -> Set<Tag> {
    var family: Set<Tag> = []
    var fresh: Set<Tag> = [actor]
    while let next = fresh.popFirst() {
      family.insert(next)
      let merges = try await log.read(
        Amendment.query(["actor.merged"], [next]), in: EventRange(through: through))
      let others = merges.flatMap(\.event.tags).filter { $0.kind == "actor" }
      fresh.formUnion(Set(others).subtracting(family))
    }
    return family
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
    let topics = try await log.tags(kind: "topic").map { String($0.value) }
    let exact = topics.first { $0 == name } ?? topics.first { $0.lowercased() == name.lowercased() }
    guard let id = exact else {
      throw Problems([
        Problem(
          .unknownTopic, "no topic \"\(name)\"", help: "annals list topics shows them all",
          suggestion: Suggestion.nearest(to: name, among: topics))
      ])
    }
    let defined = try await log.read(
      Amendment.query(["topic.defined"], [Tag(kind: "topic", value: id)]),
      in: EventRange(through: through))
    let proposition = try await facts(of: defined, through: through)
      .last { $0.isLive && $0.data["topic"]?.string == id }?.data["proposition"]?.string
    return Entity(id: id, name: proposition ?? id)
  }
}
