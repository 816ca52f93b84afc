import Annals
import AnnalsAnswers
import EventLog

/// Several actors on one time axis: a lane for each, in which bands are stances and marks are the facts
/// that made a step.
struct Swimlanes {
  struct Lane {
    var actor: Entity
    var steps: [StanceStep]
    /// The page of the actor on the topic.
    var address: Address
  }

  let lanes: [Lane]
  /// The day asked about.
  let day: Int64
  /// The last day of the axis.
  let last: Int64
  let context: PageContext

  private static let plot = 24.0...978.0
  private static let height = 60.0
  private static let top = 24.0
  /// Up to so many steps are drawn in a lane, and in all lanes together.
  private static let mostInLane = 300
  private static let mostInAll = 200
  /// A band that is wider than this has room for its level in words.
  private static let roomForLabel = 150.0
  /// Up to so many marks in all lanes together are links; of more, the table has the links.
  private static let mostLinks = 50

  /// Of more steps than there is room for, some are drawn: evenly chosen, and always the last one.
  private var mostOfLane: Int {
    min(Self.mostInLane, max(10, Self.mostInAll / max(1, lanes.count)))
  }

  /// The steps that are drawn. A step lasts through those that are left out behind it, up to a day on
  /// which nothing is recorded.
  private func drawn(_ lane: Lane) -> [StanceStep] {
    let (count, most) = (lane.steps.count, mostOfLane)
    if count <= most { return lane.steps }
    let chosen = (1...most).map { $0 * count / most - 1 }
    return zip(chosen, chosen.dropFirst() + [count]).map { index, next in
      var step = lane.steps[index]
      for hidden in lane.steps[(index + 1)..<next] {
        guard let end = step.to, end + 1 == hidden.from else { break }
        step.to = hidden.to
      }
      return step
    }
  }

  /// Whether steps are left out of the drawing.
  var isThinned: Bool { lanes.contains { $0.steps.count > mostOfLane } }

  private var isLinked: Bool {
    lanes.reduce(0) { $0 + min($1.steps.count, mostOfLane) } <= Self.mostLinks
  }

  private var changeDays: [Int64] {
    lanes.flatMap(drawn).flatMap { step in [step.from] + (step.to.map { [$0 + 1] } ?? []) }
      .filter { $0 != .min && $0 <= last }
  }

  // MARK: A lane

  private typealias Band = (level: Level, from: Double, to: Double)

  /// Stances that last from one step to the next, equal neighbours merged.
  private func bands(_ lane: Lane, _ scale: any DayScale) -> [Band] {
    var bands: [Band] = []
    for step in drawn(lane) {
      let (from, to) = (scale.x(step.from), scale.x(step.to.map { $0 + 1 } ?? last + 1))
      if let before = bands.last, before.level == step.level, from - before.to < 0.05 {
        bands[bands.count - 1].to = to
      } else {
        bands.append((step.level, from, to))
      }
    }
    return bands
  }

  /// The bands of one fill are one path; a range of levels is a frame of its own.
  private func bandMarkup(_ bands: [Band], y: Double) -> HTML {
    var paths: [String: HTML] = [:]
    var frames: HTML = ""
    var labels: HTML = ""
    for band in bands {
      let words = LevelWords(band.level)
      let width = max(1.5, band.to - band.from)
      let (x, w) = (Figure.number(band.from), Figure.number(width))
      if words.fill == "un" {
        frames += """
          <rect class="un" x="\(x)" y="\(Figure.number(y))" width="\(w)" height="20"/>
          """
      } else {
        paths[words.fill, default: ""] += "M\(x) \(Figure.number(y))h\(w)v20h-\(w)z"
      }
      if width > Self.roomForLabel {
        labels += Figure.text(
          "\(words.sign) \(words.label)", x: band.from + width / 2, y: y + 15, anchor: "middle",
          class: "\(words.inkOnFill)")
      }
    }
    let fills = paths.sorted { $0.key < $1.key }.map { fill, path -> HTML in
      "<path class=\"\(fill)\" d=\"\(path)\"/>"
    }
    return "\(fills)\(frames)\(labels)"
  }

