import EventLog

/// The forms of text behind the standard formats, tested byte by byte.
package enum TextForm {
  typealias Text = UnsafeBufferPointer<UInt8>

  /// The longest slug, in bytes.
  package static let slugLimit = 128
  /// A slug as a pattern of JSON Schema, beside `slugLimit`.
  package static let slugPattern = "^[A-Za-z0-9][A-Za-z0-9._/-]*$"

  /// ASCII letters, digits and `. _ / -`, with a letter or digit first.
  @Sendable static func isSlug(_ text: Text) -> Bool {
    guard let first = text.first, text.count <= slugLimit, isAlphanumeric(first) else {
      return false
    }
    return text.allSatisfy(isSlugByte)
  }

  /// `YYYY-MM-DD`, and the day exists.
  @Sendable static func isDate(_ text: Text) -> Bool {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      let year = number(text[0..<4]), let month = number(text[5..<7]),
      let day = number(text[8..<10])
    else { return false }
    return 1...12 ~= month && day >= 1 && day <= CivilDate.daysInMonth(year: year, month: month)
  }

  /// An absolute http or https URI (RFC 3986) with a host; ASCII only.
  @Sendable static func isWebAddress(_ text: Text) -> Bool {
    let rest: Slice<Text>
    if text.starts(with: "https://".utf8) {
      rest = text.dropFirst(8)
    } else if text.starts(with: "http://".utf8) {
      rest = text.dropFirst(7)
    } else {
      return false
    }
    guard let first = rest.first, isAlphanumeric(first) || first == UInt8(ascii: "[") else {
      return false
    }
    return rest.allSatisfy { byte in
      switch byte {
      case 0x21...0x7E:
        !(byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
          || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "^") || byte == UInt8(ascii: "`")
          || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "}"))
      default: false
      }
    }
  }

  /// Two or three letters, then subtags of one to eight letters and digits (BCP 47).
  @Sendable static func isLanguage(_ text: Text) -> Bool {
    var subtag = 0
    var length = 0
    for byte in text {
      if byte == UInt8(ascii: "-") {
        guard isSubtag(subtag, length) else { return false }
        subtag += 1
        length = 0
      } else {
        guard isAlphanumeric(byte), subtag > 0 || byte > UInt8(ascii: "9") else { return false }
        length += 1
      }
    }
    return isSubtag(subtag, length)
  }

  private static func isSubtag(_ index: Int, _ length: Int) -> Bool {
    index == 0 ? 2...3 ~= length : 1...8 ~= length
  }

  /// The 8-4-4-4-12 form, in either case.
  @Sendable static func isUUID(_ text: Text) -> Bool {
    guard text.count == 36 else { return false }
    for (index, byte) in text.enumerated() {
      let isHyphen = index == 8 || index == 13 || index == 18 || index == 23
      guard isHyphen ? byte == UInt8(ascii: "-") : isHexadecimalDigit(byte) else { return false }
    }
    return true
  }

  /// Whole bytes, in either case.
  @Sendable static func isHexadecimal(_ text: Text) -> Bool {
    text.count % 2 == 0 && !text.isEmpty && text.allSatisfy(isHexadecimalDigit)
  }

  static func isSlugByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "-"): true
    default: isAlphanumeric(byte)
    }
  }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }

  private static func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) && byte | 0x20 <= UInt8(ascii: "f")
  }

  private static func number(_ digits: Slice<Text>) -> Int64? {
    var value: Int64 = 0
    for byte in digits {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return value
  }
}
