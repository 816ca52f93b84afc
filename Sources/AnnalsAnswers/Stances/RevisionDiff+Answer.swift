public import Annals
public import EventLog

/// `diff ACTOR TOPIC --known-by A..B`: what was learned or corrected about a stance.
extension RevisionDiff: DifferenceAnswer {
  public var differs: Bool { !lines.isEmpty }

  public var json: JSON {
    .members([
      "schema": "annals.diff-stance.v2", "topic": .string(topic.id),
      "proposition": .string(topic.name), "on": .string(on), "known_by_from": from.json,
      "known_by_to": to.json, "rule": .string(rule), "left_out": leavingOut.json,
      "actor": .string(actor.id), "actor_name": .string(actor.name),
      "differs": .bool(differs), "before": before.json, "after": after.json,
      "lines": .array(records),
    ])
  }

  public var records: [JSON] {
    lines.map { line in
      .members([
        "kind": .string(line.kind.rawValue), "step_before": line.before.map(\.json) ?? .null,
        "step_after": line.after.map(\.json) ?? .null,
        "causes": .array(line.causes.map(\.evidenceJSON)),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: [
        "kind", "before_from", "before_label", "before_event", "after_from", "after_label",
        "after_event", "causes",
      ],
      rows: lines.map { line in
        [
          .string(line.kind.rawValue), .text(DateText.day(line.before?.from)),
          .text(line.before?.level.label), .whole(line.before?.evidence.position.rawValue),
          .text(DateText.day(line.after?.from)), .text(line.after?.level.label),
          .whole(line.after?.evidence.position.rawValue),
          .string(line.causes.map { "\($0.fact.position)" }.joined(separator: " ")),
        ]
      })
  }
}
