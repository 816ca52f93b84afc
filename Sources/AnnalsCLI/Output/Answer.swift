import Annals
import EventLog

/// An answer that can be written in every format.
protocol Answer {
  /// `-o json`: one object, with `schema` first.
  var json: JSON { get }
  /// `-o ndjson`: one object per line.
  var records: [JSON] { get }
  /// `-o csv` and `-o tsv`.
  var sheet: Sheet { get }
  /// For people.
  func lines(on terminal: Terminal) -> [String]
}

/// Rows for a spreadsheet or for `awk`: nothing is cut, dates are plain.
struct Sheet {
  var columns: [String]
  var rows: [[JSON]] = []

  /// RFC 4180, with plain line feeds; see `CSVCell`.
  func csv(isExact: Bool = false) -> [String] {
    lines(separator: ",") { CSVCell.text($0, isExact: isExact) }
  }

  /// Tabs, line breaks and backslashes inside a value are written `\t`, `\n`, `\r` and `\\`.
  var tsv: [String] {
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

extension JSON {
  /// An object whose members stand in the order given; members that are nil are left out.
  static func members(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    var object = JSONObject()
    for (key, value) in members { object[key] = value }
    return .object(object)
  }

  /// The text, or null.
  static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

  /// The number, or null.
  static func whole(_ number: (some BinaryInteger)?) -> JSON {
    number.map { .integer(Int64($0)) } ?? .null
  }
}
