package import Annals
import AnnalsAnswers
import EventLog

/// How far two actors voted alike, over time, and the roll calls behind the figures.
package struct AgreementPairPage {
  private static let rowsOfPage = 50
  /// So many years or sessions are drawn, the latest ones.
  private static let mostPeriods = 100

  /// What the page is asked for.
  package struct Question: Sendable {
    package var a: String
    package var b: String
    package var scope: RollCallScope
    package var every: RollCallScope.Unit
    /// From 1, with the latest roll calls.
    package var page: Int
    package var knownBy: KnownBy?
    package var moments: Moments

    package init(
      a: String, b: String, scope: RollCallScope, every: RollCallScope.Unit, page: Int,
      knownBy: KnownBy?, moments: Moments
    ) {
      self.a = a
      self.b = b
      self.scope = scope
      self.every = every
      self.page = page
      self.knownBy = knownBy
      self.moments = moments
    }
  }

  let question: Question
  let record: VoteRecord
  let answer: AgreementAnswer
  let context: PageContext

  package static func page(_ question: Question, _ context: PageContext) async throws -> Page {
    let record = try await VoteRecord(question.knownBy, question.moments.knownBy, context)
    let answer = try await context.store.agreement(
      question.a, question.b, in: question.scope, every: question.every, listingFacts: true,
      knownBy: record.knownBy)
    let page = AgreementPairPage(
      question: question, record: record, answer: answer, context: context)
    return try await page.page()
  }

  /// The page without the state of the record.
  private var address: Address {
    Address.pair(answer.a.id, answer.b.id).within(question.scope)
      .with("every", question.every == .year ? nil : question.every.rawValue)
  }

  private var names: String { "\(answer.a.name) and \(answer.b.name)" }

  private func page() async throws -> Page {
    let items: [(name: String, value: String?)] =
      [("actor", answer.a.id), ("actor", answer.b.id)] + question.scope.items
    let unit = question.every.rawValue
    return Page(
      "Agreement of \(names)", summary: "How far \(names) voted alike, over time.",
      section: .agreement,
      main: """
        <p class="quiet">\(context.link(record.keep(Address.agreement.within(question.scope)), "Agreement")) › \
        \(names)</p>
        <h1><b>\(names)</b> \(answer.selection.text)</h1>\(record.banner(address))
        <p class="answer">\(sentence)</p>\(notes)
        \(try await form())
        \(figure)
        \(try list())
        \(record.downloads([
          VoteFile(
            words: "the figures, a row for each \(unit)", question: "agreement",
            items: items + [("every", unit)]),
          VoteFile(
            words: "the roll calls with both votes", question: "agreement",
            items: items + [("facts", "true")]),
        ], command: "agreement", [answer.a.id, answer.b.id]))
        """,
      foot: try await record.foot(rule: answer.rule))
  }

  // MARK: The answer

  private var sentence: HTML {
    let figures = answer.total.figures
    let n = figures.n
    if n == 0 {
      return "\(names) have no common roll call in which both chose yes, abstain or no."
    }
    guard let share = VoteWords.share(figures) else {
      return """
        The agreement of \(names) is withheld: they chose in \(Words.count(n, "common roll call")), and \
        figures over fewer than \(VoteWords.least) are not shown.
        """
    }
    let dates = answer.total.dates.map {
      ", from \(VoteWords.date($0.lowerBound)) to \(VoteWords.date($0.upperBound))"
    }
    return """
      The agreement of \(names) is \(share) over \(Words.count(n, "common roll call"))\(dates): \
      \(Words.figure(figures.same)) times the same choice, \(Words.figure(figures.half)) times one of \
      them abstained, \(Words.figure(figures.opposite)) times yes against no.
      """
  }

  private var notes: HTML {
    func side(_ actor: Entity, _ side: AgreementSide) -> String? {
      let counts = [
        (side.absent, "absent or not voting"), (side.open, "open"),
        (side.bothWays, "for and against"),
        (side.ineligible, "without a right to vote"), (side.unrecorded, "no vote recorded"),
      ].filter { $0.0 > 0 }.map { "\($0.1) in \(Words.figure($0.0))" }
      return counts.isEmpty ? nil : "\(actor.name): \(counts.joined(separator: ", "))."
    }
    let selection = answer.selection
    var parts = [
      "\(Words.count(selection.rollcalls, "roll call")), \(Words.figure(selection.agenda)) with "
        + "recorded votes, \(Words.figure(answer.total.both)) in which both could vote."
    ]
    parts += [side(answer.a, answer.total.a), side(answer.b, answer.total.b)].compactMap { $0 }
    if selection.undated > 0 {
      parts.append(
        "\(Words.count(selection.undated, "roll call")) without a certain date left out.")
    }
    if selection.unanimous > 0 {
      parts.append("\(Words.count(selection.unanimous, "unanimous roll call")) left out.")
    }
    parts += answer.notes.map { "\(Words.sentence($0))." }
    return "<p class=\"quiet\">\(parts.joined(separator: " "))</p>"
  }

  private func form() async throws -> HTML {
    var form = QuestionForm(Address("agreement", "pair"))
    form.text("a", "First actor", question.a, hint: "by any of its names")
    form.text("b", "Second actor", question.b, hint: "by any of its names")
    form.scope(question.scope, topics: try await QuestionForm.topics(record, context))
    form.knownBy(question.moments.knownBy)
    form.choice(
      "every", "A row for each", question.every.rawValue,
      among: RollCallScope.Unit.allCases.map { ($0.rawValue, "\($0.rawValue)") })
    form.flags([("contested", "only contested roll calls", question.scope.contestedOnly)])
    return form.html("Compare", context)
  }

  // MARK: Over time

  private var figure: HTML {
    let rows = answer.rows.suffix(Self.mostPeriods)
    let left = answer.rows.count - rows.count
    guard !rows.isEmpty else { return .none }
    let unit = question.every.rawValue
    let lines = rows.map { row -> HTML in
      let figures = row.figures
      return """
        <tr><th scope="row">\(row.label)</th>\
        <td class="num\(figures.n < VoteWords.least ? " hold" : "")">\
        \(VoteWords.share(figures) ?? "withheld")</td><td class="num">\(Words.figure(figures.n))</td>\
        <td class="num">\(Words.figure(figures.same))</td><td class="num">\
        \(Words.figure(figures.half))</td><td class="num">\(Words.figure(figures.opposite))</td>\
        <td class="num">\(Words.figure(row.agenda))</td></tr>
        """
    }
    let more: HTML =
      left > 0
      ? "<p class=\"quiet\">\(Words.count(left, "earlier \(unit)")) in the files below.</p>" : .none
    return """
      <figure><figcaption><b>Agreement by \(unit)</b></figcaption>
      \(AgreementBars(rows: Array(rows), label: "Agreement of \(names) by \(unit)").html)
      <p class="how">The height of a bar is the agreement of a \(unit). An empty dashed frame is a \
      \(unit) with fewer than \(VoteWords.least) common roll calls: its figure is withheld, and the \
      frame spans all that is possible. A gap is a \(unit) without a common choice.</p>\
      \(AgreementTable.how)\(more)
      <details><summary>The same as a table</summary><div class="wide" tabindex="0" role="region" \
      aria-label="Agreement by \(unit)"><table><thead><tr>\
      <th scope="col">\(Words.sentence(unit))</th><th scope="col" class="num">Agreement</th>\
      <th scope="col" class="num">n</th><th scope="col" class="num">The same</th>\
      <th scope="col" class="num">One abstained</th><th scope="col" class="num">Opposite</th>\
      <th scope="col" class="num">Roll calls</th></tr></thead><tbody>\(lines)</tbody></table></div></details></figure>
      """
  }

  // MARK: The roll calls

  private func list() throws -> HTML {
    let facts = answer.facts ?? []
    let pager = try VotePager(
      facts.count, page: question.page, rowsOfPage: Self.rowsOfPage)
    guard !facts.isEmpty else { return .none }
    let rows = facts[pager.rows].map { fact -> HTML in
      let agreement = fact.agreement.map { $0 == 1 ? "same" : $0 == 0 ? "opposite" : "half" } ?? "–"
      return """
        <tr><td class="nw">\(fact.on ?? "undated")</td><th scope="row">\(context.link(
          record.keep(.rollcall(fact.rollcall)), "\(fact.rollcall)"))<br>\
        <small>\(VoteWords.cut(fact.title ?? "", to: 90))</small></th>\
        <td>\(vote(fact.a, fact.seqA))</td><td>\(vote(fact.b, fact.seqB))</td><td>\(agreement)</td></tr>
        """
    }
    return """
      <section aria-labelledby="calls"><h2 id="calls">The roll calls</h2><p class="quiet">All in which \
      both could vote, \(Words.count(facts.count, "roll call")).</p>\
      \(pager.html(record.keep(address), context))
      <div class="wide" tabindex="0" role="region" aria-label="Roll calls"><table><thead><tr>\
      <th scope="col">Date</th><th scope="col">Roll call</th><th scope="col">\(answer.a.name)</th>\
      <th scope="col">\(answer.b.name)</th><th scope="col">Agreement</th></tr></thead>\
      <tbody>\(rows)</tbody></table></div></section>
      """
  }

  /// A choice, which leads to its fact.
  private func vote(_ choice: String, _ position: Position?) -> HTML {
    guard let position else { return "\(choice)" }
    return context.link(.event(position), "\(choice)")
  }
}
