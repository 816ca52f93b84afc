import EventLog

/// Reads a mapping from YAML, and finds everything that is wrong with it.
struct MappingReader {
  let file: String
  let vocabulary: Vocabulary
  var problems = ProblemList()
  var suggester = Suggester()
  /// Names that were used, to be looked up when all is read.
  var uses: [(name: String, kind: String, node: YAMLNode)] = []
  var tableUses: [(name: String, node: YAMLNode)] = []

  /// Reads a mapping file. `part` gives the text of a part that it includes.
  static func read(
    _ text: String, file: String, vocabulary: Vocabulary, part: (String) -> String?
  ) throws(Problems) -> Mapping {
    var reader = MappingReader(file: file, vocabulary: vocabulary)
    let root = try YAMLNode(parsing: text, file: file)
    var mapping = Mapping(name: file)
    reader.readTop(root, into: &mapping, part)
    reader.check(mapping)
    if reader.problems.isEmpty { reader.checkValues(mapping) }
    try reader.problems.throwIfAny()
    return mapping
  }

  // MARK: the parts

  private static let topKeys = [
    "actors", "covers", "dataset", "delimiter", "files", "include", "mapping", "sources", "tables",
    "version",
  ]

  private mutating func readTop(
    _ root: YAMLNode, into mapping: inout Mapping, _ part: (String) -> String?
  ) {
    let members = members(root, keys: Self.topKeys, required: ["mapping", "files"])
    var name = mapping.name
    for (key, value) in members {
      switch key {
      case "mapping": name = string(value) ?? name
      case "version": mapping.version = string(value)
      case "covers": mapping.covers = string(value)
      case "delimiter": mapping.delimiter = delimiter(value)
      case "include": include(value, into: &mapping, part)
      case "sources": for node in list(value) { source(node, into: &mapping) }
      case "actors": actors(value, into: &mapping)
      case "tables": tables(value, into: &mapping)
      case "files":
        for (name, node) in object(value) {
          mapping.files.append(kind(text(name), node, of: mapping))
        }
      default: break
      }
    }
    mapping.name = name
    mapping.dataset = members.first { $0.key == "dataset" }.flatMap { string($0.value) } ?? name
  }

  private mutating func include(
    _ node: YAMLNode, into mapping: inout Mapping, _ part: (String) -> String?
  ) {
    for entry in list(node) {
      guard let name = string(entry) else { continue }
      guard let text = part(name) else {
        fault(entry, "there is no part \"\(name)\" to include")
        continue
      }
      do throws(Problems) {
        let root = try YAMLNode(parsing: text, file: name)
        for (key, value) in members(root, keys: ["actors", "tables"], required: []) {
          if key == "actors" {
            actors(value, into: &mapping)
          } else {
            tables(value, into: &mapping)
          }
        }
      } catch {
        problems.append(contentsOf: error.problems, more: error.more)
      }
    }
  }

  private mutating func delimiter(_ node: YAMLNode) -> UInt8 {
    switch string(node) {
    case ",": return UInt8(ascii: ",")
    case ";": return UInt8(ascii: ";")
    case "\t", "tab": return UInt8(ascii: "\t")
    default:
      fault(node, "the delimiter is \",\", \";\" or tab")
      return UInt8(ascii: ",")
    }
  }

  private mutating func source(_ node: YAMLNode, into mapping: inout Mapping) {
    var data: JSONObject = [:]
    for (key, value) in object(node) { data[text(key)] = string(value).map { .string($0) } }
    let fields = PayloadFields(.object(data))
    guard let id = fields.source, fields.title != nil else {
      return fault(node, "a source needs \"source\", its id, and \"title\"")
    }
    mapping.sources.append((id, .object(data)))
  }

  private mutating func actors(_ node: YAMLNode, into mapping: inout Mapping) {
    let kinds = ["state", "person", "organisation", "body", "bloc", "anonymous"]
    for (kind, entries) in object(node) {
      if !kinds.contains(text(kind)) {
        fault(
          kind, "\"\(text(kind))\" is no kind of actor",
          help: "one of \(kinds.joined(separator: ", "))",
          suggestion: suggester.nearest(to: text(kind), among: kinds))
      }
      for (id, name) in object(entries) {
        if let name = string(name) {
          mapping.actors[text(id)] = Mapping.KnownActor(kind: text(kind), name: name)
        }
      }
    }
  }

  private mutating func tables(_ node: YAMLNode, into mapping: inout Mapping) {
    for (name, lines) in object(node) { mapping.tables[text(name)] = table(lines) }
  }

  private mutating func table(_ node: YAMLNode) -> [String: String] {
    var table: [String: String] = [:]
    for (key, value) in object(node) { table[text(key)] = string(value) }
    return table
  }

  private mutating func kind(
    _ name: String, _ node: YAMLNode, of mapping: Mapping
  ) -> MappedKind {
    var kind = MappedKind(name: name)
    let keys = ["columns", "events", "join", "skip", "values", "whole"]
    for (key, value) in members(node, keys: keys, required: ["columns"]) {
      switch key {
      case "columns": kind.columns = list(value).compactMap { string($0) }
      case "whole":
        for node in list(value) {
          uses.append((text(node), name, node))
          kind.wholeColumns.insert(text(node))
        }
      case "join":
        for (other, node) in object(value) { kind.joins.append(join(text(other), node)) }
      case "skip":
        for node in list(value) {
          let parts = members(node, keys: ["because", "unless", "when"], required: ["because"])
          let reason = parts.first { $0.key == "because" }.flatMap { string($0.value) } ?? ""
          kind.skips.append((condition(parts, in: name) ?? MappedCondition(tests: []), reason))
        }
      case "values":
        for (value, node) in object(value) {
          kind.values.append((text(value), self.value(node, in: name)))
        }
      default:
        for node in list(value) {
          if let event = event(node, in: name) { kind.events.append(event) }
        }
      }
    }
    return kind
  }

