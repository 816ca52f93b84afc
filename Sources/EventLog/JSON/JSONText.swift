/// The bytes of a string between its quotes, with escapes decoded: one byte at a time, so that keys
/// can be compared without an allocation. The reader has checked the escapes before.
struct JSONUnescaper: IteratorProtocol {
  private let text: UnsafeBufferPointer<UInt8>
  private var at: Int
  private let end: Int
  /// UTF-8 bytes of a decoded escape that are still to come, the next one lowest.
  private var pending: UInt32 = 0

  /// `range` includes the quotes.
  init(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.text = text
    at = range.lowerBound + 1
    end = range.upperBound - 1
  }

  mutating func next() -> UInt8? {
    if pending != 0 {
      let byte = UInt8(truncatingIfNeeded: pending)
      pending >>= 8
      return byte
    }
    guard at < end else { return nil }
    let byte = text[at]
    at += 1
    guard byte == UInt8(ascii: "\\"), at < end else { return byte }
    let letter = text[at]
    at += 1
    switch letter {
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"): return unicode()
    default: return letter
    }
  }

  /// The first byte of a `\u` escape, or of a pair of them.
  private mutating func unicode() -> UInt8 {
    var scalar = hexadecimal()
    if 0xD800...0xDBFF ~= scalar {
      at += 2
      scalar = 0x10000 + (scalar - 0xD800) << 10 + (hexadecimal() & 0x3FF)
    }
    switch scalar {
    case 0..<0x80:
      return UInt8(truncatingIfNeeded: scalar)
    case 0..<0x800:
      pending = 0x80 | scalar & 0x3F
      return UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
    case 0..<0x10000:
      pending = 0x80 | scalar >> 6 & 0x3F | (0x80 | scalar & 0x3F) << 8
      return UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
    default:
      pending =
        0x80 | scalar >> 12 & 0x3F | (0x80 | scalar >> 6 & 0x3F) << 8
        | (0x80 | scalar & 0x3F) << 16
      return UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
    }
  }

  private mutating func hexadecimal() -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 where at < end {
      value = value << 4 | UInt32(hexadecimalDigit(text[at]) ?? 0)
      at += 1
    }
    return value
  }
}

func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

/// Length of the UTF-8 sequence of several bytes that starts at `at`; 0 when it is ill-formed
/// (Unicode, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
func utf8SequenceLength(_ text: UnsafeBufferPointer<UInt8>, at: Int) -> Int {
  let first = text[at]
  let length: Int
  var second: ClosedRange<UInt8> = 0x80...0xBF
  switch first {
  case 0xC2...0xDF: length = 2
  case 0xE0: (length, second) = (3, 0xA0...0xBF)
  case 0xED: (length, second) = (3, 0x80...0x9F)
  case 0xE1...0xEF: length = 3
  case 0xF0: (length, second) = (4, 0x90...0xBF)
  case 0xF1...0xF3: length = 4
  case 0xF4: (length, second) = (4, 0x80...0x8F)
  default: return 0
  }
  guard text.count - at >= length, second ~= text[at + 1] else { return 0 }
  for index in at + 2..<max(at + 2, at + length) where text[index] & 0xC0 != 0x80 { return 0 }
  return length
}

/// Whether `count` bytes are the same at both places.
func sameBytes(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, count: Int) -> Bool {
  var at = 0
  while at + 8 <= count {
    let x = UnsafeRawPointer(a + at).loadUnaligned(as: UInt64.self)
    let y = UnsafeRawPointer(b + at).loadUnaligned(as: UInt64.self)
    if x != y { return false }
    at += 8
  }
  while at < count {
    if a[at] != b[at] { return false }
    at += 1
  }
  return true
}
