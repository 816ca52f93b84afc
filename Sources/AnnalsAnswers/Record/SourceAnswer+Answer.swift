public import Annals
public import EventLog

/// `source`: versions, what rests on them, and what contradicts it.
extension SourceAnswer: Answer {
  /// How many facts rest on the source.
  package var total: Int { facts.reduce(0) { $0 + $1.count } }

  public var json: JSON {
    .members([
      "schema": "annals.source.v2", "source": .string(source), "title": .text(title),
      "known_by": knownBy.json, "versions": .array(records), "n": .whole(total),
      "types": .keyed(facts.map { ($0.type, .whole($0.count)) }),
      "first": .whole(positions?.lowerBound.rawValue),
      "last": .whole(positions?.upperBound.rawValue),
      "outdated_count": .whole(outdatedCount),
      "outdated": .array(
        outdated.map { fact in
          var object = fact.entry.evidence
          object["version"] = .whole(fact.version)
          return .object(object)
        }),
      "contradiction_count": .whole(contradictionCount),
      "contradictions": .array(
        contradictions.map { found in
          .members([
            "kind": .string(found.kind.rawValue), "fact": found.entry.accountJSON,
            "others": .array(found.others.map(\.accountJSON)),
          ])
        }),
    ])
  }

  public var records: [JSON] {
    versions.map { version in
      let fact = version.entry.fact
      return .members([
        "version": .whole(version.number), "seq": .integer(fact.position.rawValue),
        "id": .string(fact.root.id.description),
        "recorded": .string(fact.root.batch.recorded.description),
        "recorder": .string(fact.root.batch.recorder), "on": .text(fact.time?.text),
        "live": .bool(fact.isLive), "disputed": .bool(fact.isDisputed), "data": fact.data,
        "n": .whole(version.facts),
        "changes": version.changes.map { .array($0.map(\.json)) } ?? .null,
        "chain": fact.chainJSON,
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["version", "seq", "recorded", "recorder", "facts", "field", "before", "after"],
      rows: versions.flatMap { version in
        let fact = version.entry.fact
        let start: [JSON] = [
          .whole(version.number), .integer(fact.position.rawValue),
          .string(fact.root.batch.recorded.description), .string(fact.root.batch.recorder),
          .whole(version.facts),
        ]
        let changes = version.changes ?? []
        if changes.isEmpty { return [start + [.null, .null, .null]] }
        return changes.map {
          start + [.string($0.field), $0.before ?? .null, $0.after ?? .null]
        }
      })
  }
}

extension SourceAnswer.FieldChange {
  /// What became of the field: added, removed or changed.
  package var verb: String {
    if before == nil { return "added" }
    return after == nil ? "removed" : "changed"
  }

  var json: JSON {
    .members([
      "field": .string(field), "change": .string(verb), "old": before ?? .null,
      "new": after ?? .null,
    ])
  }
}
