public import EventLog

extension JSON {
  /// What `value` encodes to.
  ///
  /// Throws `EncodingError`, with the path to the value at fault, for what JSON or the log cannot
  /// keep exactly: integers beyond ±(2^53−1), numbers that are not finite, values that encode
  /// nothing.
  public init(encoding value: some Encodable) throws {
    self = try JSONValueEncoder.encode(value, at: [])
  }

  /// The value that this JSON encodes. Members that `type` does not ask for are passed over; null
  /// under an optional member is as good as none.
  ///
  /// Throws `DecodingError`, with the path to what does not fit. A number is an integer only when
  /// it is written as one.
  public func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONValueDecoder(value: self, codingPath: []).decode(type)
  }

  /// For messages.
  var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// A member of an object or, by its index, an element of an array.
struct JSONCodingKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = String(intValue)
    self.intValue = intValue
  }

  /// Where a class encodes what it inherits.
  static let parent = JSONCodingKey(stringValue: "super")
}

/// Any JSON, for a payload that is not known before: the values themselves know nothing of
/// `Codable`.
struct AnyJSON: Codable {
  var value: JSON

  init(_ value: JSON) { self.value = value }

  init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: JSONCodingKey.self) {
      var object: JSONObject = [:]
      for key in members.allKeys {
        object[key.stringValue] = try members.decode(AnyJSON.self, forKey: key).value
      }
      value = .object(object)
    } else if var elements = try? decoder.unkeyedContainer() {
      var array: [JSON] = []
      while !elements.isAtEnd { array.append(try elements.decode(AnyJSON.self).value) }
      value = .array(array)
    } else {
      let scalar = try decoder.singleValueContainer()
      if scalar.decodeNil() {
        value = .null
      } else if let bool = try? scalar.decode(Bool.self) {
        value = .bool(bool)
      } else if let integer = try? scalar.decode(Int64.self) {
        value = .integer(integer)
      } else if let number = try? scalar.decode(Double.self) {
        value = .number(number)
      } else {
        value = .string(try scalar.decode(String.self))
      }
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch value {
    case .object(let object):
      var members = encoder.container(keyedBy: JSONCodingKey.self)
      for (key, value) in object {
        try members.encode(AnyJSON(value), forKey: JSONCodingKey(stringValue: key))
      }
    case .array(let array):
      var elements = encoder.unkeyedContainer()
      for value in array { try elements.encode(AnyJSON(value)) }
    default:
      var scalar = encoder.singleValueContainer()
      switch value {
      case .bool(let bool): try scalar.encode(bool)
      case .integer(let integer): try scalar.encode(integer)
      case .number(let number): try scalar.encode(number)
      case .string(let string): try scalar.encode(string)
      default: try scalar.encodeNil()
      }
    }
  }
}
