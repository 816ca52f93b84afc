public import Annals
public import EventLog

/// An answer that can be "no difference".
public protocol DifferenceAnswer: Answer {
  var differs: Bool { get }
}

/// `diff --on A..B`: what the world changed.
extension WorldDiff: DifferenceAnswer {
  public var differs: Bool {
    before != after || !ended.isEmpty || steps.contains { $0.before != $0.level }
  }

  public var json: JSON {
    .members([
      "schema": "annals.diff-world.v2", "topic": .string(topic.id),
      "proposition": .string(topic.name), "on_from": .string(from), "on_to": .string(to),
      "known_by": knownBy.json, "rule": .string(rule), "left_out": leavingOut.json,
      "actor": .string(actor.id), "actor_name": .string(actor.name),
      "differs": .bool(differs), "before": before.json, "after": after.json,
      "steps": .array(records), "ended": .array(ended.map(\.json)), "coverage": .texts(coverage),
    ])
  }

  public var records: [JSON] { steps.map(\.json) }

  public var sheet: Sheet { StanceStep.sheet(steps) }
}
