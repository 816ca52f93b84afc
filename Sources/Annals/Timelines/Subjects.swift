import EventLog

/// What a timeline or a log is about: all of the actors and topics named.
struct Subjects: Sendable {
  var entities: [Entity] = []
  /// For each actor its tag, and those of the actors that were merged into it.
  var actors: [Set<Tag>] = []
  var topics: [Tag] = []
  /// Roll calls and motions that are linked to the topics, and roll calls on those motions: facts
  /// about them are about the topic.
  var linked: Set<Tag> = []

  /// True when a fact with these tags is about all the subjects.
  func cover(_ tags: [Tag]) -> Bool {
    actors.allSatisfy { family in tags.contains(where: family.contains) }
      && (topics.allSatisfy(tags.contains) || tags.contains(where: linked.contains))
  }

  /// What to read from the log: whatever may be about all the subjects.
  var query: EventQuery {
    let choices = actors.reduce([[]]) { lists, family in
      lists.flatMap { list in family.map { list + [$0] } }
    }
    var items = choices.map { EventQuery.Item(tags: $0 + topics) }
    if !topics.isEmpty {
      items += choices.flatMap { actors in linked.map { EventQuery.Item(tags: actors + [$0]) } }
    }
    return EventQuery(items: items)
  }
}

extension Store {
  /// Resolves names of actors and ids of topics; throws for the first that is neither.
  func subjects(
    _ names: [String], through: Position = Position(.max)
  ) async throws -> Subjects {
    var subjects = Subjects()
    for name in names {
      if let topic = try await subjectTopic(name, through) {
        subjects.entities.append(topic)
        subjects.topics.append(Tag(kind: "topic", value: topic.id))
      } else {
        let actor = try await resolveSubjectActor(name, through)
        subjects.entities.append(actor)
        subjects.actors.append(Set(Self.tags(try await ids(of: actor.id, through: through))))
      }
    }
    let links = try await reader(through)
      .links(ofTopics: subjects.topics.map { String($0.value) })
    for topic in subjects.topics { subjects.linked.formUnion(links.targets(of: topic)) }
    let motions = subjects.linked.filter { $0.kind == "motion" }
    subjects.linked.formUnion(try await rollcalls(on: motions, through))
    return subjects
  }

  /// The roll calls that were held on motions: votes in them are filed under the roll call alone.
  private func rollcalls(on motions: Set<Tag>, _ through: Position) async throws -> [Tag] {
    let held = try await facts(["rollcall.held"], underAnyOf: motions, through: through)
    let named = Set(held.filter(\.holds).compactMap(\.fields.rollcall))
    if named.isEmpty { return [] }
    // Another account may say more exactly when it was held, and on another motion.
    let accounts = try await facts(
      ["rollcall.held"], underAnyOf: named.sorted().map { .rollcall($0) }, through: through
    ).filter(\.holds)
    let byRollcall = Dictionary(grouping: accounts) { $0.fields.rollcall ?? "" }
    return named.filter { rollcall in
      let main = byRollcall[rollcall]?.goneBy
      return motions.contains(.motion(main?.fields.motion ?? ""))
    }.map { .rollcall($0) }
  }

  /// The topic that a name stands for; one that was defined later only where no actor was known by
  /// that name then.
  private func subjectTopic(_ name: String, _ through: Position) async throws -> Entity? {
    if let known = try await knownTopic(name, through: through) { return known }
    if try await actor(called: name, through: through) != nil { return nil }
    return try? await resolveTopic(name, through: through)
  }

  /// An actor, or an error that suggests topics too.
  private func resolveSubjectActor(
    _ name: String, _ through: Position
  ) async throws -> Entity {
    do {
      return try await resolveActor(name, through: through)
    } catch var faults as Problems {
      guard var problem = faults.problems.first, problem.suggestion == nil else { throw faults }
      let topics = try await log.tags(kind: "topic").map { String($0.value) }
      problem.message = "no actor or topic \"\(name)\""
      problem.suggestion = Suggestion.nearest(to: name, among: topics)
      faults.problems = [problem]
      throw faults
    }
  }
}
