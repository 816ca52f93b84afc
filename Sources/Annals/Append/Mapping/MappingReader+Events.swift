import EventLog

/// The events of a mapping, and where their values come from.
extension MappingReader {
  private static let envelopeKeys = ["basis", "confidence", "note", "on"]

  mutating func event(_ node: YAMLNode, in kind: String) -> MappedEvent? {
    let keys =
      ["data", "event", "missing-only", "once", "sources", "unless", "version", "when"]
      + Self.envelopeKeys
    let parts = members(node, keys: keys, required: ["event", "data"])
    guard let typeNode = parts.first(where: { $0.key == "event" })?.value,
      let type = string(typeNode)
    else { return nil }
    var event = MappedEvent(type: type)
    event.condition = condition(parts, in: kind)
    for (key, value) in parts {
      switch key {
      case "version":
        event.version = string(value).flatMap { Int($0) }
        if event.version == nil { fault(value, "a version is a whole number") }
      case "once": event.once = self.value(value, in: kind)
      case "missing-only": event.isOnlyWhereMissing = flag(value)
      case "data": event.data = fields(value, in: kind)
      case "sources":
        for node in list(value) { event.sources.append(fields(node, in: kind)) }
      case let key where Self.envelopeKeys.contains(key):
        event.envelope.append((key, self.value(value, in: kind)))
      default: break
      }
    }
    check(event, typeNode, parts.first { $0.key == "data" }?.value)
    return event
  }

  /// The type must be known, and so must the fields.
  private mutating func check(_ event: MappedEvent, _ typeNode: YAMLNode, _ data: YAMLNode?) {
    guard let definition = vocabulary.definition(event.type, version: event.version) else {
      return fault(
        typeNode, "unknown event type \"\(event.type)\"",
        help: "\(command: "list types") shows them all",
        suggestion: suggester.nearest(
          to: event.type, among: suggester.isSpent ? [] : vocabulary.types.map(\.type.name)))
    }
    let count =
      event.envelope.count + Self.count(event.data) + event.sources.map(Self.count).reduce(0, +)
    if count > EventPlan.leafLimit {
      fault(typeNode, "an event can take \(EventPlan.leafLimit) values from a row, not \(count)")
    }
    guard let data else { return }
    let known = definition.schema.nodes[0].properties.map(\.name)
    for (key, _) in object(data) where !known.isEmpty && !known.contains(text(key)) {
      fault(
        key, "\(event.type) has no field \"\(text(key))\"",
        help: "it has \(known.joined(separator: ", "))",
        suggestion: suggester.nearest(to: text(key), among: known))
    }
    for name in definition.schema.required
    where !event.data.contains(where: { $0.name == name }) {
      fault(data, "\(event.type) needs the field \"\(name)\"")
    }
  }

  private static func count(_ fields: [MappedField]) -> Int {
    fields.reduce(0) { count, field in
      switch field.content {
      case .value: count + 1
      case .object(let inner): count + self.count(inner)
      }
    }
  }

  private mutating func fields(_ node: YAMLNode, in kind: String) -> [MappedField] {
    object(node).map { key, node in
      if case .object(let members) = node.content,
        !members.contains(where: { text($0.key) == "take" })
      {
        return MappedField(name: text(key), content: .object(fields(node, in: kind)))
      }
      return MappedField(name: text(key), content: .value(value(node, in: kind)))
    }
  }

  // MARK: values

  /// A template; an object with "take"; or a list of such, the first of which counts that gives
  /// something.
  mutating func value(_ node: YAMLNode, in kind: String) -> MappedValue {
    switch node.content {
    case .list(let nodes): MappedValue(ways: nodes.compactMap { way($0, in: kind) })
    default: MappedValue(ways: [way(node, in: kind)].compactMap(\.self))
    }
  }

