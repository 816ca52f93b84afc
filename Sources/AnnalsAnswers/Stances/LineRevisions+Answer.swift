public import Annals
public import EventLog

/// `revisions`: the events that changed a line, each with the line after it.
extension LineRevisions: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.revisions.v1", "topic": .string(topic.id),
      "proposition": .string(topic.name), "on": .string(on.text), "known_by": knownBy.json,
      "rule": .string(rule), "actor": .string(actor.id), "actor_name": .string(actor.name),
      "omitted": .whole(omitted), "revisions": .array(records),
    ])
  }

  public var records: [JSON] {
    revisions.map { revision in
      .members([
        "known_by": revision.knownBy.json, "stance": revision.level.json,
        "cause": revision.cause.evidenceJSON,
        "source_changes": .array(revision.sourceChanges.map(\.json)),
        "steps": .array(
          revision.steps.map { step in
            .members([
              "from": .text(DateText.day(step.from)), "to": .text(DateText.day(step.to)),
              "stance": step.level.json, "seq": .integer(step.evidence.position.rawValue),
            ])
          }),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: [
        "known_by", "recorded", "recorder", "label", "steps", "type", "cause", "source_changes",
      ],
      rows: revisions.map { revision in
        let batch = revision.cause.fact.root.batch
        return [
          .integer(revision.knownBy.position.rawValue), .string(batch.recorded.description),
          .string(batch.recorder), .string(revision.level.label), .whole(revision.steps.count),
          .string(revision.cause.fact.type), .string(revision.cause.summary),
          .string(revision.sourceChanges.map(\.text).joined(separator: "; ")),
        ]
      })
  }
}

extension SourceChange {
  /// "un-votes: #12, #400": the source and its two captures.
  package var text: String { "\(source): \(before), \(after)" }

  var json: JSON {
    .members([
      "source": .string(source), "before": .integer(before.rawValue),
      "after": .integer(after.rawValue), "changes": .array(changes.map(\.json)),
    ])
  }
}
