import Annals
import AnnalsAnswers
import EventLog

/// Who an actor is: its names, what it belonged to and for whom it spoke on a day, and the topics on
/// which a stance of it is recorded.
package struct ActorPage {
  /// So many lines of each part stand on the page, and so many topics.
  private static let most = 60
  private static let mostTopics = 30

  private let asked: RecordQuestion
  private let answer: ActorAnswer
  private let topics: [Topic]
  private let topicCount: Int
  private let context: PageContext

  /// A topic, and where the actor stands on it on the day.
  private struct Topic {
    var topic: Entity
    var stance: StanceAnswer
  }

  package static func page(
    _ name: String, _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Page {
    let asked = try await RecordQuestion(.actor, items, setting: [("actor", name)], context)
    let answer = try await asked.ask(as: ActorAnswer.self, context)
    let known: RecordQuestion.Item = ("known_by", RecordQuestion.text(asked.state.position))
    // The topics on which the actor ever had a stance, on the day asked about or on another one.
    let moves = try await RecordQuestion.ask(
      .changes, [("actor", answer.actor.id), ("first", "true"), ("limit", "1000"), known],
      as: StanceMoves.self, context)
    var found: [Entity] = []
    for move in moves.moves where !found.contains(move.topic) { found.append(move.topic) }
    found.sort { $0.id < $1.id }
    var topics: [Topic] = []
    for topic in found.prefix(mostTopics) {
      let stance = try await RecordQuestion.ask(
        .stance, [("actor", answer.actor.id), ("topic", topic.id), ("on", answer.on), known],
        as: StanceAnswer.self, context)
      topics.append(Topic(topic: topic, stance: stance))
    }
    return ActorPage(
      asked: asked, answer: answer, topics: topics, topicCount: found.count, context: context
    ).page
  }

  private var address: Address { .actor(answer.actor.id) }

  private var page: Page {
    let name = answer.actor.name
    return Page(
      name, summary: "Who \(name) is, and where its stances are recorded.", section: .record,
      main: """
        <p class="quiet">\(context.link(.record, "Record")) › \(context.link(.actors, "Actors")) › \
        \(answer.actor.id)</p>
        <h1><b>\(name)</b> \(answer.kind ?? "actor") \(answer.actor.id)</h1>
        \(asked.banner(address, context))<p class="answer">\(sentence)</p>\(form)\(stances)
        <div class="half two"><div>\(offices)</div><div>\(identity)</div></div>
        \(others)
        \(asked.downloads(context, changing: [("on", answer.on)]))
        """,
      foot: asked.foot + "<p>On \(answer.on).</p>",
      feeds: [
        Page.Feed(
          title: name, address: Address("feed", query: [("actor", answer.actor.id)]))
      ])
  }

  private var sentence: HTML {
    func names(_ facts: [ActorFact]) -> String {
      var names: [String] = []
      for fact in facts {
        if let name = fact.other?.name, !names.contains(name) { names.append(name) }
      }
      let shown = names.prefix(5)
      let left = names.count - shown.count
      return Words.list(shown + (left > 0 ? ["\(Words.figure(left)) more"] : []))
    }
    var parts: [HTML] = []
    if let merged = answer.mergedID {
      parts.append("\(merged) is the same actor, and was merged into \(answer.actor.name).")
    }
    let on: HTML = "On \(answer.on)"
    if !answer.spokeFor.isEmpty {
      parts.append("\(on) \(answer.actor.name) spoke for \(names(answer.spokeFor)).")
    }
    if !answer.speakers.isEmpty {
      parts.append("\(on) \(names(answer.speakers)) spoke for \(answer.actor.name).")
    }
    if parts.isEmpty {
      parts.append(
        topicCount == 0
          ? "No stance of \(answer.actor.name) is recorded."
          : "A stance of \(answer.actor.name) is recorded on \(Words.count(topicCount, "topic")).")
    }
    return parts.joined(" ")
  }

  private var form: HTML {
    var form = RecordForm(asked, address)
    form.text("on", "True on", hint: "a day in the world: 2025-02-22; empty: today")
    form.knownBy()
    form.box("possibly", "also what may have held on that day")
    form.box("history", "also other days, and what was withdrawn")
    return form.html(context)
  }

  /// The pages that list what happened to the actor.
  private var others: HTML {
    let known = asked.moments.knownBy
    let log = Address.log.with("subject", answer.actor.id).with("known_by", known)
    let changes = Address.changes.with("actor", answer.actor.id).with("known_by", known)
    return """
      <p class="row">\(context.link(log, "Events about it", class: "btn"))\
      \(context.link(changes, "Changes", class: "btn"))</p>
      """
  }

  // MARK: Stances

  private var stances: HTML {
    guard !topics.isEmpty else { return .none }
    let rows = topics.map { topic -> HTML in
      let step = topic.stance.step
      let since = topic.stance.since.map { $0 == .min ? "—" : Words.isoDay($0) } ?? "—"
      let fact: HTML =
        step.map { step in
          let line = EventLine(
            entry: TimelineEntry(fact: step.evidence, summary: step.summary),
            moments: asked.moments)
          return """
            \(StepWords(step).short) \(line.link(context)) <small>recorded \
            \(Words.shortDay(step.evidence.root.batch.recorded.day))</small>
            """
        } ?? .none
      let page = Address.explorer(answer.actor.id, topic.topic.id).at(asked.moments)
      return """
        <tr><th scope="row">\(context.link(page, "\(topic.topic.id)"))</th>\
        <td>\(LevelWords(step?.level).mark)</td><td class="nw">\(since)</td><td>\(fact)</td></tr>
        """
    }
    return """
      <section aria-labelledby="stances"><h2 id="stances">Stances on \(answer.on)</h2>\
      <div class="wide" tabindex="0" role="region" aria-label="Stances"><table><thead><tr>\
      <th scope="col">Topic</th><th scope="col">Stance</th><th scope="col">Since</th>\
      <th scope="col">By</th></tr></thead><tbody>\(rows)</tbody></table></div>\
      \(Words.more(rows.count, of: topicCount))</section>
      """
  }

  // MARK: Facts

  private var offices: HTML {
    let left: HTML =
      answer.leftOut == 0
      ? .none
      : """
      <p class="quiet">\(Words.count(answer.leftOut, "role or membership")) may have held on that day, \
      and \(answer.leftOut == 1 ? "is" : "are") not shown.</p>
      """
    return part("Roles", answer.roles, ifNone: "No role is recorded for that day.")
      + part("Who holds a role in it", answer.officers)
      + part("Memberships", answer.memberships, ifNone: "No membership is recorded for that day.")
      + part(
        "Members", answer.members ?? [],
        ifNone: answer.members == nil ? nil : "No member is recorded for that day.") + left
  }

  private var identity: HTML {
    part("Registered as", answer.registrations) + part("Further names", answer.names)
      + part("Identifiers", answer.identifiers) + part("Merges", answer.merges)
      + part("Predecessors", answer.predecessors) + part("Successors", answer.successors)
  }

  private func part(_ title: String, _ facts: [ActorFact], ifNone words: HTML? = nil) -> HTML {
    if facts.isEmpty {
      guard let words else { return .none }
      return "<section><h2>\(title)</h2><p class=\"quiet\">\(words)</p></section>"
    }
    let rows = facts.prefix(Self.most).map(row)
    let count: HTML = facts.count > 5 ? " (\(Words.figure(facts.count)))" : .none
    return """
      <section><h2>\(title)\(count)</h2><ul class="plain">\(rows)</ul>\
      \(Words.more(rows.count, of: facts.count))</section>
      """
  }

  /// What a fact says of the actor: when it was so, and since when the record says so.
  private func row(_ fact: ActorFact) -> HTML {
    let event = fact.entry.fact
    let other: HTML =
      fact.other.map { context.link(.actor($0.id).at(asked.moments), "\($0.name)") } ?? .none
    let value: HTML =
      fact.other == nil || fact.value == fact.other?.id ? .none : "\(fact.value), "
    let words: HTML = fact.other == nil ? "\(fact.value)" : value + other
    var notes: [HTML] = []
    if let detail = fact.detail { notes.append("\(detail)") }
    if fact.isSpeaking { notes.append("speaks for it") }
    if let period = fact.period { notes.append("in the world \(period)") }
    if fact.certainty == .possible { notes.append("possibly on that day") }
    notes.append("in the record since \(Words.shortDay(event.root.batch.recorded.day))")
    if event.current != event.position {
      notes.append(
        "<b>corrected</b> by \(context.link(.event(event.current), "\(event.current.description)"))"
      )
    }
    if !event.isLive {
      let withdrawal = event.chain.last { $0.type.name == "fact.retracted" }
      let day = withdrawal.map { " on \(Words.shortDay($0.batch.recorded.day))" } ?? ""
      notes.append("<b>withdrawn</b>\(day)")
    }
    let line = EventLine(entry: fact.entry, moments: asked.moments)
    return """
      <li>\(event.holds ? words : "<del>\(words)</del>") <small>\(notes.joined(" · ")) · \
      \(line.link(context))</small></li>
      """
  }
}
