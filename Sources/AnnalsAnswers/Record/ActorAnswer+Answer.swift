public import Annals
public import EventLog

/// `actor`: who an actor is, and what held of it on a day.
extension ActorAnswer: Answer {
  /// What the answer holds, by the names of its parts in JSON.
  package var parts: [(name: String, facts: [ActorFact])] {
    var parts: [(String, [ActorFact])] = [
      ("registrations", registrations), ("names", names), ("identifiers", identifiers),
      ("roles", roles), ("officers", officers), ("memberships", memberships),
    ]
    if let members { parts.append(("members", members)) }
    return parts + [
      ("merges", merges), ("predecessors", predecessors), ("successors", successors),
    ]
  }

  public var json: JSON {
    var object = JSONObject(members: [
      "schema": "annals.actor.v2", "actor": .string(actor.id), "actor_name": .string(actor.name),
      "kind": .text(kind), "merged_id": .text(mergedID), "on": .string(on),
      "known_by": knownBy.json, "spoke_for": Self.ids(spokeFor), "speakers": Self.ids(speakers),
    ])
    for part in parts { object[part.name] = .array(part.facts.map { .object(Self.members($0)) }) }
    object["may_hold"] = .whole(leftOut)
    return .object(object)
  }

  /// The other actors of facts, each once.
  private static func ids(_ facts: [ActorFact]) -> JSON {
    var ids: [String] = []
    for fact in facts {
      if let id = fact.other?.id, !ids.contains(id) { ids.append(id) }
    }
    return .texts(ids)
  }

  private static func members(_ fact: ActorFact) -> JSONObject {
    let event = fact.entry.fact
    return JSONObject(members: [
      "value": .string(fact.value), "detail": .text(fact.detail),
      "actor": .text(fact.other?.id), "actor_name": .text(fact.other?.name),
      "speaks_for": event.type == "role.held" ? .bool(fact.isSpeaking) : .null,
      "period": .text(fact.period),
      "held": fact.period == nil ? .null : .text(fact.certainty?.rawValue),
      "seq": .integer(event.position.rawValue), "id": .string(event.root.id.description),
      "on": .text(event.time?.text), "live": .bool(event.isLive),
      "disputed": .bool(event.isDisputed), "summary": .string(fact.entry.summary),
      "sources": .array(event.sources.map(\.json)), "chain": event.chainJSON,
    ])
  }

  public var records: [JSON] {
    parts.flatMap { part in
      part.facts.map { fact in
        var object: JSONObject = ["part": .string(part.name)]
        object.add(Self.members(fact))
        return .object(object)
      }
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: [
        "part", "value", "detail", "actor", "name", "period", "held", "seq", "source", "live",
      ],
      rows: parts.flatMap { part in
        part.facts.map { fact in
          [
            .string(part.name), .string(fact.value), .text(fact.detail), .text(fact.other?.id),
            .text(fact.other?.name), .text(fact.period), .text(fact.certainty?.rawValue),
            .integer(fact.entry.fact.position.rawValue), .text(fact.entry.fact.source),
            .bool(fact.entry.fact.isLive),
          ]
        }
      })
  }
}
