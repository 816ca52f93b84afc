import EventLog

extension Chart {
  /// Lays out the chart of a report. Alone, it has the report's title above it, and below it how it
  /// was made.
  init(_ report: Report, imprint: ReportImprint? = nil) {
    var builder = ChartBuilder(report)
    if imprint != nil { builder.addHeading() }
    for line in report.lines { builder.addPanel(line) }
    builder.addFoot()
    builder.addKeys()
    if let imprint { builder.addImprint(imprint) }
    self = builder.chart
  }
}

/// Puts one thing under the other.
private struct ChartBuilder {
  var chart = Chart(height: 8, panels: [], labels: [], keys: [])
  private let report: Report
  private let axis: TimeAxis

  private static let edge = 12.0
  private static let rowHeight = 26.0
  /// Of which the plot has fewer than `Chart.stepLimit`.
  private static let columnWidth = 2.1

  init(_ report: Report) {
    self.report = report
    axis = TimeAxis(of: report)
  }

  // MARK: Text

  private mutating func add(
    _ text: String, _ style: Chart.Label.Style, x: Double, y: Double,
    _ anchor: Chart.Label.Anchor = .start
  ) {
    chart.labels.append(Chart.Label(x: x, y: y, anchor: anchor, style: style, text: text))
  }

  /// A paragraph over the whole width.
  private mutating func addLines(_ text: String, _ style: Chart.Label.Style) {
    let like = Chart.Label(x: 0, y: 0, anchor: .start, style: style, text: "")
    let width = Chart.width - 2 * Self.edge
    for line in TextWidth.wrapped(text, size: like.size, isBold: like.isBold, width: width) {
      chart.height += like.size + 5
      add(line, style, x: Self.edge, y: chart.height - 4)
    }
  }

  mutating func addHeading() {
    addLines(report.title, .title)
    addLines("“\(report.proposition)”", .note)
    chart.height += 6
  }

  mutating func addImprint(_ imprint: ReportImprint) {
    chart.height += 8
    addLines(
      "Made by \(imprint.program) from \(ReportWording.events(report.knownBy)), rule"
        + " \(report.rule.name). To make it again: \(imprint.command)", .small)
    chart.height += 8
  }

  /// Which moments the picture shows.
  mutating func addFoot() {
    chart.height += 16
    add("known by \(ReportWording.briefly(report.knownBy))", .tick, x: Self.edge, y: chart.height)
    let last = CalendarDay(number: report.lastDay)
    add("until \(last)", .tick, x: TimeAxis.plot.upperBound, y: chart.height, .end)
    chart.height += 6
  }

  // MARK: Panels

  mutating func addPanel(_ line: ReportLine) {
    chart.height += chart.panels.isEmpty ? 0 : 14
    addLines(line.actor.name, .name)
    let top = chart.height + 20
    // From −2 upwards.
    let rows = (0..<5).map { top + Double(4 - $0) * Self.rowHeight }
    for (index, y) in rows.enumerated() {
      add(Level(index - 2).label, .level, x: TimeAxis.plot.lowerBound - 12, y: y + 4, .end)
    }
    let floor = rows[0] + 14
    var ticks: [Double] = []
    for tick in axis.ticks(size: Chart.textSize) {
      ticks.append(tick.x)
      // A label that would be cut is left out; its tick stands.
      let half = TextWidth.of(tick.label, size: Chart.textSize) / 2
      guard tick.x - half >= 2, tick.x + half <= Chart.width - 2 else { continue }
      add(tick.label, .tick, x: tick.x, y: floor + 16, .middle)
    }
    let drawn = Self.drawn(line.audit.steps, axis)
    chart.panels.append(
      Chart.Panel(
        rows: rows, ticks: ticks, line: trace(line.audit.steps, rows),
        earlier: line.earlier.map { trace($0, rows) },
        ranges: drawn.compactMap { range(of: $0, rows) },
        marks: marks(of: drawn, line, rows)))
    chart.height = floor + 20
    if line.audit.steps.isEmpty {
      let middle = (TimeAxis.plot.lowerBound + TimeAxis.plot.upperBound) / 2
      // Between two rows, so that no line runs through it.
      add("no data", .note, x: middle, y: rows[2] - Self.rowHeight / 2 + 4, .middle)
    } else if drawn.count < line.audit.steps.count {
      addLines(
        "\(drawn.count) of \(line.audit.steps.count) steps are marked: the last within each two"
          + " pixels. The table has all of them.", .note)
    }
  }

