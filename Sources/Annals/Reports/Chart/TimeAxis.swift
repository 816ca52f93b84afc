import EventLog

/// The horizontal axis of a chart: days on pixels, and the ticks that fit.
package struct TimeAxis: Sendable {
  /// The first day, and the day after the last.
  package let days: Range<Int64>
  package let pixels: ClosedRange<Double>

  package struct Tick: Sendable {
    package var x: Double
    package var label: String
  }

  /// From the first of the days through `last`. What reaches back further than the steps take
  /// themselves is cut off, so that one vague date does not press all else against the edge.
  package init(
    from starts: [Int64], reachingBackTo earliest: Int64, through last: Int64,
    pixels: ClosedRange<Double>
  ) {
    let end = last + 1
    let first = min(starts.filter { $0 != .min }.min() ?? end - 365, end - 1)
    // A single day has no width to draw a line on.
    let span = max(end - first, 30)
    let start = max(min(first, earliest), first - span)
    days = min(start, end - 30) - max(1, (end - start) / 40)..<end
    self.pixels = pixels
  }

  /// The left edge of a day; days beyond the axis stand at its ends.
  package func x(_ day: Int64) -> Double {
    guard day > days.lowerBound else { return pixels.lowerBound }
    guard day < days.upperBound else { return pixels.upperBound }
    let share = Double(day - days.lowerBound) / Double(days.upperBound - days.lowerBound)
    return pixels.lowerBound + share * (pixels.upperBound - pixels.lowerBound)
  }

  /// The finest ticks whose labels stand clear of each other.
  package func ticks(size: Double) -> [Tick] {
    let perDay =
      (pixels.upperBound - pixels.lowerBound) / Double(days.upperBound - days.lowerBound)
    for unit in TickUnit.all {
      let ticks = unit.days(in: days).map { Tick(x: x($0), label: unit.label($0)) }
      let widest = ticks.map { TextWidth.of($0.label, size: size) }.max() ?? 0
      if Double(unit.shortest) * perDay >= widest + 18 { return ticks }
    }
    return []
  }
}

/// How far ticks are apart.
private enum TickUnit {
  case days(Int64)
  case months(Int64)
  case years(Int64)

  static let all: [TickUnit] =
    [1, 2, 7, 14].map(TickUnit.days) + [1, 3, 6].map(TickUnit.months)
    + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].map(TickUnit.years)

  /// The fewest days between two ticks.
  var shortest: Int64 {
    switch self {
    case .days(let count): count
    case .months(let count): [1: 28, 3: 90, 6: 181][count] ?? 28
    case .years(let count): count * 365
    }
  }

  /// The days at which ticks stand.
  func days(in range: Range<Int64>) -> [Int64] {
    switch self {
    case .days(let count):
      // Weeks begin on Mondays, as 1970-01-05 was one.
      let first = Self.multiple(of: count, from: range.lowerBound - 4) + 4
      return Self.counted(from: first, by: count, in: range) { $0 }
    case .months(let count):
      let start = CivilDate.fromDay(range.lowerBound)
      let month = start.year * 12 + start.month - 1
      return Self.counted(from: Self.multiple(of: count, from: month), by: count, in: range) {
        let (year, month) = ($0 - Self.remainder($0, 12), Self.remainder($0, 12))
        return CivilDate.day(year: year / 12, month: month + 1, day: 1)
      }
    case .years(let count):
      let year = CivilDate.fromDay(range.lowerBound).year
      return Self.counted(from: Self.multiple(of: count, from: year), by: count, in: range) {
        CivilDate.day(year: $0, month: 1, day: 1)
      }
    }
  }

  func label(_ day: Int64) -> String {
    let (year, month, _) = CivilDate.fromDay(day)
    switch self {
    case .days: return CalendarDay(number: day).description
    case .months(3): return "\(year) Q\((month + 2) / 3)"
    case .months: return String(CalendarDay(number: day).description.dropLast(3))
    case .years: return "\(year)"
    }
  }

  private static func counted(
    from first: Int64, by count: Int64, in range: Range<Int64>, _ day: (Int64) -> Int64
  ) -> [Int64] {
    var days: [Int64] = []
    var value = first
    // Never more than a chart has room for: a finer unit is then not the one to take.
    while days.count <= 100, day(value) < range.upperBound {
      if day(value) >= range.lowerBound { days.append(day(value)) }
      value += count
    }
    return days
  }

  /// The first multiple at or before a value.
  private static func multiple(of count: Int64, from value: Int64) -> Int64 {
    value - remainder(value, count)
  }

  private static func remainder(_ value: Int64, _ count: Int64) -> Int64 {
    let remainder = value % count
    return remainder < 0 ? remainder + count : remainder
  }
}
