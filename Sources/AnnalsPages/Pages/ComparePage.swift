package import Annals
import AnnalsAnswers
import EventLog

/// Several actors on one topic, side by side: on one time axis, and on the day asked about.
package struct ComparePage {
  package static let mostActors = 20
  private static let mostRows = 30

  /// What the page is asked for.
  package struct Question: Sendable {
    /// By any of their names.
    package var actors: [String]
    package var bloc: String?
    /// Nil for the form alone.
    package var topic: String?
    package var viewpoint: Viewpoint
    package var moments: Moments

    package init(
      actors: [String], bloc: String?, topic: String?, viewpoint: Viewpoint, moments: Moments
    ) {
      self.actors = actors
      self.bloc = bloc
      self.topic = topic
      self.viewpoint = viewpoint
      self.moments = moments
    }
  }

  let question: Question
  let record: VoteRecord
  let answer: CompareAnswer
  /// The line of each actor, in the order of the answer, through the later of the day and today.
  let lines: [AuditAnswer]
  let context: PageContext

  package static func page(_ question: Question, _ context: PageContext) async throws -> Page {
    let record = try await VoteRecord(
      question.viewpoint.knownBy, question.moments.knownBy, context)
    guard let topic = question.topic, !question.actors.isEmpty || question.bloc != nil else {
      return try await empty(question, record, context)
    }
    var viewpoint = question.viewpoint
    viewpoint.knownBy = record.knownBy
    var count = question.actors.count
    // The members are counted before their lines are drawn: there may be hundreds.
    if let bloc = question.bloc, count <= mostActors {
      count += try await BlocMembers(bloc, on: viewpoint.on, record.knownBy, context).members.count
    }
    if count > mostActors {
      throw Problem(
        .usage, "\(count) actors are asked for, and this page compares at most \(mostActors)",
        help: "name up to \(mostActors) actors, or a smaller group")
    }
    let answer = try await context.store.compare(
      question.actors, bloc: question.bloc, topic: topic, from: viewpoint, today: context.now)
    let day = answer.stances.first?.on.lastDay ?? context.today
    var whole = viewpoint
    whole.on = OnMoment(day: CalendarDay(number: max(day, context.today)))
    var lines: [AuditAnswer] = []
    for stance in answer.stances {
      lines.append(
        try await context.store.audit(
          actor: stance.actor.id, topic: answer.topic.id, from: whole, today: context.now))
    }
    let page = ComparePage(
      question: question, record: record, answer: answer, lines: lines, context: context)
    return try await page.page()
  }

  /// The page before anything is asked.
  private static func empty(
    _ question: Question, _ record: VoteRecord, _ context: PageContext
  ) async throws -> Page {
    Page(
      "Compare", summary: "Several actors on one topic, side by side.", section: .topics,
      main: """
        <h1><b>Side by side</b> Up to \(mostActors) actors on one topic</h1>\
        <p>Name a topic, and the actors or a group.</p>\(try await form(question, record, context))
        """)
  }

  private static func form(
    _ question: Question, _ record: VoteRecord, _ context: PageContext
  ) async throws -> HTML {
    var form = QuestionForm(.comparison)
    form.text(
      "actor", "Actors", question.actors.joined(separator: ", "),
      hint: "up to \(mostActors), with commas: USA, RUS")
    form.text("bloc", "Members of", question.bloc, hint: "a group on that day: g7")
    form.text(
      "topic", "Topic", question.topic, hint: "by its id",
      suggesting: try await QuestionForm.topics(record, context))
    form.text("on", "True on", question.moments.on, hint: "a day in the world: 2025-02-22, 2025-02")
    form.knownBy(question.moments.knownBy)
    return form.html("Compare", context)
  }

  // MARK: The page

  private var topic: Entity { answer.topic }
  private var day: Int64 { answer.stances.first?.on.lastDay ?? context.today }
  private var isToday: Bool { day == context.today }

  /// The page without its moments.
  private var address: Address {
    Address.comparison.with("topic", topic.id).with(question.actors.map { ("actor", $0) })
      .with("bloc", question.bloc)
  }

  private func page() async throws -> Page {
    let stances = answer.stances
    let names = stances.map(\.actor.name)
    return Page(
      "Compare: \(names.prefix(4).joined(separator: ", "))\(names.count > 4 ? " …" : "")",
      summary:
        "Where \(Words.count(names.count, "actor")) stood on “\(topic.name)”, and since when.",
      section: .topics,
      main: """
        <p class="quiet">\(context.link(.home, "Topics")) › \
        \(context.link(Address.topic(topic.id).at(question.moments), "\(topic.id)")) › Compare</p>
        <h1><b>\(Words.count(names.count, "actor")) side by side</b> on the proposition “\(topic.name)”</h1>
        \(record.banner(address.with("on", question.moments.on)))
        <p class="answer">\(sentence)</p>\(quiet)
        \(try await Self.form(question, record, context))
        \(stances.isEmpty ? .none : figure)
        \(table)
        \(gaps)
        \(record.downloads([
          VoteFile(
            words: "where each of them stands on that day", question: "comparison",
            items: items)
        ], command: "compare", stances.map(\.actor.id) + [topic.id]))
        \(Figure.patterns)
        """,
      foot: try await record.foot(rule: answer.rule.name))
  }

  private var items: [(name: String, value: String?)] {
    question.actors.map { ("actor", $0) } + [
      ("bloc", question.bloc), ("topic", topic.id), ("on", answer.on),
    ]
  }

  private var sentence: HTML {
    if answer.stances.isEmpty {
      return "Nobody is certainly a member of \(question.bloc ?? "") on \(Words.day(day))."
    }
    var lead = record.isPinned ? "As known by \(record.state.position), " : ""
    lead += isToday ? "today " : "on \(Words.day(day)) "
    return
      "\(Words.sentence(lead))\(CompareSentence(stances: answer.stances, isToday: isToday).html)"
  }

  private var quiet: HTML {
    var parts: [String] = []
    if let moved = CompareSentence(stances: answer.stances, isToday: isToday).moved {
      parts.append(moved)
    }
    if let bloc = answer.bloc {
      parts.append(
        "\(bloc.group.name) has \(Words.count(bloc.members.count, "certain member")) on that day.")
      if !bloc.possible.isEmpty {
        parts.append("Perhaps members, and left out: \(Words.list(bloc.possible)).")
      }
    }
    return parts.isEmpty ? .none : "<p class=\"quiet\">\(parts.joined(separator: " "))</p>"
  }

  private func explorer(_ actor: Entity) -> Address {
    Address.explorer(actor.id, topic.id).at(question.moments)
  }

  // MARK: The picture

  private var figure: HTML {
    let lanes = Swimlanes(
      lanes: lines.map {
        Swimlanes.Lane(actor: $0.actor, steps: $0.steps, address: explorer($0.actor))
      }, day: day, last: max(day, context.today), context: context)
    return """
      <figure id="fig"><figcaption><b>Who stood where, when</b> <span class="opt">\
      <label><input type="radio" name="sp" checked> to scale</label>\
      <label><input type="radio" name="sp" id="even"> evenly spaced</label></span></figcaption>
      \(lanes.html)
      \(lanes.key)
      <p class="how">The question: who took which stance, and since when? A lane is an actor, a band is \
      a stance, a mark under the band is a fact that made a step, and the upright line is the day asked \
      about. Evenly spaced, the width of a column does not show how long it lasted. Between two facts a \
      band stays as the last one left it: that is not evidence that the actor kept its view, only that \
      nothing newer is recorded. Rule \(answer.rule.name).</p>
      <details><summary>The same as a table</summary>\(steps)</details></figure>
      """
  }

  private var steps: HTML {
    // As many of each actor, the latest ones: no actor takes the room of the others.
    let most = max(1, Self.mostRows / max(1, lines.count))
    var rows: [HTML] = []
    var left = 0
    for line in lines {
      let shown = line.steps.suffix(most)
      left += line.steps.count - shown.count
      rows += shown.map { step in
        """
        <tr><th scope="row">\(line.actor.name)</th><td class="nw">\
        \(step.from == .min ? "—" : Words.isoDay(step.from))</td><td class="nw">\
        \(step.to.map(Words.isoDay) ?? "—")</td><td>\(LevelWords(step.level).mark)</td>\
        <td>\(VoteWords.cut(StepWords(step).short, to: 90))</td><td>\(context.link(
          .event(step.evidence.position), "\(step.evidence.position.description)"))</td></tr>
        """
      }
    }
    let more: HTML =
      left > 0
      ? """
      <p class="quiet">and \(Words.count(left, "earlier step")), on the pages of the actors</p>
      """ : .none
    return """
      <div class="wide" tabindex="0" role="region" aria-label="Steps"><table><thead><tr>\
      <th scope="col">Actor</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Stance</th>\
      <th scope="col">By</th><th scope="col">Fact</th></tr></thead><tbody>\(rows)</tbody></table></div>\(more)
      """
  }

  // MARK: The day

  private var table: HTML {
    guard !answer.stances.isEmpty else { return .none }
    let rows = answer.stances.map { stance -> HTML in
      let since = stance.since.map { $0 == .min ? "unknown" : Words.isoDay($0) } ?? "—"
      return """
        <tr><th scope="row">\(context.link(explorer(stance.actor), "\(stance.actor.name)"))</th>\
        <td>\(LevelWords(stance.step?.level).mark)</td><td class="nw">\(since)</td>\
        <td>\(stance.before.map { LevelWords($0).mark } ?? "—")</td>\
        <td>\(stance.step?.restsOn ?? "—")</td><td class="num">\(Words.figure(stance.count))</td></tr>
        """
    }
    return """
      <section aria-labelledby="now"><h2 id="now">Where they stand on \(Words.day(day))</h2>\
      <div class="wide" tabindex="0" role="region" aria-label="Stances"><table><thead><tr>\
      <th scope="col">Actor</th><th scope="col">Stance</th><th scope="col">Since</th>\
      <th scope="col">Before</th><th scope="col">Rests on</th><th scope="col" class="num">Facts</th></tr>\
      </thead><tbody>\(rows)</tbody></table></div></section>
      """
  }

  /// What is known to be missing on each line.
  private var gaps: HTML {
    let rows = answer.stances.filter { !$0.coverage.isEmpty }.map { stance -> HTML in
      let shown = stance.coverage.prefix(3).map { VoteWords.cut($0, to: 160) }
      let left = stance.coverage.count - shown.count
      let more = left > 0 ? "; and \(Words.figure(left)) more" : ""
      return "<li><b>\(stance.actor.name)</b>: \(shown.joined(separator: "; "))\(more).</li>"
    }
    guard !rows.isEmpty else { return .none }
    return """
      <section aria-labelledby="cov"><h2 id="cov">What is not recorded</h2>\
      <ul class="plain quiet">\(rows)</ul></section>
      """
  }
}
