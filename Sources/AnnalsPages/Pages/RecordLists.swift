import Annals
import AnnalsAnswers
import EventLog

/// The lists of the sources and of the actors that the record knows.
package enum RecordLists {
  /// So many rows stand on a page.
  private static let most = 100
  private static let text = Parameter("text", .text, "Only what has this text in its id or name.")

  /// The sources.
  package static func sources(
    _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Page {
    try await page(
      .sources, "Sources", "what the facts of the record rest on", items, .sources, context
    ) { entry, known in
      let detail: HTML
      if let address = Escaping.link(entry.detail) {
        detail =
          "<a href=\"\(address)\" rel=\"noreferrer\">\(EventLine.cut(entry.detail, to: 90))</a>"
      } else {
        detail = "\(entry.detail)"
      }
      return (.source(entry.id).with("known_by", known), detail)
    }
  }

  /// The actors.
  package static func actors(
    _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Page {
    try await page(
      .actors, "Actors", "states, persons, bodies, blocs and others", items, .actors, context
    ) { entry, known in (.actor(entry.id).with("known_by", known), "\(entry.detail)") }
  }

  private static func page(
    _ kind: ListKind, _ title: String, _ subtitle: HTML, _ items: [RecordQuestion.Item],
    _ address: Address, _ context: PageContext,
    _ describe: (ListEntry, _ knownBy: String?) -> (address: Address, detail: HTML)
  ) async throws -> Page {
    let asked = try await RecordQuestion(
      .list, items, own: [text], setting: [("kind", kind.rawValue)], hiding: ["topic"], context)
    let all = try await asked.ask(as: ListAnswer.self, context).entries
    let part = asked.value("text")?.lowercased()
    let found = all.filter { entry in
      part.map { entry.id.lowercased().contains($0) || entry.name.lowercased().contains($0) }
        ?? true
    }
    let rows = found.prefix(most).map { entry -> HTML in
      let (page, detail) = describe(entry, asked.moments.knownBy)
      let fact: HTML =
        entry.position.map { context.link(.event($0), "\($0.description)") } ?? .none
      let name = EventLine.cut(entry.name.isEmpty ? entry.id : entry.name, to: 120)
      return """
        <tr><th scope="row">\(context.link(page, "\(name)"))</th><td>\(entry.id)</td>\
        <td>\(detail)</td><td class="num">\(fact)</td></tr>
        """
    }
    var form = RecordForm(asked, address)
    form.text("text", "Text", hint: "a part of the id or of the name")
    form.knownBy()
    let sentence: HTML =
      part == nil
      ? "The record knows \(Words.count(all.count, String(title.lowercased().dropLast())))."
      : "\(Words.figure(found.count)) of \(Words.count(all.count, String(title.lowercased().dropLast())))."
    let detail: HTML = kind == .actors ? "Kind" : "Publisher or address"
    let table: HTML =
      rows.isEmpty
      ? .none
      : """
      <div class="wide" tabindex="0" role="region" aria-label="\(title)"><table><thead><tr>\
      <th scope="col">Name</th><th scope="col">Id</th><th scope="col">\(detail)</th>\
      <th scope="col" class="num">Recorded with</th></tr></thead><tbody>\(rows)</tbody></table></div>
      """
    let more: HTML =
      found.count > rows.count
      ? """
      <p class="quiet">and \(Words.figure(found.count - rows.count)) more: give a part of the name, or \
      take the files</p>
      """ : .none
    return Page(
      title, summary: "\(title) of the record.", section: .record,
      main: """
        <p class="quiet">\(context.link(.record, "Record")) › \(title)</p>
        <h1><b>\(title)</b> \(subtitle)</h1>\(asked.banner(address, context))
        <p class="answer">\(sentence)</p>\(form.html(context))\(table)\(more)
        \(asked.downloads(context, "The files hold the whole list, at the same state of the record."))
        """,
      foot: asked.foot)
  }
}
