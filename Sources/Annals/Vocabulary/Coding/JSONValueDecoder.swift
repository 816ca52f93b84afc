import EventLog

/// Reads Swift values out of one JSON value.
struct JSONValueDecoder: Decoder {
  let value: JSON
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch(JSONObject.self, "an object") }
    return KeyedDecodingContainer(Members(members: members, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw mismatch([JSON].self, "a list") }
    return Elements(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  private func mismatch(_ type: Any.Type, _ expected: String) -> DecodingError {
    let context = context("expected \(expected), found \(value.kindName)")
    return value == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
  }

  private func context(_ message: String) -> DecodingError.Context {
    DecodingError.Context(codingPath: codingPath, debugDescription: message)
  }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value == .null }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    let scalar: Any
    if type == String.self {
      guard case .string(let text) = value else { throw mismatch(type, "a text") }
      scalar = text
    } else if type == Bool.self {
      guard case .bool(let bool) = value else { throw mismatch(type, "true or false") }
      scalar = bool
    } else if let type = type as? any FixedWidthInteger.Type {
      scalar = try integer(type)
    } else if let type = type as? any BinaryFloatingPoint.Type {
      scalar = try number(type)
    } else {
      return try Value(from: self)
    }
    guard let result = scalar as? Value else { throw mismatch(type, "\(type)") }
    return result
  }

  private func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    guard case .integer(let integer) = value else { throw mismatch(type, "a whole number") }
    guard let result = Value(exactly: integer) else {
      throw DecodingError.dataCorrupted(context("\(integer) does not fit \(type)"))
    }
    return result
  }

  private func number<Value: BinaryFloatingPoint>(_ type: Value.Type) throws -> Value {
    switch value {
    case .number(let number): return Value(number)
    case .integer(let integer):
      guard let result = Value(exactly: integer) else {
        throw DecodingError.dataCorrupted(context("\(integer) does not fit \(type)"))
      }
      return result
    default: throw mismatch(type, "a number")
    }
  }
}

extension JSONValueDecoder {
  fileprivate struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: JSONObject
    let codingPath: [any CodingKey]

    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
      try member(key).decode(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
      keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
      try member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try member(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try member(JSONCodingKey.parent) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }

    private func member(_ key: some CodingKey) throws -> JSONValueDecoder {
      guard let value = members[key.stringValue] else {
        throw DecodingError.keyNotFound(
          key,
          DecodingError.Context(
            codingPath: codingPath, debugDescription: "\"\(key.stringValue)\" is missing"))
      }
      return JSONValueDecoder(value: value, codingPath: codingPath + [key])
    }
  }

  fileprivate struct Elements: UnkeyedDecodingContainer {
    let elements: [JSON]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(elements: [JSON], codingPath: [any CodingKey]) {
      self.elements = elements
      self.codingPath = codingPath
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
      let isNil = try current().decodeNil()
      if isNil { currentIndex += 1 }
      return isNil
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      let value = try current().decode(type)
      currentIndex += 1
      return value
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
      keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
      let container = try current().container(keyedBy: type)
      currentIndex += 1
      return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
      let container = try current().unkeyedContainer()
      currentIndex += 1
      return container
    }

    mutating func superDecoder() throws -> any Decoder {
      let decoder = try current()
      currentIndex += 1
      return decoder
    }

    private func current() throws -> JSONValueDecoder {
      let path = codingPath + [JSONCodingKey(intValue: currentIndex)]
      guard !isAtEnd else {
        throw DecodingError.valueNotFound(
          JSON.self,
          DecodingError.Context(
            codingPath: path, debugDescription: "the list has \(elements.count) elements"))
      }
      return JSONValueDecoder(value: elements[currentIndex], codingPath: path)
    }
  }
}
