import EventLog

extension Store {
  /// The actors and topics whose line an append may change.
  func pairs(touchedBy events: [NewEvent]) async throws -> [PositionPair] {
    var pairs: Set<PositionPair> = []
    for event in events {
      let amended = Amendment.types.contains(event.type.name)
      let tags = amended ? try await tagsInChain(of: event) : event.tags
      var topics = Set(values("topic", tags))
      var actors = Set(values("actor", tags))
      for tag in tags where tag.kind == "rollcall" || tag.kind == "motion" {
        topics.formUnion(try await self.topics(linkedTo: tag))
      }
      if amended || event.type.name == "statement.made" || event.type.name == "role.held" {
        actors.formUnion(try await organisations(of: actors))
      }
      if event.type.name == "topic.linked" || amended {
        actors.formUnion(try await voters(in: tags))
      }
      if event.type.name == "role.held" || event.type.name == "actor.merged" {
        for actor in actors { topics.formUnion(try await topicsSpokenOf(by: actor)) }
      }
      for actor in actors {
        for topic in topics { pairs.insert(PositionPair(actor: actor, topic: topic)) }
      }
    }
    return pairs.sorted { ($0.actor, $0.topic) < ($1.actor, $1.topic) }
  }

  private func values(_ kind: String, _ tags: [Tag]) -> [String] {
    tags.filter { $0.kind == kind }.map { String($0.value) }
  }

  /// The tags of an amendment and of everything that it amends.
  private func tagsInChain(of event: NewEvent) async throws -> [Tag] {
    var tags = event.tags
    var targets = event.targets
    while let id = targets.popLast(), let target = try await log.event(id: id) {
      tags += target.event.tags
      targets += target.event.targets
    }
    return tags
  }

  /// The topics to which a roll call or a motion is linked; a roll call's through its motion too.
  private func topics(linkedTo tag: Tag) async throws -> Set<String> {
    var linked = [tag]
    if tag.kind == "rollcall" {
      let held = try await log.read(
        EventQuery(types: ["rollcall.held"], tags: [tag]), in: EventRange())
      linked += held.flatMap(\.event.tags).filter { $0.kind == "motion" }
    }
    var topics: Set<String> = []
    for tag in linked {
      for link in try await log.read(
        EventQuery(types: ["topic.linked"], tags: [tag]), in: EventRange())
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
        EventQuery(types: ["role.held"], tags: [Tag(kind: "actor", value: person)]),
        in: EventRange(limit: 1000))
      for role in roles {
        let data = EventBody(role.event.body).data
        if data["person"]?.string == person, let body = data["organisation"]?.string {
          found.insert(body)
        }
      }
    }
    return found
  }

  private func voters(in tags: [Tag]) async throws -> Set<String> {
    var found: Set<String> = []
    var rollcalls = Set(tags.filter { $0.kind == "rollcall" })
    for motion in tags where motion.kind == "motion" {
      for event in try await log.read(
        EventQuery(types: ["rollcall.held", "sponsorship.declared"], tags: [motion]),
        in: EventRange())
      {
        rollcalls.formUnion(event.event.tags.filter { $0.kind == "rollcall" })
        if event.type.name == "sponsorship.declared" {
          found.formUnion(values("actor", event.event.tags))
        }
      }
    }
    for rollcall in rollcalls {
      for vote in try await log.read(
        EventQuery(types: ["vote.cast"], tags: [rollcall]), in: EventRange())
      {
        found.formUnion(values("actor", vote.event.tags))
      }
    }
    return found
  }

  private func topicsSpokenOf(by actor: String) async throws -> Set<String> {
    let said = try await log.read(
      EventQuery(
        types: ["statement.made", "stance.changed"], tags: [Tag(kind: "actor", value: actor)]),
      in: EventRange(limit: 1000))
    return Set(said.flatMap { values("topic", $0.event.tags) })
  }
}
