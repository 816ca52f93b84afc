/// Looks for suggestions as long as that stays quick. An input with thousands of unknown names gets
/// some for the first of them: each one compares a name with every known one.
struct Suggester: Sendable {
  /// Names that may still be compared.
  private(set) var left: Int

  /// Makes no suggestions.
  static let none = Suggester(left: 0)

  init(left: Int = 500_000) { self.left = left }

  /// True when no more names are compared.
  var isSpent: Bool { left <= 0 }

  /// See `Suggestion.nearest`.
  mutating func nearest(to text: String, among candidates: [String]) -> String? {
    if isSpent { return nil }
    left -= candidates.count + 1
    return Suggestion.nearest(to: text, among: candidates)
  }

  /// Counts a look-up that costs as much as so many comparisons; false when there is no time for it.
  mutating func spend(_ comparisons: Int) -> Bool {
    if isSpent { return false }
    left -= comparisons
    return true
  }
}

/// "Did you mean …?"
public enum Suggestion {
  /// The longest text for which a suggestion is looked for, in bytes: names are shorter.
  static let longestText = 256

  /// The candidate that most resembles a mistyped text; nil when none is near.
  ///
  /// Near is within two edits or a third of the text's length, whichever is more: insertions,
  /// deletions, replacements, and swaps of neighbours. Upper and lower case count as the same.
  public static func nearest(to text: String, among candidates: some Sequence<String>) -> String? {
    guard text.utf8.count <= longestText else { return nil }
    let typed = Array(ReadForm.folded(text).unicodeScalars)
    // A text of two letters is within two edits of every other one.
    let limit = max(typed.count / 3, min(2, typed.count - 1))
    var best: (candidate: String, distance: Int)?
    let candidates = candidates.filter { $0.utf8.count <= 4 * longestText }
    for candidate in candidates {
      let distance = editDistance(
        typed, Array(ReadForm.folded(candidate).unicodeScalars), limit: best?.distance ?? limit + 1)
      if distance < best?.distance ?? limit + 1 { best = (candidate, distance) }
    }
    return best?.candidate ?? completion(of: typed, among: candidates)
      ?? wordMatch(of: typed, among: candidates)
  }

  /// The first candidate that has the mistyped text as one of its words: "ukrane" for
  /// `ukraine-integrity`.
  private static func wordMatch(
    of typed: [Unicode.Scalar], among candidates: some Sequence<String>
  ) -> String? {
    let limit = typed.count / 4
    guard limit > 0 else { return nil }
    return candidates.filter { candidate in
      candidate.lowercased().split { !$0.isLetter && !$0.isNumber }.contains { word in
        editDistance(typed, Array(word.unicodeScalars), limit: limit + 1) <= limit
      }
    }
    .min()
  }

  /// The shortest candidate that begins with a text of three letters or more, or else holds it:
  /// "ukraine" for `ukraine-integrity`.
  private static func completion(
    of typed: [Unicode.Scalar], among candidates: some Sequence<String>
  ) -> String? {
    guard typed.count >= 3 else { return nil }
    var best: (candidate: String, isStart: Bool, length: Int)?
    for candidate in candidates {
      let scalars = Array(candidate.lowercased().unicodeScalars)
      let isStart = scalars.starts(with: typed)
      guard isStart || scalars.contains(typed) else { continue }
      if let known = best {
        if known.isStart && !isStart { continue }
        if known.isStart == isStart && known.length <= scalars.count { continue }
      }
      best = (candidate, isStart, scalars.count)
    }
    return best?.candidate
  }

  /// Damerau–Levenshtein distance (optimal string alignment); `limit` when it is not below that.
  static func editDistance(
    _ a: [Unicode.Scalar], _ b: [Unicode.Scalar], limit: Int
  ) -> Int {
    guard abs(a.count - b.count) < limit else { return limit }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for row in a.indices {
      var current = [row + 1]
      current.reserveCapacity(b.count + 1)
      for column in b.indices {
        var cost = min(
          last[column] + (a[row] == b[column] ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, a[row] == b[column - 1], a[row - 1] == b[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      if current.min() ?? 0 >= limit { return limit }
      (beforeLast, last) = (last, current)
    }
    return min(last[b.count], limit)
  }
}