  /// The steps that are marked: all, or with very many of them the last in each two pixels.
  private static func drawn(_ steps: [StanceStep], _ axis: TimeAxis) -> [StanceStep] {
    guard steps.count > Chart.stepLimit else { return steps }
    var drawn: [StanceStep] = []
    var column: Double?
    for step in steps {
      let own = Self.column(axis.x(step.from))
      if own == column { drawn.removeLast() }
      drawn.append(step)
      column = own
    }
    return drawn
  }

  private func y(_ level: Int, _ rows: [Double]) -> Double { rows[min(max(level + 2, 0), 4)] }

  private func middle(_ level: Level, _ rows: [Double]) -> Double {
    (y(level.low, rows) + y(level.high, rows)) / 2
  }

  /// The line through steps: level through the days of a step, upright where the next one follows.
  private func trace(_ steps: [StanceStep], _ rows: [Double]) -> Chart.Trace {
    var trace = Chart.Trace()
    var stroke: [Chart.Point] = []
    func add(_ x: Double, _ y: Double) { stroke.append(Chart.Point(x: x, y: y)) }
    func finish() {
      let points = Self.merged(stroke)
      if points.count > 1 { trace.strokes.append(points) }
      stroke = []
    }
    // With very many steps, what falls into one column is one upright.
    let isCrowded = steps.count > Chart.stepLimit
    func x(_ day: Int64) -> Double { isCrowded ? Self.column(axis.x(day)) : axis.x(day) }
    var before: StanceStep?
    for step in steps {
      let start = x(step.from)
      let end = step.to.map { x($0 + 1) } ?? axis.x(.max)
      let low = y(step.level.low, rows)
      let high = y(step.level.high, rows)
      let follows = before.map { $0.to.map { $0 + 1 == step.from } ?? false } ?? false
      if !follows { finish() }
      if follows, let before {
        // Upright between the nearest ends of the two levels.
        let from = min(max(high, y(before.level.high, rows)), y(before.level.low, rows))
        add(start, from)
        add(start, min(max(from, high), low))
      }
      if step.level.value == nil {
        finish()
        trace.bands.append(Chart.Band(x: start...end, y: high...low))
      } else {
        add(start, low)
        add(end, low)
      }
      before = step
    }
    finish()
    return trace
  }

  /// Points that follow each other on one upright as its ends and extremes; none twice.
  private static func merged(_ points: [Chart.Point]) -> [Chart.Point] {
    var merged: [Chart.Point] = []
    var rest = points[...]
    while let first = rest.first {
      let upright = rest.prefix { $0.x == first.x }
      rest = rest.dropFirst(upright.count)
      let ys = upright.map(\.y)
      let turns = [first.y, ys.min() ?? first.y, ys.max() ?? first.y, ys[ys.count - 1]]
      for y in turns where merged.last != Chart.Point(x: first.x, y: y) {
        merged.append(Chart.Point(x: first.x, y: y))
      }
    }
    return merged
  }

  /// The left edge of the column that a place falls into.
  private static func column(_ x: Double) -> Double {
    let left = TimeAxis.plot.lowerBound
    return left + ((x - left) / columnWidth).rounded(.down) * columnWidth
  }

  // MARK: Marks

  private func range(of step: StanceStep, _ rows: [Double]) -> Chart.DateRange? {
    guard let days = step.evidence.possibleDays else { return nil }
    let last = days.upperBound == .max ? Int64.max : days.upperBound + 1
    let x = axis.x(days.lowerBound)...axis.x(last)
    // The mark itself covers what is narrower.
    guard x.upperBound - x.lowerBound >= 8 else { return nil }
    return Chart.DateRange(
      x: x, y: middle(step.level, rows), isOpen: days.lowerBound < axis.days.lowerBound)
  }

