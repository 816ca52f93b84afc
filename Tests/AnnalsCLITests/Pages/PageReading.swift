#if Serve
import EventLog
import Foundation

/// Reads pages as a visitor's browser does.
extension LocalServer.Answer {
  /// Every text between tags, with single spaces, as a reader sees it.
  var words: String {
    Self.unescaped(body.replacing(/<[^>]*>/, with: " "))
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Where the link with these words leads; nil where there is no such link.
  func target(of words: String) -> String? {
    for link in body.matches(of: /<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/)
    where Self.unescaped(String(link.2)) == words {
      return Self.unescaped(String(link.1))
    }
    return nil
  }

  private static func unescaped(_ text: String) -> String {
    var text = text
    for (name, character) in [
      ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
    ] {
      text = text.replacing(name, with: character)
    }
    return text
  }

  /// A number of the answer.
  func number(_ name: String) -> Int64? {
    if case .integer(let number)? = json[name] { number } else { nil }
  }

  /// The objects of a list in the answer.
  func rows(_ name: String) -> [JSONObject] {
    guard case .array(let rows)? = json[name] else { return [] }
    return rows.compactMap { row in if case .object(let object) = row { object } else { nil } }
  }
}

extension JSONObject {
  func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { text } else { nil }
  }

  func number(_ name: String) -> Int64? {
    if case .integer(let number)? = self[name] { number } else { nil }
  }

  func object(_ name: String) -> JSONObject? {
    if case .object(let object)? = self[name] { object } else { nil }
  }
}
#endif