  /// Columns of the key, or an object that has them under "by".
  private mutating func join(_ kind: String, _ node: YAMLNode) -> MappedKind.Join {
    guard case .object = node.content else {
      return MappedKind.Join(kind: kind, key: listOrOne(node).compactMap { string($0) })
    }
    var join = MappedKind.Join(kind: kind, key: [])
    for (key, value) in members(node, keys: ["by", "optional"], required: ["by"]) {
      if key == "by" {
        join.key = listOrOne(value).compactMap { string($0) }
      } else {
        join.isOptional = flag(value)
      }
    }
    return join
  }

  // MARK: what was used

  /// Looks up the names that were used, when all of them are known.
  private mutating func check(_ mapping: Mapping) {
    let kinds = Dictionary(mapping.files.map { ($0.name, $0) }) { first, _ in first }
    let names = kinds.mapValues { Set($0.columns).union($0.values.map(\.name)) }
    for use in uses {
      guard let kind = kinds[use.kind], let own = names[use.kind] else { continue }
      let parts = use.name.split(separator: ".", maxSplits: 1).map(String.init)
      let isJoined = parts.count == 2 && kind.joins.contains { $0.kind == parts[0] }
      let known = isJoined ? names[parts[0]] ?? [] : own
      guard !known.contains(isJoined ? parts[1] : use.name) else { continue }
      // Names are sorted for the first few suggestions only.
      let sorted = suggester.isSpent ? [] : known.sorted()
      let nearest = suggester.nearest(to: isJoined ? parts[1] : use.name, among: sorted)
      fault(
        use.node, "\"\(use.name)\" is neither a column nor a value of \(use.kind)",
        help: "columns must be listed under \"columns\"",
        suggestion: nearest.map { isJoined ? "\(parts[0]).\($0)" : $0 })
    }
    for use in tableUses where mapping.tables[use.name] == nil {
      fault(
        use.node, "there is no table \"\(use.name)\"",
        suggestion: suggester.nearest(
          to: use.name, among: suggester.isSpent ? [] : mapping.tables.keys.sorted()))
    }
    for kind in mapping.files {
      for join in kind.joins where kinds[join.kind] == nil {
        problems.append(
          Problem(
            .badMapping, "\(file): \(kind.name) joins \"\(join.kind)\", which is no kind of file",
            suggestion: suggester.nearest(to: join.kind, among: mapping.files.map(\.name))))
      }
    }
  }

  /// Refuses values that are made of themselves, or of so many others that no row could be read.
  private mutating func checkValues(_ mapping: Mapping) {
    for kind in mapping.files {
      var sizes = ValueSizes(kind, mapping)
      var total = 0
      for (name, value) in kind.allValues {
        total += sizes.places(in: value) ?? ValueSizes.limit + 1
        if total <= ValueSizes.limit { continue }
        problems.append(
          Problem(
            .badMapping,
            "\(file): \"\(name)\" of \(kind.name) is made of itself, of more than "
              + "\(ValueSizes.depthLimit) values inside each other, or with the values above it of "
              + "more than \(ValueSizes.limit) places",
            help: "make values of columns, and of values that are made of columns"))
        break
      }
    }
  }

  // MARK: nodes

  mutating func fault(
    _ node: YAMLNode, _ message: String, help: Help? = nil, suggestion: String? = nil
  ) {
    problems.append(
      Problem(
        .badMapping, message,
        position: InputLocation(file: file, line: node.line, column: node.column), help: help,
        suggestion: suggestion))
  }

  func text(_ node: YAMLNode) -> String {
    if case .scalar(let text) = node.content { text } else { "" }
  }

  mutating func string(_ node: YAMLNode) -> String? {
    if case .scalar(let text) = node.content { return text }
    fault(node, "a text is wanted here")
    return nil
  }

  mutating func list(_ node: YAMLNode) -> [YAMLNode] {
    if case .list(let nodes) = node.content { return nodes }
    fault(node, "a list is wanted here")
    return []
  }

  func listOrOne(_ node: YAMLNode) -> [YAMLNode] {
    if case .list(let nodes) = node.content { nodes } else { [node] }
  }

  mutating func object(_ node: YAMLNode) -> [(key: YAMLNode, value: YAMLNode)] {
    if case .object(let members) = node.content { return members }
    fault(node, "lines of KEY: VALUE are wanted here")
    return []
  }

  /// The members of an object that may have only these keys.
  mutating func members(
    _ node: YAMLNode, keys: [String], required: [String]
  ) -> [(key: String, value: YAMLNode)] {
    let members = object(node).map { (key: text($0.key), node: $0.key, value: $0.value) }
    for member in members where !keys.contains(member.key) {
      fault(
        member.node, "unknown key \"\(member.key)\"",
        help: "one of \(keys.joined(separator: ", "))",
        suggestion: suggester.nearest(to: member.key, among: keys))
    }
    for key in required where !members.contains(where: { $0.key == key }) {
      fault(node, "\"\(key)\" is missing")
    }
    return members.filter { keys.contains($0.key) }.map { ($0.key, $0.value) }
  }
}
