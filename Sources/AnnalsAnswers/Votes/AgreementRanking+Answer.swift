public import Annals
public import EventLog

/// `agreement A`: one actor against all others.
extension AgreementRanking: Answer {
  public var json: JSON {
    var object = JSONObject(members: [
      "schema": "annals.agreement-ranking.v2", "a": .string(a.id), "a_name": .string(a.name),
    ])
    object.add(selection.members)
    object["known_by"] = knownBy.json
    object["rule"] = .string(rule)
    object["n"] = .whole(groups.reduce(0) { $0 + $1.rows.count })
    object["coverage"] = .members([
      "rollcalls": .whole(selection.rollcalls), "agenda": .whole(selection.agenda),
      "unanimous_left_out": .whole(selection.unanimous), "undated": .whole(selection.undated),
      "min_n": .whole(least), "thinner": .whole(groups.reduce(0) { $0 + $1.thinner }),
    ])
    object["rows"] = .array(records)
    return .object(object)
  }

  public var records: [JSON] {
    groups.flatMap { group in
      group.rows.map { row in
        var object = JSONObject(members: [
          "period": .text(label(group)), "rank": .whole(row.rank), "a": .string(a.id),
          "b": .string(row.b.id), "b_name": .string(row.b.name),
        ])
        object.add(row.figures.members)
        object["thin"] = .bool(row.isThin)
        return .object(object)
      }
    }
  }

  private func label(_ group: AgreementRanking.Group) -> String? {
    group.label ?? selection.period?.text ?? selection.session
  }

  public var sheet: Sheet {
    Sheet(
      columns: AgreementFigures.columns + ["rank", "thin"],
      rows: groups.flatMap { group in
        group.rows.map { row in
          [.text(label(group)), .string(a.id), .string(row.b.id)] + row.figures.cells
            + [.whole(row.rank), .bool(row.isThin)]
        }
      })
  }
}
