package import Annals
package import EventLog

extension RecordState {
  /// The state of the record: `{"seq": 62, "recorded": "…", "erased_since": 0}`.
  package var json: JSON {
    .members([
      "seq": .integer(position.rawValue), "recorded": .text(recorded?.description),
      "erased_since": .whole(erasedSince),
    ])
  }
}

extension Level? {
  /// In words; "no data" without a level.
  package var label: String { self?.label ?? "no data" }

  /// A stance, wherever one stands: `{"label": "opposes", "low": -2, "high": -2}`. Low and high differ
  /// where the evidence leaves several levels open; both are null without data.
  package var json: JSON {
    .members(["label": .string(label), "low": .whole(self?.low), "high": .whole(self?.high)])
  }
}

extension Level {
  package var json: JSON { Level?.some(self).json }
}

extension Exclusions {
  /// What was left out; null for nothing.
  package var json: JSON {
    if isEmpty { return .null }
    return .members([
      "types": .texts(types), "sources": .texts(sources), "strong_only": .bool(weak),
    ])
  }

  /// In words, for people.
  package var notes: [String] { phrases.map { "left out: \($0)" } }
}

extension Citation {
  package var json: JSON {
    .members([
      "source": .string(source), "locator": locator.map(JSON.string),
      "title": title.map(JSON.string), "url": url.map(JSON.string),
      "quote": quote.map(JSON.string), "relation": relation.map(JSON.string),
    ])
  }
}

extension Fact {
  /// The first source, as `source:locator`.
  package var source: String? { sources.first?.text }

  /// What was said about the fact later: position and type of each event.
  var chainJSON: JSON {
    .array(
      chain.map { event in
        .members([
          "seq": .integer(event.position.rawValue), "id": .string(event.id.description),
          "type": .string(event.type.name),
        ])
      })
  }
}

extension TimelineEntry {
  /// The members by which a fact is named everywhere.
  var evidence: JSONObject {
    JSONObject(members: [
      "seq": .integer(fact.position.rawValue), "id": .string(fact.root.id.description),
      "type": .string(fact.type), "on": .text(fact.time?.text), "source": .text(fact.source),
      "summary": .string(summary), "confidence": .string(fact.confidence),
      "sources": .array(fact.sources.map(\.json)),
    ])
  }

  package var evidenceJSON: JSON { .object(evidence) }

  /// One account of a vote among several.
  var accountJSON: JSON {
    var object = evidence
    if case .object(let payload) = fact.data {
      for field in ["voter", "choice"] { object[field] = payload[field] }
    }
    object["disputed"] = .bool(fact.isDisputed)
    return .object(object)
  }
}

extension Remark {
  package var json: JSON {
    .members([
      "kind": .string(kind), "seq": .whole(position?.rawValue), "text": .string(text),
    ])
  }
}

extension LinkReading {
  package var json: JSON {
    .members([
      "link": .integer(link.rawValue), "what": .string(what), "stance": level.json,
      "strength": .string(isStrong ? "strong" : "informative"), "rationale": .text(rationale),
    ])
  }
}

extension FactHistory {
  package var json: JSON {
    .members([
      "fact": entry.evidenceJSON, "live": .bool(entry.fact.isLive),
      "chain": .array(chain.map(\.evidenceJSON)),
    ])
  }
}
