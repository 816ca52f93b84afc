public import Annals
public import EventLog

/// `event`: one event in full, and its chain.
extension EventDetail: Answer {
  private var fact: Fact { entry.fact }

  public var json: JSON {
    var object: JSONObject = ["schema": "annals.event.v2"]
    object["known_by"] = knownBy.json
    object.add(Store.exportObject(event))
    object["summary"] = .string(entry.summary)
    object["live"] = .bool(fact.isLive && !event.isErased)
    object["disputed"] = .bool(fact.isDisputed)
    object["corrected"] = fact.current == fact.position ? .null : correctedJSON
    object["resolved_by"] = .whole(fact.resolvedBy?.rawValue)
    object["leaf_hash"] = .string(event.leafHash.hexDigits)
    object["intact"] = .bool(isIntact)
    object["targets"] = .array(targets.map(Self.json))
    object["chain"] = .array(chain.map(Self.json))
    object["mentions"] = .array(mentions.map(Self.json))
    object["conflicts_with"] = .array(conflicts.map(\.accountJSON))
    object["rollcalls"] = .array(rollcalls.map(Self.json))
    return .object(object)
  }

  /// The fact as it reads with its corrections.
  private var correctedJSON: JSON {
    .members([
      "by": .integer(fact.current.rawValue), "on": .text(fact.time?.text),
      "basis": .text(fact.basis), "confidence": .string(fact.confidence), "data": fact.data,
    ])
  }

  /// Another event as recorded, with its sentence.
  private static func json(_ entry: TimelineEntry) -> JSON {
    var object = Store.exportObject(entry.fact.root)
    object["summary"] = .string(entry.summary)
    return .object(object)
  }

  private static func json(_ tally: Tally) -> JSON {
    .members([
      "rollcall": .string(tally.rollcall), "motion": .text(tally.motion), "on": .text(tally.on),
      "yes": .whole(tally.yes), "no": .whole(tally.no), "abstain": .whole(tally.abstain),
      "absent": .whole(tally.absent), "result": .text(tally.result),
      "seq": .integer(tally.position.rawValue),
    ])
  }

  public var records: [JSON] {
    ([entry] + chain).map { .object(Store.exportObject($0.fact.root)) }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["seq", "id", "type", "on", "summary", "reason", "source", "recorded", "recorder"],
      rows: ([entry] + chain).map { entry in
        let event = entry.fact.root
        return [
          .integer(event.position.rawValue), .string(event.id.description),
          .string(event.type.name), .text(event.event.time?.text), .string(entry.summary),
          .text(entry.fact.reason), .text(entry.fact.source),
          .string(event.batch.recorded.description), .string(event.batch.recorder),
        ]
      })
  }
}
