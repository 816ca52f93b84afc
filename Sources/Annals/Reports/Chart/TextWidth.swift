/// How wide a text is when it is drawn, without knowing the font: rather too wide than too narrow,
/// so that what is laid out by it never overlaps and is never cut.
enum TextWidth {
  /// In pixels, for a sans serif font of this size. Bold letters are wider by a tenth.
  static func of(_ text: String, size: Double, isBold: Bool = false) -> Double {
    text.unicodeScalars.reduce(0) { $0 + ems($1) } * size * (isBold ? 1.1 : 1)
  }

  /// The advance in ems of the widest of the common fonts.
  private static func ems(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!": return 0.34
    case " ", "f", "t", "r", "(", ")", "[", "]", "/", "-": return 0.44
    case "m", "M", "w", "W", "@", "%", "—", "…": return 1.02
    case "a"..."z", "0"..."9", "\"", "#", "–", "“", "”": return 0.66
    default: break
    }
    switch scalar.value {
    case 0..<0x80: return 0.84
    case 0x300..<0x370, 0x200B..<0x2010: return 0
    case 0x80..<0x590: return 0.9
    case 0x1100..<0x1200, 0x2E80..<0xD7B0, 0xF900..<0xFB00, 0xFE30..<0xFE70, 0xFF00..<0xFF61,
      0x20000..<0x40000:
      return 1.05
    case 0x1F000..<0x20000: return 1.5
    default: return 1.1
    }
  }

  /// The text in lines of at most `width`: broken between words, and inside a word only where it is
  /// wider than a line (or written without spaces).
  static func wrapped(
    _ text: String, size: Double, isBold: Bool = false, width: Double
  ) -> [String] {
    func fits(_ text: String) -> Bool { of(text, size: size, isBold: isBold) <= width }
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, fits(line + " " + word) {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if !line.isEmpty, !fits(line + String(character)) {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }
}
