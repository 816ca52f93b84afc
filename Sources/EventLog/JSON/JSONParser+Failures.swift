extension JSONParser {
  /// An error about the token at `at`; one that is not UTF-8 is reported as such.
  func failure(_ kind: JSONSyntaxError.Kind, _ expectation: String) -> JSONSyntaxError {
    if text[at] >= 0x80, utf8SequenceLength(text, at: at) == 0 { return invalidUTF8() }
    let (found, length) = token(at: at)
    return JSONSyntaxError(
      kind, offset: at, length: length, message: "\(expectation), found \"\(found)\"")
  }

  func ended(_ place: String) -> JSONSyntaxError {
    JSONSyntaxError(.unexpectedEnd, offset: text.count, message: "the text ends \(place)")
  }

  func invalidUTF8() -> JSONSyntaxError {
    JSONSyntaxError(
      .invalidUTF8, offset: at,
      message: "the byte 0x\(hexadecimal(UInt32(text[at])).suffix(2)) "
        + "is not UTF-8 here")
  }

  /// What stands at `at`, for a message: a word, or one character. With its length in bytes.
  func token(at: Int) -> (text: String, length: Int) {
    var end = at
    while end < text.count, isWordByte(text[end]) { end += 1 }
    if end == at {
      end += text[at] < 0x80 ? 1 : max(1, utf8SequenceLength(text, at: at))
    }
    if end == at + 1, text[at] < 0x20 || text[at] == 0x7F {
      return ("U+\(hexadecimal(UInt32(text[at])))", 1)
    }
    let shown = text[at..<min(end, at + 32)]
    return (String(decoding: shown, as: UTF8.self) + (end - at > 32 ? "…" : ""), end - at)
  }

  /// Letters, digits and what else a mistyped word or number is made of.
  func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// At least four digits.
  func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
