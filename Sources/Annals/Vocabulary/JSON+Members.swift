import EventLog

extension JSON {
  var string: String? { if case .string(let text) = self { text } else { nil } }
  var array: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
  var object: JSONObject? { if case .object(let object) = self { object } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var integer: Int64? { if case .integer(let value) = self { value } else { nil } }

  subscript(key: String) -> JSON? { object?[key] }

  /// Every string at a dot path, arrays flattened.
  func strings(at path: ArraySlice<String>) -> [String] {
    if let elements = array { return elements.flatMap { $0.strings(at: path) } }
    guard let field = path.first else { return string.map { [$0] } ?? [] }
    return self[field]?.strings(at: path.dropFirst()) ?? []
  }

  /// This value with a correction laid over it (RFC 7396): fields replace, null removes.
  /// `keepNull` puts two corrections together instead, so that what they remove stays named.
  func merging(_ patch: JSON, keepNull: Bool = false) -> JSON {
    guard case .object(let changes) = patch else { return patch }
    var result = object ?? [:]
    if changes.count > JSONObject.fewMembers {
      return .object(result.merging(many: changes, keepNull: keepNull))
    }
    for (key, value) in changes {
      if value == .null {
        result[key] = keepNull ? .null : nil
      } else {
        result[key] = (result[key] ?? .object([:])).merging(value, keepNull: keepNull)
      }
    }
    return .object(result)
  }
}

extension JSONObject {
  /// From this many changes on, a table of the keys costs less than looking for each.
  fileprivate static let fewMembers = 64

  /// The same as `JSON.merging` for a patch of many members, in one pass over each object.
  fileprivate func merging(many changes: JSONObject, keepNull: Bool) -> JSONObject {
    // Keys are compared byte by byte: two spellings of one character are two keys.
    var patch: [[UInt8]: JSON] = [:]
    for (key, value) in changes { patch[Array(key.utf8)] = value }
    func merged(_ old: JSON?, _ change: JSON) -> JSON? {
      if change == .null { return keepNull ? .null : nil }
      return (old ?? .object([:])).merging(change, keepNull: keepNull)
    }
    var members: [Member] = []
    members.reserveCapacity(count + changes.count)
    for (key, old) in self {
      guard let change = patch.removeValue(forKey: Array(key.utf8)) else {
        members.append((key, old))
        continue
      }
      if let value = merged(old, change) { members.append((key, value)) }
    }
    // What is left is new, and comes in the order of the patch.
    for (key, change) in changes where patch[Array(key.utf8)] != nil {
      if let value = merged(nil, change) { members.append((key, value)) }
    }
    return JSONObject(uniqueMembers: members)
  }
}
