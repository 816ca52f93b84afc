public import Annals
public import EventLog

/// `diff --known-by A..B`: what the record took in.
extension RecordDiff: DifferenceAnswer {
  public var differs: Bool { from.position != to.position }

  public var json: JSON {
    .members([
      "schema": "annals.diff-record.v2", "known_by_from": from.json, "known_by_to": to.json,
      "differs": .bool(differs),
      "added": .keyed(added.map { ($0.type, .whole($0.count)) }),
      "new_facts": .array(newFacts.map(\.evidenceJSON)), "amended_new": .whole(amendedNew),
      "changed": .array(changed.map(\.json)), "stances": .array(stances.map(\.json)),
    ])
  }

  public var records: [JSON] { newFacts.map(\.evidenceJSON) + changed.map(\.json) }

  public var sheet: Sheet {
    Sheet(
      columns: ["seq", "type", "field", "before", "after", "causes", "summary"],
      rows: newFacts.map { entry in
        [
          .integer(entry.fact.position.rawValue), .string(entry.fact.type), .null, .null, .null,
          .null, .string(entry.summary),
        ]
      }
        + changed.flatMap { changed in
          changed.fields.map { field in
            [
              .integer(changed.entry.fact.position.rawValue), .string(changed.entry.fact.type),
              .string(field.field), .text(field.before), .text(field.after),
              .string(changed.causes.map { "\($0.fact.position)" }.joined(separator: " ")),
              .string(changed.entry.summary),
            ]
          }
        })
  }
}

extension ChangedFact {
  var json: JSON {
    var object = entry.evidence
    object["changes"] = .array(
      fields.map {
        .members(["field": .string($0.field), "old": .text($0.before), "new": .text($0.after)])
      })
    object["causes"] = .array(causes.map(\.evidenceJSON))
    return .object(object)
  }
}

extension StanceChange {
  /// A stance that changed, as a difference of the record, a receipt and a stream show it.
  package var json: JSON {
    .members([
      "actor": .string(actor.id), "actor_name": .string(actor.name), "topic": .string(topic.id),
      "from": .text(DateText.day(from)), "before": before.json, "after": after.json,
      "rule": .string(rule),
    ])
  }
}
