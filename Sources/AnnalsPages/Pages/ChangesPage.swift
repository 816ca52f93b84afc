import Annals
import AnnalsAnswers
import EventLog

/// Every change of a stance, the largest first, with the fact that made it.
package enum ChangesPage {
  /// So many changes stand on the page.
  private static let most = 60

  package static func page(
    _ items: [RecordQuestion.Item], _ context: PageContext
  ) async throws -> Page {
    let asked = try await RecordQuestion(
      .changes, items, setting: [("limit", "\(most)")], context)
    let moves = try await asked.ask(as: StanceMoves.self, context)
    let rows = moves.moves.map { row($0, asked, context) }
    let more: HTML =
      moves.count > rows.count
      ? """
      <p class="quiet">and \(Words.figure(moves.count - rows.count)) more: narrow the list, or take the \
      files, which hold up to 1,000</p>
      """ : .none
    let table: HTML =
      rows.isEmpty
      ? .none
      : """
      <div class="wide" tabindex="0" role="region" aria-label="Changes"><table><thead><tr>\
      <th scope="col">Actor and topic</th><th scope="col">In the world</th>\
      <th scope="col">Stance</th><th scope="col" class="num">Levels</th><th scope="col">By</th>\
      <th scope="col">In the record</th></tr></thead><tbody>\(rows)</tbody></table></div>
      """
    return Page(
      "Changes of stances", summary: "Who changed a stance, when, and by which fact.",
      section: .changes,
      main: """
        <h1><b>Changes of stances</b> The largest first</h1>\(asked.banner(.changes, context))
        <p class="answer">\(answer(moves))</p>
        \(try await form(asked, context))\(table)\(more)
        <p class="how">Levels tell how far a stance moved: 4 from “supports” to “opposes”. A first \
        stance and the end of a stance have no size. A fact that only confirms a stance makes no change.</p>
        <p class="row">\(context.link(.swings, "Swings between roll calls", class: "btn"))</p>
        \(asked.downloads(context, changing: [("limit", "1000")]))
        """,
      foot: asked.foot + "<p>On \(moves.on), rule \(moves.rule).</p>",
      feeds: [Page.Feed(title: "Changes", address: Address("feed"))])
  }

  private static func answer(_ moves: StanceMoves) -> HTML {
    let actors = Words.count(moves.actors, "actor")
    let firsts = Words.count(moves.firsts, "first stance")
    // With first stances in the list, the count has them too.
    let isWithFirsts = moves.moves.contains(where: \.isFirst)
    if isWithFirsts {
      return """
        \(Words.count(moves.count - moves.firsts, "change")) and \(firsts) of \(actors).
        """
    }
    let changes: HTML =
      moves.count == 0
      ? "No change of a stance is recorded." : "\(Words.count(moves.count, "change")) of \(actors)."
    let others: HTML =
      moves.firsts == 0
      ? .none : " In addition, \(firsts) \(moves.firsts == 1 ? "is" : "are") known."
    return changes + others
  }

  private static func row(
    _ move: StanceMove, _ asked: RecordQuestion, _ context: PageContext
  ) -> HTML {
    let address = Address.explorer(move.actor.id, move.topic.id).at(asked.moments)
    let line = EventLine(entry: move.trigger, moments: asked.moments)
    let size = move.size.map { size in
      size == size.rounded() ? "\(Int(size))" : "\(size)"
    }
    let ended: HTML = move.after == nil ? "end of: " : .none
    return """
      <tr><th scope="row">\(context.link(address, "\(move.actor.name)"))<br><small>\(move.topic.id)\
      </small></th><td class="nw">\(move.day == .min ? "—" : Words.isoDay(move.day))</td>\
      <td>\(LevelWords(move.before).mark) → \(LevelWords(move.after).mark)</td>\
      <td class="num">\(size ?? (move.isFirst ? "first" : "—"))</td>\
      <td>\(ended)\(StepWords(move.trigger).short) <small>\(line.link(context))</small></td>\
      <td class="nw"><small>\(Words.shortDay(move.trigger.fact.root.batch.recorded.day))</small></td></tr>
      """
  }

  private static func form(
    _ asked: RecordQuestion, _ context: PageContext
  ) async throws -> HTML {
    var form = RecordForm(asked, .changes)
    let topics = try await context.store.list(.topics, knownBy: .position(asked.state.position))
    if topics.count <= 50 {
      form.choice("topic", "Topic", all: "all topics", topics.map { ($0.id, "\($0.id)") })
    } else {
      form.text("topic", "Topic", hint: "its id: ukraine-integrity")
    }
    form.text("actor", "Actor", hint: "an id or a name: USA")
    form.text("since", "Since", hint: "a day, a month or a year: 2025")
    form.text("until", "Until", hint: "a day, a month or a year: 2025-12-31")
    form.knownBy()
    form.box("first", "first stances too")
    return form.html(context)
  }
}
