import EventLog

extension Store {
  /// The actors and topics whose line events may change, in order; nil when that cannot be said
  /// without looking at everything: after actors were merged.
  func pairs(touchedBy events: [NewEvent]) async throws -> [StancePair]? {
    var pairs: Set<StancePair> = []
    for event in events {
      let (types, tags) = try await chain(of: event)
      if types.contains("actor.merged") { return nil }
      var topics = Set(values("topic", tags))
      var actors = Set(values("actor", tags))
      for tag in tags where tag.kind == "rollcall" || tag.kind == "motion" {
        topics.formUnion(try await self.topics(linkedTo: tag))
      }
      // A statement bears on whom its speaker speaks for, a role on all that its holder has said.
      if types.contains("statement.made") || types.contains("role.held") {
        actors = try await families(of: actors)
        actors.formUnion(try await organisations(of: actors))
      }
      if types.contains("role.held") {
        for actor in actors { topics.formUnion(try await topicsSpokenOf(by: actor)) }
      }
      if types.contains("topic.linked") || types.contains("rollcall.held") {
        actors.formUnion(try await voters(in: tags))
      }
      actors = try await families(of: actors)
      for actor in actors {
        for topic in topics { pairs.insert(StancePair(actor: actor, topic: topic)) }
      }
    }
    return pairs.sorted { ($0.actor, $0.topic) < ($1.actor, $1.topic) }
  }

  private func families(of actors: Set<String>) async throws -> Set<String> {
    var found = actors
    for actor in actors {
      found.formUnion(values("actor", try await family(of: .actor(actor))))
    }
    return found
  }

  private func values(_ kind: String, _ tags: some Sequence<Tag>) -> [String] {
    tags.filter { $0.kind == kind }.map { String($0.value) }
  }

  /// The types and tags of an event and of everything that it amends.
  func chain(of event: NewEvent) async throws -> (types: Set<String>, tags: Set<Tag>) {
    var types: Set<String> = [event.type.name]
    var tags = Set(event.tags)
    guard Amendment.types.contains(event.type.name) else { return (types, tags) }
    var targets = event.targets
    while let id = targets.popLast() {
      guard let target = try await log.event(id: id) else { continue }
      types.insert(target.type.name)
      tags.formUnion(try await allTags(of: target))
      if Amendment.types.contains(target.type.name) { targets += target.event.targets }
    }
    return (types, tags)
  }

  /// Under what an event is filed, and all that corrections of it are filed under, whether they hold
  /// or not.
  func allTags(of event: RecordedEvent) async throws -> Set<Tag> {
    let closure = try await closure(of: [event], through: Position(.max))
    var corrections: [EventID: [RecordedEvent]] = [:]
    for other in closure where other.type.name == "fact.corrected" {
      for target in Set(other.event.targets) { corrections[target, default: []].append(other) }
    }
    var tags = Set(event.event.tags)
    var seen: Set<EventID> = [event.id]
    var fresh = [event.id]
    while let id = fresh.popLast() {
      for correction in corrections[id] ?? [] where seen.insert(correction.id).inserted {
        tags.formUnion(correction.event.tags)
        fresh.append(correction.id)
      }
    }
    return tags
  }

  /// The topics to which a roll call or a motion is linked; a roll call's through its motion too.
  private func topics(linkedTo tag: Tag) async throws -> Set<String> {
    var linked = [tag]
    if tag.kind == "rollcall" {
      let held = try await log.read(
        Amendment.query(["rollcall.held"], [tag]), in: EventRange())
      linked += held.flatMap(\.event.tags).filter { $0.kind == "motion" }
    }
    var topics: Set<String> = []
    for tag in linked {
      for link in try await log.read(
        Amendment.query(["topic.linked"], [tag]), in: EventRange())
      {
        topics.formUnion(values("topic", link.event.tags))
      }
    }
    return topics
  }

  private func organisations(of people: Set<String>) async throws -> Set<String> {
    var found: Set<String> = []
    for person in people {
      let roles = try await log.read(
        Amendment.query(["role.held"], [Tag(kind: "actor", value: person)]), in: EventRange())
      // Whether the role holds, and who is what in it, is worked out by the fold.
      for role in roles { found.formUnion(values("actor", role.event.tags)) }
    }
    return found
  }

  private func voters(in tags: Set<Tag>) async throws -> Set<String> {
    var found: Set<String> = []
    var rollcalls = Set(tags.filter { $0.kind == "rollcall" })
    for motion in tags where motion.kind == "motion" {
      for event in try await log.read(
        Amendment.query(["rollcall.held", "sponsorship.declared"], [motion]), in: EventRange())
      {
        rollcalls.formUnion(event.event.tags.filter { $0.kind == "rollcall" })
        // Bodies that held a roll call come with it; a line too many is folded, none is missed.
        found.formUnion(values("actor", event.event.tags))
      }
    }
    for rollcall in rollcalls {
      for vote in try await log.read(
        Amendment.query(["vote.cast"], [rollcall]), in: EventRange())
      {
        found.formUnion(values("actor", vote.event.tags))
      }
    }
    return found
  }

  private func topicsSpokenOf(by actor: String) async throws -> Set<String> {
    let tags = try await log.fold(
      Amendment.query(["statement.made"], [Tag(kind: "actor", value: actor)]),
      in: EventRange(), into: Set<Tag>()
    ) { tags, row, names in
      for tag in row.tags.map(names.tag) where tag.kind == "topic" { tags.insert(tag) }
      return true
    }
    return Set(values("topic", tags))
  }
}
