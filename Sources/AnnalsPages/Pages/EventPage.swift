package import Annals
import AnnalsAnswers
import EventLog

/// The page about one event: both times, the later events about it, its source and its proof.
package enum EventPage {
  package static func page(
    _ reference: EventReference, knownBy: KnownBy?, _ context: PageContext
  ) async throws -> Page {
    let detail = try await context.store.event(reference, knownBy: knownBy)
    let fact = detail.entry.fact
    let event = detail.event
    let position = event.position
    let name = "\(Words.sentence(Words.type(event.type.name)))"
    return Page(
      "\(position.description): \(StepWords(detail.entry).short)",
      summary: "One event, its corrections, both times, its source and its proof.", section: .log,
      main: """
        <p class="quiet">\(context.link(Address("log"), "Log")) › \(position.description)</p>
        <h1><b>\(detail.entry.summary)</b> Fact \(position.description) · \(name)</h1>
        <p class="quiet">\(state(detail))</p>
        <div class="two"><div>\(times(detail))\(chain(detail, context))\(source(fact, context))</div>\
        <div>\(proof(detail, context))\(payload(detail))</div></div>
        """,
      foot: "<p>Known by \(detail.knownBy.position.description).</p>")
  }

  private static func state(_ detail: EventDetail) -> HTML {
    let fact = detail.entry.fact
    var parts: [HTML] = []
    if detail.event.isErased {
      parts.append("<b>Removed by law</b>: its place in the log and every proof stay valid")
    }
    if fact.confidence != "asserted" {
      parts.append("<b>\(Words.sentence(fact.confidence))</b>, not asserted")
    }
    if !fact.isLive { parts.append("<b>withdrawn</b>") }
    if fact.current != fact.position { parts.append("<b>corrected</b>") }
    if fact.isDisputed { parts.append("<b>disputed</b>, not settled") }
    if let settlement = fact.setAsideBy {
      parts.append("<b>set aside</b> by \(settlement.description)")
    }
    if let later = fact.resolvedBy { parts.append("<b>resolved</b> by \(later.description)") }
    return parts.isEmpty ? "In force, as it was recorded." : parts.joined(" · ")
  }

  private static func times(_ detail: EventDetail) -> HTML {
    let fact = detail.entry.fact
    let event = detail.event
    let written = event.event.time?.text
    let world: HTML
    if let now = fact.time?.text, let written, now != written {
      world = "<del>\(written)</del> <ins>\(now)</ins>"
    } else {
      world = "\(fact.time?.text ?? written ?? "undated")"
    }
    let batch = event.batch
    return """
      <section aria-labelledby="both"><h2 id="both">Both times</h2><dl><dt>In the world</dt>\
      <dd>\(world)\(fact.basis.map { " (\($0))" } ?? "")</dd><dt>In the record</dt>\
      <dd>since \(Words.time(batch.recorded)), by \(batch.recorder), in the batch of \
      \(batch.first.description)</dd></dl></section>
      """
  }

  private static func chain(_ detail: EventDetail, _ context: PageContext) -> HTML {
    func row(_ entry: TimelineEntry, class name: HTML) -> HTML {
      let fact = entry.fact
      return """
        <li class="\(name)">\(context.link(.event(fact.position), "\(fact.position.description)")) \
        <b>\(Words.type(fact.type))</b> <small>\(Words.time(fact.root.batch.recorded)), by \
        \(fact.root.batch.recorder)\(fact.isLive ? "" : ", withdrawn")</small><br>\(entry.summary)</li>
        """
    }
    let own = row(detail.recorded, class: detail.entry.fact.isLive ? "open" : "off")
    let chain = detail.chain.map { row($0, class: $0.fact.isLive ? "open" : "off") }
    let targets = detail.targets.map { row($0, class: "open") }
    let mentions = detail.mentions.map { row($0, class: "open") }
    let conflicts = detail.conflicts.map { row($0, class: "open") }
    func section(_ title: HTML, _ rows: [HTML]) -> HTML {
      rows.isEmpty ? .none : "<h3>\(title)</h3><ol class=\"chain\">\(rows)</ol>"
    }
    let wrong: HTML =
      context.links.isServer
      ? "<p><a href=\"\(Address("facts", "\(detail.event.position.rawValue)", "correct").text)\">Something wrong?</a></p>"
      : .none
    return """
      <section aria-labelledby="chain"><h2 id="chain">What was said of it</h2><ol class="chain">\(own)\(chain)</ol>\
      \(section("It is about", targets))\(section("Later events that name it", mentions))\
      \(section("Accounts that contradict it", conflicts))\(wrong)</section>
      """
  }

  private static func source(_ fact: Fact, _ context: PageContext) -> HTML {
    let page = CitationList(context: context)
    let rows: HTML =
      fact.sources.isEmpty ? "<dd>none is recorded</dd>" : fact.sources.map(page.row).joined(.none)
    return """
      <section aria-labelledby="src"><h2 id="src">Source</h2><dl><dt>Source</dt>\(rows)\
      \(page.via(fact))\(fact.note.map { "<dt>Note</dt><dd>\($0)</dd>" as HTML })\
      \(fact.reason.map { "<dt>Reason</dt><dd>\($0)</dd>" as HTML })</dl></section>
      """
  }

  private static func proof(_ detail: EventDetail, _ context: PageContext) -> HTML {
    let position = detail.event.position
    let file: HTML =
      context.links.isServer
      ? "<p><a class=\"btn\" href=\"/api/v1/proofs/\(position.rawValue)\">Proof, to be checked offline</a></p>"
      : .none
    return """
      <section aria-labelledby="proof"><h2 id="proof">Proof</h2><dl><dt>Leaf</dt>\
      <dd><code>\(detail.event.leafHash.hexDigits)</code></dd><dt>Stored</dt>\
      <dd>\(detail.isIntact ? "the leaf follows from the event as stored" : "<b>the leaf does not follow from the event</b>")</dd>\
      <dt>Id</dt><dd><code>\(detail.event.id.description)</code></dd></dl>\(file)</section>
      """
  }

  private static func payload(_ detail: EventDetail) -> HTML {
    if detail.event.isErased { return .none }
    let fact = detail.entry.fact
    let now = JSONWriter.pretty(fact.data)
    let original = JSONWriter.pretty(detail.original)
    let earlier: HTML =
      fact.current == fact.position
      ? .none : "<h3>As first recorded</h3><pre>\(original)</pre>"
    return """
      <section aria-labelledby="says"><h2 id="says">What it says</h2><pre>\(now)</pre>\(earlier)</section>
      """
  }
}
