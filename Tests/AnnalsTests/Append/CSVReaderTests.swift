import Testing

@testable import Annals

/// CSV as RFC 4180 has it.
@Suite struct CSVReaderTests {
  /// All rows of a text, as texts.
  static func rows(
    _ text: [UInt8], delimiter: UInt8 = UInt8(ascii: ","), blockRows: Int = 3
  ) throws -> [[String]] {
    var reader = CSVReader(MemoryInput(text), format: CSVFormat(delimiter: delimiter))
    var rows: [[String]] = []
    while let block = try reader.next(blockRows) {
      for row in block.rows {
        #expect(!row.isFaulty)
        rows.append(
          (0..<row.cellCount).map { String(decoding: block.content($0, of: row), as: UTF8.self) })
      }
    }
    return rows
  }

  @Test(arguments: [
    ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
    ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
    ("\u{FEFF}a,b\n", [["a", "b"]]),
    ("a,\"b,\"\"c\"\"\r\nd\"\n,\n", [["a", "b,\"c\"\r\nd"], ["", ""]]),
    ("\"\",\"\"\"\"\n", [["", "\""]]),
    ("a,", [["a", ""]]),
    ("é,\"ß\"\n", [["é", "ß"]]),
  ])
  func rowsAreRead(_ text: String, _ expected: [[String]]) throws {
    #expect(try Self.rows(Array(text.utf8)) == expected)
  }

