import Crypto

/// Makes an id of a text that is not an id: of a name, or of an id that another data set uses.
///
/// Letters of the Latin script lose their marks ("ř" becomes "r"), a run of other characters becomes a
/// hyphen. Where letters of another script are lost in this way, the id ends with eight digits made of
/// the text, so that "Иван" and "Анна" do not become the same.
enum Slug {
  /// The id for a text; nil where none can be made, or one that is too long.
  static func id(from text: String) -> String? {
    let (slug, isWhole) = folded(text)
    if isWhole { return checked(slug) }
    let hash = SHA256.hash(data: Array(text.utf8)).prefix(4).map { byte in
      let hex = String(byte, radix: 16)
      return byte < 16 ? "0" + hex : hex
    }.joined()
    let hasEnd = slug.last.map { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") } ?? true
    return checked(slug + (hasEnd ? [] : [UInt8(ascii: "-")]) + Array(hash.utf8))
  }

  /// The id that a text probably meant; nil where letters would be lost.
  static func probable(from text: String) -> String? {
    let (slug, isWhole) = folded(text)
    return isWhole ? checked(slug) : nil
  }

  private static func checked(_ slug: [UInt8]) -> String? {
    slug.withUnsafeBufferPointer(TextForm.isSlug) ? String(decoding: slug, as: UTF8.self) : nil
  }

  /// The characters that an id may have, and whether no letter or digit was lost.
  private static func folded(_ text: String) -> (slug: [UInt8], isWhole: Bool) {
    var slug: [UInt8] = []
    var isWhole = true
    func separate() {
      if let last = slug.last, last != UInt8(ascii: "-") { slug.append(UInt8(ascii: "-")) }
    }
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        if !TextForm.isSlugByte(byte) {
          separate()
        } else if TextForm.isAlphanumeric(byte) || !slug.isEmpty {
          slug.append(byte)
        }
      } else if let letters = latin(scalar) {
        slug += letters.utf8
      } else {
        switch scalar.properties.generalCategory {
        // An accent that is a character of its own behind its letter, or an invisible mark.
        case .nonspacingMark, .format: continue
        // Apostrophes, some of which count as letters.
        case .modifierLetter: break
        default:
          if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
            isWhole = false
          }
        }
        separate()
      }
    }
    while slug.last == UInt8(ascii: "-") { slug.removeLast() }
    return (slug, isWhole)
  }

  /// The ASCII letters for a letter of the Latin script, by its name in Unicode: LATIN SMALL LETTER R
  /// WITH CARON is an r.
  private static func latin(_ scalar: Unicode.Scalar) -> String? {
    guard let name = scalar.properties.name, name.hasPrefix("LATIN ") else { return nil }
    let words = name.split(separator: " ")
    guard words.count >= 4, words[1] == "SMALL" || words[1] == "CAPITAL",
      words[2] == "LETTER" || words[2] == "LIGATURE"
    else { return nil }
    let called = words[3...].prefix { $0 != "WITH" }.joined(separator: " ")
    guard let letters = called.utf8.count <= 2 ? called : named[called] else { return nil }
    return words[1] == "SMALL" ? letters.lowercased() : letters
  }

  private static let named = [
    "SHARP S": "SS", "DOTLESS I": "I", "ETH": "D", "THORN": "TH", "ENG": "NG", "SCHWA": "E",
    "LONG S": "S", "OPEN E": "E", "OPEN O": "O", "KRA": "K",
  ]
}
