package import Annals
import AnnalsAnswers
import EventLog

/// One roll call: what was announced, what is recorded of each voter, and what is missing.
package struct RollCallPage {
  /// What the page is asked for.
  package struct Question: Sendable {
    package var id: String
    package var bloc: String?
    package var knownBy: KnownBy?
    package var moments: Moments

    package init(id: String, bloc: String?, knownBy: KnownBy?, moments: Moments) {
      self.id = id
      self.bloc = bloc
      self.knownBy = knownBy
      self.moments = moments
    }
  }

  let question: Question
  let record: VoteRecord
  let answer: RollCallAnswer
  /// The same as known now, where the page is about an earlier state of the record.
  let now: RollCallAnswer?
  var links: [RollCallAnswer.Link] { answer.links }
  /// What was said about the roll call, in the order of the log.
  let statements: [TimelineEntry]
  let context: PageContext

  package static func page(_ question: Question, _ context: PageContext) async throws -> Page {
    let store = context.store
    let record = try await VoteRecord(question.knownBy, question.moments.knownBy, context)
    let answer = try await store.rollcall(
      question.id, bloc: question.bloc, knownBy: record.knownBy)
    let now =
      record.isPinned
      ? try await store.rollcall(
        answer.rollcall, bloc: question.bloc, knownBy: .position(record.head)) : nil
    let page = RollCallPage(
      question: question, record: record, answer: answer, now: now,
      statements: try await statements(answer, store), context: context)
    return try await page.page()
  }

  /// So many statements are listed.
  static let mostStatements = 10

  private static func statements(
    _ answer: RollCallAnswer, _ store: Store
  ) async throws -> [TimelineEntry] {
    let position = answer.knownBy.position
    let query = EventQuery(
      types: ["statement.made"], tags: [Tag(kind: "rollcall", value: answer.rollcall)])
    var range = EventRange(through: position)
    range.limit = mostStatements
    var entries: [TimelineEntry] = []
    for event in try await store.log.read(query, in: range) {
      let detail = try await store.event(.position(event.position), knownBy: .position(position))
      if detail.entry.fact.holds { entries.append(detail.entry) }
    }
    return entries
  }

  /// The page without the state of the record, and for all voters.
  var address: Address { .rollcall(answer.rollcall) }

  private func page() async throws -> Page {
    let title = answer.motion?.name ?? answer.rollcall
    let day = VoteWords.date(answer.on)
    let session = answer.session.map { ", session \($0)" } ?? ""
    let body = answer.body?.name ?? "Body not recorded"
    let asked = address.with("bloc", answer.bloc?.group.id)
    let crumbs = context.link(.rollcalls.with("body", answer.body?.id), "\(body)\(session)")
    return Page(
      "Roll call \(answer.rollcall): \(VoteWords.result(answer.result).lowercased())",
      summary: "\(title): announced and counted tallies, and the recorded vote of each member.",
      section: .rollcalls,
      main: """
        <p class="quiet">\(context.link(.rollcalls, "Roll calls")) › \(crumbs)</p>
        <h1><b>\(title)</b> \(answer.rollcall)\(motion) · \(body), \(day)</h1>
        \(record.banner(asked))
        <p class="answer">\(sentence)</p>\(blocSentence)
        <p class="quiet">\(recorded) Known by \(record.state.position.description).</p>
        \(bar)\(form)
        \(readings)
        \(meaning)
        \(voters)
        \(blocs)
        \(doubts)
        \(record.downloads([
          VoteFile(
            words: "all votes of this roll call", question: "rollcall",
            items: [("id", answer.rollcall), ("bloc", answer.bloc?.group.id)])
        ], command: "rollcall", [answer.rollcall]))
        \(Figure.patterns)
        """,
      foot: try await record.foot(rule: nil))
  }

  private var motion: String {
    guard let motion = answer.motion, motion.id != answer.rollcall else { return "" }
    return ", on \(motion.id)"
  }

  // MARK: The result

  /// The official figures on which no account differs.
  private var announced: [(choice: String, votes: Int)] {
    answer.official.compactMap { choice, votes in votes.map { (choice, $0) } }
  }

  private var sentence: HTML {
    let result: HTML = "<b>\(VoteWords.result(answer.result))</b>"
    if !announced.isEmpty {
      let words = VoteWords.sentence(announced.map { ($0.choice, Words.figure($0.votes)) })
      let contested: HTML =
        answer.contested.isEmpty
        ? .none : " Accounts differ on \(Words.list(answer.contested))."
      return "\(result): \(words), as announced.\(contested)"
    }
    if !answer.contested.isEmpty {
      return "\(result). The official accounts differ on \(Words.list(answer.contested))."
    }
    let counted = answer.counted.filter { $0.high > 0 }
    if counted.isEmpty { return "\(result). Neither a tally nor a vote is recorded." }
    let words = VoteWords.sentence(
      counted.map { ($0.choice, VoteWords.range($0.low, $0.high)) })
    return "\(result). No tally was announced; by the recorded votes, \(words)."
  }

  /// Of a group: how its members voted.
  private var blocSentence: HTML {
    guard let bloc = answer.bloc else { return .none }
    let counted = answer.counted.filter { $0.high > 0 }
    let votes =
      counted.isEmpty
      ? "no vote of them is recorded"
      : VoteWords.sentence(counted.map { ($0.choice, VoteWords.range($0.low, $0.high)) })
    let all = context.link(record.keep(address), "all voters")
    return """
      <p>Of the \(Words.count(bloc.members, "member")) of \(bloc.group.name) on that day, \(votes). \
      The lists below are about them alone: show \(all).</p>
      """
  }

  /// Of how many voters anything is recorded.
  private var recorded: HTML {
    let members = answer.members
    guard let all = members.stated ?? members.listed else {
      return "A vote is recorded of \(Words.count(members.recorded, "voter"))."
    }
    return members.recorded == all
      ? "A vote is recorded of all \(Words.count(all, "member"))."
      : "A vote is recorded of \(Words.figure(members.recorded)) of \(Words.count(all, "member"))."
  }

  /// What was announced as a bar; the recorded votes where nothing was, or of a group.
  private var bar: HTML {
    let isAnnounced = answer.bloc == nil && !announced.isEmpty
    let bar = TallyBar(
      counts: isAnnounced
        ? announced.map { ($0.choice, $0.votes, Words.figure($0.votes)) }
        : answer.counted.map { ($0.choice, $0.low, VoteWords.range($0.low, $0.high)) })
    if bar.isEmpty { return .none }
    return """
      <figure><figcaption><b>\(isAnnounced ? "The tally as announced" : "The recorded votes")</b></figcaption>\
      \(bar.html)<p class="how">A part is as wide as its share of these \
      \(isAnnounced ? "announced figures" : "votes"). The bar does not show members of whom nothing is \
      recorded.</p></figure>
      """
  }

  private var form: HTML {
    var form = QuestionForm(address)
    form.text(
      "bloc", "Only members of", question.bloc, hint: "a group on the day of the roll call: g7",
      suggesting: answer.blocs.prefix(50).map(\.group.id))
    form.knownBy(question.moments.knownBy)
    return form.html("Show", context)
  }
}
