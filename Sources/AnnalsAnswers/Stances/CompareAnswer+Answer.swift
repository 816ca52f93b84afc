public import Annals
public import EventLog

/// `compare`: several actors side by side.
extension CompareAnswer: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.compare.v2", "topic": .string(topic.id), "proposition": .string(topic.name),
      "on": .string(on), "known_by": knownBy.json, "rule": .string(rule.name),
      "left_out": leavingOut.json, "bloc": bloc.map(Self.json) ?? .null,
      "actors": .array(actorRecords), "periods": .array(rows.map(json)),
    ])
  }

  public var records: [JSON] { rows.isEmpty ? actorRecords : rows.map(json) }

  private var actorRecords: [JSON] { stances.map { .object($0.members) } }

  private static func json(_ bloc: CompareAnswer.Bloc) -> JSON {
    .members([
      "group": .string(bloc.group.id), "group_name": .string(bloc.group.name),
      "members": .texts(bloc.members), "possible_members": .texts(bloc.possible),
    ])
  }

  private func json(_ row: CompareAnswer.Row) -> JSON {
    .members([
      "period": .string(row.period.text), "from": .text(DateText.day(row.period.days.lowerBound)),
      "to": .text(DateText.day(row.period.days.upperBound)),
      "actors": .array(
        zip(stances, row.cells).map { stance, cell in
          .members([
            "actor": .string(stance.actor.id),
            "stance": rule.givesLine ? cell.level.json : .null,
            "score": .text(cell.share?.text), "label": .string(cell.label),
            "n": .whole(cell.count), "facts": .positions(cell.facts),
          ])
        }),
    ])
  }

  public var sheet: Sheet {
    if unit == nil {
      return Sheet(
        columns: [
          "actor", "name", "level_low", "level_high", "label", "since", "before", "n", "event",
          "event_on", "source",
        ],
        rows: stances.map { stance in
          let fact = stance.step?.evidence
          return [
            .string(stance.actor.id), .string(stance.actor.name),
            .whole(stance.step?.level.low), .whole(stance.step?.level.high),
            .string((stance.step?.level).label), .text(DateText.day(stance.since)),
            .text(stance.before?.label), .whole(stance.count),
            .whole(fact?.position.rawValue), .text(fact?.time?.text), .text(fact?.source),
          ]
        })
    }
    return Sheet(
      columns: ["period", "actor", "score", "label", "n", "events"],
      rows: rows.flatMap { row in
        zip(stances, row.cells).map { stance, cell in
          [
            .string(row.period.text), .string(stance.actor.id), .text(cell.share?.text),
            .string(cell.label), .whole(cell.count),
            .string(cell.facts.map { "\($0)" }.joined(separator: " ")),
          ]
        }
      })
  }
}