  private func marks(_ lane: Lane, _ scale: any DayScale, y: Double) -> HTML {
    let steps = drawn(lane)
    guard isLinked else {
      // Small squares in one path: too many for shapes and links of their own.
      let path = steps.map { step -> HTML in
        "M\(Figure.number(scale.x(step.from) - 3)) \(Figure.number(y - 3))h6v6h-6z"
      }
      return "<path class=\"e\" aria-hidden=\"true\" d=\"\(path)\"/>"
    }
    return steps.map { step -> HTML in
      let words = StepWords(step)
      let shape = Figure.mark(
        words.shape, isHollow: step.evidence.confidence != "asserted", x: scale.x(step.from), y: y)
      guard let target = context.links.target(of: .event(step.evidence.position)) else {
        return shape
      }
      let label =
        "\(lane.actor.name), \(Words.day(step.from)): \(step.level.label), "
        + VoteWords.cut(words.short, to: 60)
      return "<a href=\"\(target)\" aria-label=\"\(label)\">\(shape)</a>"
    }.joined(.none)
  }

  private func lane(_ lane: Lane, at index: Int, _ scale: any DayScale) -> HTML {
    let y = Self.top + Double(index) * Self.height
    let (left, right) = (Self.plot.lowerBound, Self.plot.upperBound)
    let name = Figure.text(
      "\(VoteWords.cut(lane.actor.name, to: 80))", x: left, y: y + 14)
    return """
      \(context.link(lane.address, name))<rect class="none" x="\(Figure.number(left))" \
      y="\(Figure.number(y + 20))" width="\(Figure.number(right - left))" height="20"/>\
      \(bandMarkup(bands(lane, scale), y: y + 20))\(marks(lane, scale, y: y + 48))
      """
  }

  // MARK: The drawing

  private func drawing(_ scale: any DayScale, isEven: Bool) -> HTML {
    let bottom = Self.top + Double(lanes.count) * Self.height
    let ticks = scale.ticks.map { tick -> HTML in
      "<path class=\"g\" d=\"M\(Figure.number(tick.x)) 20V\(Figure.number(bottom))\"/>"
        + Figure.text(
          "\(tick.label)", x: tick.x, y: bottom + 18,
          anchor: tick.x < 60 ? "start" : tick.x > 940 ? "end" : "middle", class: "q")
    }
    let cursor = scale.x(day + 1)
    let rows = lanes.enumerated().map { lane($1, at: $0, scale) }
    return """
      <div class="box \(isEven ? "even" : "scale")" tabindex="0" role="region" \
      aria-label="Swimlanes, \(isEven ? "evenly spaced" : "to scale")"><svg \
      viewBox="0 0 1000 \(Figure.number(bottom + 26))" role="group" \
      aria-label="Swimlanes: the stances of \(Words.count(lanes.count, "actor")) over time">\
      <g aria-hidden="true">\(ticks)</g>\(rows)<g aria-hidden="true">\
      <path class="cur" d="M\(Figure.number(cursor)) 18V\(Figure.number(bottom))"/>\
      \(Figure.text(
        "\(Words.shortDay(day))", x: cursor, y: 13, anchor: cursor > 800 ? "end" : "start",
        class: "q halo"))</g></svg></div>
      """
  }

  /// Both spacings; one is hidden by the choice in `FigureSpacing`.
  var html: HTML {
    let days = changeDays
    return drawing(TrueScale(of: days, through: last, plot: Self.plot), isEven: false)
      + drawing(EvenScale(of: days, through: last, plot: Self.plot), isEven: true)
  }

  /// What the signs and shapes mean.
  var key: HTML {
    let steps = lanes.flatMap(\.steps)
    var others: [HTML] = ["<li>dashed frame: nothing recorded</li>"]
    if isLinked, steps.contains(where: { $0.evidence.confidence != "asserted" }) {
      others.append("<li>hollow: reported or alleged, not asserted</li>")
    }
    if !isLinked { others.append("<li>small square: a fact of any kind</li>") }
    if isThinned {
      others.append("<li>of many steps some are left out: a band may hide short ones</li>")
    }
    let shapes = isLinked ? steps.map { StepWords($0).shape } : []
    return Figure.key(levels: steps.map(\.level), shapes: shapes, others: others)
  }
}
