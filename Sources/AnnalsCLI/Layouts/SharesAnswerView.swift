import Annals
import AnnalsAnswers
import EventLog

/// `show --rule record/1`: how an actor voted on a topic, as a share per period.
struct SharesAnswerView: Layout {
  let answer: SharesAnswer
  var document: SharesAnswer { answer }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold("\(answer.actor.name.printable) on \(answer.topic.id)")
        + ", on \(answer.on), known by \(answer.knownBy.text), rule \(answer.rule.name)",
      palette.dim("“\(answer.topic.name.printable)”"), "",
    ]
    if answer.periods.isEmpty { lines.append("no data: no vote that could be counted") }
    var table = Table([
      .init("period"), .init("for", right: true), .init("against", right: true),
      .init("abstain", right: true), .init("absent", right: true), .init("score", right: true),
      .init("in words"), .init("events", give: 1),
    ])
    for row in answer.periods {
      // The words that count: votes on strong links, and for classic/1 informative ones too.
      let (strong, weak) = (row.counts.strong, row.counts.informative)
      let hasWeak = answer.rule == .classic1
      func cell(_ path: KeyPath<VoteCounts.Votes, Int>) -> String {
        String(strong[keyPath: path])
          + (hasWeak && weak[keyPath: path] > 0 ? "+\(weak[keyPath: path])" : "")
      }
      table.add(
        row.period.text, cell(\.same), cell(\.different), cell(\.abstain), cell(\.absent),
        row.share?.text ?? "—", row.label,
        row.votes.map { "\($0.fact.position)" }.joined(separator: " "))
    }
    lines += table.lines(width: terminal.width, palette: palette)
    lines.append("")
    let votes = answer.count == 1 ? "1 vote" : "\(answer.count.grouped) votes"
    lines.append("\(votes) counted. 0 is with the proposition, 1 against it.")
    for note in answer.coverage + answer.leavingOut.notes {
      lines.append("note  \(note.printable)")
    }
    return lines
  }
}
