import Annals
import EventLog

/// One `field=value` of `append` and `correct`.
struct FieldArgument {
  let text: String
  /// `about.topics` as its parts.
  let path: [Substring]
  let value: String

  init(_ text: String) throws {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw Failure.usage(
        "\"\(text)\" is not FIELD=VALUE",
        help: "for example  voter=USA  or  about.topics=ukraine-integrity")
    }
    self.text = text
    path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false)
    value = String(text[text.index(after: equals)...])
    if path.contains(where: \.isEmpty) {
      throw Failure.usage("\"\(text[..<equals])\" is not the name of a field")
    }
  }

  var name: String { path.joined(separator: ".") }

  /// RFC 6901 pointer to where the value goes.
  var pointer: String { "/data/" + path.joined(separator: "/") }

  /// The value as the schema wants it: `a,b` becomes a list where a list is allowed, `3` a number
  /// where a number is. What does not fit stays text, for the library to say what is wrong.
  func json(_ shape: FieldShape) -> JSON {
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
}

/// All `field=value` arguments as one object.
enum Fields {
  static func data(_ arguments: [FieldArgument], _ shape: FieldShape) throws -> JSON {
    var data = JSONObject()
    for argument in arguments {
      try insert(argument.json(shape), argument.path[...], argument, into: &data)
    }
    return .object(data)
  }

  private static func insert(
    _ value: JSON, _ path: ArraySlice<Substring>, _ argument: FieldArgument,
    into object: inout JSONObject
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
      try insert(value, path.dropFirst(), argument, into: &members)
      object[name] = .object(members)
    default:
      throw Failure.usage("\"\(argument.name)\" is given twice")
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

extension JSON {
  /// The member of an object; nil for anything else.
  func member(_ name: String) -> JSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }
}
