/// Aligned columns without lines around them: for people, and for `awk` as it stands.
struct Table {
  struct Column {
    var title: String
    var isRightAligned = false
    /// How readily it gives way when the screen is too narrow: 0 never, 2 at half the width of 1.
    var give = 0

    init(_ title: String, right: Bool = false, give: Int = 0) {
      self.title = title
      isRightAligned = right
      self.give = give
    }
  }

  var columns: [Column]
  var rows: [[String]] = []
  var hasHeading = true

  init(_ columns: [Column], hasHeading: Bool = true) {
    self.columns = columns
    self.hasHeading = hasHeading
  }

  mutating func add(_ cells: String...) { rows.append(cells.map(\.printable)) }

  /// The lines; none without rows. `width` nil never cuts a cell; otherwise columns that may give
  /// way are cut.
  func lines(width: Int?, palette: Palette, indent: Int = 0) -> [String] {
    if rows.isEmpty { return [] }
    let shown = hasHeading ? [columns.map(\.title)] + rows : rows
    var widths = columns.indices.map { column in
      shown.reduce(0) { max($0, $1[column].displayWidth) }
    }
    if let width { shrink(&widths, to: width - indent) }
    return shown.enumerated().map { index, cells in
      let text = line(cells, widths, isCut: width != nil)
      let isHeading = hasHeading && index == 0
      return String(repeating: " ", count: indent) + (isHeading ? palette.bold(text) : text)
    }
  }

  private static let gap = 2

  private static let narrowest = 8

  /// Narrows the widest of the columns that may give way, until all fit.
  private func shrink(_ widths: inout [Int], to width: Int) {
    var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - width
    while excess > 0 {
      let candidates = columns.indices.filter {
        columns[$0].give > 0 && widths[$0] > Self.narrowest
      }
      guard
        let widest = candidates.max(by: {
          widths[$0] * columns[$0].give < widths[$1] * columns[$1].give
        })
      else { return }
      widths[widest] -= 1
      excess -= 1
    }
  }

  private func line(_ cells: [String], _ widths: [Int], isCut: Bool) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let text = isCut ? cell.fitted(to: widths[index]) : cell
      let padding = String(repeating: " ", count: max(0, widths[index] - text.displayWidth))
      line += columns[index].isRightAligned ? padding + text : text + padding
      line += String(repeating: " ", count: Self.gap)
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
