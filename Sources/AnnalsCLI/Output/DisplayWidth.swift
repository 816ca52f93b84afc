import Annals

extension StringProtocol {
  /// How many columns of a terminal the text takes: 2 for wide East Asian characters and emoji.
  var displayWidth: Int {
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// The text cut to `width` columns, with an ellipsis where something is left out.
  func fitted(to width: Int) -> String {
    if displayWidth <= width { return String(self) }
    var kept = ""
    var used = 0
    for character in self {
      let next = character.displayWidth
      if used + next > width - 1 { break }
      kept.append(character)
      used += next
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }

  /// One line that is safe for a terminal: characters that could move the cursor, or make a line read
  /// as another one, are shown as `\u{1B}`, and line ends and tabs as spaces.
  var printable: String {
    replacingUnsafe { scalar in
      ["\n", "\r", "\t"].contains(scalar) ? " " : Self.code(of: scalar)
    }
  }

  /// Lines of CSV or TSV that are safe for a terminal.
  var printableLines: String {
    replacingUnsafe { scalar in
      ["\n", "\t"].contains(scalar) ? String(scalar) : Self.code(of: scalar)
    }
  }

  private static func code(of scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
  }

  /// JSON that is safe for a terminal and means the same: such characters stand in strings only, where
  /// JSON has an escape for each.
  var printableJSON: String {
    replacingUnsafe { scalar in
      if scalar == "\n" { return "\n" }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }
}

extension Character {
  fileprivate var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.value < 0x300 { return 1 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return first.isWide ? 2 : 1
    }
  }
}

extension Unicode.Scalar {
  /// The blocks of Unicode's EastAsianWidth.txt (W and F) that matter in names and titles.
  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      true
    default: properties.isEmojiPresentation
    }
  }
}
