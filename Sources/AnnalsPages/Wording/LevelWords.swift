import Annals
import AnnalsAnswers

/// How a stance is said and drawn: a word, a sign, and a pattern; never a colour alone.
struct LevelWords {
  /// Nil for no data.
  let level: Level?

  init(_ level: Level?) { self.level = level }

  /// The level whose sign and pattern stand for it; nil for none, and for a range of levels.
  private var value: Int? { level.flatMap(\.value).map { min(2, max(-2, $0)) } }

  /// The class of its sign.
  var name: String {
    guard let value else { return "un" }
    return ["n2", "n1", "s0", "s1", "s2"][value + 2]
  }

  /// The class of its fill in a drawing.
  var fill: String {
    guard let value else { return "un" }
    return ["m2", "m1", "f0", "f1", "f2"][value + 2]
  }

  /// The class of a text on that fill.
  var inkOnFill: String {
    switch value {
    case .some(2), .some(-2): "c2"
    default: "c1"
    }
  }

  var sign: String {
    guard let value else { return level == nil ? "·" : "?" }
    return ["▼", "▽", "–", "△", "▲"][value + 2]
  }

  var label: String { level.label }

  /// "opposes", "leans in favour of"; in the past "opposed".
  func verb(isPast: Bool) -> String {
    guard let level else {
      return isPast ? "had no recorded stance on" : "has no recorded stance on"
    }
    switch value {
    case 2?: return isPast ? "supported" : "supports"
    case 1?: return isPast ? "leaned in favour of" : "leans in favour of"
    case 0?: return isPast ? "was neutral on" : "is neutral on"
    case .some(-1): return isPast ? "leaned against" : "leans against"
    case .some(-2): return isPast ? "opposed" : "opposes"
    default:
      let ends = "from “\(Level(level.low).label)” to “\(Level(level.high).label)” on"
      return (isPast ? "stood somewhere " : "stands somewhere ") + ends
    }
  }

  /// The sign and words, as a sentence has them.
  func mark(_ words: String) -> HTML {
    let sign: HTML = "<i aria-hidden=\"true\">\(sign)</i>"
    // The words of a range are long, and may go on in the next line.
    return level != nil && value == nil
      ? "<b class=\"un\">\(sign)\(words)</b>" : "<span class=\"lv \(name)\">\(sign)\(words)</span>"
  }

  var mark: HTML { mark(label) }
}
