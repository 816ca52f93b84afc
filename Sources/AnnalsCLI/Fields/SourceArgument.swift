import Annals
import EventLog

/// `--source` and `--via` as the envelope's objects.
enum SourceArgument {
  /// `un-press-1:p6` is source and locator; a web address is a source as a whole.
  static func source(_ text: String) -> JSON {
    if text.hasPrefix("https://") || text.hasPrefix("http://") {
      return .members(["source": .string(text)])
    }
    guard let colon = text.firstIndex(of: ":") else { return .members(["source": .string(text)]) }
    return .members([
      "source": .string(String(text[..<colon])),
      "locator": .string(String(text[text.index(after: colon)...])),
    ])
  }

  /// `outlet:AP`, or a kind alone.
  static func via(_ text: String) -> JSON {
    guard let colon = text.firstIndex(of: ":") else { return .members(["kind": .string(text)]) }
    return .members([
      "kind": .string(String(text[..<colon])),
      "name": .string(String(text[text.index(after: colon)...])),
    ])
  }
}
