import Annals
package import EventLog

/// One field of a payload as a person writes it: after `field=` on the command line, in a field of a
/// form, in a cell of a table. It becomes JSON here and nowhere else.
package struct FieldText: Sendable {
  /// `about.topics` as its parts.
  package let path: [Substring]
  package let value: String

  /// Nil for a name with an empty part.
  package init?(_ name: some StringProtocol, _ value: String) {
    path = String(name).split(separator: ".", omittingEmptySubsequences: false)
    self.value = value
    if path.contains(where: \.isEmpty) { return nil }
  }

  package var name: String { path.joined(separator: ".") }

  /// RFC 6901 pointer to where the value goes.
  package var pointer: String { "/data/" + path.joined(separator: "/") }

  /// The value as the schema wants it: `a,b` becomes a list where a list is allowed, `3` a number
  /// where a number is. What does not fit stays text, for the library to say what is wrong.
  package func json(_ shape: FieldShape) -> JSON {
    guard let types = shape.field(path)?.types else { return .string(value) }
    if types.contains(.array), !types.contains(.string) || value.contains(",") {
      return .array(value.split(separator: ",").map { .string($0.trimmingSpaces) })
    }
    if types.contains(.integer), let number = Int64(value) { return .integer(number) }
    if types.contains(.boolean), !types.contains(.string) {
      switch value.lowercased() {
      case "true", "yes": return .bool(true)
      case "false", "no": return .bool(false)
      default: break
      }
    }
    return .string(value)
  }

  /// A value as `json` reads it again; nil for what is no text, number, yes or no, or list of these.
  package static func text(_ json: JSON) -> String? {
    switch json {
    case .string(let text): text
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .bool(let value): value ? "yes" : "no"
    case .array(let elements): elements.compactMap(text).joined(separator: ", ")
    case .object, .null: nil
    }
  }

  /// All fields as one object. With `emptyIsNull` an empty value is null, which removes a field from a
  /// fact that is corrected.
  package static func data(
    _ fields: [FieldText], _ shape: FieldShape, emptyIsNull: Bool = false
  ) throws -> JSON {
    var data = JSONObject()
    for field in fields {
      let value = emptyIsNull && field.value.isEmpty ? JSON.null : field.json(shape)
      try insert(value, field.path[...], field, into: &data)
    }
    return .object(data)
  }

  private static func insert(
    _ value: JSON, _ path: ArraySlice<Substring>, _ field: FieldText, into object: inout JSONObject
  ) throws {
    guard let first = path.first else { return }
    let name = String(first)
    switch (object[name], path.count) {
    case (nil, 1):
      object[name] = value
    case (.array(let elements)?, 1):
      // A list may be given in pieces, for elements that hold commas.
      if case .array(let more) = value { object[name] = .array(elements + more) }
    case (let inner, 2...) where inner?.isObject ?? true:
      var members = JSONObject()
      if case .object(let given)? = inner { members = given }
      try insert(value, path.dropFirst(), field, into: &members)
      object[name] = .object(members)
    default:
      throw Failure.usage("\"\(field.name)\" is given twice")
    }
  }
}

extension JSON {
  fileprivate var isObject: Bool { if case .object = self { true } else { false } }
}

extension StringProtocol {
  var trimmingSpaces: String {
    guard let first = firstIndex(where: { $0 != " " }), let last = lastIndex(where: { $0 != " " })
    else { return "" }
    return String(self[first...last])
  }
}
