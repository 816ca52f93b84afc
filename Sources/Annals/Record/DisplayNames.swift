import EventLog

/// What stands for ids where people read: names of actors, titles and links of sources. Each is
/// read once per answer.
struct DisplayNames {
  /// The state of the record that the answer is about.
  let through: Position
  private var sources: [String: (title: String?, publisher: String?, url: String?)] = [:]
  private var actors: [String: String] = [:]

  init(through: Position) { self.through = through }

  /// Reads what the entries of facts will show, with one call of the log; and the accounts of some roll
  /// calls.
  func load(_ facts: [Fact], rollcalls: [String] = [], store: Store) async throws {
    var wanted = Set(
      rollcalls.map { RecordReader.Filing(type: "rollcall.held", tags: [.rollcall($0)]) })
    for fact in facts {
      for tag in store.tags(of: fact) where tag.kind == "actor" {
        wanted.insert(RecordReader.Filing(type: "actor.registered", tags: [tag]))
      }
      for source in fact.sources where !Citation.isURL(source.source) {
        let tag = Tag(kind: "source", value: source.source)
        wanted.insert(RecordReader.Filing(type: "source.captured", tags: [tag]))
      }
      if let rollcall = fact.ballotRollcall {
        wanted.insert(RecordReader.Filing(type: "rollcall.held", tags: [.rollcall(rollcall)]))
      }
      if let vote = Store.openVote(fact) {
        wanted.insert(RecordReader.Filing(type: "vote.cast", tags: [vote.rollcall, vote.voter]))
      }
    }
    try await store.reader(through).load(wanted)
  }

  /// Adds title and link of a captured source; a source that is a link is its own.
  mutating func complete(_ citation: inout Citation, store: Store) async throws {
    if Citation.isURL(citation.source) {
      citation.url = citation.source
      return
    }
    if sources[citation.source] == nil {
      // The newest capture has the title that was used then.
      let own = try await store.captures(of: citation.source, through: through)
        .last { $0.holds }?.data
      sources[citation.source] = (
        own?["title"]?.string, own?["publisher"]?.string, own?["url"]?.string
      )
    }
    citation.title = sources[citation.source]?.title
    citation.publisher = sources[citation.source]?.publisher
    citation.url = sources[citation.source]?.url
  }

  /// The names of the actors that a fact's payload names, by id.
  mutating func actorNames(in fact: Fact, store: Store) async throws -> [String: String] {
    let ids = store.tags(of: fact).filter { $0.kind == "actor" }.map { String($0.value) }
    return try await names(ofActors: Set(ids), store: store)
  }

  /// Names of actors by id; the id itself for one that is not registered.
  mutating func names(ofActors ids: Set<String>, store: Store) async throws -> [String: String] {
    let fresh = ids.filter { actors[$0] == nil }
    if !fresh.isEmpty {
      let found = try await store.displayNames(ofActors: fresh, through: through)
      for id in fresh { actors[id] = found[id] ?? id }
    }
    return Dictionary(uniqueKeysWithValues: ids.map { ($0, actors[$0] ?? $0) })
  }
}
