import EventLog

/// Turns the text of a schema into nodes, and collects everything that is wrong with it.
struct SchemaCompiler {
  let tape: JSONTape
  let formats: JSONSchema.Formats
  var nodes: [SchemaNode] = []
  var faults: [SchemaFault] = []
  /// How many faults were found and not kept.
  var moreFaults = 0
  var tags: [(kind: String, paths: [[String]])] = []
  var defines: [(kind: String, path: [String])] = []
  var summary: String?
  var examples: [JSON] = []
  /// Index of the node of each `$defs` entry.
  private var definitions: [String: Int] = [:]
  /// Where each node's `$ref` stands, for what can be said only when all nodes are known.
  private var references: [Int: JSONTape.Node] = [:]
  var suggester = Suggester()

  init(tape: JSONTape, formats: JSONSchema.Formats) {
    self.tape = tape
    self.formats = formats
  }

  static let keywords = [
    "$schema", "$id", "$defs", "$ref", "title", "description", "examples", "type", "properties",
    "required", "additionalProperties", "enum", "const", "items", "minItems", "maxItems",
    "uniqueItems", "minLength", "maxLength", "minimum", "maximum", "anyOf", "format",
    "x-annals-tags", "x-annals-defines", "x-annals-summary",
  ]

  /// Schemas and subschemas in one file.
  static let nodeLimit = 10_000
  /// Subschemas that `annals help` would write, going from each to those that it refers to.
  static let unfoldedLimit = 200_000

  mutating func compileAll() {
    let root = tape.root
    guard tape.kind(root) == .object else {
      return fault(root, "a schema is an object, not \(SchemaWording.kind(tape, root))")
    }
    // The root is node 0, and references may point forwards.
    nodes = [SchemaNode()]
    var definitionNodes: [(index: Int, value: JSONTape.Node)] = []
    if let defs = tape.member(root, "$defs"), tape.kind(defs) == .object {
      for (key, value) in tape.members(defs) {
        definitions[tape.string(key)] = nodes.count
        definitionNodes.append((nodes.count, value))
        nodes.append(SchemaNode())
      }
    }
    nodes[0] = compile(root, at: 0)
    for (index, value) in definitionNodes { nodes[index] = compile(value, at: index) }
    refuseEndlessReferences()
    if faults.isEmpty { refuseManyWays() }
    if faults.isEmpty {
      for (key, value) in tape.members(root) where isAnnals(key) { annals(key, value) }
    }
  }

  /// Compiles a subschema into a new node, and returns its index.
  private mutating func add(_ value: JSONTape.Node) -> Int {
    let index = nodes.count
    guard index < Self.nodeLimit else {
      if index == Self.nodeLimit {
        fault(value, "the schema has more than \(Self.nodeLimit) subschemas")
        nodes.append(SchemaNode())
      }
      return 0
    }
    nodes.append(SchemaNode())
    nodes[index] = compile(value, at: index)
    return index
  }

  private mutating func compile(_ schema: JSONTape.Node, at index: Int) -> SchemaNode {
    var node = SchemaNode()
    guard tape.kind(schema) == .object else {
      fault(schema, "a schema is an object, not \(SchemaWording.kind(tape, schema))")
      return node
    }
    for (key, value) in tape.members(schema) {
      keyword(key, value, at: index, isTop: schema == tape.root, into: &node)
    }
    node.names = ByteTable(node.properties.map(\.name))
    for position in node.required.indices {
      var name = node.required[position].name
      let property = name.withUTF8 { node.names.index(of: $0) }
      node.required[position].property = property
      if let property, property < 64 {
        node.requiredMask |= 1 << UInt64(property)
      } else {
        node.hasRequiredBeyondMask = true
      }
    }
    return node
  }

  private mutating func keyword(
    _ key: JSONTape.Node, _ value: JSONTape.Node, at index: Int, isTop: Bool,
    into node: inout SchemaNode
  ) {
    let name = tape.string(key)
    switch name {
    case "$schema", "$id", "$defs":
      if isTop { top(name, value) } else { onlyAtTheTop(name, key) }
    case "examples":
      guard list(name, value) else { return }
      if isTop { examples = tape.elements(value).map { tape.value($0) } }
    case "x-annals-tags", "x-annals-defines", "x-annals-summary":
      // Read when the fields that they name are known.
      if !isTop { onlyAtTheTop(name, key) }
    case "title": node.title = text(name, value)
    case "description": node.description = text(name, value)
    case "$ref": reference(value, at: index, into: &node)
    case "properties":
      guard object(name, value) else { return }
      for (key, value) in tape.members(value) {
        let name = tape.string(key)
        node.properties.append(SchemaNode.Property(name: name, schema: add(value)))
      }
    case "required":
      node.required = strings(name, value).map { SchemaNode.Requirement(name: $0, property: nil) }
    case "additionalProperties":
      switch tape.bool(value) {
      case true?: node.additional = .allowed
      case false?: node.additional = .refused
      case nil: node.additional = .schema(add(value))
      }
    case "items": node.items = add(value)
    case "anyOf":
      guard list(name, value) else { return }
      if tape.count(value) == 0 { return fault(value, "\"anyOf\" has no alternatives") }
      node.anyOf = tape.elements(value).map { add($0) }
    case "type": node.types = types(value)
    case "enum":
      guard list(name, value) else { return }
      if tape.count(value) == 0 { return fault(value, "\"enum\" allows no value") }
      restrict(&node, to: tape.elements(value).map { tape.value($0) }, value)
    case "const": restrict(&node, to: [tape.value(value)], value)
    case "minItems": node.itemCount.minimum = count(name, value)
    case "maxItems": node.itemCount.maximum = count(name, value)
    case "minLength": node.length.minimum = count(name, value)
    case "maxLength": node.length.maximum = count(name, value)
    case "minimum": node.range.minimum = number(name, value)
    case "maximum": node.range.maximum = number(name, value)
    case "uniqueItems": node.areItemsUnique = boolean(name, value)
    case "format":
      node.format = format(value)
      node.hasFormat = node.format != nil
    default: unsupported(name, key)
    }
    refuseEmpty(node.itemCount, name, value)
    refuseEmpty(node.length, name, value)
    refuseEmpty(node.range, name, value)
  }

