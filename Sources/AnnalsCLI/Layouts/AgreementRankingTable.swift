import Annals
import AnnalsAnswers
import EventLog

/// `agreement A`: one actor against all others.
struct AgreementRankingTable: Layout {
  let answer: AgreementRanking
  var document: AgreementRanking { answer }

  func lines(on terminal: Terminal) -> [String] {
    let palette = terminal.output
    var lines = [
      palette.bold(answer.a.name.printable)
        + ", \(answer.selection.text.printable), known by \(answer.knownBy.text)"
        + ", rule \(answer.rule)"
    ]
    for group in answer.groups {
      lines.append("")
      if let label = group.label {
        lines.append("\(label), \(group.agenda.counted("roll call")):")
      }
      var table = Table([
        .init("", right: true), .init("actor"), .init("name", give: 1),
        .init("agreement", right: true), .init("n", right: true), .init("same", right: true),
        .init("half", right: true), .init("opposite", right: true), .init("kappa", right: true),
        .init(""),
      ])
      for row in group.rows {
        let figures = row.figures
        table.add(
          row.rank.grouped, row.b.id, row.b.name, AgreementCells.text(figures.agreement),
          figures.n.grouped, figures.same.grouped, figures.half.grouped, figures.opposite.grouped,
          AgreementCells.text(figures.kappa), row.isThin ? "thin" : "")
      }
      lines += table.lines(width: terminal.width, palette: palette)
      if group.rows.isEmpty { lines.append("no data: nobody chose in the same roll calls") }
      if group.thinner > 0 {
        lines.append(
          "note  \(group.thinner.counted("actor")) left out with fewer than \(answer.least) "
            + "common roll calls (--min-n)")
      }
    }
    lines.append("")
    lines.append(
      "\(answer.selection.agenda.counted("roll call")) with recorded votes, of "
        + "\(answer.selection.rollcalls.grouped) in all. thin: fewer than "
        + "\(AgreementRanking.thin) common roll calls.")
    if answer.every == nil, answer.selection.period == nil, answer.selection.session == nil {
      lines.append("note  one figure for all years hides a reversal (--every year, --period)")
    }
    return lines + answer.selection.notes.map { "note  \($0)" }
  }
}
