public import Annals
public import EventLog

/// `swings`: who moved most from one roll call to the next.
extension SwingList: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.swings.v2", "topics": .texts(topics.map(\.id)),
      "actors": .texts(actors.map(\.id)), "known_by": knownBy.json, "rule": .string(rule),
      "n": .whole(count),
      "coverage": .members([
        "series": .whole(series), "rollcalls": .whole(rollcalls), "voters": .whole(voters),
        "alone": .whole(alone), "undated": .whole(undated),
      ]),
      "swings": .array(records),
    ])
  }

  public var records: [JSON] {
    swings.map { swing in
      .members([
        "actor": .string(swing.actor.id), "actor_name": .string(swing.actor.name),
        "size": .whole(swing.size),
        "series": .members([
          "kind": .string(swing.series.kind.rawValue), "name": .string(swing.series.name),
          "rollcalls": .whole(swing.series.rollcalls),
        ]),
        "vote_before": Self.json(swing.before), "vote_after": Self.json(swing.after),
        "held": .whole(swing.held), "kept": .whole(swing.kept),
        "persistence": .string(swing.persistence.rawValue),
        "vote_next": swing.next.map(Self.json) ?? .null,
      ])
    }
  }

  private static func json(_ vote: Swing.Vote) -> JSON {
    .members([
      "rollcall": .string(vote.rollcall), "on": .text(vote.on), "choice": .string(vote.choice),
      "effect": .text(vote.effect), "seq": .whole(vote.position?.rawValue),
    ])
  }

  public var sheet: Sheet {
    Sheet(
      columns: [
        "actor", "size", "kind", "series", "before", "before_on", "before_rollcall", "before_seq",
        "after", "after_on", "after_rollcall", "after_seq", "held", "kept", "persistence",
      ],
      rows: swings.map { swing in
        [
          .string(swing.actor.id), .whole(swing.size), .string(swing.series.kind.rawValue),
          .string(swing.series.name), .string(swing.before.choice), .text(swing.before.on),
          .string(swing.before.rollcall), .whole(swing.before.position?.rawValue),
          .string(swing.after.choice), .text(swing.after.on), .string(swing.after.rollcall),
          .whole(swing.after.position?.rawValue), .whole(swing.held), .whole(swing.kept),
          .string(swing.persistence.rawValue),
        ]
      })
  }
}
