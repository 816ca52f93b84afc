import Annals
import AnnalsAnswers
import EventLog

/// A source: its captures and what differs between them, what rests on it, and what contradicts it.
package struct SourcePage {
  private let asked: RecordQuestion
  private let answer: SourceAnswer
  private let context: PageContext

  private static let id = Parameter("id", .text, required: true, "The source's id, in any case.")

  package static func page(
    _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Page {
    // Without an id the page says so itself: the name of the question's parameter is another one.
    let id = items.first { $0.name == "id" }?.text ?? "-"
    let asked = try await RecordQuestion(
      .source, items, own: [Self.id], setting: [("source", id)], context)
    let answer = try await asked.ask(as: SourceAnswer.self, context)
    return SourcePage(asked: asked, answer: answer, context: context).page
  }

  private var title: String { answer.title ?? answer.source }

  private var page: Page {
    Page(
      title, summary: "A source, what rests on it, and what contradicts it.", section: .record,
      main: """
        <p class="quiet">\(context.link(.record, "Record")) › \(context.link(.sources, "Sources")) › \
        \(answer.source)</p>
        <h1><b>\(EventLine.cut(title))</b> Source \(answer.source)</h1>
        \(asked.banner(Address("source"), context))<p class="answer">\(sentence)</p>
        \(form)<div class="two"><div>\(captures)\(outdated)</div><div>\(facts)\(contradictions)</div></div>
        \(asked.downloads(context))
        """,
      foot: asked.foot)
  }

  private var sentence: HTML {
    if answer.total == 0 { return "No fact rests on this source." }
    let count = answer.contradictionCount
    let known: HTML =
      count == 0
      ? "no contradiction is known"
      : "\(Words.count(count, "contradiction")) \(count == 1 ? "is" : "are") known"
    return """
      \(Words.count(answer.total, "fact")) rest\(answer.total == 1 ? "s" : "") on this source, and \
      \(known).
      """
  }

  private var form: HTML {
    var form = RecordForm(asked, Address("source"))
    form.cleared = asked.written.count > 1 ? .source(answer.source) : nil
    form.knownBy()
    form.box("history", "captures that were withdrawn too")
    return form.html(context)
  }

  // MARK: Captures

  private var captures: HTML {
    let rows = answer.versions.suffix(30).map { version -> HTML in
      let name: HTML = version.number.map { "Version \($0)" } ?? "Not in force"
      let facts: HTML =
        version.number == nil
        ? .none : "<p class=\"quiet\">\(Words.count(version.facts, "fact")) recorded from it.</p>"
      return EventLine(entry: version.entry, moments: asked.moments).item(
        context, "<h3>\(name)</h3>\(facts)\(content(version))")
    }
    let left = answer.versions.count - rows.count
    let earlier: HTML =
      left > 0
      ? "<p class=\"quiet\">\(Words.figure(left)) earlier captures are not shown.</p>" : .none
    return """
      <section aria-labelledby="captures"><h2 id="captures">\
      \(Words.count(answer.versions.count, "capture")), oldest first</h2>\(earlier)\
      <ol class="chain">\(rows)</ol></section>
      """
  }

  /// What a capture says; of a later one, only what differs from the capture before.
  private func content(_ version: SourceAnswer.Version) -> HTML {
    guard let changes = version.changes else {
      guard case .object(let members) = version.entry.fact.data else { return .none }
      let rows = members.map { "<dt>\($0.key)</dt><dd>\(value($0.value))</dd>" as HTML }
      return "<dl>\(rows)</dl>"
    }
    if changes.isEmpty { return "<p>Nothing differs from the capture before.</p>" }
    let rows = changes.map { change -> HTML in
      let before: HTML = change.before.map { "<del>\(value($0))</del> " } ?? .none
      let after: HTML = change.after.map { "<ins>\(value($0))</ins>" } ?? .none
      return "<dt>\(change.field) (\(change.verb))</dt><dd>\(before)\(after)</dd>"
    }
    return "<p>What differs from the capture before:</p><dl>\(rows)</dl>"
  }

  private func value(_ json: JSON) -> HTML {
    guard case .string(let text) = json else { return "\(EventLine.cut(JSONWriter.compact(json)))" }
    if let address = Escaping.link(text) {
      return "<a href=\"\(address)\" rel=\"noreferrer\">\(text)</a>"
    }
    return "\(EventLine.cut(text))"
  }

  // MARK: Facts

  private var facts: HTML {
    guard answer.total > 0 else { return .none }
    let known = asked.moments.knownBy
    func log(_ type: String?, _ words: HTML) -> HTML {
      let address = Address.log.with("source", answer.source).with("type", type)
        .with("known_by", known)
      return context.link(address, words)
    }
    let rows = answer.facts.map { type -> HTML in
      """
      <li>\(log(type.type, "\(Words.type(type.type))")) \
      <span class="quiet">\(Words.figure(type.count))</span></li>
      """
    }
    let span: HTML =
      answer.positions.map { range in
        """
        <p class="quiet">From \(context.link(.event(range.lowerBound), "\(range.lowerBound.description)")) \
        to \(context.link(.event(range.upperBound), "\(range.upperBound.description)")). \
        \(log(nil, "All events that cite it, in the log"))</p>
        """
      } ?? .none
    return """
      <section aria-labelledby="facts"><h2 id="facts">What rests on it</h2><ul>\(rows)</ul>\(span)\
      </section>
      """
  }

  private var outdated: HTML {
    guard answer.outdatedCount > 0 else { return .none }
    let shown = answer.outdated.prefix(20)
    let rows = shown.map { fact in
      EventLine(entry: fact.entry, moments: asked.moments).item(
        context, "<p class=\"quiet\">Recorded from version \(fact.version).</p>")
    }
    return """
      <section aria-labelledby="outdated"><h2 id="outdated">\
      \(Words.count(answer.outdatedCount, "fact")) from earlier versions</h2><p class="how">Whether the \
      newest capture still bears them out, nobody has said.</p><ol class="chain">\(rows)</ol>\
      \(Words.more(shown.count, of: answer.outdatedCount))</section>
      """
  }

  private var contradictions: HTML {
    guard answer.contradictionCount > 0 else { return .none }
    let shown = answer.contradictions.prefix(20)
    let rows = shown.map { found -> HTML in
      let kind: HTML =
        switch found.kind {
        case .source: "A source that it cites contradicts it."
        case .dispute: "It is disputed, and that is not settled."
        case .vote: "Another account of this vote cannot be so together with it."
        }
      let others = found.others.prefix(5).map { other -> HTML in
        let line = EventLine(entry: other, moments: asked.moments)
        let sources = other.fact.sources.prefix(3).map { source in
          context.link(
            .source(source.source), "\(EventLine.cut(source.title ?? source.source, to: 80))")
        }
        let from: HTML = sources.isEmpty ? .none : ", from \(sources.joined(", "))"
        return "<dd>\(line.link(context)) \(line.summary)\(from) <small>\(line.times)</small></dd>"
      }
      return EventLine(entry: found.entry, moments: asked.moments).item(
        context,
        "<p class=\"quiet\">\(kind)</p>"
          + (others.isEmpty ? .none : "<dl><dt>Against it</dt>\(others)</dl>"))
    }
    return """
      <section aria-labelledby="contra"><h2 id="contra">What contradicts it</h2>\
      <ol class="chain">\(rows)</ol>\(Words.more(shown.count, of: answer.contradictionCount))</section>
      """
  }
}
