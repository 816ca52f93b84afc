import Annals
import AnnalsAnswers
import EventLog

/// `rollcall`: official and counted tallies side by side, and every vote.
struct RollCallTable: Layout {
  let answer: RollCallAnswer
  var document: RollCallAnswer { answer }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold(answer.rollcall.printable) + ", on \(answer.on ?? "an unknown date")"
        + ", known by \(answer.knownBy.text)"
    ]
    if let motion = answer.motion {
      lines.append(palette.dim("  “\(motion.name.printable)”") + "  \(motion.id.printable)")
    }
    if let body = answer.body {
      let session = answer.session.map { ", session \($0)" } ?? ""
      let result = answer.result.map { ": \($0)" } ?? ""
      lines.append("  \(body.name.printable)\(session.printable)\(result)")
    }
    lines.append("")
    if let bloc = answer.bloc { lines += labelled(blocRows(bloc), terminal) + [""] }
    lines += tallyTable.lines(width: terminal.width, palette: palette, indent: 2)
    lines += [""] + labelled(memberRows, terminal)
    lines += section("Accounts of the roll call:", accountTable, terminal)
    for step in answer.sinceLast { lines += sinceLast(step, terminal) }
    lines += section("Voted otherwise than most of their group:", blocTable, terminal)
    lines += section("Votes:", voteTable(answer.votes), terminal)
    lines += section("Accounts of a vote that contradict each other:", conflictTable, terminal)
    return lines
  }

  private func section(_ title: String, _ table: Table, _ terminal: Terminal) -> [String] {
    if table.rows.isEmpty { return [] }
    return ["", title]
      + table.lines(width: terminal.width, palette: terminal.output, indent: 2)
  }

  /// Who changed since the roll call before it on a topic.
  private func sinceLast(_ step: RollCallAnswer.SinceLast, _ terminal: Terminal) -> [String] {
    let on = step.previousOn.map { " of \($0)" } ?? ""
    let previous =
      "\(step.previous.printable)\(on), the roll call before on \(step.topic.id.printable)"
    if step.both == 0 { return ["", "Nobody chose both here and in \(previous)."] }
    if step.changes.isEmpty {
      return [
        "", "Of the \(step.both.grouped) that chose in both, nobody changed since \(previous).",
      ]
    }
    var table = Table([
      .init("voter"), .init("name", give: 1), .init("before"), .init("event", right: true),
      .init("now"), .init("event", right: true),
    ])
    for change in step.changes {
      table.add(
        change.voter.id, change.voter.name, change.before,
        change.beforePosition?.description ?? "", change.after, change.afterPosition.description)
    }
    let title =
      "Changed since \(previous), \(step.changes.count.grouped) of the \(step.both.grouped) that "
      + "chose in both:"
    let note =
      step.isMirrored
      ? ["  note  a vote for the one is a vote against the other, as they are linked"] : []
    return section(title, table, terminal) + note
  }

  private var blocTable: Table {
    var table = Table([
      .init("group", give: 1), .init("majority"), .init("broke with it", give: 1),
    ])
    for bloc in answer.blocs {
      let broke =
        bloc.broke.map { "\($0.voter.name) (\($0.choices.joined(separator: " or ")))" }
        + bloc.mayHaveBroken.map {
          "perhaps \($0.voter.name) (\($0.choices.joined(separator: " or ")))"
        }
      table.add(
        bloc.group.name, "\(bloc.majority ?? ""), \(bloc.majorityCount.grouped)",
        broke.isEmpty ? "nobody" : broke.joined(separator: ", "))
    }
    return table
  }

  private var tallyTable: Table {
    var columns: [Table.Column] = [.init("choice"), .init("counted", right: true)]
    if answer.bloc == nil {
      columns.insert(.init("official", right: true), at: 1)
      columns.append(.init("difference", right: true))
    }
    var table = Table(columns)
    for choice in ChoiceOrder.names {
      let counted = answer.counted.first { $0.choice == choice }
      let official = answer.official.first { $0.choice == choice }
      if counted == nil && (official == nil || answer.bloc != nil) { continue }
      let count = Self.range(counted?.low ?? 0, counted?.high ?? 0)
      if answer.bloc != nil {
        table.add(choice, count)
      } else {
        let figure = official.map { $0.votes.map { $0.grouped } ?? "contested" } ?? "–"
        table.add(choice, figure, count, difference(choice))
      }
    }
    return table
  }

  private func difference(_ choice: String) -> String {
    guard let difference = answer.differences.first(where: { $0.choice == choice }) else {
      return ""
    }
    func signed(_ number: Int) -> String { number > 0 ? "+\(number.grouped)" : number.grouped }
    let range =
      difference.low == difference.high
      ? signed(difference.low) : "\(signed(difference.low)) to \(signed(difference.high))"
    return difference.leavesOutCasting ? "\(range) without the casting vote" : range
  }

  private static func range(_ low: Int, _ high: Int) -> String {
    low == high ? low.grouped : "\(low.grouped) to \(high.grouped)"
  }

  private func blocRows(_ bloc: RollCallAnswer.Bloc) -> [(String, String)] {
    func names(_ votes: [RollCallAnswer.CountedVote]) -> String {
      votes.map { "\($0.voter.name) (\($0.choices.joined(separator: " or ")))" }
        .joined(separator: ", ")
    }
    var rows = [("bloc", "\(bloc.group.name): \(bloc.members.counted("member")) on that day")]
    if let majority = bloc.majority {
      rows.append(("majority", "\(majority), \(bloc.majorityCount.grouped)"))
      rows.append(("broke", bloc.broke.isEmpty ? "nobody" : names(bloc.broke)))
      if !bloc.mayHaveBroken.isEmpty { rows.append(("may have", names(bloc.mayHaveBroken))) }
    } else {
      rows.append(("majority", "none: no choice was made more often than every other"))
    }
    if !bloc.possibleMembers.isEmpty {
      let names = bloc.possibleMembers.map(\.name).joined(separator: ", ")
      rows.append(("left out", "possibly members on that day: \(names)"))
    }
    if !bloc.withoutSeat.isEmpty {
      let names = bloc.withoutSeat.map(\.name).joined(separator: ", ")
      rows.append(("no seat", "members of the bloc, not of the body: \(names)"))
    }
    return rows
  }

  private var memberRows: [(String, String)] {
    let members = answer.members
    var recorded = "\(members.recorded.grouped) vote\(members.recorded == 1 ? "" : "s")"
    if let count = members.listed ?? members.stated { recorded += " of \(count.counted("member"))" }
    var rows = [("recorded", recorded)]
    if members.ineligible > 0 {
      rows.append(("ineligible", "\(members.ineligible.grouped), apart from these"))
    }
    if let unrecorded = members.unrecorded {
      let names = answer.unrecorded.map(\.name).joined(separator: ", ")
      rows.append(("unrecorded", unrecorded.grouped + (names.isEmpty ? "" : ": \(names)")))
    }
    rows += answer.open.map { open in
      ("one of", "\(open.choices.joined(separator: ", ")): \(open.count.grouped)")
    }
    rows += answer.meant.map { meant in
      let cast =
        meant.cast.isEmpty
        ? "no vote is recorded" : "voted \(meant.cast.joined(separator: " or "))"
      return (
        "meant",
        "\(meant.voter.name): \(meant.choice) (\(meant.entry.fact.position)); \(cast)"
      )
    }
    if !answer.countedAsMeant.isEmpty {
      let counts = answer.countedAsMeant.map { "\($0.choice) \(Self.range($0.low, $0.high))" }
      rows.append(("as meant", counts.joined(separator: ", ")))
    }
    rows += answer.coverage.imports.map { entry in
      (
        "coverage",
        "\(entry.what), \(entry.from ?? "..") to \(entry.to ?? ".."): \(entry.dataset) "
          + "(\(entry.position))"
      )
    }
    if answer.coverage.imports.isEmpty {
      rows.append(("coverage", "no import says that it covers the day: silence is no absence"))
    }
    return rows + answer.coverage.notes.map { ("note", $0) }
  }

  /// Labels with their texts, which go on below themselves where the screen ends.
  private func labelled(_ rows: [(String, String)], _ terminal: Terminal) -> [String] {
    let indent = 14
    return rows.flatMap { label, text in
      let text = text.printable
      let lines =
        terminal.width.map { Wrapping.lines(text, width: $0 - indent) } ?? [text]
      return lines.enumerated().map { index, line in
        let start = index == 0 ? "  " + label : ""
        return start + String(repeating: " ", count: indent - start.count) + line
      }
    }
  }

  private var accountTable: Table {
    var table = Table(
      [
        .init("event", right: true), .init("tally"), .init("result"), .init("on"),
        .init("source", give: 1),
      ], hasHeading: false)
    for account in answer.accounts {
      let tally = account.tally
      let figures = Tally.choices.compactMap { choice in
        tally.votes(choice).map { "\(choice) \($0)" }
      }
      table.add(
        tally.position.description,
        figures.isEmpty ? "no tally" : figures.joined(separator: ", "), tally.result ?? "",
        tally.on ?? "undated", account.entry.fact.shownSource + account.entry.fact.marks)
    }
    return table
  }

  private func voteTable(_ votes: [RollCallAnswer.CountedVote]) -> Table {
    var table = Table([
      .init("choice"), .init("voter"), .init("name", give: 2), .init("event", right: true),
      .init("source", give: 1),
    ])
    for vote in votes {
      let marks = vote.main.marks + (vote.isVeto ? " (veto)" : "")
      let choice =
        vote.choices.count == 1
        ? vote.choices[0] : "one of " + vote.choices.joined(separator: ", ")
      let kind =
        (vote.isTeller ? " (teller)" : vote.weight == 1 ? "" : " (\(vote.weight.grouped) votes)")
        + (vote.isCasting ? " (casting vote)" : "")
      table.add(
        choice + kind + (vote.isConflict ? " (conflict)" : ""), vote.voter.id, vote.voter.name,
        vote.main.position.description, vote.main.shownSource + marks)
    }
    return table
  }

  private var conflictTable: Table {
    var table = Table(
      [
        .init("voter"), .init("event", right: true), .init("what", give: 1),
        .init("source", give: 1),
      ], hasHeading: false)
    for vote in answer.conflicts {
      for (index, entry) in vote.accounts.enumerated() {
        table.add(
          index == 0 ? vote.voter.id : "", entry.fact.position.description,
          entry.summary + entry.fact.marks, entry.fact.shownSource)
      }
    }
    return table
  }
}

/// The order in which choices are shown.
private enum ChoiceOrder {
  static let names = VoteChoice.allCases.map(\.rawValue)
}
