import Annals
import EventLog

/// `agreement A`: one actor against all others.
struct AgreementRankingTable: Answer {
  let answer: AgreementRanking

  var json: JSON {
    var object: JSONObject = [
      "schema": "annals.agreement-ranking.v1", "a": .string(answer.a.id),
      "aName": .string(answer.a.name),
    ]
    for (key, value) in answer.selection.members { object[key] = value }
    object["rule"] = .string(answer.rule)
    object["knownBy"] = answer.knownBy.json
    object["n"] = .whole(answer.groups.reduce(0) { $0 + $1.rows.count })
    object["coverage"] = .members([
      "rollcalls": .whole(answer.selection.rollcalls), "agenda": .whole(answer.selection.agenda),
      "unanimousLeftOut": .whole(answer.selection.unanimous),
      "undated": .whole(answer.selection.undated), "minN": .whole(answer.least),
      "thinner": .whole(answer.groups.reduce(0) { $0 + $1.thinner }),
    ])
    object["rows"] = .array(records)
    return .object(object)
  }

  var records: [JSON] {
    answer.groups.flatMap { group in
      group.rows.map { row in
        var object: JSONObject = [
          "period": .text(label(group)), "rank": .whole(row.rank), "a": .string(answer.a.id),
          "b": .string(row.b.id), "bName": .string(row.b.name),
        ]
        for (key, value) in zip(
          AgreementCells.columns.dropFirst(3), AgreementCells.json(row.figures))
        {
          object[key] = value
        }
        object["thin"] = .bool(row.isThin)
        return .object(object)
      }
    }
  }

  private func label(_ group: AgreementRanking.Group) -> String? {
    group.label ?? answer.selection.period?.text ?? answer.selection.session
  }

  var sheet: Sheet {
    Sheet(
      columns: AgreementCells.columns + ["rank", "thin"],
      rows: answer.groups.flatMap { group in
        group.rows.map { row in
          [.text(label(group)), .string(answer.a.id), .string(row.b.id)]
            + AgreementCells.json(row.figures) + [.whole(row.rank), .bool(row.isThin)]
        }
      })
  }

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
