/// Writes a chart as SVG.
struct SVGWriter {
  private let chart: Chart
  private let report: Report
  /// Set for a file of its own.
  private let imprint: ReportImprint?
  private var result = ""

  /// The chart inside a page: its marks lead to the rows of the evidence.
  static func part(_ report: Report) -> String {
    var writer = SVGWriter(report, nil)
    return writer.written()
  }

  /// The chart as a file: with title, footer, its own colours, and links to the sources.
  static func file(_ report: Report, _ imprint: ReportImprint) -> String {
    var writer = SVGWriter(report, imprint)
    return writer.written() + "\n"
  }

  private init(_ report: Report, _ imprint: ReportImprint?) {
    chart = Chart(report, imprint: imprint)
    self.report = report
    self.imprint = imprint
  }

  /// The colours and strokes, for light and dark.
  static let style = """
    .chart{--ground:#fff;--ink:#1b1f24;--soft:#57606a;--grid:#d5dae0;--line:#0b57a4;--then:#6e7781}
    @media screen and (prefers-color-scheme:dark){.chart{--ground:#14181d;--ink:#e8ebee;\
    --soft:#a9b3be;--grid:#39424c;--line:#7cb7ff;--then:#929daa}}
    .chart text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;\
    fill:var(--ink)}
    .chart .title{font-size:16px;font-weight:600}.chart .name{font-size:14px;font-weight:600}
    .chart .small{font-size:11px}.chart .tick,.chart .small{fill:var(--soft)}
    .chart .note{paint-order:stroke;stroke:var(--ground);stroke-width:4px}
    .chart .ground{fill:var(--ground)}
    .chart .grid{stroke:var(--grid);fill:none}
    .chart .line{stroke:var(--line);stroke-width:2.5;fill:none}
    .chart .band{fill:var(--line);fill-opacity:.18;stroke:var(--line);stroke-dasharray:5 3}
    .chart .then{stroke:var(--then);stroke-width:1.5;stroke-dasharray:4 4;fill:none}
    .chart .range{stroke:var(--ink);stroke-width:1.5;fill:none}
    .chart .mark{fill:var(--ground);stroke:var(--ink);stroke-width:2}
    .chart .sign{fill:none;stroke:var(--ink);stroke-width:2}
    .chart a:focus{outline:2px solid var(--ink);outline-offset:2px}
    .chart a:hover .mark,.chart a:focus .mark{fill:var(--line)}

    """

  // MARK: Structure

  private mutating func written() -> String {
    let (width, height) = (number(Chart.width), number(chart.height.rounded(.up)))
    // What holds links is a group, for the links to be found in it.
    let hasLinks = chart.panels.contains { $0.marks.contains { link($0) != nil } }
    var head = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\""
    if imprint != nil { head += " width=\"\(width)\" height=\"\(height)\" lang=\"en\"" }
    head += " viewBox=\"0 0 \(width) \(height)\" role=\"\(hasLinks ? "group" : "img")\""
    head += " aria-labelledby=\"chart-title chart-desc\">"
    line(head)
    line("<title id=\"chart-title\">\(escaped(report.title))</title>")
    line("<desc id=\"chart-desc\">\(escaped(description))</desc>")
    if let imprint {
      line("<metadata>\(escaped(imprint.command))</metadata>")
      line("<style>\n\(Self.style)</style>")
      line("<rect class=\"ground\" width=\"\(width)\" height=\"\(height)\"/>")
    }
    line("<g aria-hidden=\"true\">")
    for panel in chart.panels { background(panel) }
    for item in chart.keys { key(item) }
    for text in chart.labels { label(text) }
    line("</g>")
    for item in chart.panels.flatMap(\.marks) { mark(item) }
    result += "</svg>"
    return result
  }

  private var description: String {
    let answers = report.lines.map { ReportWording.answer($0.actor.name, $0.audit.steps) }
    return answers.joined(separator: " ")
      + (imprint == nil ? " The tables below have the same data." : "")
  }

  private mutating func background(_ panel: Chart.Panel) {
    guard let bottom = panel.rows.first, let top = panel.rows.last else { return }
    let rows = panel.rows.map { "M120 \(number($0))H728" }
    let ticks = panel.ticks.map { "M\(number($0)) \(number(top - 12))V\(number(bottom + 14))" }
    line("<path class=\"grid\" d=\"\((rows + ticks).joined())\"/>")
    if let earlier = panel.earlier { trace(earlier, stroke: "then", band: "then") }
    trace(panel.line, stroke: "line", band: "band")
    for range in panel.ranges {
      let (from, to) = (range.x.lowerBound, range.x.upperBound)
      let y = range.y
      var path = "M\(number(from)) \(number(y))H\(number(to))" + upright(at: to, y)
      path += range.isOpen ? arrow(at: from, y) : upright(at: from, y)
      line("<path class=\"range\" d=\"\(path)\"/>")
    }
  }

