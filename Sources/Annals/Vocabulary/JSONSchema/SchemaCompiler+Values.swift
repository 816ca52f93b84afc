import EventLog

/// The values of keywords: each reader reports a value of the wrong kind.
extension SchemaCompiler {
  mutating func fault(
    _ node: JSONTape.Node, _ message: String, code: ErrorCode = .badSchema, help: Help? = nil,
    suggestion: String? = nil
  ) {
    guard faults.count < ProblemList.eventLimit else {
      moreFaults += 1
      return
    }
    faults.append(
      SchemaFault(
        code: code, range: tape.range(node), pointer: tape.pointer(to: node), message: message,
        help: help, suggestion: suggestion))
  }

  mutating func unsupported(_ name: String, _ key: JSONTape.Node) {
    fault(
      key, "the keyword \"\(name)\" is not supported", code: .unsupportedKeyword,
      help: "the keywords are: \(Self.keywords.joined(separator: ", "))",
      suggestion: suggester.nearest(to: name, among: Self.keywords))
  }

  mutating func onlyAtTheTop(_ name: String, _ key: JSONTape.Node) {
    fault(key, "\"\(name)\" may stand at the top of the schema only")
  }

  private mutating func expect(_ name: String, _ value: JSONTape.Node, _ expected: String) {
    fault(value, "\"\(name)\" must be \(expected), not \(SchemaWording.kind(tape, value))")
  }

  /// `$schema`, `$id` and `$defs`.
  mutating func top(_ name: String, _ value: JSONTape.Node) {
    switch name {
    case "$defs": _ = object(name, value)
    case "$schema":
      let draft = "https://json-schema.org/draft/2020-12/schema"
      if let given = text(name, value), given != draft {
        fault(
          value, "the schema is written for \"\(given)\"", help: "only draft 2020-12 is supported",
          suggestion: draft)
      }
    default: _ = text(name, value)
    }
  }

  mutating func object(_ name: String, _ value: JSONTape.Node) -> Bool {
    if tape.kind(value) == .object { return true }
    expect(name, value, "an object")
    return false
  }

  mutating func list(_ name: String, _ value: JSONTape.Node) -> Bool {
    if tape.kind(value) == .array { return true }
    expect(name, value, "a list")
    return false
  }

  mutating func text(_ name: String, _ value: JSONTape.Node) -> String? {
    if tape.kind(value) == .string { return tape.string(value) }
    expect(name, value, "a text")
    return nil
  }

  mutating func boolean(_ name: String, _ value: JSONTape.Node) -> Bool {
    if let boolean = tape.bool(value) { return boolean }
    expect(name, value, "true or false")
    return false
  }

  mutating func number(_ name: String, _ value: JSONTape.Node) -> Double? {
    if let number = tape.double(value) { return number }
    expect(name, value, "a number")
    return nil
  }

  mutating func count(_ name: String, _ value: JSONTape.Node) -> Double? {
    if let count = tape.integer(value), count >= 0 { return Double(count) }
    expect(name, value, "a whole number from 0")
    return nil
  }

  /// A list of different texts.
  mutating func strings(_ name: String, _ value: JSONTape.Node) -> [String] {
    guard list(name, value) else { return [] }
    var strings: [String] = []
    var seen: Set<String> = []
    for element in tape.elements(value) {
      guard let string = text(name, element) else { continue }
      if seen.insert(string).inserted {
        strings.append(string)
      } else {
        fault(element, "\"\(string)\" stands twice in \"\(name)\"")
      }
    }
    return strings
  }

  mutating func types(_ value: JSONTape.Node) -> JSONSchema.Types {
    let named = JSONSchema.Types.named
    var types: JSONSchema.Types = []
    let isList = tape.kind(value) == .array
    guard isList || tape.kind(value) == .string else {
      expect("type", value, "a text or a list of texts")
      return .all
    }
    for element in isList ? Array(tape.elements(value)) : [value] {
      guard let name = text("type", element) else { continue }
      guard let type = named.first(where: { $0.keyword == name })?.type else {
        let names = named.map(\.keyword)
        fault(
          element, "\"\(name)\" is not a type", help: "the types are: \(names.listed)",
          suggestion: suggester.nearest(to: name, among: names))
        continue
      }
      types.insert(type)
    }
    if isList, tape.count(value) == 0 { fault(value, "\"type\" allows no value") }
    return types.isEmpty ? .all : types
  }

  mutating func format(_ value: JSONTape.Node) -> JSONSchema.Formats.Format? {
    guard let name = text("format", value) else { return nil }
    if let format = formats[name] { return format }
    fault(
      value, "the format \"\(name)\" is not supported",
      help: "the formats are: \(formats.names.listed)",
      suggestion: suggester.nearest(to: name, among: formats.names))
    return nil
  }
}
