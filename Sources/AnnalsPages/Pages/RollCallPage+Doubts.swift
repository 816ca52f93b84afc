import Annals
import AnnalsAnswers
import EventLog

/// Groups and their majorities, and what the record does not say.
extension RollCallPage {
  /// So many groups are shown, and so many names in one place.
  private static let mostBlocs = 60
  private static let mostNames = 60

  // MARK: Groups

  var blocs: HTML {
    if let bloc = answer.bloc { return own(bloc) }
    guard !answer.blocs.isEmpty else { return .none }
    let rows = answer.blocs.prefix(Self.mostBlocs).map { bloc -> HTML in
      let page = record.keep(address.with("bloc", bloc.group.id))
      return """
        <tr><th scope="row">\(context.link(page, "\(bloc.group.name)"))</th>\
        <td class="num">\(Words.figure(bloc.members))</td><td>\(majority(bloc))</td>\
        <td>\(broke(bloc, most: 8))</td></tr>
        """
    }
    let left = answer.blocs.count - rows.count
    let more: HTML =
      left > 0 ? "<p class=\"quiet\">and \(Words.count(left, "more group"))</p>" : .none
    return """
      <section aria-labelledby="blocs"><h2 id="blocs">Groups</h2><div class="wide" tabindex="0" \
      role="region" aria-label="Groups and what most chose"><table><thead><tr><th scope="col">Group</th>\
      <th scope="col" class="num">Members</th><th scope="col">Most chose</th>\
      <th scope="col">Chose otherwise</th></tr></thead><tbody>\(rows)</tbody></table></div>\(more)
      <p class="how">Members are those whose recorded membership certainly includes the day. A group is \
      shown where at least two of its members chose the same.</p></section>
      """
  }

  private func majority(_ bloc: RollCallAnswer.Bloc) -> HTML {
    guard let majority = bloc.majority else { return "no choice more often than the others" }
    return VoteWords.mark(majority, "\(majority), \(Words.figure(bloc.majorityCount))")
  }

  private func broke(_ bloc: RollCallAnswer.Bloc, most: Int) -> HTML {
    func names(_ votes: [RollCallAnswer.CountedVote]) -> HTML {
      let shown = votes.prefix(most).map { vote -> HTML in
        let name: HTML = "\(vote.voter.name)"
        return """
          \(context.link(.event(vote.main.position), name)) (\(VoteWords.or(vote.choices)))
          """
      }.joined(", ")
      let left = votes.count - most
      return left > 0 ? "\(shown) and \(Words.figure(left)) more" : shown
    }
    var parts: [HTML] = []
    if !bloc.broke.isEmpty { parts.append(names(bloc.broke)) }
    if !bloc.mayHaveBroken.isEmpty { parts.append("perhaps \(names(bloc.mayHaveBroken))") }
    return parts.isEmpty ? "none" : parts.joined("; ")
  }

  private func own(_ bloc: RollCallAnswer.Bloc) -> HTML {
    func list(_ entities: [Entity], _ words: HTML) -> HTML {
      guard !entities.isEmpty else { return .none }
      let names = entities.prefix(Self.mostNames).map(\.name)
      return "<dt>\(words)</dt><dd>\(Words.list(Array(names)))</dd>"
    }
    return """
      <section aria-labelledby="blocs"><h2 id="blocs">\(bloc.group.name)</h2><dl><dt>Members</dt>\
      <dd>\(Words.figure(bloc.members)) for certain on that day</dd><dt>Most chose</dt>\
      <dd>\(majority(bloc))</dd><dt>Chose otherwise</dt><dd>\(broke(bloc, most: Self.mostNames))</dd>\
      \(list(bloc.possibleMembers, "Perhaps members"))\(list(bloc.withoutSeat, "Without a seat"))</dl>\
      </section>
      """
  }

  // MARK: What is not recorded

