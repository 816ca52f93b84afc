import Annals

/// Where a day stands on the axis of a drawing.
protocol DayScale {
  /// The first day of the axis, and the last.
  var ends: ClosedRange<Int64> { get }
  func x(_ day: Int64) -> Double
  /// What is written under the axis.
  var ticks: [(x: Double, label: String)] { get }
  /// Days and their places; between two of them the axis is even.
  var knots: [(day: Int64, x: Double)] { get }
}

/// Days at their true distances.
struct TrueScale: DayScale {
  private let axis: TimeAxis
  static let textSize = 13.0

  init(of days: [Int64], through last: Int64, plot: ClosedRange<Double>) {
    axis = TimeAxis(from: days, reachingBackTo: .max, through: last, pixels: plot)
  }

  var ends: ClosedRange<Int64> { axis.days.lowerBound...axis.days.upperBound - 1 }

  func x(_ day: Int64) -> Double { axis.x(day) }

  var ticks: [(x: Double, label: String)] {
    axis.ticks(size: Self.textSize).map { ($0.x, $0.label) }
  }

  var knots: [(day: Int64, x: Double)] {
    [
      (axis.days.lowerBound, axis.pixels.lowerBound),
      (axis.days.upperBound, axis.pixels.upperBound),
    ]
  }
}

/// Each day on which something changes at the same distance from the next.
struct EvenScale: DayScale {
  private let marks: [(day: Int64, x: Double)]
  /// Days at which something changes.
  private let days: [Int64]
  private static let mostLabels = 7

  init(of changes: [Int64], through last: Int64, plot: ClosedRange<Double>) {
    let days = Set(changes.filter { $0 != .min && $0 <= last }).sorted()
    self.days = days
    let first = (days.first ?? last) - 90
    let stops = [first] + days + [last + 1]
    let width = (plot.upperBound - plot.lowerBound) / (Double(stops.count - 1))
    marks = stops.enumerated().map { ($1, plot.lowerBound + Double($0) * width) }
  }

  var ends: ClosedRange<Int64> { marks[0].day...marks[marks.count - 1].day - 1 }

  func x(_ day: Int64) -> Double {
    guard let next = marks.firstIndex(where: { $0.day >= day }), next > 0 else {
      return day <= marks[0].day ? marks[0].x : marks[marks.count - 1].x
    }
    let (a, b) = (marks[next - 1], marks[next])
    return a.x + Double(day - a.day) / Double(b.day - a.day) * (b.x - a.x)
  }

  var ticks: [(x: Double, label: String)] {
    let step = max(1, (days.count + Self.mostLabels - 1) / Self.mostLabels)
    return days.enumerated().filter { $0.offset % step == 0 }
      .map { (x($0.element), Words.shortDay($0.element)) }
  }

  var knots: [(day: Int64, x: Double)] { marks }
}
