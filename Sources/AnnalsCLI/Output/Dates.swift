import Annals
import AnnalsAnswers
import EventLog

extension DateText {
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
}
