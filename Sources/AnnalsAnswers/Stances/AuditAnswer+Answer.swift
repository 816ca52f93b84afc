public import Annals
public import EventLog

/// `audit`: how an actor's stance on a topic changed, step by step, and what to be careful about.
extension AuditAnswer: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.audit.v2", "topic": .string(topic.id), "proposition": .string(proposition),
      "on": .string(on), "known_by": knownBy.json, "rule": .string(rule),
      "left_out": leavingOut.json, "actor": .string(actor.id), "actor_name": .string(actor.name),
      "n": .whole(count), "period": DateText.json(period), "steps": .array(records),
      "remarks": .array(remarks.map(\.json)), "history": .array(history.map(\.json)),
    ])
  }

  public var records: [JSON] { steps.map(\.json) }

  public var sheet: Sheet { StanceStep.sheet(steps) }
}

extension StanceStep {
  /// A step, wherever one stands.
  var json: JSON {
    let batch = evidence.root.batch
    var fact = JSONObject(members: [
      "seq": .integer(evidence.position.rawValue), "id": .string(evidence.root.id.description),
      "type": .string(evidence.type), "on": .text(evidence.time?.text),
      "source": .text(evidence.source), "summary": .string(summary),
      "confidence": .string(evidence.confidence),
      "sources": .array(evidence.sources.map(\.json)),
    ])
    fact["recorded"] = .string(batch.recorded.description)
    fact["recorder"] = .string(batch.recorder)
    fact["delay_days"] = .whole(delayDays)
    return .members([
      "from": .text(DateText.day(from)), "to": .text(DateText.day(to)), "stance": level.json,
      "before": before.map(\.json) ?? .null, "evidence": .object(fact),
      "rests_on": .string(restsOn), "reading": reading?.json ?? .null,
      "tied": .array(tied.map(\.evidenceJSON)), "others": .array(others.map(\.evidenceJSON)),
    ])
  }

  static func sheet(_ steps: [StanceStep]) -> Sheet {
    Sheet(
      columns: [
        "from", "to", "level_low", "level_high", "label", "before", "event", "summary", "source",
        "recorded", "recorder", "delay_days",
      ],
      rows: steps.map { step in
        let batch = step.evidence.root.batch
        return [
          .text(DateText.day(step.from)), .text(DateText.day(step.to)), .whole(step.level.low),
          .whole(step.level.high), .string(step.level.label), .text(step.before?.label),
          .integer(step.evidence.position.rawValue), .string(step.summary),
          .text(step.evidence.source), .string(batch.recorded.description),
          .string(batch.recorder), .whole(step.delayDays),
        ]
      })
  }
}
