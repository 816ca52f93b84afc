import Annals
import EventLog

/// The picture of the explorer: the stance of one actor over time, with a mark for each fact that made
/// a step. `Templates/site.js` draws the same for other states of the record.
struct StepLine {
  static let plot = 120.0...978.0
  private static let levels = (-2...2).reversed().map { $0 }
  /// Of more steps than these, the last ones in each place are drawn.
  static let mostMarks = 120

  let steps: [StanceStep]
  /// The line as it is known now; nil where that is the same.
  let ghost: [StanceStep]?
  let actor: String
  /// The roll calls on the topic; a hollow square where no vote of the actor is recorded.
  let rollcalls: [LineRollCall]
  /// The page that has the evidence of each step; empty for the page of the drawing itself.
  let base: String
  /// The day asked about.
  let day: Int64
  /// The last day of the axis.
  let last: Int64

  static func y(_ level: Int) -> Double { 132 - 40 * Double(min(2, max(-2, level))) }

  private func span(_ step: StanceStep, _ scale: any DayScale) -> (Double, Double) {
    (scale.x(step.from), step.to.map { scale.x($0 + 1) } ?? scale.x(last + 1))
  }

  /// The bars, with risers between them.
  private func bars(_ scale: any DayScale) -> HTML {
    var result: HTML = ""
    var before: (end: Double, level: Level)?
    for step in steps {
      let (start, end) = span(step, scale)
      let (top, bottom) = (Self.y(step.level.high), Self.y(step.level.low))
      if let before, abs(before.end - start) < 0.05, before.level != step.level {
        let from = Self.y(before.level.low)
        let to = abs(top - from) < abs(bottom - from) ? top : bottom
        if from != to {
          result += """
            <path class="v" d="M\(Figure.number(start)) \(Figure.number(from))V\(Figure.number(to))"/>
            """
        }
      }
      result += """
        <rect class="\(LevelWords(step.level).fill)" x="\(Figure.number(start))" \
        y="\(Figure.number(top - 5))" width="\(Figure.number(max(end - start, 1.5)))" \
        height="\(Figure.number(bottom - top + 10))"/>
        """
      before = (end, step.level)
    }
    return result
  }

  private func ghostLine(_ scale: any DayScale) -> HTML {
    guard let ghost else { return .none }
    var path: HTML = ""
    var end: Double?
    for step in ghost {
      let (start, stop) = span(step, scale)
      let y = Figure.number((Self.y(step.level.low) + Self.y(step.level.high)) / 2)
      path +=
        end.map { abs($0 - start) < 0.05 } ?? false
        ? "V\(y)H\(Figure.number(stop))" : "M\(Figure.number(start)) \(y)H\(Figure.number(stop))"
      end = stop
    }
    return "<path class=\"ghost\" d=\"\(path)\"/>"
  }

  private func marks(_ scale: any DayScale) -> HTML {
    let drawn = steps.count > Self.mostMarks ? Array(steps.suffix(Self.mostMarks)) : steps
    return drawn.map { step -> HTML in
      let words = StepWords(step)
      let y = (Self.y(step.level.low) + Self.y(step.level.high)) / 2
      let label = "\(Words.day(step.from)): \(step.level.label), \(words.short)"
      return """
        <a href="\(base)#step-\(step.evidence.position.rawValue)" data-on="\(Words.isoDay(step.from))" \
        aria-label="\(label)">\(Figure.mark(
          words.shape, isHollow: step.evidence.confidence != "asserted", x: scale.x(step.from), y: y))</a>
        """
    }.joined(.none)
  }

  /// Of more roll calls, the last ones are drawn.
  private static let mostRollcalls = 60

  private func row(_ scale: any DayScale, _ context: PageContext) -> HTML {
    let dated = rollcalls.compactMap { rollcall in rollcall.day.map { (rollcall, $0) } }
    if dated.isEmpty { return .none }
    let marks = dated.suffix(Self.mostRollcalls).map { rollcall, day -> HTML in
      let words = rollcall.hasVote ? "a vote is recorded" : "no vote recorded"
      let square: HTML = """
        <rect class="\(rollcall.hasVote ? "e" : "e h")" x="\(Figure.number(scale.x(day) - 4))" y="264" \
        width="8" height="8"/>
        """
      guard let target = context.links.target(of: .rollcall(rollcall.id)) else { return square }
      return """
        <a href="\(target)" aria-label="\(rollcall.id), \(Words.day(day)): \(words)">\(square)</a>
        """
    }
    return Figure.text("roll calls", x: 108, y: 273, anchor: "end", class: "q")
      + "<g class=\"rc\">\(marks)</g>"
  }

  func drawing(_ scale: any DayScale, isEven: Bool, _ context: PageContext) -> HTML {
    let name: HTML = isEven ? "even" : "scale"
    let grid = Self.levels.map { level in
      "<path class=\"g\" d=\"M120 \(Figure.number(Self.y(level)))H978\"/>" as HTML
    }
    let labels = Self.levels.map { level -> HTML in
      let words = LevelWords(Level(level))
      return Figure.text(
        "\(words.label) <tspan class=\"q\">\(words.sign)</tspan>", x: 108, y: Self.y(level) + 5,
        anchor: "end")
    }
    let ticks = scale.ticks.map { tick -> HTML in
      let x = Figure.number(tick.x)
      return "<path class=\"g\" d=\"M\(x) 36V238\"/>"
        + Figure.text("\(tick.label)", x: tick.x, y: 256, anchor: "middle", class: "q")
    }
    let cursor = scale.x(day + 1)
    return """
      <div class="box \(name)" tabindex="0" role="region" \
      aria-label="Chart, \(isEven ? "evenly spaced" : "to scale")"><svg viewBox="0 0 1000 \(rollcalls.isEmpty ? 268 : 284)" \
      role="group" aria-label="Step line: the stance of \(actor) over time" \
      data-even="\(isEven ? 1 : 0)"><g aria-hidden="true">\(grid)\(ticks)\(labels)</g>\(row(scale, context))\
      <g class="then" aria-hidden="true">\(ghostLine(scale))</g>\
      <g class="now" aria-hidden="true">\(bars(scale))</g><g class="marks">\(marks(scale))</g>\
      <g class="cursor" aria-hidden="true" transform="translate(\(Figure.number(cursor)))">\
      <path class="cur" d="M0 20V240"/><text class="q halo" y="14" \
      text-anchor="\(cursor > 800 ? "end" : "start")">\(Words.shortDay(day))</text></g></svg>\
      <div class="slot slot-on" data-even="\(isEven ? 1 : 0)"></div></div>
      """
  }
}
