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