  private mutating func refuseEmpty(
    _ bounds: SchemaNode.Bounds, _ name: String, _ value: JSONTape.Node
  ) {
    guard name.hasPrefix("min") || name.hasPrefix("max"), let minimum = bounds.minimum,
      let maximum = bounds.maximum, minimum > maximum
    else { return }
    // Once: at the second keyword of the pair that is at fault.
    guard !faults.contains(where: { $0.range == tape.range(value) }) else { return }
    fault(value, "\"\(name)\" leaves no value: the minimum is above the maximum")
  }

  private mutating func restrict(
    _ node: inout SchemaNode, to values: [JSON], _ value: JSONTape.Node
  ) {
    if node.isEnumerated { return fault(value, "give \"enum\" or \"const\", not both") }
    for value in values {
      if case .string(let text) = value {
        node.enumeration.append(text)
      } else {
        node.enumeration.append(JSONWriter.compact(value))
        node.allowedValues.insert(JSONWriter.canonical(value))
      }
      node.allowedKinds.insert(value.kind)
    }
    node.allowedTexts = ByteTable(
      values.compactMap { if case .string(let text) = $0 { text } else { nil } })
  }

  // MARK: references

  private mutating func reference(
    _ value: JSONTape.Node, at index: Int, into node: inout SchemaNode
  ) {
    guard let target = text("$ref", value) else { return }
    let prefix = "#/$defs/"
    guard target.hasPrefix(prefix), let found = definitions[String(target.dropFirst(prefix.count))]
    else {
      let isLocal = target.hasPrefix(prefix)
      guard faults.count < ProblemList.eventLimit else {
        moreFaults += 1
        return
      }
      let known = definitions.keys.sorted()
      return fault(
        value,
        isLocal
          ? "\"\(target)\" is not defined" : "\"$ref\" must be local, not \"\(target)\"",
        help: known.isEmpty
          ? "define it under \"$defs\" and write #/$defs/NAME"
          : "the definitions are: \(known.listed)",
        suggestion: suggester.nearest(
          to: String(target.split(separator: "/").last ?? ""), among: known
        ).map { prefix + $0 })
    }
    node.reference = found
    references[index] = value
  }

  /// A schema that refers to itself without going into a field or an element would never end, and
  /// a long way from one to the next would take as much of the stack.
  private mutating func refuseEndlessReferences() {
    let limit = 16
    var heights = [Int?](repeating: nil, count: nodes.count)
    func height(_ index: Int, _ depth: Int) -> Int? {
      if let known = heights[index] { return known }
      if depth > limit { return nil }
      var result = 0
      for next in nodes[index].anyOf + [nodes[index].reference].compactMap({ $0 }) {
        guard let below = height(next, depth + 1), below < limit else { return nil }
        result = max(result, below + 1)
      }
      heights[index] = result
      nodes[index].possibleTypes = nodes[index].types(in: nodes)
      return result
    }
    for index in nodes.indices where height(index, 0) == nil {
      return fault(
        references[index] ?? references.values.min() ?? tape.root,
        "\"$ref\" leads back to itself, or over more than \(limit) schemas")
    }
  }

  /// Help and completion write out what a schema refers to, up to some depth. Schemas that refer to
  /// one another in many ways would make that endless.
  private mutating func refuseManyWays() {
    var sizes = [Int](repeating: 1, count: nodes.count)
    for _ in 0..<12 {
      sizes = nodes.map { node in
        node.parts.reduce(1) { min($0 + sizes[$1], Self.unfoldedLimit + 1) }
      }
    }
    if let index = sizes.firstIndex(where: { $0 > Self.unfoldedLimit }) {
      fault(
        references[index] ?? tape.root,
        "the schema leads to more than \(Self.unfoldedLimit) others when references are followed",
        help: "define fewer schemas that refer to one another, or fewer alternatives")
    }
  }
}

extension SchemaNode {
  /// The subschemas that it names.
  fileprivate var parts: [Int] {
    var parts = properties.map(\.schema) + anyOf + [reference, items].compactMap(\.self)
    if case .schema(let other) = additional { parts.append(other) }
    return parts
  }
}

extension JSON {
  fileprivate var kind: JSONKind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .integer, .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }
}
