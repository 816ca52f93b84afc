package import Annals
package import EventLog

/// Values as a user writes them, for parameters of questions and arguments of commands alike. `name` is
/// the parameter as its face writes it.
package enum Value {
  /// A position: `62` or `#62`.
  package static func position(_ text: String, of name: String) throws(Problem) -> Position {
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    guard let number = Int64(digits), number >= 0 else {
      throw Problem(
        .usage, "\(name) \"\(text)\" is no position", help: "a position is a number, such as 62")
    }
    return Position(number)
  }

  /// An event: `17`, `#17` or an id.
  package static func event(_ text: String) throws(Problem) -> EventReference {
    guard let reference = EventReference(text) else {
      throw Problem(
        .usage, "\"\(text)\" names no event",
        help: "name it by position (17 or #17) or by id (a UUID)")
    }
    return reference
  }

  /// A rule by its name.
  package static func rule(_ text: String, among rules: [Rule]) throws(Problem) -> Rule {
    guard let rule = Rule(rawValue: text), rules.contains(rule) else {
      let names = rules.map(\.name)
      throw Problem(
        .usage, "no rule \"\(text)\"", help: "rules: \(names.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: text, among: names))
    }
    return rule
  }
}
