import EventLog

/// Finds the stances that events may change. It may name too many stances, never too few.
struct TouchedStances {
  private var collector: RowCollector

  /// Up to this number of events, each event is examined.
  static let mostEvents = 200

  /// The actors and topics whose lines the events behind a position may change, in order. Nil when
  /// all stances may have changed: after more events than that, and after merges of actors.
  static func pairs(
    after position: Position, from reader: RecordReader
  ) async throws -> [StancePair]? {
    var touched = TouchedStances(collector: RowCollector(reader))
    try await touched.collector.takeSurvey()
    guard
      let rows = try await touched.collector.add(
        StanceInput.types + Amendment.types.sorted(), after: position, limit: mostEvents)
    else { return nil }
    let chains = Array(touched.collector.chains(of: rows).values)
    if chains.contains(where: { $0.types.contains("actor.merged") }) { return nil }
    try await touched.collect(chains)
    let index = touched.collector.index(of: [
      "rollcall.held", "sponsorship.declared", "topic.linked", "role.held", "statement.made",
      "vote.cast", "actor.merged",
    ])
    var pairs: Set<StancePair> = []
    for chain in chains {
      let topics = topics(of: chain, index)
      for actor in actors(of: chain, index) {
        for topic in topics { pairs.insert(StancePair(actor: actor, topic: topic)) }
      }
    }
    return pairs.sorted { ($0.actor, $0.topic) < ($1.actor, $1.topic) }
  }

  // MARK: reading

  /// Reads what connects the events with topics and actors.
  private mutating func collect(_ chains: [RowCollector.Chain]) async throws {
    func tags(
      _ kind: String, where isWanted: (RowCollector.Chain) -> Bool = { _ in true }
    ) -> Set<Tag> {
      Set(chains.lazy.filter(isWanted).flatMap(\.tags).filter { $0.kind == kind })
    }
    let rollcalls = tags("rollcall")
    try await read(["rollcall.held"], rollcalls)
    let motions = tags("motion").union(collector.values(of: ["motion"], inRowsOf: "rollcall.held"))
    try await read(["topic.linked"], rollcalls.union(motions))

    // A person may speak under one id and hold a role under another id of theirs.
    let speakers = try await collector.family(
      of: tags("actor", where: \.bearsOnWhomOneSpeaksFor))
    try await read(["role.held"], speakers)
    if chains.contains(where: \.bearsOnAllThatOneSaid) {
      let organisations = collector.values(of: ["actor"], inRowsOf: "role.held")
      try await read(["statement.made"], speakers.union(organisations))
    }
    if chains.contains(where: \.bearsOnVoters) {
      try await read(
        ["rollcall.held", "sponsorship.declared"], tags("motion", where: \.bearsOnVoters))
      let held = collector.values(of: ["rollcall"], inRowsOf: "rollcall.held")
      try await read(["vote.cast"], tags("rollcall", where: \.bearsOnVoters).union(held))
    }
    _ = try await collector.family(
      of: tags("actor").union(
        collector.values(of: ["actor"], inRowsOf: "role.held")
          .union(collector.values(of: ["actor"], inRowsOf: "vote.cast"))
          .union(collector.values(of: ["actor"], inRowsOf: "sponsorship.declared"))))
  }

  private mutating func read(_ types: [String], _ tags: Set<Tag>) async throws {
    if tags.isEmpty { return }
    try await collector.add(tags.flatMap { RowCollector.items(types, $0) })
  }

  // MARK: what was found

  private static func topics(
    of chain: RowCollector.Chain, _ index: RowCollector.Index
  ) -> Set<String> {
    let rollcalls = chain.tags.filter { $0.kind == "rollcall" }
    let motions = chain.tags.filter { $0.kind == "motion" }.union(
      index.values(of: "motion", inRowsOf: "rollcall.held", under: rollcalls).map(Tag.motion))
    var topics = chain.values("topic").union(
      index.values(of: "topic", inRowsOf: "topic.linked", under: rollcalls.union(motions)))
    if chain.bearsOnAllThatOneSaid {
      let speakers = Set(speakersAndTheirs(chain, index).map(Tag.actor))
      topics.formUnion(index.values(of: "topic", inRowsOf: "statement.made", under: speakers))
    }
    return topics
  }

  private static func actors(
    of chain: RowCollector.Chain, _ index: RowCollector.Index
  ) -> Set<String> {
    var actors = speakersAndTheirs(chain, index)
    if chain.bearsOnVoters {
      let motions = chain.tags.filter { $0.kind == "motion" }
      let rollcalls = chain.tags.filter { $0.kind == "rollcall" }.union(
        index.values(of: "rollcall", inRowsOf: "rollcall.held", under: motions).map(Tag.rollcall))
      actors.formUnion(index.values(of: "actor", inRowsOf: "vote.cast", under: rollcalls))
      actors.formUnion(index.values(of: "actor", inRowsOf: "sponsorship.declared", under: motions))
    }
    return families(of: actors, index)
  }

  /// Actors, and those with which they were merged: an id counts for what it was merged into.
  private static func families(
    of actors: Set<String>, _ index: RowCollector.Index
  ) -> Set<String> {
    var (found, fresh) = (actors, actors)
    while !fresh.isEmpty {
      let merged = index.values(
        of: "actor", inRowsOf: "actor.merged", under: Set(fresh.map(Tag.actor)))
      fresh = merged.subtracting(found)
      found.formUnion(fresh)
    }
    return found
  }

  /// The actors that an event names, and those for whom they speak. Whether a role holds, and who is
  /// what in it, is worked out by the fold.
  private static func speakersAndTheirs(
    _ chain: RowCollector.Chain, _ index: RowCollector.Index
  ) -> Set<String> {
    guard chain.bearsOnWhomOneSpeaksFor else { return chain.values("actor") }
    let actors = families(of: chain.values("actor"), index)
    return actors.union(
      index.values(of: "actor", inRowsOf: "role.held", under: Set(actors.map(Tag.actor))))
  }
}

extension RowCollector.Chain {
  /// A statement bears on whom its speaker speaks for.
  fileprivate var bearsOnWhomOneSpeaksFor: Bool {
    types.contains("statement.made") || types.contains("role.held")
  }

  /// A role bears on all that its holder has said.
  fileprivate var bearsOnAllThatOneSaid: Bool { types.contains("role.held") }

  /// A link bears on all who voted, and so does what a roll call was held on.
  fileprivate var bearsOnVoters: Bool {
    types.contains("topic.linked") || types.contains("rollcall.held")
  }
}
