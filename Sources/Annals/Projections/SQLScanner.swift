/// A piece of SQL, as SQLite cuts it.
struct SQLToken {
  enum Kind {
    /// `-- …`, without the end of the line; `/* … */`.
    case lineComment, comment
    case word, number
    /// `'…'`; `"…"`, `` `…` `` or `[…]`.
    case text, quotedName
    /// `:name`, `$field`, `$field::inner`, `@x`, `#x`, `?1`.
    case parameter
    case semicolon, other
    /// A text, name or comment that does not end.
    case unended
  }

  var kind: Kind
  /// Its bytes in the text.
  var range: Range<Int>
}

/// Cuts SQL into pieces: enough to find statements, names and parameters in it. What the
/// statements mean is for the database to say.
struct SQLScanner {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next piece; nil at the end.
  mutating func next() -> SQLToken? {
    while let byte = byte(at), Self.isSpace(byte) { at += 1 }
    guard let first = byte(at) else { return nil }
    let start = at
    let kind = skip(first)
    return SQLToken(kind: kind, range: start..<at)
  }

  private func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }

  /// Goes past the piece that starts here.
  private mutating func skip(_ first: UInt8) -> SQLToken.Kind {
    let second = byte(at + 1)
    switch first {
    case UInt8(ascii: "-") where second == first:
      while let byte = byte(at), byte != UInt8(ascii: "\n") { at += 1 }
      return .lineComment
    case UInt8(ascii: "/") where second == UInt8(ascii: "*"):
      return skipComment()
    case UInt8(ascii: "'"): return skipQuoted(until: first) ? .text : .unended
    case UInt8(ascii: "\""), UInt8(ascii: "`"):
      return skipQuoted(until: first) ? .quotedName : .unended
    case UInt8(ascii: "["):
      return skipQuoted(until: UInt8(ascii: "]")) ? .quotedName : .unended
    case UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "@"), UInt8(ascii: "#"),
      UInt8(ascii: "?"):
      return skipParameter()
    case UInt8(ascii: ";"):
      at += 1
      return .semicolon
    case let byte where Self.isInName(byte):
      let isNumber = Self.isDigit(byte)
      at += 1
      while let byte = self.byte(at), Self.isInName(byte) || isNumber && byte == 0x2E { at += 1 }
      return isNumber ? .number : .word
    default:
      at += 1
      return .other
    }
  }

  private mutating func skipComment() -> SQLToken.Kind {
    at += 2
    while at + 1 < bytes.count {
      if bytes[at] == UInt8(ascii: "*"), bytes[at + 1] == UInt8(ascii: "/") {
        at += 2
        return .comment
      }
      at += 1
    }
    at = bytes.count
    return .unended
  }

  /// Goes past a quoted text, in which the quote stands twice for itself; false when it never ends.
  private mutating func skipQuoted(until quote: UInt8) -> Bool {
    at += 1
    while let byte = byte(at) {
      at += 1
      guard byte == quote else { continue }
      if self.byte(at) == quote, quote != UInt8(ascii: "]") { at += 1 } else { return true }
    }
    return false
  }

  private mutating func skipParameter() -> SQLToken.Kind {
    at += 1
    while let byte = byte(at) {
      if Self.isInName(byte) {
        at += 1
      } else if byte == UInt8(ascii: ":"), self.byte(at + 1) == byte {
        at += 2
      } else {
        break
      }
    }
    return .parameter
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isInName(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == 0x5F || byte == 0x24 || byte >= 0x80
  }
}
