/// Whether bytes are well-formed UTF-8 (RFC 3629) without a zero byte: what SQLite's text
/// functions and every reader of the log can rely on.
enum UTF8Check {
  static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var at = 0
      while at < bytes.count {
        if at + 8 <= bytes.count, isPlain(bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        {
          at += 8
          continue
        }
        let first = bytes[at]
        if first < 0x80 {
          if first == 0 { return false }
          at += 1
          continue
        }
        guard let length = length(of: first, second: at + 1 < bytes.count ? bytes[at + 1] : 0),
          at + length <= bytes.count
        else { return false }
        for next in at + 2..<at + length where bytes[next] & 0xC0 != 0x80 { return false }
        at += length
      }
      return true
    }
  }

  /// Eight bytes of ASCII, none of them zero.
  private static func isPlain(_ word: UInt64) -> Bool {
    let high: UInt64 = 0x8080_8080_8080_8080
    return word & high == 0 && (word &- 0x0101_0101_0101_0101) & ~word & high == 0
  }

  /// How many bytes a character has whose first two are these; nil when there is no such.
  private static func length(of first: UInt8, second: UInt8) -> Int? {
    switch (first, second) {
    case (0xC2...0xDF, 0x80...0xBF): 2
    case (0xE0, 0xA0...0xBF), (0xE1...0xEC, 0x80...0xBF), (0xED, 0x80...0x9F),
      (0xEE...0xEF, 0x80...0xBF):
      3
    case (0xF0, 0x90...0xBF), (0xF1...0xF3, 0x80...0xBF), (0xF4, 0x80...0x8F): 4
    default: nil
    }
  }
}