  @Test func otherDelimitersDoNotTakeCommasForThem() throws {
    #expect(
      try Self.rows(Array("a,b;c\n".utf8), delimiter: UInt8(ascii: ";")) == [["a,b", "c"]])
    #expect(try Self.rows(Array("a,b\tc\n".utf8), delimiter: 9) == [["a,b", "c"]])
  }

  /// What a writer of its own has written comes back, whatever the line ends and the quoting.
  @Test(arguments: 0..<200)
  func whatIsWrittenComesBack(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let pieces = ["", "a", "bc", ",", "\"", "\n", "\r\n", "\r", ";", "é", "🗳", " ", "1946-01-25"]
    let columns = Int.random(in: 1...5, using: &random)
    var expected: [[String]] = []
    var text = ""
    let lineEnd = Bool.random(using: &random) ? "\n" : "\r\n"
    for _ in 0..<Int.random(in: 1...40, using: &random) {
      var row: [String] = []
      var cells: [String] = []
      for _ in 0..<columns {
        let count = Int.random(in: 0...4, using: &random)
        let cell = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        row.append(cell)
        let mustQuote = cell.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
        let quoted =
          "\""
          + cell.split(separator: "\"", omittingEmptySubsequences: false)
          .joined(separator: "\"\"") + "\""
        cells.append(mustQuote || Bool.random(using: &random) ? quoted : cell)
      }
      expected.append(row)
      text += cells.joined(separator: ",") + lineEnd
    }
    #expect(
      try Self.rows(Array(text.utf8), blockRows: Int.random(in: 1...9, using: &random)) == expected)
  }

  /// Rows are found the same wherever the buffer ends.
  @Test func rowsThatSpanTheBufferAreWhole() throws {
    let cell = String(repeating: "x\"\"\n", count: 300)
    var text = "n,text\n"
    for number in 0..<2000 { text += "\(number),\"\(cell)\"\n" }
    let rows = try Self.rows(Array(text.utf8), blockRows: 10_000)
    #expect(rows.count == 2001)
    let whole = String(repeating: "x\"\n", count: 300)
    #expect(rows.dropFirst().allSatisfy { $0[1] == whole })
    #expect(rows.last?[0] == "1999")
  }

  /// Any bytes at all: nothing traps, and a row without a fault reads the same as by a plain reader.
  @Test(arguments: 0..<300)
  func anyBytesAreReadAsTheOracleReadsThem(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed &+ 1000)
    let alphabet: [UInt8] = Array("ab,\"\n\r".utf8) + [0, 0xC3, 0xA9, 0xFF]
    let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in
      alphabet.randomElement(using: &random) ?? 0
    }
    var reader = CSVReader(MemoryInput(text))
    var read: [[[UInt8]]?] = []
    while let block = try reader.next(2) {
      for row in block.rows {
        let faults = CSVFault.all(in: block.text(row), format: CSVFormat(), columns: nil).faults
        #expect(row.isFaulty == !faults.isEmpty, "\(text)")
        read.append(
          row.isFaulty ? nil : (0..<row.cellCount).map { Array(block.content($0, of: row)) })
      }
    }
    #expect(read == Self.oracle(text), "\(text)")
  }

  /// RFC 4180 byte by byte; nil for a row that is not.
  private static func oracle(_ text: [UInt8]) -> [[[UInt8]]?] {
    var rows: [[[UInt8]]?] = []
    var at = 0
    while at < text.count {
      var row: [[UInt8]] = []
      var isBad = false
      let start = at
      var end = at
      while true {
        var cell: [UInt8] = []
        if at < text.count, text[at] == UInt8(ascii: "\"") {
          at += 1
          var isClosed = false
          while at < text.count {
            if text[at] != UInt8(ascii: "\"") {
              cell.append(text[at])
              at += 1
            } else if at + 1 < text.count, text[at + 1] == UInt8(ascii: "\"") {
              cell.append(UInt8(ascii: "\""))
              at += 2
            } else {
              at += 1
              isClosed = true
              break
            }
          }
          isBad = isBad || !isClosed
          while at < text.count, !isEnd(text, at) {
            isBad = true
            at += 1
          }
        } else {
          while at < text.count, !isEnd(text, at) {
            isBad = isBad || text[at] == UInt8(ascii: "\"") || text[at] == UInt8(ascii: "\r")
            cell.append(text[at])
            at += 1
          }
        }
        row.append(cell)
        end = at
        guard at < text.count, text[at] == UInt8(ascii: ",") else { break }
        at += 1
      }
      if at < text.count, text[at] == UInt8(ascii: "\r") { at += 1 }
      if at < text.count { at += 1 }
      let bytes = text[start..<end]
      if bytes.contains(0) || String(validating: bytes, as: UTF8.self) == nil { isBad = true }
      rows.append(isBad ? nil : row)
    }
    return rows
  }

  private static func isEnd(_ text: [UInt8], _ at: Int) -> Bool {
    switch text[at] {
    case UInt8(ascii: ","), UInt8(ascii: "\n"): true
    case UInt8(ascii: "\r"): at + 1 < text.count && text[at + 1] == UInt8(ascii: "\n")
    default: false
    }
  }

  @Test(arguments: [
    ("a\"b,c", 1, "a quote inside a field that is not quoted"),
    ("\"a\"b,c", 3, "text after the closing quote of a field"),
    ("a,\"bc", 2, "the quote that opens here is never closed"),
    ("a,b,c", 4, "the row has 3 fields, the first line names 2"),
    ("a", 1, "the row has 1 field, the first line names 2"),
    ("", 0, "the line is empty"),
    ("a\u{0},b", 1, "a zero byte"),
    ("a\rb,c", 1, "a carriage return inside a field that is not quoted"),
  ])
  func faultsAreNamedAtTheirPlace(_ row: String, _ offset: Int, _ message: String) {
    let faults = CSVFault.all(in: Array(row.utf8)[...], format: CSVFormat(), columns: 2).faults
    #expect(faults.map(\.message) == [message])
    #expect(faults.first?.range.lowerBound == offset)
  }

  @Test func allFaultsOfARowAreFound() {
    let row = Array("a\"b,\"c\"d,".utf8) + [0xFF]
    let faults = CSVFault.all(in: row[...], format: CSVFormat(), columns: 3).faults
    #expect(faults.map(\.range.lowerBound) == [1, 7, 9])
    #expect(faults.map(\.code) == [.badCSV, .badCSV, .notUTF8])
  }
}
