public import Annals
public import EventLog

/// `agreement`: all pairs.
extension AgreementMatrix: Answer {
  public var json: JSON {
    var object: JSONObject = ["schema": "annals.agreement-matrix.v2"]
    object.add(selection.members)
    object["known_by"] = knownBy.json
    object["rule"] = .string(rule)
    object["actors"] = .texts(actors)
    let records = records
    object["n"] = .whole(records.count)
    object["coverage"] = .members([
      "rollcalls": .whole(selection.rollcalls), "agenda": .whole(selection.agenda),
      "unanimous_left_out": .whole(selection.unanimous), "undated": .whole(selection.undated),
      "min_n": .whole(least),
    ])
    object["rows"] = .array(records)
    return .object(object)
  }

  public var records: [JSON] { groups.indices.flatMap(records) }

  /// The rows of one period, in the order of the actors.
  func records(of group: Int) -> [JSON] {
    var records: [JSON] = []
    let label = JSON.text(label(group))
    pairs(in: group) { a, b, figures in
      var object: JSONObject = [
        "period": label, "a": .string(actors[a]), "b": .string(actors[b]),
      ]
      object.add(figures.members)
      records.append(.object(object))
    }
    return records
  }

  /// What `AgreementRows` writes, where it is small enough to be held: with six decimals.
  public var sheet: Sheet {
    var sheet = Sheet(columns: AgreementFigures.columns)
    for group in groups.indices {
      pairs(in: group) { a, b, figures in
        sheet.rows.append(
          [.text(label(group)), .string(actors[a]), .string(actors[b])] + figures.shortCells)
      }
    }
    return sheet
  }

  /// All pairs of a group, each once.
  func pairs(in group: Int, _ body: (Int, Int, AgreementFigures) -> Void) {
    let actors = actors(in: group)
    for (index, a) in actors.enumerated() {
      for b in actors[(index + 1)...] {
        if let figures = figures(a, b, in: group) { body(a, b, figures) }
      }
    }
  }

  func label(_ group: Int) -> String? {
    groups[group].label ?? selection.period?.text ?? selection.session
  }
}
