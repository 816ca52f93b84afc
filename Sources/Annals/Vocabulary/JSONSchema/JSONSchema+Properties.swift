import EventLog

extension JSONSchema {
  /// A field, described for documentation, help and completion.
  public struct Property: Hashable, Sendable {
    public var name: String
    public var description: String?
    public var isRequired: Bool
    /// What it holds, in words: `integer −2…2`, `one of yes, no`, `list of slug`.
    public var typeText: String
    /// The types of value it takes, alternatives included.
    public var types: Types
    /// The values it takes where the list is closed, those of a list's elements included.
    public var enumValues: [String]
    /// The fields of an object.
    public var properties: [Property]
  }

  /// The fields of the schema's objects, in the order of the schema.
  public var properties: [Property] { nodes[0].properties(in: nodes, depth: 0) }

  /// The first part of a path through objects that no value can have, with what could stand there;
  /// nil when there may be a value at the path.
  func unknownPart(of path: [String]) -> (index: Int, known: [String])? {
    var places = nodes[0].alternatives(in: nodes, depth: 0)
    for (index, name) in path.enumerated() {
      for place in places where place.types.contains(.object) {
        if case .refused = place.additional { continue }
        return nil
      }
      let properties = places.flatMap(\.properties)
      let fitting = properties.filter { $0.name.utf8.elementsEqual(name.utf8) }
      if fitting.isEmpty { return (index, properties.map(\.name)) }
      places = fitting.flatMap { nodes[$0.schema].alternatives(in: nodes, depth: 0) }
    }
    return nil
  }
}

extension SchemaNode {
  /// The schemas that a value may be of: its own, or those that it refers to.
  func alternatives(in nodes: [SchemaNode], depth: Int) -> [SchemaNode] {
    let others = [reference].compactMap(\.self) + anyOf
    guard !others.isEmpty, depth < 4 else { return [self] }
    return others.flatMap { nodes[$0].alternatives(in: nodes, depth: depth + 1) }
  }

  /// Its own description, or that of the schema it refers to.
  func description(in nodes: [SchemaNode]) -> String? {
    description ?? reference.flatMap { nodes[$0].description(in: nodes) }
  }

  /// The types that are left when references and alternatives, whose types are known, are counted in.
  func types(in nodes: [SchemaNode]) -> JSONSchema.Types {
    var types = types
    if let reference { types.formIntersection(nodes[reference].possibleTypes) }
    if !anyOf.isEmpty {
      types.formIntersection(
        anyOf.reduce(JSONSchema.Types()) { $0.union(nodes[$1].possibleTypes) })
    }
    return isEnumerated ? types.intersection(enumeratedTypes) : types
  }

  private var enumeratedTypes: JSONSchema.Types {
    allowedKinds.reduce(JSONSchema.Types()) { types, kind in
      switch kind {
      case .null: types.union(.null)
      case .bool: types.union(.boolean)
      case .number: types.union([.integer, .number])
      case .string: types.union(.string)
      case .array: types.union(.array)
      case .object: types.union(.object)
      }
    }
  }

  func properties(in nodes: [SchemaNode], depth: Int) -> [JSONSchema.Property] {
    // Schemas may refer to themselves through their fields.
    guard depth < 4 else { return [] }
    if properties.isEmpty, let reference {
      return nodes[reference].properties(in: nodes, depth: depth)
    }
    let required = Set(required.map(\.name))
    return properties.map { property in
      let schema = nodes[property.schema]
      return JSONSchema.Property(
        name: property.name, description: schema.description(in: nodes),
        isRequired: required.contains(property.name),
        typeText: schema.typeText(in: nodes, depth: 0), types: schema.possibleTypes,
        enumValues: schema.enumValues(in: nodes, depth: 0),
        properties: schema.properties(in: nodes, depth: depth + 1))
    }
  }

  private func enumValues(in nodes: [SchemaNode], depth: Int) -> [String] {
    guard depth < 4 else { return [] }
    if isEnumerated { return enumeration }
    var values: [String] = []
    var seen: Set<String> = []
    for index in [reference, items].compactMap({ $0 }) + anyOf {
      for value in nodes[index].enumValues(in: nodes, depth: depth + 1)
      where seen.insert(value).inserted {
        values.append(value)
      }
    }
    return values
  }

  private func typeText(in nodes: [SchemaNode], depth: Int) -> String {
    guard depth < 4 else { return "…" }
    if isEnumerated {
      return enumeration.count == 1
        ? enumeration[0] : "one of \(enumeration.joined(separator: ", "))"
    }
    if let reference { return nodes[reference].typeText(in: nodes, depth: depth + 1) }
    if !anyOf.isEmpty {
      return anyOf.map { nodes[$0].typeText(in: nodes, depth: depth + 1) }
        .joined(separator: " or ")
    }
    if let format { return format.name }
    if types == .all { return "any value" }
    let names = JSONSchema.Types.named.filter { types.contains($0.type) }.map { entry in
      switch entry.type {
      case .string: "text"
      case .boolean: "true or false"
      case .array:
        "list" + (items.map { " of \(nodes[$0].typeText(in: nodes, depth: depth + 1))" } ?? "")
      case .integer, .number: entry.keyword + rangeText
      default: entry.keyword
      }
    }
    return names.joined(separator: " or ")
  }

  /// " −2…2", " from 1", " up to 5", or nothing.
  private var rangeText: String {
    func text(_ value: Double) -> String {
      (value < 0 ? "−" : "") + SchemaWording.number(value.magnitude)
    }
    return switch (range.minimum, range.maximum) {
    case (let minimum?, let maximum?): " \(text(minimum))…\(text(maximum))"
    case (let minimum?, nil): " from \(text(minimum))"
    case (nil, let maximum?): " up to \(text(maximum))"
    case (nil, nil): ""
    }
  }
}
