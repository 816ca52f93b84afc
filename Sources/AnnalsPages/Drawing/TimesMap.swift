import Annals
import AnnalsAnswers
import EventLog

/// The map of both times: the world runs across, the record upwards. Each rectangle is a stretch of
/// days and of states of the record in which the stance is the same, and leads to it.
struct TimesMap {
  /// The events that changed the line, each with the line after it, in the order of the log.
  let revisions: [LineRevision]
  let address: Address
  /// The last day that is shown.
  let last: Int64
  private static let plot = (x: 84.0...388.0, y: 12.0...328.0)
  /// Of more states, the last ones are drawn.
  private static let mostRows = 12
  /// Of more days, the last ones are drawn.
  private static let mostColumns = 12

  /// A rectangle: columns and rows, with the level that holds there.
  struct Cell: Equatable {
    var columns: Range<Int>
    var rows: Range<Int>
    var level: Level?
  }

  private var rows: [LineRevision] { revisions.suffix(Self.mostRows) }

  /// The days at which columns begin; the first column is what came before.
  var days: [Int64] {
    let days = Set(
      rows.flatMap(\.steps).flatMap { step in
        [step.from] + (step.to.map { [$0 + 1] } ?? [])
      }
    ).filter { $0 != .min && $0 <= last }.sorted()
    return days.suffix(Self.mostColumns)
  }

  /// The rectangles, equal neighbours merged.
  var cells: [Cell] {
    let days = days
    var cells: [Cell] = []
    for (row, revision) in rows.enumerated() {
      var runs: [Cell] = []
      for column in 0...days.count {
        let day = column == 0 ? (days.first.map { $0 - 1 } ?? last) : days[column - 1]
        let level = StanceSentence.step(of: revision.steps, on: day)?.level
        if let open = runs.last, open.level == level {
          runs[runs.count - 1].columns = open.columns.lowerBound..<column + 1
        } else {
          runs.append(Cell(columns: column..<column + 1, rows: row..<row + 1, level: level))
        }
      }
      for run in runs {
        let below = cells.firstIndex {
          $0.rows.upperBound == row && $0.columns == run.columns && $0.level == run.level
        }
        if let below {
          cells[below].rows = cells[below].rows.lowerBound..<row + 1
        } else {
          cells.append(run)
        }
      }
    }
    return cells
  }

  func drawing(_ context: PageContext) -> HTML {
    let (days, rows) = (days, rows)
    let width = (Self.plot.x.upperBound - Self.plot.x.lowerBound) / Double(days.count + 1)
    let height = (Self.plot.y.upperBound - Self.plot.y.lowerBound) / Double(max(1, rows.count))
    func x(_ column: Int) -> Double { Self.plot.x.lowerBound + Double(column) * width }
    func y(_ row: Int) -> Double { Self.plot.y.upperBound - Double(row) * height }
    let cells = cells.map { cell -> HTML in
      let words = LevelWords(cell.level)
      let (left, right) = (x(cell.columns.lowerBound), x(cell.columns.upperBound))
      let (top, bottom) = (y(cell.rows.upperBound), y(cell.rows.lowerBound))
      let isWide = right - left > 90
      let label: HTML =
        isWide ? "\(words.sign) \(cell.level == nil ? "nothing" : words.label)" : "\(words.sign)"
      let text = Figure.text(
        label, x: (left + right) / 2, y: (top + bottom) / 2 + 5, anchor: "middle",
        class: cell.level == nil ? "q" : "\(words.inkOnFill)")
      let day =
        cell.columns.lowerBound == 0
        ? (days.first.map { $0 - 1 } ?? last) : days[cell.columns.lowerBound - 1]
      let state = rows[cell.rows.upperBound - 1].knownBy.position
      let target = address.at(
        Moments(on: Words.isoDay(day), knownBy: "#\(state.rawValue)"))
      let shape: HTML = """
        <rect class="\(cell.level == nil ? "none" : words.fill) r" x="\(Figure.number(left))" \
        y="\(Figure.number(top))" width="\(Figure.number(right - left))" \
        height="\(Figure.number(bottom - top))"/>\(text)
        """
      guard let link = context.links.target(of: target) else { return shape }
      return """
        <a href="\(link)" data-on="\(Words.isoDay(day))" data-k="\(state.rawValue)" \
        aria-label="On \(Words.isoDay(day)), known by \(state.description): \(words.label)">\(shape)</a>
        """
    }
    let states = rows.enumerated().map { index, row in
      Figure.text(
        "\(row.knownBy.position.description)", x: Self.plot.x.lowerBound - 8,
        y: (y(index) + y(index + 1)) / 2 + 4, anchor: "end", class: "q")
    }
    let every = max(1, (days.count + 3) / 4)
    let dates = days.enumerated().filter { $0.offset % every == 0 }.map { index, day in
      Figure.text(
        "\(Words.shortDay(day))", x: x(index + 1), y: 346 + Double((index / every) % 2) * 17,
        anchor: "middle",
        class: "q")
    }
    return """
      <div class="box m" tabindex="0" role="region" aria-label="Map of both times">\
      <svg viewBox="0 0 400 372" role="group" \
      aria-label="Map of both times: world across, record upwards" id="map">\
      <g aria-hidden="true">\(states)\(dates)</g>\(cells)</svg></div>
      """
  }
}
