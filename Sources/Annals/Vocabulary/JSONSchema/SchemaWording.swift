import EventLog

/// The words of messages about values. Made only when there is something to say.
enum SchemaWording {
  /// What a value is: "the text "yes"", "the number 5", "a list".
  static func kind(_ tape: JSONTape, _ node: JSONTape.Node) -> String {
    switch tape.kind(node) {
    case .null: "null"
    case .bool: tape.bool(node) == true ? "true" : "false"
    case .number: "the number \(short(tape.string(node)))"
    case .string: "the text \"\(short(tape.string(node)))\""
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// A value as it is named in a sentence: "choice "maybe"", "level 5", "topics[0] "x"".
  static func subject(_ tape: JSONTape, _ node: JSONTape.Node) -> String {
    let name = label(tape, node)
    switch tape.kind(node) {
    case .string: return "\(name) \"\(short(tape.string(node)))\""
    case .null, .bool, .number: return "\(name) \(short(tape.string(node)))"
    case .array, .object: return name
    }
  }

  /// Where a value stands: "level", "stance.level", "about.topics[0]". A payload's own fields are
  /// named without the field of the envelope that holds it.
  static func label(_ tape: JSONTape, _ node: JSONTape.Node) -> String {
    path(tape.pointer(to: node)) ?? "the value"
  }

  /// The same for a pointer; nil for that to the whole value.
  static func path(_ pointer: String) -> String? {
    var parts = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if parts.count > 1, parts.first == "data" { parts = parts.dropFirst() }
    if parts.isEmpty { return nil }
    return parts.reduce(into: "") { path, part in
      if !part.isEmpty, part.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") <= 9 }) {
        path += "[\(part)]"
      } else {
        path += (path.isEmpty ? "" : ".") + short(unescaped(part))
      }
    }
  }

  private static func unescaped(_ part: Substring) -> String {
    var result = ""
    var rest = part[...]
    while let tilde = rest.firstIndex(of: "~") {
      result += rest[..<tilde]
      rest = rest[rest.index(after: tilde)...]
      result += rest.first == "1" ? "/" : "~"
      rest = rest.dropFirst()
    }
    return result + rest
  }

  static func short(_ text: String) -> String {
    text.unicodeScalars.count > 48
      ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(47))) + "…" : text
  }

  /// A whole number without a fraction: counts and bounds are kept as `Double`.
  static func number(_ value: Double) -> String {
    Int64(exactly: value).map { String($0) } ?? "\(value)"
  }

  /// "between 1 and 5", "at least 1", "at most 5".
  static func interval(_ bounds: SchemaNode.Bounds) -> String {
    switch (bounds.minimum, bounds.maximum) {
    case (let minimum?, let maximum?) where minimum == maximum: "exactly \(number(minimum))"
    case (let minimum?, let maximum?): "between \(number(minimum)) and \(number(maximum))"
    case (let minimum?, nil): "at least \(number(minimum))"
    case (nil, let maximum?): "at most \(number(maximum))"
    case (nil, nil): "any"
    }
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }
}

extension [String] {
  /// Separated by commas; a long list is cut.
  var listed: String {
    count <= 24
      ? joined(separator: ", ") : prefix(23).joined(separator: ", ") + " and \(count - 23) more"
  }
}
