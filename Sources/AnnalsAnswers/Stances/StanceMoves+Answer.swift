public import Annals
public import EventLog

/// `changes`: every change of stance, the largest first.
extension StanceMoves: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.changes.v2", "topics": .texts(topics.map(\.id)), "on": .string(on),
      "known_by": knownBy.json, "rule": .string(rule), "left_out": leavingOut.json,
      "n": .whole(count), "actors": .whole(actors), "firsts": .whole(firsts),
      "changes": .array(records),
    ])
  }

  public var records: [JSON] {
    moves.map { move in
      .members([
        "actor": .string(move.actor.id), "actor_name": .string(move.actor.name),
        "topic": .string(move.topic.id), "from": .text(DateText.day(move.day)),
        "before": move.before.json, "after": move.after.json,
        "size": move.size.map { .number($0) } ?? .null, "evidence": move.trigger.evidenceJSON,
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: [
        "actor", "topic", "day", "before", "after", "size", "event", "type", "source", "summary",
      ],
      rows: moves.map { move in
        [
          .string(move.actor.id), .string(move.topic.id), .text(DateText.day(move.day)),
          .string(move.before.label), .string(move.after.label),
          move.size.map { .number($0) } ?? .null,
          .integer(move.trigger.fact.position.rawValue), .string(move.trigger.fact.type),
          .text(move.trigger.fact.source), .string(move.trigger.summary),
        ]
      })
  }
}
