/// Rows that a person pasted from a spreadsheet: read as files of tables are, but kept as text.
package struct PastedTable: Sendable {
  /// One row with its number; the names of the columns are row 1.
  package struct Row: Sendable {
    package var number: Int
    package var cells: [String]
  }

  /// What is wrong with a row as such.
  package struct Fault: Sendable {
    package var row: Int
    /// The cell, counted from 0.
    package var cell: Int
    package var problem: Problem
  }

  package private(set) var columns: [String] = []
  package private(set) var rows: [Row] = []
  package private(set) var faults: [Fault] = []

  /// Cells stand between tabs where the first line has a tab, and between commas otherwise. Rows
  /// without any text are passed over, and rows with a fault are not among `rows`.
  package init(_ text: String) throws {
    var bytes = Array(text.utf8)
    while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
      bytes.removeLast()
    }
    let firstLine = bytes.prefix { $0 != UInt8(ascii: "\n") }
    let tab = UInt8(ascii: "\t")
    let format = CSVFormat(delimiter: firstLine.contains(tab) ? tab : UInt8(ascii: ","))
    var reader = CSVReader(MemoryInput(bytes), format: format)
    var number = 0
    while let block = try reader.next(CSVReader.blockSize) {
      for row in block.rows {
        number += 1
        take(row, number, of: block, format)
      }
    }
  }

  private mutating func take(
    _ row: CSVRows.Row, _ number: Int, of block: CSVRows, _ format: CSVFormat
  ) {
    let cells = (0..<row.cellCount).map {
      String(decoding: block.content($0, of: row), as: UTF8.self)
    }
    let isBlank = cells.allSatisfy { $0.allSatisfy(\.isWhitespace) }
    if isBlank, !row.isFaulty { return }
    let isHeader = columns.isEmpty
    if row.isFaulty || !isHeader && cells.count != columns.count {
      add(block.text(row), number, format)
      if !isHeader { return }
    }
    if isHeader { columns = cells } else { rows.append(Row(number: number, cells: cells)) }
  }

  private mutating func add(_ text: ArraySlice<UInt8>, _ number: Int, _ format: CSVFormat) {
    let ranges = CSVFault.cells(of: Array(text), format: format)
    let count = columns.isEmpty ? nil : columns.count
    for fault in CSVFault.all(in: text, format: format, columns: count).faults {
      let cell = ranges.lastIndex { $0.lowerBound <= fault.range.lowerBound } ?? 0
      faults.append(
        Fault(
          row: number, cell: cell, problem: Problem(fault.code, fault.message, help: fault.help)))
    }
  }
}