  private mutating func way(_ node: YAMLNode, in kind: String) -> MappedValue.Way? {
    guard case .object = node.content else {
      guard string(node) != nil, let template = template(node, in: kind) else { return nil }
      return MappedValue.Way(template: template)
    }
    let keys = [
      "alone", "as", "case", "map", "omit", "otherwise", "rewrite", "split", "take", "unless",
      "when",
    ]
    let parts = members(node, keys: keys, required: ["take"])
    guard let take = parts.first(where: { $0.key == "take" })?.value,
      let template = template(take, in: kind)
    else { return nil }
    var way = MappedValue.Way(template: template)
    way.condition = condition(parts, in: kind)
    for (key, value) in parts {
      switch key {
      case "omit": way.omit = Set(listOrOne(value).compactMap { string($0).map { Array($0.utf8) } })
      case "case": way.letters = choice(value, MappedValue.Letters.self)
      case "otherwise": way.otherwise = choice(value, MappedValue.Otherwise.self) ?? .refuse
      case "alone": way.isAlone = flag(value)
      case "map":
        way.table = string(value)
        tableUses.append((text(value), value))
      case "rewrite":
        for (pattern, result) in object(value) {
          rewrite(pattern, result).map { way.rewrites.append($0) }
        }
      case "split": way.form = .list(separator: Array(text(value).utf8))
      case "as":
        switch string(value) {
        case "text": way.form = .text
        case "integer": way.form = .integer
        case "boolean": way.form = .boolean
        case "actor": way.isActor = true
        case "id": way.isID = true
        default: fault(value, "\"as\" is one of text, integer, boolean, actor, id")
        }
      default: break
      }
    }
    return way
  }

  private mutating func rewrite(_ pattern: YAMLNode, _ result: YAMLNode) -> Rewrite? {
    guard let to = string(result) else { return nil }
    do throws(TextTemplate.Fault) {
      let rewrite = try Rewrite(pattern: text(pattern), result: to)
      for case .reference(_, .some(let table)) in rewrite.result.parts {
        tableUses.append((table, result))
      }
      return rewrite
    } catch {
      fault(pattern, error.message)
      return nil
    }
  }

  private mutating func template(_ node: YAMLNode, in kind: String) -> TextTemplate? {
    guard let text = string(node) else { return nil }
    do throws(TextTemplate.Fault) {
      let template = try TextTemplate(text)
      for case .reference(let name, let table) in template.parts {
        uses.append((name, kind, node))
        if let table { tableUses.append((table, node)) }
      }
      return template
    } catch {
      fault(node, error.message)
      return nil
    }
  }

  mutating func flag(_ node: YAMLNode) -> Bool {
    switch string(node) {
    case "true", "yes": return true
    case "false", "no": return false
    default:
      fault(node, "true or false is wanted here")
      return false
    }
  }

  private mutating func choice<Choice>(_ node: YAMLNode, _ type: Choice.Type) -> Choice?
  where Choice: RawRepresentable<String> & CaseIterable {
    guard let text = string(node) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    fault(
      node, "\"\(text)\" is none of \(known.joined(separator: ", "))",
      suggestion: suggester.nearest(to: text, among: known))
    return nil
  }

  // MARK: conditions

  /// What stands under "when" and "unless"; nil when neither does.
  mutating func condition(
    _ parts: [(key: String, value: YAMLNode)], in kind: String
  ) -> MappedCondition? {
    var tests: [MappedCondition.Test] = []
    for (key, node) in parts where key == "when" || key == "unless" {
      for (name, texts) in object(node) {
        guard let template = condition(on: name, in: kind) else { continue }
        var test = MappedCondition.Test(template: template, isNegated: key == "unless")
        for node in listOrOne(texts) {
          guard let text = string(node) else { continue }
          let ends = text.components(around: "..").map { Int($0) }
          if ends.count == 2, let from = ends[0], let to = ends[1], from <= to {
            test.ranges.append(from...to)
          } else {
            test.texts.insert(Array(text.utf8))
          }
        }
        tests.append(test)
      }
    }
    return tests.isEmpty ? nil : MappedCondition(tests: tests)
  }

  /// `symbol` is short for `{symbol}`.
  private mutating func condition(on name: YAMLNode, in kind: String) -> TextTemplate? {
    var name = name
    if case .scalar(let text) = name.content, !text.contains("{") {
      name.content = .scalar("{\(text)}")
    }
    return template(name, in: kind)
  }
}

extension String {
  /// The parts before and after the first separator; the whole where there is none.
  fileprivate func components(around separator: String) -> [String] {
    guard let range = firstRange(of: separator) else { return [self] }
    return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
  }
}
