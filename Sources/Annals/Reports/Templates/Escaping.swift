/// How a user's text is written in a format, so that it is always text and never markup.
package struct Escaping: Sendable {
  /// Running text.
  var text: @Sendable (String) -> String
  /// Text that stands in a block of code.
  var code: @Sendable (String) -> String

  /// HTML and SVG, in text and in quoted attributes.
  static let markup = Escaping(text: markup, code: markup)

  /// CommonMark with the tables and footnotes of GitHub; a code block is indented by four spaces.
  static let markdown = Escaping(text: markdown) { code in
    clean(code).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n    ")
  }

  /// `&`, `<`, `>` and both quotes as entities.
  package static func markup(_ text: String) -> String {
    var result = ""
    for scalar in clean(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func markdown(_ text: String) -> String {
    // A line feed would end a table row or a list item.
    let line = clean(text).split(whereSeparator: \.isNewline).joined(separator: " ")
    let scalars = Array(line.unicodeScalars)
    var result = ""
    for (index, scalar) in scalars.enumerated() {
      switch scalar {
      case "\\", "`", "*", "[", "]", "<", ">", "|", "~", "$": result += "\\"
      // Inside a word an underscore has no meaning.
      case "_"
      where !(index > 0 && isWord(scalars[index - 1]))
        || !(index + 1 < scalars.count && isWord(scalars[index + 1])):
        result += "\\"
      case "&":
        result += "&amp;"
        continue
      // At the start of a line, and before a space, these make headings and lists.
      case "#", "+", "-", "=":
        let next = index + 1 < scalars.count ? scalars[index + 1] : " "
        if index == 0, next == " " || next == scalar { result += "\\" }
      case ".", ")":
        let next = index + 1 < scalars.count ? scalars[index + 1] : " "
        if index > 0, next == " ", scalars[..<index].allSatisfy({ ("0"..."9").contains($0) }) {
          result += "\\"
        }
      default: break
      }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
  }

  /// The text without what XML forbids and what would turn the order of the text around it: control
  /// characters, noncharacters and the marks that set a direction.
  static func clean(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnwanted) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(isUnwanted(scalar) ? "\u{FFFD}" : scalar) }
    return String(result)
  }

  private static func isUnwanted(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Marks of a direction that end with the text itself, and breaks of lines, do no harm in a page.
    case 0x09, 0x0A, 0x061C, 0x200E, 0x200F, 0x2028, 0x2029: false
    case 0xFFFE, 0xFFFF: true
    default: scalar.isUnsafeToShow
    }
  }

  /// The address, where it is one that a reader may follow: only `http` and `https` become links.
  package static func link(_ address: String?) -> String? {
    guard let address else { return nil }
    let start = address.prefix(8).lowercased()
    let isSafe = start.hasPrefix("http://") || start.hasPrefix("https://")
    let isPlain = address.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && !isUnwanted($0) && !"<>\"`\\^{|}".unicodeScalars.contains($0)
    }
    return isSafe && isPlain ? address : nil
  }
}
