import Annals
import AnnalsAnswers
import EventLog

/// Atom feeds (RFC 4287): what is new about an actor on a topic, about an actor, or what was corrected.
package enum Feeds {
  /// So many entries a feed has.
  static let length = 50

  /// What a feed tells of.
  package enum Subject: Sendable {
    /// The line of an actor on a topic: each event that changed it.
    case stance(actor: String, topic: String)
    /// All events about an actor.
    case actor(String)
    /// Corrections, withdrawals, disputes and settlements.
    case corrections
  }

  /// The feed as a document. `base` is the address of the site, without a slash at its end.
  package static func document(
    _ subject: Subject, base: String, _ context: PageContext
  ) async throws -> String {
    let store = context.store
    let state = try await store.recordState()
    let first = try await store.log.events(at: [Position(1)]).first.flatMap { $0 }
    let log = "urn:uuid:" + (first?.id.description ?? "00000000-0000-0000-0000-000000000000")
    switch subject {
    case .stance(let actor, let topic):
      let known = try await store.revisions(
        actor: actor, topic: topic, from: Viewpoint(knownBy: .position(state.position)),
        limit: length, today: context.now)
      let address = Address.explorer(known.actor.id, known.topic.id)
      var before: Level?
      let entries = known.revisions.map { revision -> HTML in
        let change: HTML =
          revision.level == before
          ? "The stance: \(revision.level.label), as before."
          : "The stance: \(before.label) → \(revision.level.label)."
        before = revision.level
        let sources = revision.sourceChanges.map { " The source changed: \($0.text)." as HTML }
        let moments = Moments(knownBy: "#\(revision.knownBy.position.rawValue)")
        return entry(revision.cause, "\(change)\(sources)", base + address.at(moments).text)
      }
      return feed(
        "\(known.actor.name) on \(known.topic.id)", id: "\(log)#\(address.text)",
        page: base + address.text, base: base, entries.reversed(), state, context)
    case .actor(let name):
      let actor = try await store.actor(name, today: context.now).actor
      var filter = LogFilter()
      filter.limit = length
      let known = KnownBy.position(state.position)
      let found = try await store.log([actor.id], filter: filter, knownBy: known).entries
      let address = Address.actor(actor.id)
      return feed(
        "\(actor.name): all facts", id: "\(log)#\(address.text)", page: base + address.text,
        base: base, entries(found, base), state, context)
    case .corrections:
      var filter = LogFilter()
      filter.types = ["fact.corrected", "fact.retracted", "fact.disputed", "dispute.settled"]
      filter.limit = length
      let known = KnownBy.position(state.position)
      let found = try await store.log(filter: filter, knownBy: known).entries
      return feed(
        "Corrections of the record", id: "\(log)#corrections", page: base + "/log", base: base,
        entries(found, base), state, context)
    }
  }

  /// What was removed by law is told nowhere.
  private static func entries(_ found: [TimelineEntry], _ base: String) -> [HTML] {
    found.filter { !$0.fact.root.isErased }.map { item in
      entry(item, .none, base + Address.event(item.fact.position).text)
    }
  }

  private static func entry(_ item: TimelineEntry, _ change: HTML, _ link: String) -> HTML {
    let event = item.fact.root
    if event.isErased { return .none }
    let day: HTML = item.fact.time.map { "In the world: \($0.text). " } ?? .none
    return """
      <entry><title>\(item.fact.position.description): \(StepWords(item).short)</title>\
      <id>urn:uuid:\(event.id.description)</id><link href="\(link)"/>\
      <updated>\(event.batch.recorded.description)</updated><author><name>\(event.batch.recorder)</name></author>\
      <summary>\(day)\(Words.withoutStop(item.summary)). \(change)</summary></entry>

      """
  }

  private static func feed(
    _ title: String, id: String, page: String, base: String, _ entries: [HTML],
    _ state: RecordState,
    _ context: PageContext
  ) -> String {
    let updated = state.recorded ?? Instant(microseconds: 0)
    let feed: HTML = """
      <?xml version="1.0" encoding="utf-8"?>
      <feed xmlns="http://www.w3.org/2005/Atom"><title>\(title)</title><id>\(id)</id>\
      <link href="\(page)"/><updated>\(updated.description)</updated>\
      <generator>\(context.program)</generator>
      \(entries)</feed>

      """
    return feed.markup
  }
}
