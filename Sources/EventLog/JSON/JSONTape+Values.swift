extension JSONTape {
  /// Hands the decoded bytes of a string or key to `body`: in place when it holds no escape. For
  /// anything else, the bytes of its text.
  @inlinable
  public func withUTF8<Result, Failure: Error>(
    _ node: Node, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let range = content(node) else {
      var decoded: [UInt8] = []
      utf8(node, into: &decoded)
      return try decoded.withUnsafeBufferPointer(body)
    }
    return try bytes.withUnsafeBufferPointer { text throws(Failure) in
      try body(UnsafeBufferPointer(rebasing: text[range]))
    }
  }

  /// Where the decoded bytes stand in the text; nil for a string with escapes.
  @usableFromInline
  func content(_ node: Node) -> Range<Int>? {
    let entry = entries[node]
    if entry.flags.contains(.escaped) { return nil }
    return entry.kind == .string
      ? Int(entry.start) + 1..<Int(entry.end) - 1 : Int(entry.start)..<Int(entry.end)
  }

  /// The decoded string or key; the text as it stands for anything else.
  public func string(_ node: Node) -> String {
    withUTF8(node) { String(decoding: $0, as: UTF8.self) }
  }

  /// Appends the decoded bytes of a string or key; the text as it stands for anything else.
  public func utf8(_ node: Node, into target: inout [UInt8]) {
    let entry = entries[node]
    bytes.withUnsafeBufferPointer { text in
      if entry.flags.contains(.escaped) {
        var decoder = JSONUnescaper(text, entry.range)
        while let byte = decoder.next() { target.append(byte) }
      } else if entry.kind == .string {
        target.append(contentsOf: text[entry.range].dropFirst().dropLast())
      } else {
        target.append(contentsOf: text[entry.range])
      }
    }
  }

  /// Whether a string or key is, decoded, byte for byte `text`.
  public func equals(_ node: Node, _ text: StaticString) -> Bool {
    text.withUTF8Buffer { equals(node, utf8: $0) }
  }

  /// Whether a string or key is, decoded, byte for byte `utf8`.
  public func equals(_ node: Node, utf8: [UInt8]) -> Bool {
    utf8.withUnsafeBufferPointer { equals(node, utf8: $0) }
  }

  /// Whether a string or key is, decoded, byte for byte `utf8`.
  public func equals(_ node: Node, utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    let entry = entries[node]
    guard entry.kind == .string else { return false }
    if !entry.flags.contains(.escaped) {
      guard entry.contentCount == utf8.count else { return false }
      guard let other = utf8.baseAddress else { return true }
      return bytes.withUnsafeBufferPointer { text in
        sameBytes(text.baseAddress! + Int(entry.start) + 1, other, count: utf8.count)
      }
    }
    return bytes.withUnsafeBufferPointer { text in
      var decoder = JSONUnescaper(text, entry.range)
      for byte in utf8 where decoder.next() != byte { return false }
      return decoder.next() == nil
    }
  }

  /// The number, when it is written as an integer and lies within ±(2^53−1), so that every
  /// reader of JSON agrees on it; nil otherwise (also for `1.0`).
  public func integer(_ node: Node) -> Int64? {
    let entry = entries[node]
    // Sixteen digits and a sign cannot overflow.
    guard entry.kind == .number, !entry.flags.contains(.fractional), entry.range.count <= 17 else {
      return nil
    }
    var value: Int64 = 0
    bytes.withUnsafeBufferPointer { text in
      for byte in text[entry.range] where byte != UInt8(ascii: "-") {
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      }
    }
    guard value <= JSON.integerLimit else { return nil }
    return bytes[Int(entry.start)] == UInt8(ascii: "-") ? -value : value
  }

  /// The number, rounded to 64-bit floating point; nil for anything else.
  public func double(_ node: Node) -> Double? {
    guard kind(node) == .number else { return nil }
    if let integer = integer(node) { return Double(integer) }
    return withUTF8(node) { Double(String(decoding: $0, as: UTF8.self)) }
  }

  /// True or false; nil for anything else.
  public func bool(_ node: Node) -> Bool? {
    kind(node) == .bool ? bytes[Int(entries[node].start)] == UInt8(ascii: "t") : nil
  }

  /// The value and all in it. A number is `.integer` exactly where `integer(_:)` gives one.
  public func value(_ node: Node) -> JSON {
    switch kind(node) {
    case .null: .null
    case .bool: .bool(bool(node) ?? false)
    case .number: integer(node).map(JSON.integer) ?? .number(double(node) ?? 0)
    case .string: .string(string(node))
    case .array: .array(elements(node).map(value))
    case .object:
      .object(
        JSONObject(
          uniqueMembers: members(node).map { (key: string($0.key), value: value($0.value)) }))
    }
  }
}
