import EventLog

/// Where in the input something is wrong.
extension EventReader {
  mutating func fault(
    _ code: ErrorCode, _ node: Int, _ message: String, help: Help? = nil,
    suggestion: String? = nil
  ) {
    guard faults.count < faultLimit else {
      moreFaults += 1
      return
    }
    faults.append(
      SchemaFault(
        code: code, range: tape.range(node), pointer: tape.pointer(to: node), message: message,
        help: help, suggestion: suggestion))
  }

  func problem(_ fault: SchemaFault, line: Int) -> Problem {
    var problem = Problem(fault, in: tape.bytes, file: file)
    if fault.pointer.isEmpty, fault.code == .wrongType, tape.kind(tape.root) == .array {
      problem.help = Self.listHelp
    }
    return placed(problem, line: line)
  }

  func problem(
    _ error: JSONSyntaxError, in bytes: UnsafeBufferPointer<UInt8>, line: Int
  ) -> Problem {
    var problem = Problem(error, in: Array(bytes), file: file)
    if line == 1 && file != nil { problem.help = Self.help(for: bytes, error) }
    return placed(problem, line: line)
  }

  /// A problem found in a line by itself, at the line's place in the input; an argument of the
  /// command line has no place.
  private func placed(_ problem: Problem, line: Int) -> Problem {
    var problem = problem
    if file == nil {
      problem.position = nil
      problem.excerpt = nil
    } else {
      problem.position?.line = line
    }
    return problem
  }

  static let listHelp: Help =
    "one event per line, not a list:  jq -c '.[]' FILE | \(command: "import -")"

  /// What a file may be that does not start with an event.
  private static func help(
    for bytes: UnsafeBufferPointer<UInt8>, _ error: JSONSyntaxError
  ) -> Help? {
    let start = Array(bytes.prefix(2))
    if start == [0xFF, 0xFE] || start == [0xFE, 0xFF] {
      return "the file is UTF-16:  iconv -f UTF-16 -t UTF-8 FILE | \(command: "import -")"
    }
    switch bytes.first(where: { $0 != 0x20 && $0 != 0x09 }) {
    case UInt8(ascii: "["): return listHelp
    case UInt8(ascii: "{"): return nil
    default: return "each line is one event, a JSON object: see  \(command: "help formats")"
    }
  }

  /// Where in a draft's line a later check has found something wrong.
  enum Place {
    /// The first string that holds this.
    case value(String)
    /// The reference to an entity.
    case reference(Tag)
    /// A pointer into the event; for an unknown field its name.
    case pointer(String, isName: Bool)
  }

  /// A problem that a later check has found in a draft.
  mutating func problem(
    _ code: ErrorCode, in draft: Draft, at place: Place, _ message: String,
    help: Help? = nil, suggestion: String? = nil
  ) -> Problem {
    if let rows {
      return rows.problem(
        code, in: draft, at: place, of: input, message, help: help, suggestion: suggestion)
    }
    guard let text = try? input.text(at: draft.place), (try? tape.parse(text)) != nil else {
      return Problem(code, message, position: position(line: draft.line, column: 1), help: help)
    }
    let node = node(at: place, draft.event.type) ?? tape.root
    return problem(
      SchemaFault(
        code: code, range: tape.range(node), pointer: tape.pointer(to: node), message: message,
        help: help, suggestion: suggestion), line: draft.line)
  }

  private func node(at place: Place, _ type: EventType) -> Int? {
    switch place {
    case .value(let value): return firstNode(holding: value, under: tape.root)
    case .pointer(let pointer, let isName): return node(at: pointer, isName: isName)
    case .reference(let tag):
      let value = String(tag.value)
      if tag.kind == "source", let sources = tape.member(tape.root, "sources"),
        let node = firstNode(holding: value, under: sources)
      {
        return node
      }
      guard let data = tape.member(tape.root, "data"),
        let schema = vocabulary.definition(type.name, version: type.version)?.schema
      else { return nil }
      for (kind, paths) in schema.tags where kind == tag.kind {
        for path in paths {
          let nodes = nodes(at: path[...], under: data)
          if let node = nodes.first(where: { tape.string($0) == value }) { return node }
        }
      }
      return firstNode(holding: value, under: data)
    }
  }

  private func node(at pointer: String, isName: Bool) -> Int {
    var node = tape.root
    var name = node
    for part in pointer.split(separator: "/") {
      let member = tape.kind(node) == .object ? Array(tape.members(node)) : []
      guard let next = member.first(where: { tape.equals($0.key, utf8: Array(part.utf8)) }) else {
        break
      }
      (name, node) = (next.key, next.value)
    }
    return isName ? name : node
  }

  /// The strings at a dot path, arrays flattened.
  private func nodes(at path: ArraySlice<String>, under node: Int) -> [Int] {
    switch tape.kind(node) {
    case .array: return tape.elements(node).flatMap { nodes(at: path, under: $0) }
    case .object:
      guard let field = path.first, let next = tape.member(node, named: field) else { return [] }
      return nodes(at: path.dropFirst(), under: next)
    case .string: return path.isEmpty ? [node] : []
    default: return []
    }
  }

  private func firstNode(holding value: String, under node: Int) -> Int? {
    switch tape.kind(node) {
    case .string: return tape.equals(node, utf8: Array(value.utf8)) ? node : nil
    case .array:
      for element in tape.elements(node) {
        if let found = firstNode(holding: value, under: element) { return found }
      }
    case .object:
      for member in tape.members(node) {
        if let found = firstNode(holding: value, under: member.value) { return found }
      }
    default: break
    }
    return nil
  }

  private func position(line: Int, column: Int) -> InputLocation? {
    file.map { InputLocation(file: $0, line: line, column: column) }
  }
}

/// Reports a problem of a draft at the cell of the table row that the draft was made from.
protocol RowProblems: Sendable {
  /// A problem that a later check has found in a draft.
  func problem(
    _ code: ErrorCode, in draft: EventReader.Draft, at place: EventReader.Place,
    of input: any EventInput, _ message: String, help: Help?, suggestion: String?
  ) -> Problem
}
