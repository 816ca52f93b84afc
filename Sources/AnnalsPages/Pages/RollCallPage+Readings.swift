import Annals
import AnnalsAnswers
import EventLog

/// Announced, counted, meant: three readings of one roll call, side by side and never merged.
extension RollCallPage {
  /// The columns: what a tally may say, and what else was counted.
  private var choices: [String] {
    let counted = (answer.counted + answer.countedAsMeant).map(\.choice)
    return Tally.choices
      + VoteChoice.allCases.map(\.rawValue).filter {
        counted.contains($0) && !Tally.choices.contains($0)
      }
  }

  var readings: HTML {
    let heads = choices.map { choice -> HTML in
      "<th scope=\"col\" class=\"num\">\(Words.sentence(choice))</th>"
    }
    return """
      <section aria-labelledby="three"><h2 id="three">Announced, counted, meant</h2>\
      <div class="wide" tabindex="0" role="region" aria-label="Three readings"><table><thead><tr>\
      <th scope="col">Reading</th>\(heads)<th scope="col">From</th></tr></thead><tbody>\
      \(announcedRows)\(countedRow)\(meantRow)</tbody></table></div>
      <p class="how">The first reading is what an official account says the roll call came to. The \
      second is the sum of the recorded votes, each of which is a fact with a source; a range says that \
      the choice of some votes is open. The third puts what members said afterwards that they had meant \
      in place of what they cast. None of the three replaces another, and the announced result stands.</p>\(said)</section>
      """
  }

  private func cells(_ figure: (String) -> String) -> [HTML] {
    choices.map { "<td class=\"num\">\(figure($0))</td>" }
  }

  /// One row for each account of the roll call.
  private var announcedRows: HTML {
    let accounts = answer.accounts
    guard !accounts.isEmpty else {
      return """
        <tr><th scope="row">As announced</th>\(cells { _ in "–" })<td>no account of the result is \
        recorded</td></tr>
        """
    }
    return accounts.enumerated().map { index, account -> HTML in
      let tally = account.tally
      let fact = account.entry.fact
      let source = fact.sources.first.map { $0.title ?? $0.source } ?? "no source"
      let hasTally = choices.contains { tally.votes($0) != nil }
      let difference: HTML =
        answer.bloc != nil || !hasTally || account.differences.isEmpty
        ? .none : "; counted less announced: \(VoteWords.differences(account.differences))"
      let name = accounts.count > 1 ? "As announced, account \(index + 1)" : "As announced"
      return """
        <tr><th scope="row">\(name)</th>\(cells { choice in
          tally.votes(choice).map { Words.figure($0) } ?? "–"
        })<td>\(context.link(.event(tally.position), "\(tally.position.description)")), \(source)\
        \(fact.isDisputed ? ", disputed" : "")\(difference)</td></tr>
        """
    }.joined(.none)
  }

  private var countedRow: HTML {
    let votes = answer.votes.count
    let what = answer.bloc.map { "recorded votes of members of \($0.group.name)" }
    var from = votes == 0 ? "no single vote is recorded" : Words.count(votes, "recorded vote")
    if votes > 0, let what { from = "\(Words.figure(votes)) \(what)" }
    if !answer.open.isEmpty {
      from +=
        "; open: "
        + answer.open.map { "\($0.count) \(VoteWords.or($0.choices))" }.joined(separator: ", ")
    }
    let casting = answer.differences.filter(\.leavesOutCasting).map(\.choice)
    if answer.bloc == nil, !casting.isEmpty {
      from += "; equal to the tally without casting votes: \(Words.list(casting))"
    }
    return """
      <tr><th scope="row">As counted</th>\(cells { choice in
        let count = answer.counted.first { $0.choice == choice }
        return VoteWords.range(count?.low ?? 0, count?.high ?? 0)
      })<td>\(from)</td></tr>
      """
  }

  private var meantRow: HTML {
    guard !answer.meant.isEmpty else {
      return """
        <tr><th scope="row">As the voters meant</th><td class="hold" colspan="\(choices.count)">same as \
        counted</td><td>No member is recorded as having said that it meant otherwise.</td></tr>
        """
    }
    let said = answer.meant.prefix(Self.mostStatements).map { meant -> HTML in
      let position = meant.entry.fact.position
      return """
        \(meant.voter.name) meant \(meant.choice) \
        (\(context.link(.event(position), "\(position.description)")))
        """
    }.joined("; ")
    let more = answer.meant.count - Self.mostStatements
    return """
      <tr><th scope="row">As the voters meant</th>\(cells { choice in
        let count = answer.countedAsMeant.first { $0.choice == choice }
        return VoteWords.range(count?.low ?? 0, count?.high ?? 0)
      })<td>\(said)\(more > 0 ? "; and \(Words.figure(more)) more" : "")</td></tr>
      """
  }

  private var said: HTML {
    guard !statements.isEmpty else { return .none }
    let rows = statements.map { entry -> HTML in
      """
      <li>\(VoteWords.cut(entry.summary, to: 240)) <small>\(entry.fact.time?.text ?? "undated"), \
      \(context.link(.event(entry.fact.position), "\(entry.fact.position.description)"))</small></li>
      """
    }
    let first: HTML =
      statements.count < Self.mostStatements ? .none : ", the first \(Self.mostStatements)"
    return """
      <details><summary>What was said about this roll call\(first)</summary><ul class="plain">\(rows)</ul>\
      </details>
      """
  }

  // MARK: Topics

  /// What a choice means for each topic that the roll call is linked to.
  var meaning: HTML {
    let rows = links.map { link -> HTML in
      let step = answer.sinceLast.first { $0.topic.id == link.topic.id }
      return """
        <li>For \(context.link(record.keep(.topic(link.topic.id)), "\(link.topic.id)")) \(link.meaning) \
        (\(link.isStrong ? "strong" : "informative") link \
        \(context.link(.event(link.position), "\(link.position.description)"))).\
        \(link.rationale.map { " <small>\($0)</small>" as HTML })\(step.map(since))</li>
        """
    }
    let list: HTML =
      rows.isEmpty
      ? "<p>The roll call is linked to no topic, so its votes bear on no stance.</p>"
      : "<ul class=\"plain\">\(rows)</ul>"
    return """
      <section aria-labelledby="means"><h2 id="means">The meaning for topics</h2>\(list)</section>
      """
  }

  /// How many chose otherwise than in the roll call before it on the topic.
  private func since(_ step: RollCallAnswer.SinceLast) -> HTML {
    let mirrored: HTML =
      step.isMirrored ? " A yes there means for the topic what a no means here." : .none
    let both: HTML
    switch (step.both, step.changes.count) {
    case (0, _): both = "No voter is recorded with a yes, abstain or no in both."
    case (let count, 0):
      both =
        "\(Words.count(count, "voter")) chose yes, abstain or no in both, and all chose the same."
    case (let count, let changed):
      both = """
        \(Words.count(count, "voter")) chose yes, abstain or no in both; \(Words.figure(changed)) of \
        them chose otherwise.
        """
    }
    return """
      <br>The roll call before it on the topic is \(context.link(
        record.keep(.rollcall(step.previous)), "\(step.previous)")), \
      \(VoteWords.date(step.previousOn)). \(both)\(mirrored)
      """
  }
}
