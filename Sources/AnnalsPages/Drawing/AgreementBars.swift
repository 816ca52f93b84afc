import Annals
import AnnalsAnswers

/// The agreement of a pair over time: one bar for each year or session. A bar that rests on few common
/// roll calls is drawn as an empty frame.
struct AgreementBars {
  let rows: [AgreementRow]
  let label: String

  private static let plot = (x: 56.0...988.0, y: 24.0...204.0)
  /// A slot as wide as this has room for a figure.
  private static let roomForFigure = 40.0

  private func y(_ share: Double) -> Double {
    Self.plot.y.upperBound - share * (Self.plot.y.upperBound - Self.plot.y.lowerBound)
  }

  private var slot: Double {
    (Self.plot.x.upperBound - Self.plot.x.lowerBound) / Double(max(1, rows.count))
  }

  private func bar(_ row: AgreementRow, at index: Int) -> HTML {
    let width = min(56, slot * 0.8)
    let centre = Self.plot.x.lowerBound + (Double(index) + 0.5) * slot
    let left = centre - width / 2
    let hasRoom = slot >= Self.roomForFigure
    let count: HTML =
      hasRoom
      ? Figure.text("n \(row.figures.n)", x: centre, y: 240, anchor: "middle", class: "q") : .none
    func box(_ name: HTML, _ top: Double) -> HTML {
      """
      <rect class="\(name)" x="\(Figure.number(left))" y="\(Figure.number(top))" \
      width="\(Figure.number(width))" height="\(Figure.number(Self.plot.y.upperBound - top))"/>
      """
    }
    guard let share = VoteWords.share(row.figures), let value = row.figures.agreement?.value else {
      return row.figures.n == 0 ? count : box("none", y(1)) + count
    }
    let figure: HTML =
      hasRoom
      ? Figure.text("\(share)", x: centre, y: y(value) - 5, anchor: "middle") : .none
    // A share of nothing still has a bar.
    return box("f1", min(y(value), Self.plot.y.upperBound - 1.5)) + figure + count
  }

  var html: HTML {
    let grid = [0, 0.5, 1].map { share -> HTML in
      let height = y(share)
      let line: HTML = """
        <path class="g" d="M\(Figure.number(Self.plot.x.lowerBound)) \(Figure.number(height))\
        H\(Figure.number(Self.plot.x.upperBound))"/>
        """
      return line
        + Figure.text(
          "\(VoteWords.percent(share))", x: Self.plot.x.lowerBound - 8, y: height + 4,
          anchor: "end", class: "q")
    }
    let every = max(1, (rows.count + 11) / 12)
    let ticks = rows.enumerated().filter { $0.offset % every == 0 }.map { index, row in
      Figure.text(
        "\(row.label)", x: Self.plot.x.lowerBound + (Double(index) + 0.5) * slot, y: 222,
        anchor: "middle", class: "q")
    }
    let bars = rows.enumerated().map { bar($1, at: $0) }
    return """
      <div class="box" tabindex="0" role="region" aria-label="Chart"><svg viewBox="0 0 1000 248" \
      role="img" aria-label="\(label): one bar for each period, with the figures in the table below">\
      \(grid)\(bars)\(ticks)</svg></div>
      """
  }
}
