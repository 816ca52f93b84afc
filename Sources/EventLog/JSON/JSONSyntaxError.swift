/// Where and why a text is not the JSON that the reader accepts.
public struct JSONSyntaxError: Error, Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case expectedValue, expectedKey, expectedColon, expectedCommaOrEnd
    case unexpectedEnd, trailingText
    /// Not a number of RFC 8259, or too large for a 64-bit floating-point number.
    case badNumber
    /// A control character stands unescaped in a string.
    case controlCharacter
    case badEscape
    /// An escape that is half of a UTF-16 pair.
    case loneSurrogate
    case invalidUTF8, byteOrderMark
    /// Two keys of one object are the same, once their escapes are decoded.
    case duplicateKey
    /// Over `JSONTape.Limits`.
    case tooDeep, tooLong
  }

  public var kind: Kind
  /// Bytes from the start of the text; the text's length when it ends too early.
  public var offset: Int
  /// Bytes of the token at fault, at least 1.
  public var length: Int
  /// What is wrong, with what was found: without a full stop.
  public var message: String

  public init(_ kind: Kind, offset: Int, length: Int = 1, message: String) {
    self.kind = kind
    self.offset = offset
    self.length = max(1, length)
    self.message = message
  }
}

extension JSONSyntaxError: CustomStringConvertible {
  public var description: String { "\(message) (byte \(offset))" }
}
