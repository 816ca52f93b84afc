package import Annals
import AnnalsAnswers
import EventLog

/// The list of roll calls, with their official and counted tallies.
package enum RollCallsPage {
  private static let rowsOfPage = 100

  /// What the page is asked for.
  package struct Question: Sendable {
    package var scope: RollCallScope
    package var filter: RollCallList.Filter
    /// From 1, with the latest roll calls.
    package var page: Int
    package var knownBy: KnownBy?
    package var moments: Moments

    package init(
      scope: RollCallScope, filter: RollCallList.Filter, page: Int, knownBy: KnownBy?,
      moments: Moments
    ) {
      self.scope = scope
      self.filter = filter
      self.page = page
      self.knownBy = knownBy
      self.moments = moments
    }

    /// The parameters of the question, without the state of the record.
    fileprivate var items: [(name: String, value: String?)] {
      scope.items + [
        ("differing", filter == .differing ? "true" : nil),
        ("conflicts", filter == .conflicting ? "true" : nil),
      ]
    }
  }

  package static func page(_ question: Question, _ context: PageContext) async throws -> Page {
    let record = try await VoteRecord(question.knownBy, question.moments.knownBy, context)
    let list = try await context.store.rollcalls(
      in: question.scope, question.filter, last: question.page * rowsOfPage,
      knownBy: record.knownBy)
    let pager = try VotePager(
      total(list, question), page: question.page, rowsOfPage: rowsOfPage)
    let rows = list.rows.prefix(pager.rows.count)
    let address = Address.rollcalls.with(question.items)
    let topics = try await QuestionForm.topics(record, context)
    let table: HTML =
      rows.isEmpty
      ? .none
      : """
      <div class="wide" tabindex="0" role="region" aria-label="Roll calls"><table><thead><tr>\
      <th scope="col">Date</th><th scope="col">Roll call</th><th scope="col">Result</th>\
      <th scope="col">Announced<br>yes–no–abstain</th><th scope="col">Counted<br>yes–no–abstain</th>\
      <th scope="col" class="num">Voters recorded</th><th scope="col">Remarks</th></tr></thead>\
      <tbody>\(rows.map { row($0, record, context) })</tbody></table></div>
      """
    return Page(
      "Roll calls", summary: "Roll calls with their announced and counted tallies.",
      section: .rollcalls,
      main: """
        <h1><b>Roll calls</b> \(list.selection.text)</h1>\(record.banner(address))
        <p class="answer">\(sentence(list, question))</p>\(coverage(list))
        \(form(question, topics, context))
        \(pager.html(record.keep(address), context))\(table)
        <p class="how">Announced is the tally of the official account. Counted is the number of recorded \
        votes of each choice. Neither replaces the other. A small count says that few votes are \
        recorded, not that members were absent.</p>
        \(record.downloads([
          VoteFile(
            words: "the latest 1,000 of these roll calls", question: "rollcalls",
            items: question.items + [("limit", "1000")])
        ], command: "rollcalls"))
        """,
      foot: try await record.foot(rule: nil))
  }

  private static func total(_ list: RollCallList, _ question: Question) -> Int {
    switch question.filter {
    case .all: question.scope.contestedOnly ? list.selection.agenda : list.selection.rollcalls
    case .differing: list.differing
    case .conflicting: list.conflicting
    }
  }

  private static func sentence(_ list: RollCallList, _ question: Question) -> HTML {
    let selection = list.selection
    guard selection.rollcalls > 0 else { return "No such roll call is recorded." }
    let differing: HTML =
      list.differing == 0
      ? "No count differs from its official tally."
      : "In \(Words.figure(list.differing)) the count differs from the official tally."
    return """
      \(Words.count(selection.rollcalls, "roll call")), \
      \(selection.agenda == 0 ? "none" : Words.figure(selection.agenda)) with recorded votes\
      \(selection.contestedOnly ? " that differ" : ""). \(differing)
      """
  }

  private static func coverage(_ list: RollCallList) -> HTML {
    var parts: [String] = []
    if list.conflicting > 0 {
      parts.append(
        "In \(Words.figure(list.conflicting)) accounts of votes contradict each other "
          + "(\(Words.count(list.conflicts, "vote"))).")
    }
    if list.selection.undated > 0 {
      parts.append(
        "\(Words.count(list.selection.undated, "roll call")) may be of this period, and the date is "
          + "not certain: left out.")
    }
    if list.selection.unanimous > 0 {
      parts.append(
        "\(Words.count(list.selection.unanimous, "unanimous roll call")) left out.")
    }
    return parts.isEmpty ? .none : "<p class=\"quiet\">\(parts.joined(separator: " "))</p>"
  }

  private static func form(
    _ question: Question, _ topics: [String], _ context: PageContext
  ) -> HTML {
    var form = QuestionForm(.rollcalls)
    form.scope(question.scope, topics: topics)
    form.knownBy(question.moments.knownBy)
    form.flags([
      ("contested", "only contested", question.scope.contestedOnly),
      ("differing", "only where the count differs", question.filter == .differing),
      ("conflicts", "only where accounts contradict", question.filter == .conflicting),
    ])
    return form.html("Show", context)
  }

  private static func row(
    _ row: RollCallList.Row, _ record: VoteRecord, _ context: PageContext
  ) -> HTML {
    let official = row.official
    func announced(_ choice: String) -> String {
      guard let figure = official.first(where: { $0.choice == choice }) else { return "?" }
      return figure.votes.map { Words.figure($0) } ?? "?"
    }
    func counted(_ choice: String) -> String {
      let (low, high) = row.counted(choice)
      return VoteWords.range(low, high)
    }
    let choices = ["yes", "no", "abstain"]
    let tally = official.isEmpty ? "not recorded" : choices.map(announced).joined(separator: " – ")
    let count = row.recorded == 0 ? "none" : choices.map(counted).joined(separator: " – ")
    let title = VoteWords.cut(row.title ?? row.motion ?? "", to: 110)
    return """
      <tr><td class="nw">\(row.on ?? "undated")</td><th scope="row">\(context.link(
        record.keep(.rollcall(row.rollcall)), "\(row.rollcall)"))<br><small>\(title)</small></th>\
      <td>\(VoteWords.result(row.result))</td><td class="nw">\(tally)</td><td class="nw">\(count)</td>\
      <td class="num">\(Words.figure(row.recorded))</td><td><small>\
      \(VoteWords.cut((row.reasons + row.casting).joined(separator: "; "), to: 120))</small></td></tr>
      """
  }
}
