package import Annals
import AnnalsAnswers
import EventLog

/// How far several actors voted alike: a matrix of all pairs; of one actor, those most and least alike.
package struct AgreementPage {
  /// A matrix has at most so many actors; a large one shows each pair once.
  static let mostActors = 24
  /// If a question names no actor, a record with at most so many voters shows the most active voters.
  private static let smallRecord = 30
  private static let mostActive = 12
  /// Of one actor, so many of either end.
  private static let mostOfEnd = 15

  /// What the page is asked for.
  package struct Question: Sendable {
    /// By any of their names.
    package var actors: [String]
    package var bloc: String?
    package var scope: RollCallScope
    package var knownBy: KnownBy?
    package var moments: Moments

    package init(
      actors: [String], bloc: String?, scope: RollCallScope, knownBy: KnownBy?, moments: Moments
    ) {
      self.actors = actors
      self.bloc = bloc
      self.scope = scope
      self.knownBy = knownBy
      self.moments = moments
    }
  }

  let question: Question
  let record: VoteRecord
  let context: PageContext

  package static func page(_ question: Question, _ context: PageContext) async throws -> Page {
    let page = AgreementPage(
      question: question,
      record: try await VoteRecord(question.knownBy, question.moments.knownBy, context),
      context: context)
    return try await page.page()
  }

  private func page() async throws -> Page {
    let actors = try await actors()
    if actors.count == 1 { return try await ranking(actors[0]) }
    let matrix = try await context.store.agreements(
      in: question.scope, knownBy: record.knownBy)
    if actors.count > 1 { return try await page(matrix, actors, lead: .none) }
    let active = try await mostActive(matrix)
    let lead: HTML =
      active.isEmpty
      ? """
      <p>Votes of \(Words.count(matrix.actors.count, "actor")) are recorded in these roll calls. Name \
      two or more of them, or a group.</p>
      """
      : """
      <p>Nobody is named, so these are the \(active.count) of \
      \(Words.count(matrix.actors.count, "actor")) with the most recorded choices in these roll calls.</p>
      """
    return try await page(matrix, active, lead: lead)
  }

  // MARK: Who is compared

  /// The actors named, and the members of the group; each once, in that order.
  private func actors() async throws -> [Entity] {
    var actors: [Entity] = []
    var problems: [Problem] = []
    if question.actors.count > Self.mostActors { throw Self.tooMany(question.actors.count) }
    for name in question.actors {
      do {
        let answer = try await context.store.actor(
          name, knownBy: record.knownBy, today: context.now)
        if !actors.contains(where: { $0.id == answer.actor.id }) { actors.append(answer.actor) }
      } catch let fault as Problems {
        problems += fault.problems
      }
    }
    if !problems.isEmpty { throw Problems(problems) }
    if let bloc = question.bloc {
      let on = question.scope.period.map {
        OnMoment(day: CalendarDay(number: $0.days.upperBound))
      }
      let members = try await BlocMembers(bloc, on: on, record.knownBy, context)
      for member in members.members where !actors.contains(where: { $0.id == member.id }) {
        actors.append(member)
      }
    }
    if actors.count > Self.mostActors { throw Self.tooMany(actors.count) }
    return actors
  }

  private static func tooMany(_ count: Int) -> Problem {
    Problem(
      .usage, "\(count) actors are asked for, and a matrix shows at most \(mostActors)",
      help: "name fewer actors, or a smaller group")
  }

  /// The voters with the most choices, by id: for a question that names no actor, in a record with few
  /// voters.
  private func mostActive(_ matrix: AgreementMatrix) async throws -> [Entity] {
    guard matrix.actors.count <= Self.smallRecord, !matrix.groups.isEmpty else { return [] }
    // An actor has chosen in as many roll calls as it has in common with itself.
    let choices = matrix.actors.indices.map { matrix.figures($0, $0, in: 0)?.n ?? 0 }
    let ranked = matrix.actors.indices.filter { choices[$0] > 0 }.sorted {
      (choices[$1], matrix.actors[$0]) < (choices[$0], matrix.actors[$1])
    }
    var actors: [Entity] = []
    for index in ranked.prefix(Self.mostActive).sorted() {
      actors.append(
        try await context.store.actor(
          matrix.actors[index], knownBy: record.knownBy, today: context.now
        ).actor)
    }
    return actors
  }

  // MARK: The page

  /// The page without the state of the record.
  private var address: Address {
    Address.agreement.with(question.actors.map { ("actor", $0) })
      .with("bloc", question.bloc).within(question.scope)
  }

  private func page(
    _ matrix: AgreementMatrix, _ actors: [Entity], lead: HTML
  ) async throws -> Page {
    let table = AgreementTable(
      matrix: matrix, actors: actors, scope: question.scope, record: record, context: context)
    let answer: HTML =
      actors.isEmpty ? .none : "<p class=\"answer\">\(table.sentence)</p>"
    let figure: HTML =
      actors.isEmpty
      ? .none
      : """
      <figure><figcaption><b>Agreement of each pair</b>, \(matrix.selection.text)</figcaption>\
      \(table.html)\(AgreementTable.key)\(AgreementTable.how)</figure>
      """
    return Page(
      "Agreement", summary: "How far actors voted alike, pair by pair.", section: .agreement,
      main: """
        <h1><b>Who voted alike</b> \(matrix.selection.text)</h1>\(record.banner(address))
        \(answer)\(lead)\(coverage(matrix.selection))\(try await form())\(figure)
        \(record.downloads([
          VoteFile(
            words: "all pairs of actors in these roll calls", question: "agreement",
            items: question.scope.items)
        ], command: "agreement"))
        """,
      foot: try await record.foot(rule: matrix.rule))
  }

  private func coverage(_ selection: RollCallSelection) -> HTML {
    var text =
      "\(Words.count(selection.rollcalls, "roll call")), "
      + "\(Words.figure(selection.agenda)) with recorded votes."
    if selection.unanimous > 0 {
      text += " \(Words.count(selection.unanimous, "unanimous roll call")) left out."
    }
    if selection.undated > 0 {
      text +=
        " \(Words.count(selection.undated, "roll call")) left out, because the date is not certain."
    }
    return "<p class=\"quiet\">\(text)</p>"
  }

  private func form() async throws -> HTML {
    var form = QuestionForm(.agreement)
    form.text(
      "actor", "Actors", question.actors.joined(separator: ", "),
      hint: "up to \(Self.mostActors), with commas: USA, RUS")
    form.text("bloc", "Members of", question.bloc, hint: "a group: g7")
    form.scope(question.scope, topics: try await QuestionForm.topics(record, context))
    form.knownBy(question.moments.knownBy)
    form.flags([("contested", "only contested roll calls", question.scope.contestedOnly)])
    return form.html("Compare", context)
  }

  // MARK: One actor

  private func ranking(_ actor: Entity) async throws -> Page {
    let ranking = try await context.store.agreements(
      of: actor.id, in: question.scope, top: Self.mostOfEnd, bottom: Self.mostOfEnd,
      least: VoteWords.least, knownBy: record.knownBy)
    let rows = ranking.groups.flatMap(\.rows).map { row -> HTML in
      let pair = record.keep(Address.pair(actor.id, row.b.id).within(question.scope))
      return """
        <tr><td class="num">\(row.rank)</td><th scope="row">\(context.link(pair, "\(row.b.name)"))</th>\
        <td class="num">\(VoteWords.share(row.figures) ?? "withheld")</td>\
        <td class="num">\(Words.figure(row.figures.n))</td></tr>
        """
    }
    let thinner = ranking.groups.reduce(0) { $0 + $1.thinner }
    let withheld: HTML =
      thinner == 0
      ? .none
      : """
       The figures of \(Words.count(thinner, "pair")) rest on fewer than \(VoteWords.least) common \
      roll calls, and are withheld.
      """
    let table: HTML =
      rows.isEmpty
      ? .none
      : """
      <div class="wide" tabindex="0" role="region" aria-label="The most and the least alike"><table>\
      <thead><tr><th scope="col" class="num">Rank</th><th scope="col">Actor</th>\
      <th scope="col" class="num">Agreement</th><th scope="col" class="num">Roll calls</th></tr></thead>\
      <tbody>\(rows)</tbody></table></div>
      """
    let opening: HTML =
      rows.isEmpty
      ? "No figure of \(actor.name) with another actor can be shown."
      : "Those who voted most like \(actor.name), and those who voted least like it."
    return Page(
      "Agreement of \(actor.name)", summary: "Who voted like \(actor.name), and who did not.",
      section: .agreement,
      main: """
        <h1><b>\(actor.name)</b> against all others, \(ranking.selection.text)</h1>\
        \(record.banner(address))<p class="answer">\(opening)</p><p class="quiet">At most \
        \(Self.mostOfEnd) of either end.\(withheld)</p>\(coverage(ranking.selection))
        \(try await form())\(table)\(AgreementTable.how)
        \(record.downloads([
          VoteFile(
            words: "\(actor.name) against all others", question: "agreement",
            items: [("actor", actor.id)] + question.scope.items)
        ], command: "agreement", [actor.id]))
        """,
      foot: try await record.foot(rule: ranking.rule))
  }
}

/// The members of a group on a day, by id.
struct BlocMembers {
  let group: Entity
  let members: [Entity]

  /// Throws for a group that is unknown, and for one without recorded members on that day.
  init(
    _ name: String, on: OnMoment?, _ knownBy: KnownBy, _ context: PageContext
  ) async throws {
    let answer = try await context.store.actor(
      name, on: on, members: true, knownBy: knownBy, today: context.now)
    group = answer.actor
    var members: [Entity] = []
    for fact in answer.members ?? [] {
      guard let member = fact.other, !members.contains(where: { $0.id == member.id }) else {
        continue
      }
      members.append(member)
    }
    self.members = members.sorted { $0.id < $1.id }
    if members.isEmpty {
      throw Problem(
        .unknownActor, "no members of \(answer.actor.id) are recorded on \(answer.on)",
        help: "name the actors instead")
    }
  }
}
