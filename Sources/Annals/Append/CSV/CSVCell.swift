/// A cell of a CSV file that the program writes.
package enum CSVCell {
  /// A text as a cell, in quotes where it needs them.
  ///
  /// A spreadsheet computes a cell that begins like a formula, and a formula can send data elsewhere
  /// or run a program. Unless the cell is to be exact, an apostrophe stands before such a text, which
  /// spreadsheets take for "this is text". Numbers stay numbers.
  package static func text(
    _ text: String, isExact: Bool = false, delimiter: Unicode.Scalar = ","
  ) -> String {
    let text = isExact || !isFormula(text) ? text : "'" + text
    let isPlain = text.unicodeScalars.allSatisfy {
      $0 != delimiter && $0 != "\"" && $0 != "\n" && $0 != "\r"
    }
    return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
  }

  private static func isFormula(_ text: String) -> Bool {
    switch text.unicodeScalars.first {
    case "=", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
    case "+", "-": !isNumber(text.utf8.dropFirst())
    default: false
    }
  }

  /// Digits, with a fraction or without.
  private static func isNumber(_ text: Substring.UTF8View) -> Bool {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
      }
  }
}
