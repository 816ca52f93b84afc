/// What the formats of notes, checkpoints and proofs have in common.
enum NoteSyntax {
  static let newline = UInt8(ascii: "\n")
  static let space = UInt8(ascii: " ")

  /// Whether a text may name a key: not empty, no white space of Unicode, no plus sign, and no
  /// control character, which a note could not hold.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace
      }
  }

  /// A whole number without a sign, leading zeros or anything around it.
  static func decimal(_ digits: some Collection<UInt8>) -> Int64? {
    guard let first = digits.first, digits.count == 1 || first != UInt8(ascii: "0") else {
      return nil
    }
    var value: Int64 = 0
    for digit in digits {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isOver) = product.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
      if isTooLarge || isOver { return nil }
      value = sum
    }
    return value
  }

  /// The 32 bytes of a hash in base 64.
  static func hash(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count == 44, let hash = Base64.decode(text), hash.count == MerkleTree.hashLength
    else { return nil }
    return hash
  }

  /// The lines of a text that ends with a newline, without their newlines.
  static func lines(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    text.dropLast().split(separator: newline, omittingEmptySubsequences: false)
  }

  /// What was found, for a message: at most so many characters of it.
  static func quoted(_ bytes: some Collection<UInt8>, limit: Int = 60) -> String {
    let isCut = bytes.count > limit
    return "\"" + String(decoding: bytes.prefix(limit), as: UTF8.self) + (isCut ? "…\"" : "\"")
  }

  /// Texts are the same when their bytes are.
  static func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
}
