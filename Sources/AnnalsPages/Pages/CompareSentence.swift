import Annals
import AnnalsAnswers

/// Where several actors stand, as one sentence: those who support the proposition first.
struct CompareSentence {
  let stances: [StanceAnswer]
  /// Whether the day is today.
  let isToday: Bool

  /// So many names are said; of more, their number.
  private static let mostNames = 6

  /// The verb for several actors, or for one.
  private static func verb(_ level: Level?, isPlural: Bool, isPast: Bool) -> String {
    let words = LevelWords(level)
    if !isPlural { return words.verb(isPast: isPast) }
    guard level != nil else {
      return isPast ? "had no recorded stance on" : "have no recorded stance on"
    }
    switch words.name {
    case "s2": return isPast ? "supported" : "support"
    case "s1": return isPast ? "leaned in favour of" : "lean in favour of"
    case "s0": return isPast ? "were neutral on" : "are neutral on"
    case "n1": return isPast ? "leaned against" : "lean against"
    case "n2": return isPast ? "opposed" : "oppose"
    default: return words.verb(isPast: isPast).replacing("stands", with: "stand")
    }
  }

  /// "United States and Russia ▼ oppose this; Ukraine ▲ supports it."
  var html: HTML {
    let groups = Dictionary(grouping: stances) { $0.step?.level }.sorted { one, other in
      func rank(_ level: Level?) -> (Int, Int) { level.map { ($0.high, $0.low) } ?? (-9, -9) }
      return rank(one.key) > rank(other.key)
    }
    let parts = groups.enumerated().map { index, group -> HTML in
      let names = group.value.map(\.actor.name)
      let who =
        names.count > Self.mostNames
        ? "\(Words.list(Array(names.prefix(Self.mostNames - 1)) + ["\(names.count - Self.mostNames + 1) others"]))"
        : Words.list(names)
      let words = LevelWords(group.key)
      let verb = Self.verb(group.key, isPlural: names.count > 1, isPast: !isToday)
      return "\(who) \(words.mark(verb)) \(index == 0 ? "this" : "it")"
    }
    return "\(parts.joined("; "))."
  }

  /// How many had another stance before.
  var moved: String? {
    let moved = stances.filter { $0.before != nil }.map(\.actor.name)
    if moved.isEmpty { return nil }
    return moved.count > Self.mostNames
      ? "\(moved.count) of them had another stance before."
      : "\(Words.list(moved)) had another stance before."
  }
}
