import Annals
import EventLog

/// The sources of a fact: the title, the place, and the words quoted.
struct CitationList {
  let context: PageContext

  /// One source, as the value of a list of terms. Only addresses of the web become links.
  func row(_ citation: Citation) -> HTML {
    let title = citation.title ?? citation.source
    let name: HTML
    if let address = Escaping.link(citation.source) {
      name = "<a href=\"\(address)\" rel=\"noreferrer\">\(title)</a>"
    } else {
      name = context.link(.source(citation.source), "\(title)")
    }
    let place: HTML = citation.locator.map { ", at <code>\($0)</code>" } ?? .none
    let original: HTML =
      Escaping.link(citation.url).map { " <a href=\"\($0)\" rel=\"noreferrer\">original</a>" }
      ?? .none
    let quote: HTML = citation.quote.map { "<br>Quoted words: “\($0)”" } ?? .none
    return "<dd>\(name)\(place)\(original)\(quote)</dd>"
  }

  /// A link of the chain of reporting: its name, or else what is noted about it.
  private static func name(_ item: JSON) -> String {
    switch item {
    case .string(let text): return text
    case .object(let object):
      for field in ["name", "actor", "note", "kind"] {
        if case .string(let text)? = object[field] {
          guard field == "note", case .string(let kind)? = object["kind"] else { return text }
          return "\(kind) (\(text))"
        }
      }
      return JSONWriter.compact(item)
    default: return JSONWriter.compact(item)
    }
  }

  /// Through whom the fact reached the source, nearest first.
  func via(_ fact: Fact) -> HTML {
    guard let via = fact.via else { return .none }
    let items: [JSON]
    if case .array(let list) = via { items = list } else { items = [via] }
    let names = items.map(Self.name)
    return names.isEmpty
      ? .none : "<dt>Reached us via</dt><dd>\(names.joined(separator: ", "))</dd>"
  }
}
