import Annals

/// Pieces of drawings.
enum Figure {
  /// A coordinate with one decimal.
  static func number(_ value: Double) -> HTML {
    let tenths = Int((value * 10).rounded())
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    let sign = tenths < 0 ? "-" : ""
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }

  static func text(
    _ words: HTML, x: Double, y: Double, anchor: HTML? = nil, class name: HTML? = nil
  ) -> HTML {
    let style: HTML = name.map { " class=\"\($0)\"" } ?? .none
    let align: HTML = anchor.map { " text-anchor=\"\($0)\"" } ?? .none
    return "<text\(style) x=\"\(number(x))\" y=\"\(number(y))\"\(align)>\(words)</text>"
  }

  /// The mark of a fact: a square for a vote, a disc for a statement, a diamond for a sponsorship, a
  /// triangle for a declared change; hollow where it is not asserted.
  static func mark(_ shape: String, isHollow: Bool, x: Double, y: Double) -> HTML {
    let style: HTML = isHollow ? "e h" : "e"
    switch shape {
    case "vote":
      return """
        <rect class="\(style)" x="\(number(x - 5.5))" y="\(number(y - 5.5))" width="11" height="11"/>
        """
    case "statement":
      return "<circle class=\"\(style)\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"6\"/>"
    case "sponsorship":
      return "<path class=\"\(style)\" d=\"M\(number(x)) \(number(y - 8))l8 8-8 8-8-8z\"/>"
    default:
      return "<path class=\"\(style)\" d=\"M\(number(x)) \(number(y - 8))l8 14h-16z\"/>"
    }
  }

  /// The patterns of neutral, leaning against and opposing; once in each document with a drawing.
  static let patterns: HTML = """
    <svg width="0" height="0" aria-hidden="true"><defs><pattern id="p0" width="6" height="6" \
    patternUnits="userSpaceOnUse"><path d="M0 0h6v6H0z" fill="var(--s0)"/><circle cx="3" cy="3" r="1" \
    fill="var(--s0x)"/></pattern><pattern id="pm1" width="7" height="7" patternUnits="userSpaceOnUse" \
    patternTransform="rotate(45)"><path d="M0 0h7v7H0z" fill="var(--n1)"/><path d="M0 0h2v7H0z" \
    fill="var(--n1x)"/></pattern><pattern id="pm2" width="7" height="7" patternUnits="userSpaceOnUse" \
    patternTransform="rotate(45)"><path d="M0 0h7v7H0z" fill="var(--n2)"/><path d="M0 0h2v7H0z" \
    fill="var(--n2x)"/></pattern></defs></svg>
    """

  /// What the signs of the levels and the shapes of the marks mean.
  static func key(levels: [Level], shapes: [String], others: [HTML] = []) -> HTML {
    let levels = Set(levels).sorted { ($0.high, $0.low) > ($1.high, $1.low) }.map { level -> HTML in
      let words = LevelWords(level)
      return """
        <li class="k \(words.name)"><i aria-hidden="true">\(words.sign)</i>\(words.label)</li>
        """
    }
    let names = [
      "vote": "vote", "statement": "statement", "sponsorship": "sponsorship",
      "change": "declared change",
    ]
    let marks = ["vote", "statement", "sponsorship", "change"].filter(shapes.contains).map {
      shape in
      """
      <li><svg width="18" height="18" aria-hidden="true">\(mark(shape, isHollow: false, x: 9, y: 9))</svg>\
      \(names[shape])</li>
      """ as HTML
    }
    return "<ul class=\"key\">\(marks)\(levels)\(others)</ul>"
  }
}
