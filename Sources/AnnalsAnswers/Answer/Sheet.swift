import Annals
public import EventLog

/// Rows for a spreadsheet or for `awk`: nothing is cut, and dates are plain.
public struct Sheet: Sendable {
  public var columns: [String]
  public var rows: [[JSON]]

  public init(columns: [String], rows: [[JSON]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Lines of CSV by RFC 4180, with plain line feeds. A cell that a spreadsheet would compute gets an
  /// apostrophe in front, unless the text must be exact.
  public func csv(isExact: Bool = false) -> [String] {
    lines(separator: ",") { CSVCell.text($0, isExact: isExact) }
  }

  /// Lines of TSV. Tabs, line breaks and backslashes in a value are written `\t`, `\n`, `\r` and `\\`.
  public var tsv: [String] {
    lines(separator: "\t") { text in
      var escaped = ""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\t": escaped += "\\t"
        case "\n": escaped += "\\n"
        case "\r": escaped += "\\r"
        case "\\": escaped += "\\\\"
        default: escaped.unicodeScalars.append(scalar)
        }
      }
      return escaped
    }
  }

  private func lines(separator: String, _ quoted: (String) -> String) -> [String] {
    [columns.joined(separator: separator)]
      + rows.map { row in row.map { quoted(Self.text($0)) }.joined(separator: separator) }
  }

  private static func text(_ value: JSON) -> String {
    switch value {
    case .null: ""
    case .string(let text): text
    default: JSONWriter.compact(value)
    }
  }
}
