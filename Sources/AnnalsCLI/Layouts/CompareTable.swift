import Annals
import AnnalsAnswers
import EventLog

/// `compare`: several actors side by side.
struct CompareTable: Layout {
  let answer: CompareAnswer
  var document: CompareAnswer { answer }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(answer.topic.id)")
        + ", on \(answer.on), known by \(answer.knownBy.text), rule \(answer.rule.name)",
      palette.dim("“\(answer.topic.name.printable)”"), "",
    ]
    if answer.rule.givesLine {
      lines += stances(on: terminal) + (answer.rows.isEmpty ? [] : [""])
    } else if answer.rows.isEmpty {
      lines.append("no data: no vote that could be counted")
    }
    if !answer.rows.isEmpty {
      lines += rows(on: terminal)
      lines += ["", "In brackets: the number of facts of the period."]
    }
    if let bloc = answer.bloc { lines += [""] + summary(of: bloc) }
    for stance in answer.stances {
      for note in stance.coverage {
        lines.append("note  \(stance.actor.id): \(note.printable)")
      }
    }
    for note in answer.leavingOut.notes { lines.append("note  \(note.printable)") }
    return lines
  }

  private func stances(on terminal: Terminal) -> [String] {
    var table = Table([
      .init("actor", give: 2), .init("stance"), .init("since"), .init("before"),
      .init("facts", right: true), .init("event", right: true), .init("on"),
      .init("rests on", give: 1),
    ])
    for stance in answer.stances {
      let step = stance.step
      table.add(
        stance.actor.name, (step?.level).label, Self.since(stance),
        stance.before?.label ?? "—", stance.count.grouped,
        step?.evidence.position.description ?? "—", step?.evidence.time?.text ?? "—",
        step?.restsOn ?? "—")
    }
    return table.lines(width: terminal.width, palette: terminal.output)
  }

  /// "2025-02-24"; "by 2022-10-13" where the first day is not known.
  private static func since(_ stance: StanceAnswer) -> String {
    guard let day = DateText.day(stance.since) else { return "—" }
    return stance.sinceDated == nil ? day : "by \(day)"
  }

  /// "European Union on 2022-10-12, 27 members: 26 supports, 1 no data".
  private func summary(of bloc: CompareAnswer.Bloc) -> [String] {
    let own = answer.stances.filter { bloc.members.contains($0.actor.id) }
    let labels = Dictionary(grouping: own) { ($0.step?.level).label }.mapValues(\.count)
    let parts = labels.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value.grouped) \($0.key)" }
    var lines = [
      "\(bloc.group.name.printable) on \(answer.on), \(bloc.members.count.counted("member")): "
        + parts.joined(separator: ", ")
    ]
    if !bloc.possible.isEmpty {
      lines.append(
        "note  their dates leave it open whether these were members, not compared: "
          + bloc.possible.joined(separator: ", ").printable)
    }
    return lines
  }

  private func rows(on terminal: Terminal) -> [String] {
    var table = Table(
      [.init("period")] + answer.stances.map { .init($0.actor.id.printable, give: 1) })
    for row in answer.rows {
      let cells = row.cells.map { cell in
        (cell.share.map { "\($0.text) " } ?? "") + "\(cell.label) (\(cell.count.grouped))"
      }
      table.rows.append([row.period.text] + cells.map(\.printable))
    }
    return table.lines(width: terminal.width, palette: terminal.output)
  }
}
