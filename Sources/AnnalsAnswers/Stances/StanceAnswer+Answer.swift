public import Annals
public import EventLog

/// `show`: where an actor stands on a topic, since when, and why.
extension StanceAnswer: Answer {
  public var json: JSON {
    var object = JSONObject(members: [
      "schema": "annals.show.v2", "topic": .string(topic.id), "proposition": .string(proposition),
      "on": .string(on.text), "known_by": knownBy.json, "rule": .string(rule),
      "left_out": leavingOut.json,
    ])
    object.add(members)
    object["history"] = .array(history.map(\.json))
    return .object(object)
  }

  /// The stance of one actor, as `show` and `compare` tell it.
  var members: JSONObject {
    JSONObject(members: [
      "actor": .string(actor.id), "actor_name": .string(actor.name),
      "stance": (step?.level).json, "since": .text(DateText.day(since)),
      "since_dated": .text(sinceDated), "before": before.map(\.json) ?? .null,
      "rests_on": .text(step?.restsOn), "n": .whole(count), "period": DateText.json(period),
      "coverage": .texts(coverage), "evidence": .array(evidence.map(\.evidenceJSON)),
      "reading": step?.reading?.json ?? .null,
      "also_recorded": .array(alsoRecorded.map(\.evidenceJSON)),
    ])
  }

  public var records: [JSON] { [json] }

  public var sheet: Sheet {
    let level = step?.level
    let first = evidence.first
    return Sheet(
      columns: [
        "actor", "topic", "on", "known_by", "level_low", "level_high", "label", "since", "rule",
        "n", "event", "event_on", "source",
      ],
      rows: [
        [
          .string(actor.id), .string(topic.id), .string(on.text),
          .integer(knownBy.position.rawValue), .whole(level?.low), .whole(level?.high),
          .string(level.label), .text(DateText.day(since)), .string(rule),
          .whole(count), .whole(first?.fact.position.rawValue),
          .text(first?.fact.time?.text), .text(first?.fact.source),
        ]
      ])
  }
}
