import Annals
import AnnalsAnswers
import EventLog

/// Words that all pages use.
enum Words {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  /// Day and month never part: `24 February 2025` with no-break spaces.
  static func day(_ day: Int64) -> String {
    if day == .min { return "any time before" }
    if day == .max { return "any time after" }
    let (year, month, dayOfMonth) = CivilDate.fromDay(day)
    return "\(dayOfMonth)\u{a0}\(months[Int(month) - 1])\u{a0}\(year)"
  }

  /// `24 Feb 2025`.
  static func shortDay(_ day: Int64) -> String {
    if day == .min { return "before" }
    if day == .max { return "after" }
    let (year, month, dayOfMonth) = CivilDate.fromDay(day)
    return "\(dayOfMonth)\u{a0}\(months[Int(month) - 1].prefix(3))\u{a0}\(year)"
  }

  /// `29 Nov 2026, 16:55 UTC`.
  static func time(_ instant: Instant) -> String {
    let text = instant.description
    let clock = text.drop { $0 != "T" }.dropFirst().prefix(5)
    return "\(shortDay(instant.day)), \(clock)\u{a0}UTC"
  }

  static func isoDay(_ day: Int64) -> String { CalendarDay(number: day).description }

  /// "from 20 February 2025 to 23 February 2025"; "since 24 February 2025".
  static func span(_ from: Int64, _ to: Int64?) -> String {
    guard let to else { return "since \(day(from))" }
    if from == .min { return "until \(day(to))" }
    return from == to ? "on \(day(from))" : "from \(day(from)) to \(day(to))"
  }

  /// "1 step", "1,204 steps", "two steps".
  static func count(_ number: Int, _ noun: String) -> String {
    "\(figure(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A number with commas between the thousands.
  static func figure(_ number: some BinaryInteger) -> String {
    var digits = String(number.magnitude)
    var parts: [String] = []
    while digits.count > 3 {
      parts.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (number < 0 ? "−" : "") + ([digits] + parts).joined(separator: ",")
  }

  /// "A", "A and B", "A, B and C".
  static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// "and 12 more", under a list; nothing where all are shown.
  static func more(_ shown: Int, of total: Int) -> HTML {
    total > shown ? "<p class=\"quiet\">and \(figure(total - shown)) more</p>" : .none
  }

  /// A text without the full stop at its end, for use within a sentence.
  static func withoutStop(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// A sentence begins with a capital letter.
  static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  /// `fact.corrected` as "fact corrected".
  static func type(_ name: String) -> String {
    name.split(separator: ".").joined(separator: " ").replacing("_", with: " ")
  }
}
