import EventLog

/// The picture of a report: what stands where. One panel per actor, one under the other, on one
/// axis of time; levels from top (supports) to bottom (opposes).
struct Chart {
  static let width = 760.0
  static let textSize = 12.0
  /// At most so many steps are drawn one by one.
  static let stepLimit = 300

  var height: Double
  var panels: [Panel]
  /// Everything that is written, of all panels.
  var labels: [Label]
  var keys: [Key]

  struct Label {
    enum Anchor: String { case start, middle, end }
    enum Style: String { case title, name, level, tick, note, small }
    var x: Double
    /// The base line.
    var y: Double
    var anchor: Anchor
    var style: Style
    var text: String

    var size: Double {
      switch style {
      case .title: 16
      case .name: 14
      case .small: 11
      default: Chart.textSize
      }
    }
    var isBold: Bool { style == .title || style == .name }
  }

  struct Panel {
    /// The place of each level, from −2.
    var rows: [Double]
    var ticks: [Double]
    var line: Trace
    var earlier: Trace?
    var ranges: [DateRange]
    var marks: [Mark]
  }

  /// A step line: strokes, and the bands where it is known only between which levels it is.
  struct Trace {
    /// Each a run of points without a gap.
    var strokes: [[Point]] = []
    var bands: [Band] = []
  }

  struct Point: Equatable {
    var x: Double
    var y: Double
  }

  struct Band {
    var x: ClosedRange<Double>
    var y: ClosedRange<Double>
  }

  /// From the first to the last day that an imprecise date can mean.
  struct DateRange {
    var x: ClosedRange<Double>
    var y: Double
    /// It reaches back further than the axis.
    var isOpen: Bool
  }

  /// Where an event made a step.
  struct Mark {
    var x: Double
    var y: Double
    var isCorrected: Bool
    var isDisputed: Bool
    /// The step began on an unknown day.
    var isOpen: Bool
    var text: String
    var anchor: String?
    var url: String?
  }

  /// A line of the key: what a shape means.
  struct Key {
    enum Shape { case step, corrected, disputed, range, band, open, earlier }
    var shape: Shape
    var x: Double
    /// The base line of its text.
    var y: Double
  }
}
