import EventLog

extension SchemaValidator {
  func checkObject(_ schema: Int, _ object: JSONTape.Node, _ report: inout SchemaReport) {
    var seen: UInt64 = 0
    // The fields of an event mostly stand in the order of its schema.
    var hint = 0
    for (key, value) in tape.members(object) {
      if let index = tape.withUTF8(key, { nodes[schema].names.index(of: $0, hint: hint) }) {
        hint = index + 1
        if index < 64 { seen |= 1 << UInt64(index) }
        check(nodes[schema].properties[index].schema, value, &report)
        continue
      }
      switch nodes[schema].additional {
      case .allowed: break
      case .schema(let other): check(other, value, &report)
      case .refused: addUnknown(key, schema, &report)
      }
    }
    let mask = nodes[schema].requiredMask
    if seen & mask == mask, !nodes[schema].hasRequiredBeyondMask { return }
    report.steps += nodes[schema].required.count
    if report.isExhausted { return }
    let keys = Set(tape.members(object).map { tape.string($0.key) })
    for requirement in nodes[schema].required where !keys.contains(requirement.name) {
      addMissing(requirement, schema, object, &report)
    }
  }

  private func addUnknown(_ key: JSONTape.Node, _ schema: Int, _ report: inout SchemaReport) {
    report.add(.unknownField, tape, key, field: tape.string(key)) { suggester in
      let name = tape.string(key)
      let names = nodes[schema].properties.map(\.name)
      return (
        "unknown field \"\(SchemaWording.short(name))\"",
        names.isEmpty ? "there are no fields here" : "the fields are: \(names.listed)",
        suggester.nearest(to: name, among: names)
      )
    }
  }

  private func addMissing(
    _ requirement: SchemaNode.Requirement, _ schema: Int, _ object: JSONTape.Node,
    _ report: inout SchemaReport
  ) {
    let start = tape.range(object).lowerBound
    report.add(
      .missingField, tape, object, range: start..<start + 1, field: requirement.name
    ) { _ in
      let property = requirement.property.map { nodes[schema].properties[$0].schema }
      let description = property.flatMap { nodes[$0].description(in: Array(nodes)) }
      let path = SchemaWording.path(tape.pointer(to: object)).map { "\($0).\(requirement.name)" }
      return (
        path.map { "\($0) is missing" } ?? "the field \"\(requirement.name)\" is missing",
        description.map { "\(requirement.name): \($0)" }, nil
      )
    }
  }

  func checkArray(_ schema: Int, _ array: JSONTape.Node, _ report: inout SchemaReport) {
    let count = tape.count(array)
    let bounds = nodes[schema].itemCount
    if !bounds.contains(Double(count)) {
      report.add(.outOfRange, tape, array) { _ in
        let name = SchemaWording.label(tape, array)
        if count == 0 { return ("\(name) is an empty list", nil, nil) }
        let found = SchemaWording.counted(count, "element")
        return ("\(name) has \(found), not \(SchemaWording.interval(bounds))", nil, nil)
      }
    }
    if nodes[schema].areItemsUnique, count > 1, let second = repeatedElement(array) {
      report.add(.badFormat, tape, second) { _ in
        let list = SchemaWording.label(tape, array)
        return (
          "\(SchemaWording.subject(tape, second)) stands in \(list) already",
          "name each element once", nil
        )
      }
    }
    if let items = nodes[schema].items {
      for element in tape.elements(array) { check(items, element, &report) }
    }
  }

  /// The first element that is the same as an earlier one.
  private func repeatedElement(_ array: JSONTape.Node) -> JSONTape.Node? {
    if tape.count(array) > 32 {
      var seen: Set<[UInt8]> = []
      return tape.elements(array).first {
        !seen.insert(JSONWriter.canonical(tape.value($0))).inserted
      }
    }
    for element in tape.elements(array) {
      for earlier in tape.elements(array) {
        if earlier == element { break }
        if isSame(earlier, element) { return element }
      }
    }
    return nil
  }

  private func isSame(_ a: JSONTape.Node, _ b: JSONTape.Node) -> Bool {
    guard tape.kind(a) == tape.kind(b) else { return false }
    switch tape.kind(a) {
    case .null: return true
    case .bool: return tape.bool(a) == tape.bool(b)
    case .number: return tape.double(a) == tape.double(b)
    case .string: return tape.withUTF8(a) { tape.equals(b, utf8: $0) }
    case .array, .object:
      return JSONWriter.canonical(tape.value(a)) == JSONWriter.canonical(tape.value(b))
    }
  }
}
