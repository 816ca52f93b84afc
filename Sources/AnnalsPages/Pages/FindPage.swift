import Annals
import AnnalsAnswers
import EventLog

/// The jump box: a name, an id or a position leads to what it names; any other text
/// to a page of what was found.
package struct FindPage {
  /// What a text leads to.
  package enum Found: Sendable {
    case address(Address)
    case page(Page)
  }

  private static let mostEvents = 10
  /// Hexadecimal digits that make a text the beginning of an id or a hash, and not a name.
  private static let shortestHash = 8

  private let asked: RecordQuestion
  private let text: String
  private let context: PageContext

  package static func find(
    _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Found {
    let asked = try await RecordQuestion(.find, items, setting: [("limit", "50")], context)
    return try await FindPage(
      asked: asked, text: asked.value("text") ?? "", context: context
    ).found()
  }

  private var known: Moments { Moments(knownBy: asked.moments.knownBy) }

  private func found() async throws -> Found {
    if let event = try await event() { return .address(.event(event).at(known)) }
    let answer = try await asked.ask(as: FoundAnswer.self, context)
    let (actor, suggestion) = try await actor()
    var exact: [Address] = []
    if let actor { exact.append(.actor(actor.id).at(known)) }
    for entry in answer.entries where isExact(entry) { exact.append(address(entry)) }
    if exact.count == 1 { return .address(exact[0]) }
    if answer.entries.isEmpty, let event = try await eventByHash() {
      return .address(.event(event).at(known))
    }
    return .page(try await page(answer, suggestion))
  }

  // MARK: What is named exactly

  /// The event of a position or an id.
  private func event() async throws -> Position? {
    switch EventReference(text) {
    case .position(let position)?: position <= asked.state.position ? position : nil
    case .id(let id)?:
      try await context.store.log.event(id: id)
        .flatMap { $0.position <= asked.state.position ? $0.position : nil }
    case nil: nil
    }
  }

  /// The only event whose id or leaf hash begins with the text.
  private func eventByHash() async throws -> Position? {
    let digits = text.replacing("-", with: "")
    guard digits.utf8.count >= Self.shortestHash else { return nil }
    let found = try await context.store.log.positions(beginning: digits, limit: 2)
    return found.count == 1 && found[0] <= asked.state.position ? found[0] : nil
  }

  /// The actor of a name or an id; else the nearest name, where there is one.
  private func actor() async throws -> (actor: Entity?, suggestion: String?) {
    do {
      return (try await context.store.resolveActor(text, through: asked.state.position), nil)
    } catch let problems as Problems {
      return (nil, problems.problems.first?.suggestion)
    }
  }

  /// Whether the text is the id of a topic or a roll call, in any case.
  private func isExact(_ entry: FoundAnswer.Entry) -> Bool {
    entry.kind != "actor" && entry.entry.id.lowercased() == text.lowercased()
  }

  private func address(_ entry: FoundAnswer.Entry) -> Address {
    switch entry.kind {
    case "topic": .topic(entry.entry.id).at(known)
    case "rollcall": .rollcall(entry.entry.id).at(known)
    default: .actor(entry.entry.id).at(known)
    }
  }

  // MARK: The page

  private func page(_ answer: FoundAnswer, _ suggestion: String?) async throws -> Page {
    let state: RecordQuestion.Item = ("known_by", RecordQuestion.text(asked.state.position))
    let events = try await RecordQuestion.ask(
      .search, [("text", text), ("limit", "\(Self.mostEvents + 1)"), state],
      as: EntriesAnswer.self, context
    ).entries
    let groups = [("actor", "Actors"), ("topic", "Topics"), ("rollcall", "Roll calls")]
      .map { kind, title in group(title, answer.entries.filter { $0.kind == kind }) }
    let hint: HTML
    if case .position? = EventReference(text) {
      hint = "<p>The record ends at \(asked.state.position.description).</p>"
    } else if let suggestion {
      let link = context.link(Address.find.with("text", suggestion), "\(suggestion)")
      hint = "<p>Did you mean \(link)?</p>"
    } else {
      hint = .none
    }
    return Page(
      "Found: \(EventLine.cut(text, to: 60))", summary: "What the record knows by this text.",
      section: nil,
      main: """
        <h1><b>“\(text)”</b> What the record knows by this text</h1>
        \(asked.banner(.find, context))<p class="answer">\(sentence(answer, events))</p>\(hint)\(form)
        \(groups)\(Words.more(answer.entries.count, of: answer.count))\(list(events))
        \(asked.downloads(context))
        """,
      foot: asked.foot)
  }

  private func sentence(_ answer: FoundAnswer, _ events: [TimelineEntry]) -> HTML {
    let shown: HTML =
      events.count > Self.mostEvents
      ? "more than \(Words.count(Self.mostEvents, "event")) hold the text"
      : "\(Words.count(events.count, "event")) \(events.count == 1 ? "holds" : "hold") the text"
    if answer.count == 0 && events.isEmpty {
      return "Nothing in the record has this name, this id or this text."
    }
    if answer.count == 0 {
      return "No actor, topic or roll call has this in its name or id; \(shown)."
    }
    return """
      \(Words.figure(answer.count)) of the actors, topics and roll calls \
      \(answer.count == 1 ? "has" : "have") this in the name or id; \(shown).
      """
  }

  private var form: HTML {
    var form = RecordForm(asked, .find)
    form.cleared = nil
    form.text(
      "text", "Text", hint: "a name, an id, a position (#249), or words")
    form.knownBy()
    return form.html(context)
  }

  private func group(_ title: HTML, _ entries: [FoundAnswer.Entry]) -> HTML {
    guard !entries.isEmpty else { return .none }
    let rows = entries.map { found -> HTML in
      let entry = found.entry
      let name = EventLine.cut(entry.name.isEmpty ? entry.id : entry.name, to: 160)
      return """
        <li>\(context.link(address(found), "\(name)")) <small>\(entry.id)\
        \(entry.detail.isEmpty ? "" : " · \(entry.detail)")</small></li>
        """
    }
    return "<section><h2>\(title)</h2><ul class=\"plain\">\(rows)</ul></section>"
  }

  private func list(_ events: [TimelineEntry]) -> HTML {
    guard !events.isEmpty else { return .none }
    let all = context.link(
      Address.log(holding: text).with("known_by", asked.moments.knownBy),
      "All events with this text, in the log")
    let rows = EventLine.list(Array(events.prefix(Self.mostEvents)), at: asked.moments, context)
    return """
      <section aria-labelledby="events"><h2 id="events">Events, newest first</h2>\(rows)<p>\(all)</p>\
      </section>
      """
  }
}