  var doubts: HTML {
    let coverage = answer.coverage
    var rows: [HTML] = missing.map { [$0] } ?? []
    rows += coverage.notes.map { "\(Words.sentence($0))." }
    rows += coverage.imports.map { entry in
      let version = entry.version.map { " (version \($0))" } ?? ""
      let period = [entry.from, entry.to].compactMap { $0 }.joined(separator: " to ")
      return """
        The import \(context.link(.event(entry.position), "\(entry.position.description)")) of \
        \(entry.dataset)\(version) says that it covers \(entry.what), \(period).
        """
    }
    let notes: HTML =
      rows.isEmpty
      ? "<p>Nothing is known to be missing.</p>"
      : "<ul class=\"plain\">\(rows.map { "<li>\($0)</li>" as HTML })</ul>"
    return """
      \(conflicts)<section aria-labelledby="cov"><h2 id="cov">What is not recorded</h2>\(notes)\
      \(membership)</section>
      """
  }

  /// Members of whom no vote is recorded. That is not an absence.
  private var missing: HTML? {
    let unrecorded = answer.unrecorded
    let silence = "The record does not say that they were absent."
    if !unrecorded.isEmpty {
      let names = unrecorded.prefix(Self.mostNames).map(\.name)
      let left = unrecorded.count - names.count
      let list =
        left > 0
        ? "\(names.joined(separator: ", ")) and \(Words.figure(left)) more" : Words.list(names)
      return "<b>No vote is recorded of</b> \(list). \(silence)"
    }
    guard let count = answer.members.unrecorded, count > 0 else { return nil }
    return "<b>No vote is recorded of</b> \(Words.count(count, "member")). \(silence)"
  }

  /// Votes of which accounts contradict each other: both stand, and neither is preferred.
  private var conflicts: HTML {
    let all = answer.conflicts
    guard !all.isEmpty else { return .none }
    let rows = all.prefix(Self.mostNames).map { vote -> HTML in
      let accounts = vote.accounts.map { entry -> HTML in
        let fact = entry.fact
        return """
          <li>\(context.link(.event(fact.position), "\(fact.position.description)")) \(entry.summary) \
          <small>\(fact.source ?? "no source")\(fact.isDisputed ? ", disputed" : "")</small></li>
          """
      }
      return "<li><b>\(vote.voter.name)</b><ul>\(accounts)</ul></li>"
    }
    let left = all.count - rows.count
    let more: HTML = left > 0 ? "<li>and \(Words.figure(left)) more</li>" : .none
    return """
      <section aria-labelledby="con"><h2 id="con">Accounts that differ</h2><p class="how">Of these votes \
      sources give different choices. Each account stands as it was given; the count is a range.</p>\
      <ul class="plain">\(rows)\(more)</ul></section>
      """
  }

  /// How many members there were on the day, as known at this state of the record and now.
  private var membership: HTML {
    func row(_ title: HTML, _ answer: RollCallAnswer) -> HTML {
      func figure(_ number: Int?) -> String { number.map { Words.figure($0) } ?? "not recorded" }
      let members = answer.members
      let group: HTML? = answer.bloc.map { "<td class=\"num\">\(Words.figure($0.members))</td>" }
      return """
        <tr><th scope="row">\(title)</th><td class="num">\(figure(members.stated))</td>\
        <td class="num">\(figure(members.listed))</td>\(group)\
        <td class="num">\(Words.figure(members.recorded))</td>\
        <td class="num">\(figure(members.unrecorded))</td></tr>
        """
    }
    let position = record.state.position.description
    let group: HTML? = answer.bloc.map {
      "<th scope=\"col\" class=\"num\">Members of \($0.group.name)</th>"
    }
    return """
      <h3>Membership on the day</h3><div class="wide" tabindex="0" role="region" \
      aria-label="Membership on the day"><table><thead><tr><th scope="col">State of the record</th>\
      <th scope="col" class="num">By its account</th><th scope="col" class="num">By memberships</th>\
      \(group)<th scope="col" class="num">With a vote</th>\
      <th scope="col" class="num">No vote recorded</th></tr></thead><tbody>\
      \(row(now == nil ? "As known now, \(position)" : "As known by \(position)", answer))\
      \(now.map { row("As known now, \(record.head.description)", $0) })</tbody></table></div>
      <p class="how">A membership that is recorded late changes who is counted as a member. It changes no \
      vote.</p>
      """
  }
}
