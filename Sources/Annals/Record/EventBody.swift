import EventLog

/// The payload of a stored event, taken apart.
struct EventBody {
  var basis: String?
  var confidence: String?
  var data: JSON
  var note: String?
  var reason: String?
  var sources: [Citation]
  var via: JSON?

  /// Reads a stored body. The log holds only bodies that this program wrote and checked; one that
  /// cannot be read was damaged, and reads as an empty payload (`verify` names it).
  init(_ bytes: [UInt8]) {
    var tape = JSONTape()
    let value: JSON = (try? tape.parse(bytes)) == nil ? .null : tape.value(tape.root)
    self.init(value)
  }

  /// The payload's data alone, read with a tape that is used again.
  static func data(_ bytes: [UInt8], _ tape: inout JSONTape) -> JSON {
    guard (try? tape.parse(bytes)) != nil, let data = tape.member(tape.root, "data") else {
      return .object([:])
    }
    return tape.value(data)
  }

  init(_ value: JSON) {
    basis = value["basis"]?.string
    confidence = value["confidence"]?.string
    data = value["data"] ?? .object([:])
    note = value["note"]?.string
    reason = value["reason"]?.string
    via = value["via"]
    sources = (value["sources"]?.array ?? []).map {
      Citation(
        source: $0["source"]?.string ?? "", locator: $0["locator"]?.string,
        quote: $0["quote"]?.string, relation: $0["relation"]?.string)
    }
  }
}

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