  private func marks(
    of steps: [StanceStep], _ line: ReportLine, _ rows: [Double]
  ) -> [Chart.Mark] {
    let anchors = line.anchors
    let whose = report.lines.count > 1 ? "\(line.actor.name), " : ""
    return steps.map { mark($0, whose, anchors[$0.evidence.position], rows) }
  }

  private func mark(
    _ step: StanceStep, _ whose: String, _ anchor: String?, _ rows: [Double]
  ) -> Chart.Mark {
    let fact = step.evidence
    let about = ReportWording.marks(fact).map { ", \($0)" }.joined()
    let isOpen = step.from < axis.days.lowerBound
    return Chart.Mark(
      // The arrow before it needs its room.
      x: axis.x(step.from) + (isOpen ? 14 : 0), y: middle(step.level, rows),
      isCorrected: fact.current != fact.position, isDisputed: fact.isDisputed, isOpen: isOpen,
      text: "\(whose)\(ReportWording.span(step.from, step.to)): \(step.level.label), event"
        + " \(fact.position)\(about)",
      anchor: anchor,
      url: fact.sources.lazy.compactMap { Escaping.link($0.url) }.first)
  }

  // MARK: The key

  /// Explains the shapes that the chart has.
  mutating func addKeys() {
    var shapes: [Chart.Key.Shape] = []
    let marks = chart.panels.flatMap(\.marks)
    if !marks.isEmpty { shapes.append(.step) }
    if marks.contains(where: \.isCorrected) { shapes.append(.corrected) }
    if marks.contains(where: \.isDisputed) { shapes.append(.disputed) }
    if chart.panels.contains(where: { !$0.ranges.isEmpty }) { shapes.append(.range) }
    if chart.panels.contains(where: { $0.ranges.contains(where: \.isOpen) })
      || marks.contains(where: \.isOpen)
    {
      shapes.append(.open)
    }
    let traces = chart.panels.flatMap { [$0.line] + ($0.earlier.map { [$0] } ?? []) }
    if traces.contains(where: { !$0.bands.isEmpty }) { shapes.append(.band) }
    if report.comparedTo != nil { shapes.append(.earlier) }
    var x = Self.edge
    chart.height += 20
    for shape in shapes {
      let text = words(shape)
      let width = 34 + TextWidth.of(text, size: Chart.textSize)
      if x > Self.edge, x + width > Chart.width - Self.edge {
        x = Self.edge
        chart.height += 20
      }
      chart.keys.append(Chart.Key(shape: shape, x: x, y: chart.height))
      add(text, .note, x: x + 30, y: chart.height)
      x += width + 20
    }
    chart.height += 10
  }

  private func words(_ shape: Chart.Key.Shape) -> String {
    switch shape {
    case .step: "a step, by one event"
    case .corrected: "corrected later"
    case .disputed: "disputed"
    case .range: "the days that the date can mean"
    case .band: "one of several choices"
    case .open: "goes further back"
    case .earlier: "as known by \(report.comparedTo.map(ReportWording.briefly) ?? "")"
    }
  }
}

extension TimeAxis {
  /// Between the labels of the levels and the right edge.
  static let plot = 120.0...728.0

  /// One axis for all lines of a report.
  init(of report: Report) {
    let steps = report.lines.flatMap(\.audit.steps)
    let earlier = report.lines.flatMap { $0.earlier ?? [] }
    let ranges = steps.compactMap(\.evidence.possibleDays)
    self.init(
      from: (steps + earlier).map(\.from),
      reachingBackTo: ranges.map(\.lowerBound).filter { $0 != .min }.min() ?? .max,
      through: report.lastDay, pixels: Self.plot)
  }
}

extension Fact {
  /// The first and the last day on which it may have been; nil when that is one day.
  fileprivate var possibleDays: ClosedRange<Int64>? {
    guard let time else { return nil }
    let (first, last) = (Day.of(second: time.earliest), Day.last(before: time.latest))
    return first < last ? first...last : nil
  }
}
