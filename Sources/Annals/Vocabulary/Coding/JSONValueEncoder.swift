import EventLog

/// Turns Swift values into JSON.
struct JSONValueEncoder: Encoder {
  let codingPath: [any CodingKey]
  fileprivate let slot: Slot
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// What a value encodes to.
  static func encode(_ value: some Encodable, at codingPath: [any CodingKey]) throws -> JSON {
    if let scalar = try scalar(value, at: codingPath) { return scalar }
    let encoder = JSONValueEncoder(codingPath: codingPath, slot: Slot())
    try value.encode(to: encoder)
    guard let json = encoder.slot.json else {
      throw failure(value, at: codingPath, "\(type(of: value)) encodes nothing")
    }
    return json
  }

  /// Nil for a value that is made of others.
  private static func scalar(
    _ value: some Encodable, at codingPath: [any CodingKey]
  ) throws -> JSON? {
    switch value {
    case let text as String:
      return .string(text)
    case let bool as Bool:
      return .bool(bool)
    case let integer as any FixedWidthInteger:
      guard let exact = Int64(exactly: integer), exact.magnitude <= JSON.integerLimit.magnitude
      else { throw failure(value, at: codingPath, "\(integer) is beyond ±9007199254740991") }
      return .integer(exact)
    case let number as any BinaryFloatingPoint:
      let double = Double(number)
      guard double.isFinite else {
        throw failure(value, at: codingPath, "\(double) has no form in JSON")
      }
      return .number(double)
    default:
      return nil
    }
  }

  private static func failure(
    _ value: Any, at codingPath: [any CodingKey], _ message: String
  ) -> EncodingError {
    .invalidValue(
      value, EncodingError.Context(codingPath: codingPath, debugDescription: message))
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    slot.becomeObject()
    return KeyedEncodingContainer(Members(slot: slot, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    slot.becomeArray()
    return Elements(slot: slot, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension JSONValueEncoder: SingleValueEncodingContainer {
  func encodeNil() { slot.set(.null) }

  func encode<Value: Encodable>(_ value: Value) throws {
    slot.set(try Self.encode(value, at: codingPath))
  }
}

extension JSONValueEncoder {
  fileprivate struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let slot: Slot
    let codingPath: [any CodingKey]

    mutating func encodeNil(forKey key: Key) { slot.member(key.stringValue).set(.null) }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
      slot.member(key.stringValue).set(
        try JSONValueEncoder.encode(value, at: codingPath + [key]))
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
      keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
      encoder(key).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      encoder(key).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { encoder(JSONCodingKey.parent) }

    mutating func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

    private func encoder(_ key: some CodingKey) -> JSONValueEncoder {
      JSONValueEncoder(codingPath: codingPath + [key], slot: slot.member(key.stringValue))
    }
  }

  fileprivate struct Elements: UnkeyedEncodingContainer {
    let slot: Slot
    let codingPath: [any CodingKey]
    var count: Int { slot.count }

    mutating func encodeNil() { slot.element().set(.null) }

    mutating func encode<Value: Encodable>(_ value: Value) throws {
      let path = codingPath + [JSONCodingKey(intValue: count)]
      slot.element().set(try JSONValueEncoder.encode(value, at: path))
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
      keyedBy type: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
      encoder().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
      encoder().unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { encoder() }

    private func encoder() -> JSONValueEncoder {
      let path = codingPath + [JSONCodingKey(intValue: count)]
      return JSONValueEncoder(codingPath: path, slot: slot.element())
    }
  }
}

/// Where one value comes to stand. Containers share it, since each may be written to as long as
/// its encoder lives.
private final class Slot {
  private enum Content {
    case none
    case value(JSON)
    case array([Slot])
    case object([(key: String, slot: Slot)])
  }

  private var content = Content.none

  /// Nil when nothing was written.
  var json: JSON? {
    switch content {
    case .none: return nil
    case .value(let value): return value
    case .array(let slots): return .array(slots.compactMap(\.json))
    case .object(let members):
      var object: JSONObject = [:]
      for (key, slot) in members { object[key] = slot.json }
      return .object(object)
    }
  }

  var count: Int { if case .array(let slots) = content { slots.count } else { 0 } }

  func set(_ value: JSON) { content = .value(value) }

  func becomeObject() { if case .object = content {} else { content = .object([]) } }

  func becomeArray() { if case .array = content {} else { content = .array([]) } }

  /// A new element at the end.
  func element() -> Slot {
    let slot = Slot()
    if case .array(var slots) = content {
      content = .none
      slots.append(slot)
      content = .array(slots)
    }
    return slot
  }

  /// A new member; the last one wins under a key.
  func member(_ key: String) -> Slot {
    let slot = Slot()
    if case .object(var members) = content {
      content = .none
      members.append((key, slot))
      content = .object(members)
    }
    return slot
  }
}
