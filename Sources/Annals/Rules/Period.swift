import EventLog

/// A stretch of days for which a share is given: a calendar year, or any other.
public struct Period: Hashable, Sendable {
  /// How it is written: `2022`, `2022-Q1`, `2022-03`, or as the reader gave it.
  public var text: String
  /// First and last day, counted from 1970-01-01.
  public var days: ClosedRange<Int64>

  /// How a longer time is cut up.
  public enum Unit: String, CaseIterable, Sendable {
    case year, quarter, month

    var months: Int64 {
      switch self {
      case .year: 12
      case .quarter: 3
      case .month: 1
      }
    }
  }

  /// The days that a date or an interval takes up; nil when it has no beginning or no end, and for
  /// what is no one stretch of time: a choice of dates, one that is doubtful.
  public init?(_ date: EDTF) {
    guard date.earliest != .min, date.latest != .max,
      !date.text.contains(where: { "[~?%".contains($0) })
    else { return nil }
    text = date.text
    let time = date.local
    days = Day.of(second: time.earliest)...Day.last(before: time.latest)
  }

  init(text: String, days: ClosedRange<Int64>) {
    self.text = text
    self.days = days
  }

  /// The calendar units that the days touch, in order.
  static func all(_ unit: Unit, touching days: ClosedRange<Int64>) -> [Period] {
    let first = CivilDate.fromDay(days.lowerBound)
    // Counted from January of year 0, and taken back to the unit's first.
    var month = first.year * 12 + (first.month - 1) / unit.months * unit.months
    var periods: [Period] = []
    while true {
      let start = Self.firstDay(ofMonth: month)
      if start > days.upperBound { return periods }
      let end = Self.firstDay(ofMonth: month + unit.months) - 1
      periods.append(Period(text: Self.text(unit, month), days: start...end))
      month += unit.months
    }
  }

  /// `month` counted from year 0.
  private static func firstDay(ofMonth month: Int64) -> Int64 {
    let ofYear = ((month % 12) + 12) % 12
    return CivilDate.day(year: (month - ofYear) / 12, month: ofYear + 1, day: 1)
  }

  private static func text(_ unit: Unit, _ month: Int64) -> String {
    let first = CalendarDay(number: firstDay(ofMonth: month)).description
    switch unit {
    case .year: return String(first.dropLast(6))
    case .quarter: return String(first.dropLast(6)) + "-Q\((month % 12 + 12) % 12 / 3 + 1)"
    case .month: return String(first.dropLast(3))
    }
  }
}
