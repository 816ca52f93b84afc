import Annals
package import EventLog

/// Days and instants as text.
package enum DateText {
  /// A day counted from 1970-01-01, as `2022-03-02`; nil for "at any time before" or "after".
  package static func day(_ day: Int64?) -> String? {
    guard let day, day != .min, day != .max else { return nil }
    let noon = Instant(microseconds: day * 86_400_000_000)
    return Self.day(of: noon)
  }

  package static func day(of instant: Instant) -> String {
    let text = instant.description
    return String(text[..<(text.firstIndex(of: "T") ?? text.endIndex)])
  }

  /// The first and the last day: `{"from": "2022-03-02", "to": "2025-02-24"}`; null for none.
  package static func json(_ period: ClosedRange<Int64>?) -> JSON {
    guard let period else { return .null }
    return .members([
      "from": .text(day(period.lowerBound)), "to": .text(day(period.upperBound)),
    ])
  }
}
