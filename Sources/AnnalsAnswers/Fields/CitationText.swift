package import EventLog

/// Sources and reporting chains as a person writes them, as the envelope's objects.
package enum CitationText {
  /// What stands between semicolons. A semicolon within a word belongs to it, as in a web address.
  package static func list(_ text: String) -> [String] {
    text.split(separator: /;(?:\s+|$)|\n/).map { String($0).trimmingSpaces }.filter { !$0.isEmpty }
  }

  /// Sources as objects; the quoted words are from the first.
  package static func sources(_ texts: [String], quote: String?) -> [JSON] {
    texts.enumerated().map { index, text in source(text, quote: index == 0 ? quote : nil) }
  }

  /// `un-press-1:p6` is source and locator; a web address is a source as a whole.
  package static func source(_ text: String, quote: String? = nil) -> JSON {
    var object: JSONObject = ["source": .string(text)]
    if !text.hasPrefix("https://"), !text.hasPrefix("http://"), let colon = text.firstIndex(of: ":")
    {
      object["source"] = .string(String(text[..<colon]))
      object["locator"] = .string(String(text[text.index(after: colon)...]))
    }
    object["quote"] = quote.map(JSON.string)
    return .object(object)
  }

  /// `outlet:AP`, or a kind alone.
  package static func via(_ text: String) -> JSON {
    guard let colon = text.firstIndex(of: ":") else { return .members(["kind": .string(text)]) }
    return .members([
      "kind": .string(String(text[..<colon])),
      "name": .string(String(text[text.index(after: colon)...])),
    ])
  }
}
