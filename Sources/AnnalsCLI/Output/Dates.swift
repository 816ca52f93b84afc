import Annals
import EventLog

/// Days and instants as text.
enum DateText {
  /// A day counted from 1970-01-01, as `2022-03-02`; nil for "at any time before" or "after".
  static func day(_ day: Int64?) -> String? {
    guard let day, day != .min, day != .max else { return nil }
    let noon = Instant(microseconds: day * 86_400_000_000)
    return Self.day(of: noon)
  }

  static func day(of instant: Instant) -> String {
    let text = instant.description
    return String(text[..<(text.firstIndex(of: "T") ?? text.endIndex)])
  }

  /// When an event was recorded: on a screen the day with the delay, `2022-03-03 (+1 d)`; on a pipe
  /// the instant.
  static func recorded(_ instant: Instant, delayDays: Int?, on terminal: Terminal) -> String {
    guard terminal.isInteractive else { return instant.description }
    let delay = delayDays.map { $0 == 0 ? "" : " (\($0 > 0 ? "+" : "−")\($0.magnitude.grouped) d)" }
    return day(of: instant) + (delay ?? "")
  }

  /// How long it is from one day to another: `2 y 3 mo`, `5 mo`, `12 d`.
  static func span(from start: Int64, to end: Int64) -> String {
    let (a, b) = (CivilDate.fromDay(start), CivilDate.fromDay(end))
    var months = (b.year - a.year) * 12 + b.month - a.month
    if b.day < a.day { months -= 1 }
    switch months {
    case ..<1: return "\(end - start) d"
    case ..<12: return "\(months) mo"
    default: return "\(months / 12) y" + (months % 12 == 0 ? "" : " \(months % 12) mo")
    }
  }
}

extension OnMoment {
  /// The last day of it, counted from 1970-01-01.
  var lastDay: Int64 { Instant(microseconds: (endOfMoment - 1) * 1_000_000).day }
}

extension RecordState {
  /// `#62 (2025-02-25)`: the position, and when it was recorded.
  var text: String {
    let day = recorded.map { " (\(DateText.day(of: $0)))" } ?? " (empty)"
    return position.description + day + (remark.map { ", \($0)" } ?? "")
  }

  /// That the answer may have been another one; nil when it was the same.
  private var remark: String? {
    if erasedSince == 0 { return nil }
    let payloads = erasedSince == 1 ? "1 payload" : "\(erasedSince.grouped) payloads"
    return "\(payloads) erased since: an earlier answer may differ"
  }

  /// For JSON: `{"seq": 62, "recorded": "…"}`.
  var json: JSON {
    .members([
      "seq": .integer(position.rawValue), "recorded": .text(recorded?.description),
      "erasedSince": erasedSince > 0 ? .whole(erasedSince) : nil,
    ])
  }
}

extension Level? {
  var label: String { self?.label ?? "no data" }
}

extension Level {
  /// For JSON: the members `level` and, for a set of choices, `levels`.
  static func members(_ level: Level?, into object: inout JSONObject) {
    object["level"] = .whole(level?.value)
    if let level, level.value == nil {
      object["levels"] = .array([.integer(Int64(level.low)), .integer(Int64(level.high))])
    }
  }
}
