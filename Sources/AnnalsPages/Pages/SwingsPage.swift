import Annals
import AnnalsAnswers
import EventLog

/// Who moved most from one roll call to the next, and whether it held.
package enum SwingsPage {
  private static let most = 60

  package static func page(
    _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Page {
    let asked = try await RecordQuestion(.swings, items, setting: [("limit", "\(most)")], context)
    let list = try await asked.ask(as: SwingList.self, context)
    let rows = list.swings.map { row($0, asked, context) }
    let table: HTML =
      rows.isEmpty
      ? .none
      : """
      <div class="wide" tabindex="0" role="region" aria-label="Swings"><table><thead><tr>\
      <th scope="col">Actor and series</th><th scope="col">Before</th><th scope="col">After</th>\
      <th scope="col" class="num">Size</th><th scope="col">How lasting</th></tr></thead>\
      <tbody>\(rows)</tbody></table></div>
      """
    let answer: HTML =
      list.count == 0
      ? "No actor moved from one roll call of a series to the next."
      : "\(Words.count(list.count, "swing")) between roll calls."
    return Page(
      "Swings between roll calls", summary: "Who moved most from one roll call to the next.",
      section: .changes,
      main: """
        <p class="quiet">\(context.link(.changes, "Changes")) › Swings</p>
        <h1><b>Swings between roll calls</b> The largest first, and of these the most lasting</h1>
        \(asked.banner(.swings, context))<p class="answer">\(answer)</p>
        <p class="quiet">\(coverage(list))</p>\(form(asked, context))\(table)\
        \(Words.more(rows.count, of: list.count))
        <p class="how">A series is the roll calls of one topic, or of motions with one title. A step \
        from yes to no has the size 2; a step from or to an abstention has the size 1. An actor without \
        a recorded vote made no choice, and the roll call is passed over.</p>
        \(asked.downloads(context, changing: [("limit", "1000")]))
        """,
      foot: asked.foot + "<p>Rule \(list.rule).</p>")
  }

  private static func coverage(_ list: SwingList) -> HTML {
    let undated: HTML =
      list.undated == 0 ? .none : ", and \(Words.figure(list.undated)) have no date"
    return """
      Looked at: \(Words.figure(list.series)) series of \
      \(Words.count(list.rollcalls, "roll call")), in which \(Words.count(list.voters, "actor")) chose. \
      \(Words.count(list.alone, "roll call")) stand\(list.alone == 1 ? "s" : "") in no series\(undated).
      """
  }

  private static func row(
    _ swing: Swing, _ asked: RecordQuestion, _ context: PageContext
  ) -> HTML {
    let lasting: HTML =
      switch swing.persistence {
      case .confirmed: "the next choice confirmed it"
      case .reversed: "the next choice reversed it"
      case .last: "no later choice yet"
      }
    let kind: HTML = swing.series.kind == .topic ? "topic" : "title"
    let actor = context.link(.actor(swing.actor.id).at(asked.moments), "\(swing.actor.name)")
    return """
      <tr><th scope="row">\(actor)<br><small>\(kind) \(EventLine.cut(swing.series.name, to: 90))\
      </small></th><td>\(vote(swing.before, asked, context))</td>\
      <td>\(vote(swing.after, asked, context))</td><td class="num">\(swing.size)</td>\
      <td>\(lasting)<br><small>\(Words.figure(swing.held)) alike before, \(Words.figure(swing.kept)) \
      alike from then on</small></td></tr>
      """
  }

  private static func vote(
    _ vote: Swing.Vote, _ asked: RecordQuestion, _ context: PageContext
  ) -> HTML {
    let known = Moments(knownBy: asked.moments.knownBy)
    let fact: HTML =
      vote.position.map { " " + context.link(.event($0).at(known), "\($0.description)") } ?? .none
    let effect: HTML = vote.effect.map { " (\($0) the topic)" } ?? .none
    return """
      <b>\(vote.choice)</b>\(effect)<br><small class="nw">\(vote.on ?? "undated")\(fact)</small><br>\
      <small>\(context.link(.rollcall(vote.rollcall).at(known), "\(vote.rollcall)"))</small>
      """
  }

  private static func form(_ asked: RecordQuestion, _ context: PageContext) -> HTML {
    var form = RecordForm(asked, .swings)
    form.text("topic", "Topic", hint: "its id; empty: all topics and titles")
    form.text("actor", "Actor", hint: "an id or a name: USA")
    form.text("since", "Since", hint: "a day, a month or a year: 2025")
    form.text("until", "Until", hint: "a day, a month or a year: 2025-12-31")
    form.knownBy()
    return form.html(context)
  }
}
