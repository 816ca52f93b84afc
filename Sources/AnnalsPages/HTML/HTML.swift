import Annals
import EventLog

/// Markup of a page. A text becomes markup by interpolation alone, and is escaped there: no text of the
/// record can become a tag, an attribute or a script.
package struct HTML: Sendable, ExpressibleByStringInterpolation {
  package private(set) var markup: String

  /// Markup written in this program.
  package init(stringLiteral literal: String) { markup = literal }

  package init(stringInterpolation interpolation: StringInterpolation) {
    markup = interpolation.markup
  }

  package static let none: HTML = ""

  package var isEmpty: Bool { markup.isEmpty }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var markup = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      markup.reserveCapacity(literalCapacity + 24 * interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { markup += literal }

    /// A text, escaped; nothing for nil.
    package mutating func appendInterpolation(_ text: String?) {
      if let text { markup += Escaping.markup(text) }
    }

    package mutating func appendInterpolation(_ number: some BinaryInteger) {
      markup += "\(number)"
    }

    /// Markup, as it is; nothing for nil.
    package mutating func appendInterpolation(_ html: HTML?) {
      if let html { markup += html.markup }
    }

    /// Pieces of markup, one after the other.
    package mutating func appendInterpolation(_ parts: [HTML]) {
      for part in parts { markup += part.markup }
    }
  }

  package static func + (a: HTML, b: HTML) -> HTML {
    var sum = a
    sum.markup += b.markup
    return sum
  }

  package static func += (a: inout HTML, b: HTML) { a.markup += b.markup }

  /// A block of data that the script reads; `data` has no `<` in it.
  init(data: String) {
    precondition(!data.contains("<"))
    markup = "<script type=\"application/json\" id=\"data\">" + data + "</script>"
  }

  /// A file of this program as an element of the page.
  init(asset bytes: [UInt8], in element: String) {
    let text = String(decoding: bytes, as: UTF8.self)
    precondition(!text.contains("</\(element)"))
    markup = "<\(element)>" + text + "</\(element)>"
  }

  /// Begins with a capital letter, where the markup begins with a word.
  mutating func capitalise() { markup = markup.prefix(1).uppercased() + markup.dropFirst() }
}

extension Sequence<HTML> {
  /// The pieces with a separator between them.
  package func joined(_ separator: HTML) -> HTML {
    var result: HTML = ""
    for (index, part) in enumerated() {
      if index > 0 { result += separator }
      result += part
    }
    return result
  }
}
