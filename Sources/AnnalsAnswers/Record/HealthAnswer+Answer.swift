public import Annals
public import EventLog

/// `health`: what in the record is late, thin, unsourced, contradicted or was corrected.
extension HealthAnswer: Answer {
  public var json: JSON {
    .members([
      "schema": "annals.health.v2", "subjects": .texts(subjects.map(\.id)),
      "known_by": knownBy.json, "facts": .whole(facts), "stances": .whole(stances),
      "counts": .keyed(counts.map { ($0.kind.rawValue, .whole($0.count)) }),
      "findings": .array(records),
    ])
  }

  public var records: [JSON] {
    findings.map {
      .members([
        "kind": .string($0.kind.rawValue), "seq": .integer($0.position.rawValue),
        "text": .string($0.text),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["kind", "seq", "text"],
      rows: findings.map {
        [.string($0.kind.rawValue), .integer($0.position.rawValue), .string($0.text)]
      })
  }
}
