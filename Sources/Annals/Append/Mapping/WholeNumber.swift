/// Whole numbers as programs write them that know numbers with decimal points only: 14226.0.
enum WholeNumber {
  /// The number that a text stands for; nil when it is no whole number, or too large.
  static func value(_ text: [UInt8]) -> Int64? {
    Int64(String(decoding: plain(text), as: UTF8.self))
  }

  /// The text without a decimal point that only zeros follow; any other text as it is.
  static func plain(_ text: [UInt8]) -> [UInt8] {
    guard let point = text.firstIndex(of: UInt8(ascii: ".")) else { return text }
    let digits = text[..<point].drop { $0 == UInt8(ascii: "-") }
    let zeros = text[(point + 1)...]
    guard !digits.isEmpty, digits.count + 1 >= point, digits.allSatisfy(isDigit), !zeros.isEmpty,
      zeros.allSatisfy({ $0 == UInt8(ascii: "0") })
    else { return text }
    return Array(text[..<point])
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }
}
