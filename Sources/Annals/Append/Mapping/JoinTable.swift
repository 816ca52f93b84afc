/// The rows of a file that rows of another file look up, by their key.
final class JoinTable: Sendable {
  let columns: [String]
  private let rows: [[UInt8]: [[UInt8]]]

  /// An empty one.
  init(columns: [String], key: [Int]) {
    self.columns = columns
    rows = [:]
  }

  /// Reads a whole file, of which `key` are the columns to look up by; the first row with a key
  /// counts. `whole` are its columns of whole numbers.
  init(
    reading input: any EventInput, format: CSVFormat, key names: [String], whole: Set<String>
  ) throws {
    var reader = CSVReader(input, format: format)
    guard let header = try reader.next(1), let first = header.rows.first else {
      columns = []
      rows = [:]
      return
    }
    let columns = (0..<first.cellCount).map {
      String(decoding: header.content($0, of: first), as: UTF8.self)
    }
    self.columns = columns
    let key = names.compactMap(columns.firstIndex)
    let wholeCells = columns.indices.filter { whole.contains(columns[$0]) }
    var found: [[UInt8]: [[UInt8]]] = [:]
    while let block = try reader.next(CSVReader.blockSize) {
      for row in block.rows where row.cellCount == columns.count {
        var cells = (0..<row.cellCount).map { Array(block.content($0, of: row)) }
        for cell in wholeCells { cells[cell] = WholeNumber.plain(cells[cell]) }
        let key = Self.key(key.map { cells[$0] })
        if found[key] == nil { found[key] = cells }
      }
    }
    rows = found
  }

  /// The cells of a row that hold its key, as one.
  static func key(_ cells: [[UInt8]]) -> [UInt8] { Array(cells.joined(separator: [0])) }

  func row(_ key: [UInt8]) -> [[UInt8]]? { rows[key] }
}
