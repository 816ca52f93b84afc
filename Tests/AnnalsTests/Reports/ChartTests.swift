import EventLog
import Foundation
import Testing

@testable import Annals

/// The geometry of charts, over random reports: what a reader would see at once if it were wrong.
///
/// `ANNALS_SEED` asks for other reports.
@Suite struct ChartTests {
  private static let seed =
    UInt64(ProcessInfo.processInfo.environment["ANNALS_SEED"] ?? "")
    ?? .random(in: 0...999_999_999)

  /// Charts of random reports, inside a page and as files, with the seed that makes each again.
  private static let charts: [(seed: UInt64, report: Report, chart: Chart)] = {
    print("ANNALS_SEED=\(seed)")
    return (0..<150).flatMap { index -> [(seed: UInt64, report: Report, chart: Chart)] in
      let own = seed &+ UInt64(index)
      var random = RandomReport(seed: own)
      let report = random.report()
      let imprint = ReportImprint(program: "annals 0", command: report.command(as: .svg))
      return [(own, report, Chart(report)), (own, report, Chart(report, imprint: imprint))]
    }
  }()

  private struct Box {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    init(_ label: Chart.Label) {
      let width = TextWidth.of(label.text, size: label.size, isBold: label.isBold)
      left =
        switch label.anchor {
        case .start: label.x
        case .middle: label.x - width / 2
        case .end: label.x - width
        }
      right = left + width
      top = label.y - label.size * 0.8
      bottom = label.y + label.size * 0.2
    }

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  @Test func noTextOverlapsAnotherOrIsCut() {
    for (seed, _, chart) in Self.charts {
      let boxes = chart.labels.map(Box.init)
      for (index, box) in boxes.enumerated() {
        let text = chart.labels[index].text
        #expect(box.left >= 0 && box.right <= Chart.width, "seed \(seed): \(text)")
        #expect(box.top >= 0 && box.bottom <= chart.height, "seed \(seed): \(text)")
        for other in boxes.indices where other > index {
          if box.overlaps(boxes[other]) {
            Issue.record("seed \(seed): \(text) overlaps \(chart.labels[other].text)")
          }
        }
      }
    }
  }

  @Test func nothingIsDrawnOutsideThePlot() {
    for (seed, _, chart) in Self.charts {
      for panel in chart.panels {
        let rows = panel.rows[4] - 1...panel.rows[0] + 1
        for trace in [panel.line] + (panel.earlier.map { [$0] } ?? []) {
          for point in trace.strokes.joined() {
            #expect(120...728 ~= point.x && rows ~= point.y, "seed \(seed)")
          }
          for band in trace.bands {
            #expect(band.x.lowerBound >= 120 && band.x.upperBound <= 728, "seed \(seed)")
          }
        }
        for range in panel.ranges {
          #expect(range.x.lowerBound >= 120 && range.x.upperBound <= 728, "seed \(seed)")
        }
        for mark in panel.marks { #expect(120...742 ~= mark.x && rows ~= mark.y, "seed \(seed)") }
        #expect(panel.marks.count <= Chart.stepLimit, "seed \(seed)")
      }
    }
  }

  /// Lines are level or upright, and never run back in time.
  @Test func aLineIsMadeOfSteps() {
    for (seed, _, chart) in Self.charts {
      for panel in chart.panels {
        for stroke in panel.line.strokes {
          for (a, b) in zip(stroke, stroke.dropFirst()) {
            #expect(a.x == b.x || a.y == b.y, "seed \(seed)")
            #expect(b.x >= a.x, "seed \(seed)")
          }
        }
      }
    }
  }

  /// On any day the line (or a band) stands where the steps say, and nowhere where nothing is known.
  @Test func theLineShowsTheLevelOfEachDay() {
    var random = SplitMix(seed: Self.seed)
    var compared = 0
    for (seed, report, chart) in Self.charts {
      let axis = TimeAxis(of: report)
      for (line, panel) in zip(report.lines, chart.panels) where line.audit.steps.count <= 60 {
        let edges = line.audit.steps.flatMap { step in
          [axis.x(step.from)] + (step.to.map { [axis.x($0 + 1)] } ?? [])
        }
        for _ in 0..<20 {
          let day = Int64.random(in: axis.days, using: &random)
          let x = axis.x(day)
          // What happens within two pixels is too small to be told apart.
          guard edges.allSatisfy({ abs($0 - x) > 2 }) else { continue }
          compared += 1
          let step = line.audit.steps.last { $0.from <= day && $0.to.map { day <= $0 } ?? true }
          #expect(drawn(panel, x) == step.map { rows(of: $0.level, panel) }, "seed \(seed), \(day)")
        }
      }
    }
    #expect(compared > 1000)
  }

  private func rows(of level: Level, _ panel: Chart.Panel) -> ClosedRange<Double> {
    panel.rows[level.high + 2]...panel.rows[level.low + 2]
  }

  /// What the panel shows at a place; nil for nothing.
  private func drawn(_ panel: Chart.Panel, _ x: Double) -> ClosedRange<Double>? {
    if let band = panel.line.bands.first(where: { $0.x.contains(x) }) { return band.y }
    for stroke in panel.line.strokes {
      for (a, b) in zip(stroke, stroke.dropFirst()) where a.x <= x && x <= b.x && a.y == b.y {
        return a.y...a.y
      }
    }
    return nil
  }

  @Test func ticksStandClearOfEachOtherAtAnySpan() {
    var random = SplitMix(seed: Self.seed)
    for _ in 0..<2000 {
      let span = Int64(exp(Double.random(in: 0...15, using: &random)))
      let last = Int64.random(in: -3_000_000...2_000_000, using: &random)
      let axis = TimeAxis(
        from: [last - span], reachingBackTo: last - span, through: last, pixels: 120...728)
      let ticks = axis.ticks(size: 12)
      #expect(!ticks.isEmpty && ticks.count < 100, "span \(span) to \(last)")
      for (a, b) in zip(ticks, ticks.dropFirst()) {
        let room = TextWidth.of(a.label, size: 12) / 2 + TextWidth.of(b.label, size: 12) / 2
        #expect(b.x - a.x >= room + 4, "\(a.label) and \(b.label), span \(span) to \(last)")
      }
    }
  }

  @Test func theFileIsOneXMLDocumentWithoutScript() throws {
    for (_, report, _) in Self.charts.prefix(60) {
      let text = try report.written(as: .svg, by: "annals 0")
      #expect(!text.contains("<script") && !text.contains("<b>"))
      #expect(wellFormed(text))
      #expect(wellFormed(SVGWriter.part(report)))
    }
  }

  /// Tags close in order, and attributes hold no angle bracket: enough to tell a broken escape.
  private func wellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for match in text.matches(of: /<(\/?)([a-z]+)([^<>]*?)(\/?)>/) {
      let (_, closing, name, attributes, single) = match.output
      if !closing.isEmpty {
        guard open.popLast() == name else { return false }
      } else if single.isEmpty {
        open.append(name)
      }
      guard attributes.filter({ $0 == "\"" }).count.isMultiple(of: 2) else { return false }
    }
    let brackets = text.filter { $0 == "<" }.count
    return open.isEmpty && brackets == text.matches(of: /<(\/?)([a-z]+)([^<>]*?)(\/?)>/).count
  }
}
