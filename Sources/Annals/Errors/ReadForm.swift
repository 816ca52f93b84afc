/// The form in which texts are compared: two texts that people read as the same have one form.
///
/// The form is folded by case (ß becomes ss, every sigma becomes σ, i with or without a dot becomes i) and
/// composed as in Unicode's form C. It has one hyphen, one apostrophe and no invisible marks.
enum ReadForm {
  static func folded(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !isUnseen(scalar) {
      // Full case folding: ẞ is lowered first, because it has no upper case of its own.
      for lower in scalar.properties.lowercaseMapping.unicodeScalars {
        for upper in lower.properties.uppercaseMapping.unicodeScalars {
          for folded in upper.properties.lowercaseMapping.unicodeScalars {
            let mark = plain(folded)
            // The dot of İ, which another i does not write.
            if mark.value == 0x307, scalars.last == "i" { continue }
            scalars.append(mark)
          }
        }
      }
    }
    return Composition.composed(String(scalars))
  }

  /// Whether the character is invisible: a joiner, a soft hyphen, a mark of direction.
  static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x80 && scalar.properties.isDefaultIgnorableCodePoint
  }

  /// One hyphen and one apostrophe for all that look like them.
  private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0..<0x60: scalar
    case 0x60, 0xB4, 0x2B9, 0x2BB, 0x2BC, 0x2018, 0x2019, 0x201B, 0x2032, 0xFF07: "'"
    case 0x2212: "-"
    case 0x80...: scalar.properties.generalCategory == .dashPunctuation ? "-" : scalar
    default: scalar
    }
  }

  /// In what two texts of one form differ, in words: "upper and lower case". Nil where they are written
  /// alike, or do not have one form.
  static func difference(_ a: String, _ b: String) -> String? {
    if a.utf8.elementsEqual(b.utf8) || folded(a) != folded(b) { return nil }
    let (ours, others) = (Set(a.unicodeScalars), Set(b.unicodeScalars))
    let special = ours.symmetricDifference(others).filter {
      isUnseen($0) || ($0.value >= 0x80 && plain($0) != $0)
    }
    if let mark = special.min(by: { $0.value < $1.value }) {
      let number = String(mark.value, radix: 16, uppercase: true)
      let code = "U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number
      let name = mark.properties.name.map { ", \($0.lowercased())" } ?? ""
      return "a mark that readers do not see or take for another (\(code)\(name))"
    }
    let dotted: Set<Unicode.Scalar> = ["\u{130}", "\u{131}"]
    if !ours.symmetricDifference(others).isDisjoint(with: dotted) {
      return "the dot of the letter i"
    }
    return a == b ? "the encoding of accents" : "upper and lower case"
  }
}

/// Puts letters and the accents that follow them together, as Unicode's form C does.
private enum Composition {
  /// The composed characters: one scalar for a letter and its accents. Swift treats all encodings of a
  /// character as equal, so a lookup with any encoding finds the member with one scalar.
  private static let known: Set<Character> = {
    let ranges: [ClosedRange<UInt32>] = [
      0xC0...0x6FF, 0x900...0xDFF, 0x1B00...0x1FFF, 0x2100...0x22FF, 0x3040...0x30FF,
      0xFB1D...0xFB4E,
    ]
    var known: Set<Character> = []
    for value in ranges.joined() {
      if let scalar = Unicode.Scalar(value) { known.insert(Character(scalar)) }
    }
    return known
  }()

  static func composed(_ text: String) -> String {
    var composed = ""
    for character in text { composed += character.isASCII ? String(character) : one(character) }
    return composed
  }

  private static func one(_ character: Character) -> String {
    if let index = known.firstIndex(of: character) { return String(known[index]) }
    let scalars = Array(character.unicodeScalars)
    guard let first = scalars.first, scalars.count > 1 else { return String(character) }
    if let syllable = hangul(scalars) { return syllable }
    // The accents in their canonical order, each put to the letter while there is such a letter.
    let marks = scalars.dropFirst().enumerated().sorted {
      (order($0.element), $0.offset) < (order($1.element), $1.offset)
    }
    var letter = String(first)
    var rest: [Unicode.Scalar] = []
    for (_, mark) in marks {
      let both = letter + String(mark)
      let isBlocked = rest.last.map { order($0) >= order(mark) } ?? false
      if !isBlocked, both.count == 1, let index = known.firstIndex(of: Character(both)) {
        letter = String(known[index])
      } else {
        rest.append(mark)
      }
    }
    for mark in rest { letter.unicodeScalars.append(mark) }
    return letter
  }

  private static func order(_ mark: Unicode.Scalar) -> UInt8 {
    mark.properties.canonicalCombiningClass.rawValue
  }

  /// A Korean syllable that is written as its two or three letters.
  private static func hangul(_ letters: [Unicode.Scalar]) -> String? {
    guard 2...3 ~= letters.count, 0x1100..<0x1113 ~= letters[0].value,
      0x1161..<0x1176 ~= letters[1].value
    else { return nil }
    var value = 0xAC00 + ((letters[0].value - 0x1100) * 21 + letters[1].value - 0x1161) * 28
    if letters.count == 3 {
      guard 0x11A8..<0x11C3 ~= letters[2].value else { return nil }
      value += letters[2].value - 0x11A7
    }
    return Unicode.Scalar(value).map { String($0) }
  }
}
