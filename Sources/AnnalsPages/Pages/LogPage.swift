import Annals
import AnnalsAnswers
import EventLog

/// The log: the events as they were appended, newest first, with counts by which to narrow the list. The
/// address holds all that was chosen.
package enum LogPage {
  /// So many values of a facet are shown.
  private static let mostValues = 10

  package static func page(
    _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Page {
    let question = try await LogQuestion(items, context)
    let listing = try await LogListing(question, context)
    let asked = question.asked
    let rows = listing.entries.map { EventLine(entry: $0, moments: asked.moments).item(context) }
    let list: HTML =
      rows.isEmpty
      ? "<p>\(question.start == nil ? "No event matches." : "The list ends here.")</p>"
      : "<ol class=\"chain\">\(rows)</ol>"
    return Page(
      "Log", summary: "The events of the record as they were appended.", section: .log,
      main: """
        <h1><b>Log</b> Every event, as it was appended</h1>
        \(asked.banner(.log, context))<p class="answer">\(answer(question, listing.facets))</p>
        \(form(asked, context))
        <div class="two"><section aria-labelledby="events"><h2 id="events">Events</h2>\
        \(order(question, context))\(list)\(pager(question, listing, context))\
        \(downloads(question, listing, context))</section>\
        <section aria-labelledby="narrow"><h2 id="narrow">Narrow the list</h2>\
        \(facets(question, listing.facets, context))</section></div>
        """,
      foot: asked.foot,
      feeds: [
        Page.Feed(title: "Corrections", address: Address("feed", query: [("only", "corrections")]))
      ])
  }

  // MARK: What was found

  private static func answer(_ question: LogQuestion, _ facets: LogFacets) -> HTML {
    let isWhole = question.asked.written.allSatisfy {
      ["known_by", "reverse", "after", "recorded"].contains($0.name)
    }
    if let bound = facets.bound {
      return """
        \(Words.count(facets.count, "event")) of the newest \(Words.figure(bound)) match.
        """
    }
    if isWhole { return "The record holds \(Words.count(facets.count, "event"))." }
    return facets.count == 0
      ? "No event matches."
      : "\(Words.count(facets.count, "event")) \(facets.count == 1 ? "matches" : "match")."
  }

  private static func form(_ asked: RecordQuestion, _ context: PageContext) -> HTML {
    var form = RecordForm(asked, .log)
    form.text("text", "Text", hint: "words of the event, in any case: joint vote")
    form.text("subject", "About", hint: "an actor or a topic: USA")
    form.text("since", "In the world since", hint: "a day, a month or a year: 2022-02")
    form.text("until", "In the world until", hint: "a day, a month or a year: 2025")
    form.text("recorded", "Jump to the day of recording", hint: "begin there: 2026-11-29")
    form.knownBy()
    return form.html(context)
  }

  /// Whether the newest or the oldest events come first.
  private static func order(_ question: LogQuestion, _ context: PageContext) -> HTML {
    func choice(_ words: HTML, _ isChosen: Bool, _ value: String?) -> HTML {
      if isChosen { return "<b>\(words)</b>" }
      return context.link(
        question.asked.address(.log, ["reverse": value, "after": nil]), words)
    }
    return """
      <p class="quiet">\(choice("newest first", !question.isReversed, nil)) · \
      \(choice("oldest first", question.isReversed, "true"))</p>
      """
  }

  /// The way to earlier and later events: always in this order, and in their places.
  private static func pager(
    _ question: LogQuestion, _ listing: LogListing, _ context: PageContext
  ) -> HTML {
    func to(_ after: Position??, _ words: HTML) -> HTML {
      guard let after else {
        return "<a class=\"btn\" role=\"link\" aria-disabled=\"true\">\(words)</a>"
      }
      let address = question.asked.address(
        .log, ["after": after.map { "\($0.rawValue)" }, "recorded": nil])
      return context.link(address, words, class: "btn")
    }
    let next: Position?? = listing.next.map { .some($0) }
    let (earlier, later) =
      question.isReversed ? (listing.previous, next) : (next, listing.previous)
    return """
      <nav class="row" aria-label="Pages">\(to(earlier, "‹ earlier events"))\
      \(to(later, "later events ›"))</nav>
      """
  }

  private static func downloads(
    _ question: LogQuestion, _ listing: LogListing, _ context: PageContext
  ) -> HTML {
    if listing.isOfLog {
      var changes: [RecordQuestion.Item] = [("limit", "\(LogListing.size)")]
      if let start = question.start { changes.append(("after", "\(max(0, start.rawValue))")) }
      return question.asked.downloads(
        context, at: "events", changing: changes,
        "The files hold the events of this page, at the same state of the record.")
    }
    if let text = question.text {
      return RecordQuestion.downloads(
        "search",
        [
          ("text", text), ("limit", "\(LogListing.mostFound)"),
          ("known_by", RecordQuestion.text(question.state.position)),
        ], context,
        "The files hold all events with this text, at the same state of the record.")
    }
    return question.asked.downloads(
      context, at: "events", changing: [("limit", "\(LogListing.mostFound)")],
      "The files hold the events of every confidence, at the same state of the record.")
  }

  // MARK: Facets

  private static func facets(
    _ question: LogQuestion, _ facets: LogFacets, _ context: PageContext
  ) -> HTML {
    func sorted(_ counts: [String: Int]) -> [(value: String, words: HTML, count: Int)] {
      counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { ($0.key, "\($0.key)", $0.value) }
    }
    let batches = facets.batches.sorted { $0.key.first > $1.key.first }.map { batch, count in
      (
        value: "\(batch.first.rawValue)",
        words: "\(batch.first.description), \(Words.time(batch.recorded))" as HTML, count: count
      )
    }
    let types = sorted(facets.types).map { ($0.value, "\(Words.type($0.value))" as HTML, $0.count) }
    let bound: HTML =
      facets.bound.map { "Counted over the newest \(Words.figure($0)) events alone." }
      ?? "Counted over all events that match."
    func facet(
      _ name: String, _ title: HTML, _ values: [(value: String, words: HTML, count: Int)]
    ) -> HTML {
      facetList(name, title, values, question.asked, context)
    }
    return """
      <p class="how">\(bound)</p>\(facet("type", "Type", types))\
      \(facet("confidence", "Confidence, as recorded", sorted(facets.confidences)))\
      \(facet("recorder", "Recorder", sorted(facets.recorders)))\
      \(facet("source", "Source", sorted(facets.sources)))\
      \(facet("batch", "Batch, named by its first event", batches))
      """
  }

  /// The values of one facet with their counts; of a facet that is chosen, the way back to all.
  private static func facetList(
    _ name: String, _ title: HTML, _ values: [(value: String, words: HTML, count: Int)],
    _ asked: RecordQuestion, _ context: PageContext
  ) -> HTML {
    let chosen = asked.value(name)
    if values.isEmpty && chosen == nil { return .none }
    let rows = values.prefix(mostValues).map { value -> HTML in
      let address = asked.address(.log, [name: value.value, "after": nil])
      let words: HTML =
        value.value == chosen ? "<b>\(value.words)</b>" : context.link(address, value.words)
      return "<li>\(words) <span class=\"quiet\">\(Words.figure(value.count))</span></li>"
    }
    let left = values.count - rows.count
    let more: HTML = left > 0 ? "<li class=\"quiet\">and \(Words.figure(left)) more</li>" : .none
    let all: HTML =
      chosen == nil
      ? .none
      : """
      <li>\(context.link(asked.address(.log, [name: nil, "after": nil]), "any \(name)"))</li>
      """
    return "<h3>\(title)</h3><ul>\(all)\(rows)\(more)</ul>"
  }
}
