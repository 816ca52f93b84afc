import EventLog

@testable import Annals

/// A value with one thing wrong in it.
struct Mutation {
  /// What was done, and where.
  var change: String
  var value: JSON
  /// Whether a Swift structure must refuse it too. Ranges, lengths, unknown fields and most formats
  /// are the schema's alone.
  var isSeenBySwift: Bool
}

extension SchemaSampler {
  /// Every single way to spoil a valid value, at every place in it.
  func mutations(of value: JSON) -> [Mutation] {
    mutations(of: value, schema, at: "", canBeLeftOut: false)
  }

  private func mutations(
    of value: JSON, _ schema: JSON, at path: String, canBeLeftOut: Bool
  ) -> [Mutation] {
    let schema = resolved(schema)
    var result: [Mutation] = []
    func add(_ change: String, _ value: JSON, seen: Bool) {
      result.append(
        Mutation(change: "\(path): \(change)", value: value, isSeenBySwift: seen))
    }
    let allowed = kinds(schema)
    // Nothing in a structure without fields asks what the value is.
    let isRead = path != "" || !(schema["properties"]?.object ?? [:]).isEmpty
    for wrong: JSON in [.null, true, 7, 1.5, "text", [], [:]]
    where !allowed.contains(wrong.kindName) {
      add("made \(wrong.kindName)", wrong, seen: isRead && !(wrong == .null && canBeLeftOut))
    }
    for alternative in alternatives(schema) {
      if alternative["enum"] != nil { add("not in the enum", "no such value", seen: true) }
      switch alternative["format"]?.string {
      case "edtf": add("no date", "the day before yesterday", seen: true)
      case "uuid": add("no UUID", "0198b6a0", seen: true)
      case .some: add("not of the form", "ab c", seen: false)
      case nil: break
      }
      if alternative["minLength"] != nil { add("empty", "", seen: false) }
      if let low = alternative["minimum"]?.integer { add("small", .integer(low - 1), seen: false) }
      if let high = alternative["maximum"]?.integer {
        add("large", .integer(high + 1), seen: false)
      }
      if alternative["minItems"] != nil { add("no elements", [], seen: false) }
      if let elements = value.array, let first = elements.first,
        alternative["uniqueItems"] == .bool(true)
      {
        add("repeated", .array(elements + [first]), seen: false)
      }
    }
    return result + inside(value, schema, at: path)
  }

  /// What can be spoiled in the members and elements of a value.
  private func inside(_ value: JSON, _ schema: JSON, at path: String) -> [Mutation] {
    var result: [Mutation] = []
    if let object = value.object {
      if schema["additionalProperties"] == .bool(false) {
        var changed = object
        changed["noSuchField"] = "text"
        result.append(
          Mutation(change: "\(path): unknown field", value: .object(changed), isSeenBySwift: false))
      }
      let required = (schema["required"]?.array ?? []).compactMap(\.string)
      for name in required {
        var changed = object
        changed[name] = nil
        result.append(
          Mutation(change: "\(path): no \(name)", value: .object(changed), isSeenBySwift: true))
      }
      for (name, member) in object {
        guard let property = schema["properties"]?[name] else { continue }
        let inner = mutations(
          of: member, property, at: "\(path)/\(name)", canBeLeftOut: !required.contains(name))
        for var mutation in inner {
          var changed = object
          changed[name] = mutation.value
          mutation.value = .object(changed)
          result.append(mutation)
        }
      }
    }
    if let elements = value.array,
      let items = alternatives(schema).compactMap({ $0["items"] }).first
    {
      for (index, element) in elements.enumerated() {
        for var mutation in mutations(
          of: element, items, at: "\(path)/\(index)", canBeLeftOut: false)
        {
          var changed = elements
          changed[index] = mutation.value
          mutation.value = .array(changed)
          result.append(mutation)
        }
      }
    }
    return result
  }

  /// The schema itself, or those of its `anyOf`.
  private func alternatives(_ schema: JSON) -> [JSON] {
    guard let alternatives = schema["anyOf"]?.array, schema["type"] == nil else { return [schema] }
    return alternatives.flatMap { self.alternatives(resolved($0)) }
  }

  /// Names of the kinds of value that a schema takes.
  private func kinds(_ schema: JSON) -> Set<String> {
    Set(
      alternatives(schema).map { alternative in
        switch alternative["type"]?.string {
        case "object": JSON.object([:]).kindName
        case "array": JSON.array([]).kindName
        case "integer": JSON.integer(0).kindName
        case "boolean": JSON.bool(true).kindName
        default: JSON.string("").kindName
        }
      })
  }
}
