/// Writes JSON: canonical (RFC 8785) for hashes, and for readers.
public enum JSONWriter {
  /// A number that would not be the same for every reader; see `canonical`.
  public struct InexactNumber: Error, Hashable, Sendable {
    public var node: JSONTape.Node

    public init(node: JSONTape.Node) { self.node = node }
  }

  /// Appends a string in quotes, escaped as RFC 8785 says: only `"`, `\` and control characters.
  public static func appendString(_ utf8: some Sequence<UInt8>, to target: inout [UInt8]) {
    target.append(UInt8(ascii: "\""))
    let isDone: Void? = utf8.withContiguousStorageIfAvailable { buffer in
      var start = 0
      for (index, byte) in buffer.enumerated() where needsEscape(byte) {
        target.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start..<index]))
        appendEscape(of: byte, to: &target)
        start = index + 1
      }
      target.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start...]))
    }
    if isDone == nil {
      for byte in utf8 {
        if needsEscape(byte) { appendEscape(of: byte, to: &target) } else { target.append(byte) }
      }
    }
    target.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func appendEscape(of byte: UInt8, to target: inout [UInt8]) {
    target.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: target.append(UInt8(ascii: "b"))
    case 0x09: target.append(UInt8(ascii: "t"))
    case 0x0A: target.append(UInt8(ascii: "n"))
    case 0x0C: target.append(UInt8(ascii: "f"))
    case 0x0D: target.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): target.append(byte)
    default:
      target.append("u00")
      target.append(hex: byte)
    }
  }

  /// All on one line, members in their order.
  public static func compact(_ json: JSON) -> String {
    var bytes: [UInt8] = []
    write(json, indent: nil, level: 0, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// One element or member per line, members in their order; `indent` spaces per level.
  public static func pretty(_ json: JSON, indent: Int = 2) -> String {
    var bytes: [UInt8] = []
    write(json, indent: indent, level: 0, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(
    _ json: JSON, indent: Int?, level: Int, into target: inout [UInt8]
  ) {
    func separate(_ index: Int, _ level: Int) {
      if index > 0 { target.append(UInt8(ascii: ",")) }
      guard let indent else { return }
      target.append(UInt8(ascii: "\n"))
      target.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, indent) * level))
    }
    switch json {
    case .null, .bool, .integer, .number, .string:
      appendScalar(json, to: &target)
    case .array(let elements):
      target.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        separate(index, level + 1)
        write(element, indent: indent, level: level + 1, into: &target)
      }
      if !elements.isEmpty { separate(0, level) }
      target.append(UInt8(ascii: "]"))
    case .object(let members):
      target.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        separate(index, level + 1)
        appendString(member.key.utf8, to: &target)
        target.append(indent == nil ? ":" : ": ")
        write(member.value, indent: indent, level: level + 1, into: &target)
      }
      if !members.isEmpty { separate(0, level) }
      target.append(UInt8(ascii: "}"))
    }
  }

  /// Appends a value that holds no other values.
  static func appendScalar(_ json: JSON, to target: inout [UInt8]) {
    switch json {
    case .null: target.append("null")
    case .bool(let value): target.append(value ? "true" : "false")
    case .integer(let value): target.append(decimal: value)
    case .number(let value): appendNumber(value, to: &target)
    case .string(let value): appendString(value.utf8, to: &target)
    case .array, .object: break
    }
  }
}
