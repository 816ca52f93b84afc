import Annals
import AnnalsAnswers
import EventLog

/// `agreement`: all pairs.
struct AgreementMatrixTable: Layout {
  let answer: AgreementMatrix
  var document: AgreementMatrix { answer }

  func lines(on terminal: Terminal) -> [String] {
    var lines = [
      terminal.output.bold("All pairs")
        + ", \(answer.selection.text.printable), known by \(answer.knownBy.text)"
        + ", rule \(answer.rule)"
    ]
    for group in answer.groups.indices {
      lines.append("")
      if let label = answer.groups[group].label {
        lines.append("\(label), \(answer.groups[group].agenda.counted("roll call")):")
      }
      let actors = answer.actors(in: group)
      var table = Table(
        [.init("")] + actors.map { .init(answer.actors[$0].printable, right: true) })
      for a in actors {
        table.rows.append(
          [answer.actors[a].printable]
            + actors.map { b in
              if a == b { return "" }
              let figures = answer.figures(a, b, in: group)
              return figures.map { AgreementCells.text($0.agreement) } ?? "–"
            })
      }
      lines += table.lines(width: nil, palette: terminal.output)
    }
    lines.append("")
    lines.append(
      "\(answer.selection.agenda.counted("roll call")) with recorded votes, of "
        + "\(answer.selection.rollcalls.grouped) in all; n of each pair with -o csv")
    if answer.every == nil, answer.selection.period == nil, answer.selection.session == nil {
      lines.append("note  one figure for all years hides a reversal (--every year, --period)")
    }
    return lines + answer.selection.notes.map { "note  \($0)" }
  }
}