  private mutating func trace(_ trace: Chart.Trace, stroke: String, band: String) {
    for area in trace.bands {
      let (x, y) = (area.x, area.y)
      line(
        "<rect class=\"\(band)\" x=\"\(number(x.lowerBound))\" y=\"\(number(y.lowerBound))\""
          + " width=\"\(number(max(2, x.upperBound - x.lowerBound)))\""
          + " height=\"\(number(y.upperBound - y.lowerBound))\"/>")
    }
    guard !trace.strokes.isEmpty else { return }
    let paths = trace.strokes.map { points in
      var path = ""
      var last: Chart.Point?
      for point in points {
        switch last {
        case let last? where last.y == point.y: path += "H\(number(point.x))"
        case let last? where last.x == point.x: path += "V\(number(point.y))"
        default:
          path += "\(last == nil ? "M" : "L")\(number(point.x)) \(number(point.y))"
        }
        last = point
      }
      return path
    }
    line("<path class=\"\(stroke)\" d=\"\(paths.joined())\"/>")
  }

  private mutating func label(_ label: Chart.Label) {
    let anchor = label.anchor == .start ? "" : " text-anchor=\"\(label.anchor.rawValue)\""
    line(
      "<text class=\"\(label.style.rawValue)\" x=\"\(number(label.x))\" y=\"\(number(label.y))\""
        + "\(anchor)>\(escaped(label.text))</text>")
  }

  // MARK: Marks

  private func link(_ mark: Chart.Mark) -> String? {
    imprint == nil ? mark.anchor.map { "#\($0)" } : mark.url
  }

  private mutating func mark(_ mark: Chart.Mark) {
    let text = escaped(mark.text)
    let shapes = shapes(
      at: mark.x, mark.y, corrected: mark.isCorrected, disputed: mark.isDisputed,
      open: mark.isOpen)
    if let link = link(mark) {
      line(
        "<a href=\"\(escaped(link))\" aria-label=\"\(text)\"><title>\(text)</title>\(shapes)</a>")
    } else {
      line("<g><title>\(text)</title>\(shapes)</g>")
    }
  }

  private func shapes(
    at x: Double, _ y: Double, corrected: Bool, disputed: Bool, open: Bool
  ) -> String {
    let (at, base) = (number(x), number(y))
    var shapes =
      corrected
      ? "<path class=\"mark\" d=\"M\(number(x - 7)) \(base)L\(at) \(number(y - 7))"
        + "L\(number(x + 7)) \(base)L\(at) \(number(y + 7))Z\"/>"
      : "<circle class=\"mark\" cx=\"\(at)\" cy=\"\(base)\" r=\"5\"/>"
    if disputed {
      shapes +=
        "<path class=\"sign\" d=\"M\(number(x - 8)) \(number(y - 9))H\(number(x + 8))"
        + "M\(number(x - 8)) \(number(y + 9))H\(number(x + 8))\"/>"
    }
    if open { shapes += "<path class=\"sign\" d=\"\(arrow(at: x - 14, y))\"/>" }
    return shapes
  }

  private mutating func key(_ key: Chart.Key) {
    let (x, y) = (key.x + 12, key.y - 4)
    switch key.shape {
    case .step: line(shapes(at: x, y, corrected: false, disputed: false, open: false))
    case .corrected: line(shapes(at: x, y, corrected: true, disputed: false, open: false))
    case .disputed: line(shapes(at: x, y, corrected: false, disputed: true, open: false))
    case .open: line("<path class=\"sign\" d=\"\(arrow(at: x, y))\"/>")
    case .range:
      let path = "M\(number(x - 12)) \(number(y))H\(number(x + 12))"
      line(
        "<path class=\"range\" d=\"\(path)\(upright(at: x - 12, y))\(upright(at: x + 12, y))\"/>")
    case .band:
      line(
        "<rect class=\"band\" x=\"\(number(x - 12))\" y=\"\(number(y - 6))\" width=\"24\""
          + " height=\"12\"/>")
    case .earlier:
      line("<path class=\"then\" d=\"M\(number(x - 12)) \(number(y))H\(number(x + 12))\"/>")
    }
  }

  private func upright(at x: Double, _ y: Double) -> String {
    "M\(number(x)) \(number(y - 5))V\(number(y + 5))"
  }

  /// Points to the left.
  private func arrow(at x: Double, _ y: Double) -> String {
    "M\(number(x + 6)) \(number(y - 6))L\(number(x)) \(number(y))L\(number(x + 6)) \(number(y + 6))"
  }

  // MARK: Text

  private mutating func line(_ text: String) { result += text + "\n" }

  private func escaped(_ text: String) -> String { Escaping.markup(text) }

  /// With at most one decimal, the same on every machine.
  private func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }
}
