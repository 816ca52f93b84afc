/// What is wrong with a row of a CSV file, where, and what to do about it.
struct CSVFault: Hashable, Sendable {
  var code: ErrorCode
  /// Bytes of the row.
  var range: Range<Int>
  var message: String
  var help: Help?

  /// The longest cell, in bytes.
  static let longestCell = 1 << 20

  /// What is wrong with a row as such, in order, and how much more there is; `columns` is how many
  /// it should have.
  static func all(
    in row: ArraySlice<UInt8>, format: CSVFormat, columns: Int?,
    limit: Int = ProblemList.eventLimit
  ) -> (faults: [CSVFault], more: Int) {
    let bytes = Array(row)
    var finder = CSVFaultFinder(bytes: bytes, delimiter: format.delimiter, limit: limit)
    finder.scan()
    var faults = finder.faults
    let count = finder.cells.count
    if let columns, count != columns, !faults.contains(where: { $0.code == .badCSV }) {
      faults.append(Self.count(count, columns, finder.cells, bytes))
    }
    for cell in finder.cells where cell.count > longestCell {
      faults.append(
        CSVFault(
          code: .tooLong, range: cell.lowerBound..<cell.lowerBound + 1,
          message: "the field has \(cell.count) bytes, more than \(longestCell)",
          help: "keep long texts outside the file"))
    }
    let sorted = faults.sorted { $0.range.lowerBound < $1.range.lowerBound }
    return (Array(sorted.prefix(limit)), finder.more + max(0, sorted.count - limit))
  }

  /// Where the cells of a row stand, with their quotes.
  static func cells(of row: [UInt8], format: CSVFormat) -> [Range<Int>] {
    var finder = CSVFaultFinder(bytes: row, delimiter: format.delimiter, limit: 0)
    finder.scan()
    return finder.cells
  }

  private static func count(
    _ count: Int, _ columns: Int, _ cells: [Range<Int>], _ bytes: [UInt8]
  ) -> CSVFault {
    let message =
      bytes.isEmpty
      ? "the line is empty"
      : "the row has \(count) field\(count == 1 ? "" : "s"), the first line names \(columns)"
    let range =
      count > columns ? cells[columns].lowerBound..<bytes.count : bytes.count..<bytes.count
    return CSVFault(
      code: .badCSV, range: range, message: message,
      help: count > columns
        ? "a field that holds the delimiter stands in quotes" : "remove the line, or complete it")
  }
}

/// Goes over one row again, slowly, and says everything about it.
private struct CSVFaultFinder {
  let bytes: [UInt8]
  let delimiter: UInt8
  private(set) var faults: [CSVFault] = []
  private(set) var more = 0
  private let limit: Int
  /// Where the cells stand, quotes included.
  var cells: [Range<Int>] = []
  private var at = 0

  init(bytes: [UInt8], delimiter: UInt8, limit: Int) {
    self.bytes = bytes
    self.limit = limit
    self.delimiter = delimiter
  }

  mutating func scan() {
    findBadBytes()
    while true {
      let start = at
      if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
        quoted(from: start)
      } else {
        unquoted()
      }
      cells.append(start..<at)
      guard at < bytes.count else { return }
      at += 1
    }
  }

  private mutating func fault(
    _ range: Range<Int>, _ message: String, _ help: Help, code: ErrorCode = .badCSV
  ) {
    if faults.count < limit {
      faults.append(CSVFault(code: code, range: range, message: message, help: help))
    } else {
      more += 1
    }
  }

  private mutating func quoted(from start: Int) {
    at += 1
    while at < bytes.count {
      guard bytes[at] == UInt8(ascii: "\"") else {
        at += 1
        continue
      }
      if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\"") {
        at += 2
        continue
      }
      at += 1
      let rest = at
      while at < bytes.count, bytes[at] != delimiter { at += 1 }
      if at > rest {
        fault(
          rest..<at, "text after the closing quote of a field",
          "a quote inside a field is written twice: \"\"")
      }
      return
    }
    fault(
      start..<start + 1, "the quote that opens here is never closed",
      "close it; a quote inside a field is written twice: \"\"")
  }

  private mutating func unquoted() {
    while at < bytes.count, bytes[at] != delimiter {
      if bytes[at] == UInt8(ascii: "\"") {
        fault(
          at..<at + 1, "a quote inside a field that is not quoted",
          "put the whole field in quotes, and write the quote twice: \"\"")
      } else if bytes[at] == UInt8(ascii: "\r") {
        fault(
          at..<at + 1, "a carriage return inside a field that is not quoted",
          "lines end with LF or CRLF")
      }
      at += 1
    }
  }

  /// Zeros, and what is not UTF-8.
  private mutating func findBadBytes() {
    for index in bytes.indices where bytes[index] == 0 {
      fault(index..<index + 1, "a zero byte", "the file is damaged, or UTF-16: convert it to UTF-8")
    }
    var index = 0
    while index < bytes.count {
      if bytes[index] < 0x80 {
        index += 1
        continue
      }
      let rest = bytes[index..<min(index + 4, bytes.count)]
      var decoder = UTF8()
      var iterator = rest.makeIterator()
      if case .scalarValue(let scalar) = decoder.decode(&iterator) {
        index += UTF8.width(scalar)
      } else {
        // The rest of the row is in the same encoding.
        fault(
          index..<index + 1, "not UTF-8 text",
          "find out in which encoding the file is (often WINDOWS-1252 in Western Europe, "
            + "WINDOWS-1250 in Central Europe), and convert it:  iconv -f ENCODING -t UTF-8 FILE",
          code: .notUTF8)
        return
      }
    }
  }
}
