public import Annals
public import EventLog

/// `rollcalls`: roll calls with their official and counted tallies.
extension RollCallList: Answer {
  public var json: JSON {
    var object: JSONObject = ["schema": "annals.rollcalls.v2"]
    object.add(selection.members)
    object["known_by"] = knownBy.json
    object["n"] = .whole(rows.count)
    object["coverage"] = .members([
      "rollcalls": .whole(selection.rollcalls), "agenda": .whole(selection.agenda),
      "differing": .whole(differing), "conflicting": .whole(conflicting),
      "conflicts": .whole(conflicts), "undated": .whole(selection.undated),
      "unanimous_left_out": .whole(selection.unanimous),
    ])
    object["rollcalls"] = .array(records)
    return .object(object)
  }

  public var records: [JSON] {
    rows.map { row in
      .members([
        "rollcall": .string(row.rollcall), "on": .text(row.on), "title": .text(row.title),
        "motion": .text(row.motion), "body": .text(row.body), "session": .text(row.session),
        "method": .text(row.method), "result": .text(row.result),
        "members": .whole(row.members), "recorded": .whole(row.recorded),
        "conflicts": .whole(row.conflicts),
        "official": .keyed(row.official.map { ($0.choice, .whole($0.votes)) }),
        "counted": row.counted.json, "range": row.counted.rangeJSON,
        "difference": row.differences.json, "reasons": .texts(row.reasons),
        "casting": .texts(row.casting),
      ])
    }
  }

  public var sheet: Sheet {
    let choices = Tally.choices
    return Sheet(
      columns: ["rollcall", "on", "body", "session", "result"]
        + choices.map { "official_\($0)" } + choices.map { "counted_\($0)" }
        + ["recorded", "conflicts", "reasons", "title"],
      rows: rows.map { row in
        [
          .string(row.rollcall), .text(row.on), .text(row.body), .text(row.session),
          .text(row.result),
        ]
          + choices.map { choice in
            .whole(row.official.first { $0.choice == choice }.flatMap(\.votes))
          }
          + choices.map { .string(Self.text(row.counted($0))) }
          + [
            .whole(row.recorded), .whole(row.conflicts),
            .string(row.reasons.joined(separator: "; ")), .text(row.title),
          ]
      })
  }

  private static func text(_ count: (low: Int, high: Int)) -> String {
    count.low == count.high ? "\(count.low)" : "\(count.low)-\(count.high)"
  }
}

extension RollCallList.Row {
  /// The votes of a choice, with those that may be.
  package func counted(_ choice: String) -> (low: Int, high: Int) {
    let count = counted.first { $0.choice == choice }
    return (count?.low ?? 0, count?.high ?? 0)
  }
}

extension RollCallSelection {
  /// The scope and what it leaves out, as members of an answer.
  package var members: JSONObject {
    JSONObject(members: [
      "period": .text(period?.text), "session": .text(session), "body": .text(body?.id),
      "topic": .text(topic?.id), "contested_only": .bool(contestedOnly),
    ])
  }
}

extension [RollCallAnswer.ChoiceCount] {
  /// The votes of each choice; where a vote is open, the least that there can be.
  var json: JSON { .keyed(map { ($0.choice, .whole($0.low)) }) }

  /// The least and the most, for choices where they differ.
  var rangeJSON: JSON {
    .keyed(
      filter { $0.low != $0.high }.map { ($0.choice, .array([.whole($0.low), .whole($0.high)])) })
  }
}

extension [RollCallAnswer.Difference] {
  /// Counted less official, by choice: a number, or the least and the most.
  var json: JSON {
    .keyed(
      map { difference in
        let (low, high) = (difference.low, difference.high)
        return (
          difference.choice, low == high ? .whole(low) : .array([.whole(low), .whole(high)])
        )
      })
  }
}
