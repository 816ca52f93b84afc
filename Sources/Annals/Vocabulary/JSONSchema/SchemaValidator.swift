import EventLog

/// One walk over a value. Nothing is allocated until there is a fault to report.
///
/// What is read stays apart from what is written: tape and nodes would be copied at every step if
/// they were part of what changes. Each value is checked against each schema once at most, except in the
/// first steps, see `SchemaReport.once`.
struct SchemaValidator {
  let tape: JSONTape
  let nodes: UnsafeBufferPointer<SchemaNode>

  func check(_ schema: Int, _ node: JSONTape.Node, _ report: inout SchemaReport) {
    report.steps += 1
    if report.steps <= SchemaReport.freeSteps { return walk(schema, node, &report) }
    report.once(schema, node) { walk(schema, node, &$0) }
  }

  private func walk(_ schema: Int, _ node: JSONTape.Node, _ report: inout SchemaReport) {
    guard hasType(schema, node, &report) else { return }
    if let reference = nodes[schema].reference { check(reference, node, &report) }
    if nodes[schema].isEnumerated { checkEnumeration(schema, node, &report) }
    switch tape.kind(node) {
    case .null, .bool: break
    case .number: checkRange(schema, node, &report)
    case .string: checkText(schema, node, &report)
    case .array: checkArray(schema, node, &report)
    case .object: checkObject(schema, node, &report)
    }
    if !nodes[schema].anyOf.isEmpty { checkAlternatives(schema, node, &report) }
  }

  private func hasType(
    _ schema: Int, _ node: JSONTape.Node, _ report: inout SchemaReport
  ) -> Bool {
    let types = nodes[schema].types
    if types == .all { return true }
    let kind = tape.kind(node)
    guard types.allows(kind) else {
      report.addType(types, tape, node)
      return false
    }
    if kind == .number, !types.contains(.number), tape.integer(node) == nil {
      report.add(.inexactNumber, tape, node) { _ in
        let subject = SchemaWording.subject(tape, node)
        return ("\(subject) is not a whole number within ±\(JSON.integerLimit)", nil, nil)
      }
      return false
    }
    return true
  }

  private func checkEnumeration(
    _ schema: Int, _ node: JSONTape.Node, _ report: inout SchemaReport
  ) {
    if tape.kind(node) == .string {
      if tape.withUTF8(node, { nodes[schema].allowedTexts.index(of: $0) }) != nil { return }
    } else if !nodes[schema].allowedValues.isEmpty {
      // Canonical forms, in which 1 and 1.0 are the same. Never on a hot path: closed lists hold
      // texts nearly always.
      let value = JSONWriter.canonical(tape.value(node))
      if nodes[schema].allowedValues.contains(value) { return }
    }
    report.add(.unknownValue, tape, node, weight: SchemaReport.Weight.value) { suggester in
      let allowed = nodes[schema].enumeration
      let subject = SchemaWording.subject(tape, node)
      let message =
        allowed.count == 1
        ? "\(subject) is not \(allowed[0])" : "\(subject) is not one of \(allowed.listed)"
      let isText = tape.kind(node) == .string
      return (
        message, nil, isText ? suggester.nearest(to: tape.string(node), among: allowed) : nil
      )
    }
  }

  private func checkRange(_ schema: Int, _ node: JSONTape.Node, _ report: inout SchemaReport) {
    let bounds = nodes[schema].range
    guard !bounds.isUnbounded, let value = tape.double(node), !bounds.contains(value) else {
      return
    }
    report.add(.outOfRange, tape, node) { _ in
      ("\(SchemaWording.subject(tape, node)) is not \(SchemaWording.interval(bounds))", nil, nil)
    }
  }

  private func checkText(_ schema: Int, _ node: JSONTape.Node, _ report: inout SchemaReport) {
    let bounds = nodes[schema].length
    if !bounds.isUnbounded, !fitsByBytes(bounds, node) {
      let count = tape.withUTF8(node) { $0.count { $0 & 0xC0 != 0x80 } }
      if !bounds.contains(Double(count)) {
        report.add(.outOfRange, tape, node) { _ in
          let name = SchemaWording.label(tape, node)
          if count == 0 { return ("\(name) is empty", nil, nil) }
          let found = SchemaWording.counted(count, "character")
          return ("\(name) has \(found), not \(SchemaWording.interval(bounds))", nil, nil)
        }
      }
    }
    if nodes[schema].hasFormat { checkFormat(schema, node, &report) }
  }

  /// Whether a text has the right length however many bytes each of its characters takes.
  private func fitsByBytes(_ bounds: SchemaNode.Bounds, _ node: JSONTape.Node) -> Bool {
    // An escape takes no fewer bytes than what it stands for.
    let most = Double(tape.range(node).count - 2)
    let least: Double = most > 0 ? 1 : 0
    return bounds.minimum ?? 0 <= least && most <= bounds.maximum ?? .infinity
  }

  private func checkFormat(_ schema: Int, _ node: JSONTape.Node, _ report: inout SchemaReport) {
    if let test = nodes[schema].format?.test, tape.withUTF8(node, test) { return }
    guard let fault = nodes[schema].format?.check(tape.string(node)) else { return }
    report.add(fault.code, tape, node) { _ in (fault.message, fault.help, fault.suggestion) }
  }
}
