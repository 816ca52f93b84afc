package import Annals
import AnnalsAnswers
import EventLog

/// The topics of the record, and where everybody stands on one of them.
package enum TopicPages {
  /// So many topics stand on the first page with their actors.
  private static let mostTopics = 24
  /// So many actors of a topic stand on the first page.
  private static let mostCards = 12

  /// Where an actor stands on a topic, and the change that led there.
  private struct Standing {
    var actor: Entity
    var moves: [StanceMove]

    var last: StanceMove? { moves.last }
    var level: Level? { last?.after }
  }

  /// All changes of stances on some topics, first stances among them.
  private static func moves(
    on topics: [String], _ viewpoint: Viewpoint, _ context: PageContext
  ) async throws -> StanceMoves {
    var filter = StanceMoveFilter()
    filter.topics = topics
    filter.includesFirsts = true
    return try await context.store.moves(filter, from: viewpoint, today: context.now)
  }

  /// The latest stance of each actor on one topic, those who changed it most before the others.
  private static func standings(_ moves: [StanceMove]) -> [Standing] {
    Dictionary(grouping: moves, by: \.actor).map { actor, moves in
      Standing(actor: actor, moves: moves.sorted { $0.day < $1.day })
    }.sorted { a, b in
      (b.moves.count, a.actor.name) < (a.moves.count, b.actor.name)
    }
  }

  /// The first page: topics with their actors, and what changed last; of some topics alone where these
  /// are named.
  package static func home(
    _ context: PageContext, at state: KnownBy? = nil, topics chosen: [String] = []
  ) async throws -> Page {
    let head = try await context.store.recordState(state)
    let store = context.store.asking(at: head.position)
    let viewpoint = Viewpoint(knownBy: .position(head.position))
    let topics = try await store.list(.topics, knownBy: .position(head.position))
      .filter { chosen.isEmpty || chosen.contains($0.id) }
    let all = try await moves(on: chosen, viewpoint, context).moves
    let byTopic = Dictionary(grouping: all, by: \.topic.id)
    let sections = topics.prefix(mostTopics).map { topic in
      section(topic, standings(byTopic[topic.id] ?? []), context)
    }
    // The topics on which most is known stand first.
    let ordered = sections.enumerated()
      .sorted { ($1.element.actors, $0.offset) < ($0.element.actors, $1.offset) }
      .map(\.element.html)
    let changes = all.filter { !$0.isFirst }
    let latest = changes.sorted { ($0.day, $0.actor.id) > ($1.day, $1.actor.id) }.prefix(10)
    let rows = latest.map { move -> HTML in
      let address = Address.explorer(move.actor.id, move.topic.id)
      return """
        <li>\(Words.day(move.day)): \(context.link(address, "\(move.actor.name)")) on \(move.topic.id), \
        \(LevelWords(move.before).mark) → \(LevelWords(move.after).mark) \
        <small>\(StepWords(move.trigger).short)</small></li>
        """
    }
    let newest = latest.first.map { move -> HTML in
      let address = Address.explorer(move.actor.id, move.topic.id)
      return """
        <p class="answer">On \(Words.day(move.day)) \(context.link(address, "\(move.actor.name)")) moved \
        from \(LevelWords(move.before).mark) to \(LevelWords(move.after).mark) on “\(move.topic.name)”</p>
        """
    }
    let list: HTML =
      rows.isEmpty
      ? .none
      : """
      <section aria-labelledby="latest"><h2 id="latest">Latest changes of a stance</h2>\
      <ul class="plain">\(rows)</ul><p class="quiet">\(Words.count(changes.count, "change")) of \
      \(Words.count(Set(changes.map(\.actor)).count, "actor")) in all. \
      \(context.link(Address("changes"), "All changes"))</p></section>
      """
    let rest = topics.dropFirst(mostTopics).map { topic -> HTML in
      "<li>\(context.link(.topic(topic.id), "\(topic.name)"))</li>"
    }
    let others: HTML =
      rest.isEmpty ? .none : "<h2>More topics</h2><ul class=\"plain\">\(rest)</ul>"
    let empty: HTML =
      topics.isEmpty
      ? "<p class=\"answer\">Nothing is recorded here yet.</p>" : .none
    return Page(
      "Who took which position, when",
      summary: "Topics, latest changes, and the state of the record.",
      section: .topics,
      main: """
        <h1><b>Who took which position, when, and how we know</b></h1>\(newest)\(empty)\(ordered)\(others)\(list)
        \(Figure.patterns)
        """,
      foot: "<p>The record holds \(Words.count(Int(head.position.rawValue), "event")).</p>",
      feeds: [
        Page.Feed(title: "Corrections", address: Address("feed", query: [("only", "corrections")]))
      ])
  }

  private static func section(
    _ topic: ListEntry, _ standings: [Standing], _ context: PageContext
  ) -> (actors: Int, html: HTML) {
    let known = standings.filter { $0.level != nil }
    let cards = known.prefix(mostCards).map { standing -> HTML in
      let address = Address.explorer(standing.actor.id, topic.id)
      let link = context.link(address, "\(standing.actor.name)")
      return
        "<li>\(spark(standing, context))\(link)<br><span class=\"quiet\">\(LevelWords(standing.level).mark)</span></li>"
    }
    let count: HTML =
      known.isEmpty
      ? "No stance is recorded."
      : """
      \(Words.figure(min(known.count, mostCards))) of the \(Words.count(known.count, "actor")) with a \
      stance, those that changed it most first. High supports, low opposes. \
      \(context.link(.topic(topic.id), "All of them"))
      """
    let html: HTML = """
      <section><h2>\(context.link(.topic(topic.id), "\(topic.name)"))</h2>\
      <p class="quiet">\(topic.id). \(count)</p><ul class="cards">\(cards)</ul></section>
      """
    return (known.count, html)
  }

  /// The line of an actor, small and without words.
  private static func spark(_ standing: Standing, _ context: PageContext) -> HTML {
    let days = standing.moves.map(\.day).filter { $0 != .min }
    guard let first = days.first else { return .none }
    let (start, end) = (
      first - max(30, (context.today - first) / 20), max(context.today, first + 1)
    )
    func x(_ day: Int64) -> Double {
      130 * Double(min(max(day, start), end) - start) / Double(end - start)
    }
    var parts: HTML = ""
    for (index, move) in standing.moves.enumerated() {
      guard let level = move.after else { continue }
      let stop = index + 1 < standing.moves.count ? standing.moves[index + 1].day : end
      let y = 18 - 7 * Double(level.low + level.high) / 2
      parts += """
        <rect class="\(LevelWords(level).fill)" x="\(Figure.number(x(move.day)))" y="\(Figure.number(y - 3))" \
        width="\(Figure.number(max(1.5, x(stop) - x(move.day))))" height="6"/>
        """
    }
    return """
      <svg viewBox="0 0 130 36" aria-hidden="true"><path class="g" d="M0 18H130"/>\(parts)</svg>
      """
  }

  /// Everybody on one topic.
  package static func topic(
    _ name: String, _ viewpoint: Viewpoint, _ moments: Moments, _ context: PageContext
  ) async throws -> Page {
    let state = try await context.store.recordState(viewpoint.knownBy)
    var viewpoint = viewpoint
    viewpoint.knownBy = .position(state.position)
    let moves = try await moves(on: [name], viewpoint, context)
    let topic = moves.topics[0]
    let all = standings(moves.moves)
    let counts = Dictionary(grouping: all.compactMap(\.level)) { $0 }.mapValues(\.count)
      .sorted { ($0.key.high, $0.key.low) > ($1.key.high, $1.key.low) }
    let summary = counts.map { level, count -> HTML in
      "\(LevelWords(level).mark) \(Words.count(count, "actor"))"
    }.joined(", ")
    let rows = all.map { standing -> HTML in
      let last = standing.last
      let changes = standing.moves.count { !$0.isFirst }
      return """
        <tr><th scope="row">\(context.link(
          Address.explorer(standing.actor.id, topic.id).at(moments), "\(standing.actor.name)"))</th>\
        <td>\(LevelWords(standing.level).mark)</td>\
        <td class="nw">\(last.map { $0.day == .min ? "—" : Words.isoDay($0.day) } ?? "—")</td>\
        <td class="num">\(Words.figure(changes))</td><td>\(last.map { StepWords($0.trigger).short } ?? "")</td></tr>
        """
    }
    var form = QuestionForm(.topic(topic.id))
    form.moments(moments)
    let compare = Address.compare(all.prefix(8).map(\.actor.id), topic.id).at(moments)
    return Page(
      topic.id, summary: "Where everybody stands on “\(topic.name)”.", section: .topics,
      main: """
        <p class="quiet">\(context.link(.home, "Topics")) › \(topic.id)</p>
        <h1><b>\(topic.id)</b> “\(topic.name)”</h1>
        <p class="answer">\(all.isEmpty ? "No stance is recorded on this." : summary)</p>
        \(form.html("Show", context))
        <p class="row">\(all.count > 1 ? context.link(compare, "Compare", class: "btn") : .none)\
        \(context.link(Address("rollcalls", query: [("topic", topic.id)]), "Roll calls", class: "btn"))\
        \(context.link(Address("changes", query: [("topic", topic.id)]), "Changes", class: "btn"))</p>
        <div class="wide" tabindex="0" role="region" aria-label="Actors"><table><thead><tr>\
        <th scope="col">Actor</th><th scope="col">Stance</th><th scope="col">Since</th>\
        <th scope="col" class="num">Changes</th><th scope="col">By</th></tr></thead><tbody>\(rows)</tbody></table></div>
        """,
      foot: "<p>On \(moves.on), known by \(state.position.description), rule \(moves.rule).</p>")
  }
}
