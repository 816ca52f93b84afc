extension JSONParser {
  /// Reads the string whose opening quote is at `at`.
  mutating func string() throws(JSONSyntaxError) {
    let start = at
    var flags: JSONTape.Entry.Flags = []
    at += 1
    scan: while true {
      while at + 8 <= text.count {
        let stops = stopBits(
          UInt64(
            littleEndian: UnsafeRawPointer(text.baseAddress! + at).loadUnaligned(as: UInt64.self)))
        if stops == 0 {
          at += 8
        } else {
          at += stops.trailingZeroBitCount >> 3
          break
        }
      }
      guard at < text.count else {
        throw ended("inside a string")
      }
      let byte = text[at]
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        break scan
      case UInt8(ascii: "\\"):
        flags.insert(.escaped)
        try escape()
      case 0..<0x20:
        throw JSONSyntaxError(
          .controlCharacter, offset: at,
          message: "the control character U+\(hexadecimal(UInt32(byte))) must be written \\u00"
            + "\(hexadecimal(UInt32(byte)).suffix(2)) in a string")
      case 0x80...:
        flags.insert(.wide)
        repeat {
          let length = utf8SequenceLength(text, at: at)
          if length == 0 { throw invalidUTF8() }
          at += length
        } while at < text.count && text[at] >= 0x80
      default:
        at += 1
      }
    }
    entries.append(
      JSONTape.Entry(.string, start: start, end: at, next: entries.count + 1, flags: flags))
  }

  /// The high bit of each byte that is a quote, a backslash, a control character or not ASCII.
  /// Exact for the lowest such byte only, which is the one that is used: borrows run upwards.
  @inline(__always)
  private func stopBits(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let found =
      ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
      | ((word &- (ones &* 0x20)) & ~word) | word
    return found & (ones &* 0x80)
  }

  private mutating func escape() throws(JSONSyntaxError) {
    let start = at
    at += 1
    guard at < text.count else {
      throw ended("inside a string")
    }
    switch text[at] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at += 1
    case UInt8(ascii: "u"):
      let unit = try codeUnit(from: start)
      guard 0xD800...0xDFFF ~= unit else { return }
      let pair = at
      guard unit < 0xDC00, pair + 1 < text.count, text[pair] == UInt8(ascii: "\\"),
        text[pair + 1] == UInt8(ascii: "u")
      else { throw loneSurrogate(unit, start) }
      at += 1
      guard 0xDC00...0xDFFF ~= (try codeUnit(from: pair)) else {
        throw loneSurrogate(unit, start)
      }
    default:
      let (found, length) = token(at: at)
      // A character of its own: an escape of more than one starts with "u".
      let shown = found.unicodeScalars.first.map { String($0) } ?? ""
      throw JSONSyntaxError(
        .badEscape, offset: start, length: 1 + min(length, shown.utf8.count),
        message: "\"\\\(shown)\" is not an escape")
    }
  }

  /// The four digits after the "u" at `at`.
  private mutating func codeUnit(from start: Int) throws(JSONSyntaxError) -> UInt32 {
    var unit: UInt32 = 0
    for index in at + 1..<at + 5 {
      guard index < text.count else {
        throw ended("inside a string")
      }
      guard let digit = hexadecimalDigit(text[index]) else {
        throw JSONSyntaxError(
          .badEscape, offset: start, length: index - start,
          message: "\"\\u\" needs four hexadecimal digits")
      }
      unit = unit << 4 | UInt32(digit)
    }
    at += 5
    return unit
  }

  private func loneSurrogate(_ unit: UInt32, _ start: Int) -> JSONSyntaxError {
    JSONSyntaxError(
      .loneSurrogate, offset: start, length: 6,
      message: "\\u\(hexadecimal(unit)) is half of a surrogate pair")
  }

  /// Reads the number that starts at `at`.
  mutating func number() throws(JSONSyntaxError) {
    let start = at
    var flags: JSONTape.Entry.Flags = []
    if text[at] == UInt8(ascii: "-") { at += 1 }
    let first = at
    var valid = digits()
    // RFC 8259: no leading zeros.
    if at - first > 1, text[first] == UInt8(ascii: "0") { valid = false }
    if valid, at < text.count, text[at] == UInt8(ascii: ".") {
      at += 1
      flags.insert(.fractional)
      valid = digits()
    }
    var hasExponent = false
    if valid, at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      flags.insert(.fractional)
      hasExponent = true
      if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") {
        at += 1
      }
      valid = digits()
    }
    guard valid, at == text.count || !isWordByte(text[at]) else {
      if at == text.count, !(at - first > 1 && text[first] == UInt8(ascii: "0")) {
        throw ended("inside a number")
      }
      let (found, length) = token(at: start)
      throw JSONSyntaxError(
        .badNumber, offset: start, length: length, message: "\"\(found)\" is not a number of JSON")
    }
    // Only these can be too large: 309 digits, or an exponent.
    if hasExponent || at - start > 300, double(start..<at)?.isFinite != true {
      throw JSONSyntaxError(
        .badNumber, offset: start, length: at - start,
        message: "the number is too large for 64-bit floating point")
    }
    entries.append(
      JSONTape.Entry(.number, start: start, end: at, next: entries.count + 1, flags: flags))
  }

  /// Skips digits; false when there is none.
  @inline(__always)
  private mutating func digits() -> Bool {
    let start = at
    while at < text.count, text[at] &- UInt8(ascii: "0") < 10 { at += 1 }
    return at > start
  }

  private func double(_ range: Range<Int>) -> Double? {
    Double(String(decoding: text[range], as: UTF8.self))
  }
}
