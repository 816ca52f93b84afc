/// Rows of a CSV file, side by side as they stand there, and where their cells are.
struct CSVRows: Sendable {
  /// One cell: its content without the quotes around it.
  struct Cell: Sendable {
    /// Where in `bytes` it starts; in `unescaped` when `isUnescaped`.
    var start: UInt32
    private var countAndFlag: UInt32

    init(start: Int, count: Int, isUnescaped: Bool = false) {
      self.start = UInt32(truncatingIfNeeded: start)
      countAndFlag = UInt32(truncatingIfNeeded: count) << 1 | (isUnescaped ? 1 : 0)
    }

    var count: Int { Int(countAndFlag >> 1) }
    /// True when doubled quotes in it had to be made single ones.
    var isUnescaped: Bool { countAndFlag & 1 == 1 }
  }

  struct Row: Sendable {
    /// Physical line on which it starts, from 1.
    var line: Int
    /// Where in the input it starts.
    var offset: Int
    /// Where in `bytes` it starts, and how long it is without its line end.
    var start: Int
    var count: Int
    var firstCell: Int
    var cellCount: Int
    /// True when it is not RFC 4180; `CSVFault.all` says why.
    var isFaulty: Bool
  }

  var bytes: [UInt8] = []
  /// Contents of the cells with doubled quotes.
  var unescaped: [UInt8] = []
  var cells: [Cell] = []
  var rows: [Row] = []

  /// The row as it stands in the file, without its line end.
  func text(_ row: Row) -> ArraySlice<UInt8> { bytes[row.start..<row.start + row.count] }

  /// A cell's content.
  func content(_ index: Int, of row: Row) -> ArraySlice<UInt8> {
    let cell = cells[row.firstCell + index]
    let start = Int(cell.start)
    return (cell.isUnescaped ? unescaped : bytes)[start..<start + cell.count]
  }
}

/// How a CSV file is written.
struct CSVFormat: Hashable, Sendable {
  var delimiter = UInt8(ascii: ",")

  /// A text as a cell that reads as the same text.
  func cell(_ text: String) -> [UInt8] {
    Array(CSVCell.text(text, isExact: true, delimiter: Unicode.Scalar(delimiter)).utf8)
  }
}
