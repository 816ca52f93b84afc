import EventLog

/// What stands for ids where people read: names of actors, titles and links of sources. Each is
/// read once per answer.
struct Captions {
  /// The state of the record that the answer is about.
  let through: Position
  private var sources: [String: (title: String?, publisher: String?, url: String?)] = [:]
  private var actors: [String: String] = [:]

  init(through: Position) { self.through = through }

  /// Adds title and link of a captured source; a source that is a link is its own.
  mutating func complete(_ citation: inout Citation, store: Store) async throws {
    if EventReader.isURL(citation.source) {
      citation.url = citation.source
      return
    }
    if sources[citation.source] == nil {
      // The newest capture has the title that was used then.
      let captures = try await store.log.read(
        Amendment.query(["source.captured"], [Tag(kind: "source", value: citation.source)]),
        in: EventRange(through: through))
      let own = try await store.facts(of: captures, through: through).lazy
        .filter { $0.isLive && $0.type == "source.captured" }.map(\.data)
        .last { $0["source"]?.string == citation.source }
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
    var names: [String: String] = [:]
    for tag in store.tags(of: fact) where tag.kind == "actor" {
      let id = String(tag.value)
      if actors[id] == nil {
        actors[id] = try await store.displayName(ofActor: id, through: through)
      }
      names[id] = actors[id]
    }
    return names
  }
}
