import Annals
import EventLog

extension Citation {
  var json: JSON {
    .members([
      "source": .string(source), "locator": locator.map(JSON.string),
      "title": title.map(JSON.string), "url": url.map(JSON.string),
      "quote": quote.map(JSON.string), "relation": relation.map(JSON.string),
    ])
  }
}

extension Fact {
  /// The first source, as `source:locator`.
  var source: String? { sources.first?.text }

  /// The first source for people: where it can be read, else its name.
  var shownSource: String {
    guard let first = sources.first else { return "no source" }
    let more = sources.count > 1 ? " +\(sources.count - 1)" : ""
    return first.text + more
  }
}

extension TimelineEntry {
  /// The members by which evidence is named everywhere.
  var evidenceJSON: JSON {
    .members([
      "seq": .integer(fact.position.rawValue), "id": .string(fact.root.id.description),
      "type": .string(fact.type), "on": .text(fact.time?.text), "source": .text(fact.source),
      "summary": .string(summary), "confidence": .string(fact.confidence),
      "sources": .array(fact.sources.map(\.json)),
    ])
  }
}

extension FactHistory {
  var json: JSON {
    .members([
      "fact": entry.evidenceJSON, "live": .bool(entry.fact.isLive),
      "chain": .array(chain.map(\.evidenceJSON)),
    ])
  }

  /// For people: each fact, and below it what was said about it later.
  static func lines(_ history: [FactHistory]) -> [String] {
    if history.isEmpty { return [] }
    var lines = ["", "History:"]
    for item in history {
      let fact = item.entry.fact
      lines.append("  \(fact.position)  \((item.entry.summary + fact.marks).printable)")
      for event in item.chain {
        let batch = event.fact.root.batch
        lines.append(
          "    └ \(event.fact.position)  \(DateText.day(of: batch.recorded)) \(batch.recorder.printable): "
            + event.summary.printable)
      }
    }
    return lines
  }
}
