/// Reads CSV as RFC 4180 has it, from a buffer that is used again.
///
/// Cells are found by one pass over the bytes; nothing is copied but what a caller keeps. Lines end
/// with LF or CRLF, the last one may have no end, and a byte order mark at the very start is passed
/// over. What is not RFC 4180 is never repaired: such a row is marked, and `CSVFault.all` says
/// everything that is wrong with it.
struct CSVReader {
  /// A row longer than this ends the reading: most often a quote was never closed.
  static let longestRow = 8 << 20
  /// How many rows are read at a time.
  static let blockSize = 10_000

  let input: any EventInput
  let format: CSVFormat
  private let classes: [UInt8]
  private var buffer: [UInt8] = []
  /// Where in the input the buffer starts, and where in it the next row does.
  private var start = 0
  private var at = 0
  private var line = 1
  private var isAtEnd = false

  init(_ input: any EventInput, format: CSVFormat = CSVFormat()) {
    self.input = input
    self.format = format
    classes = Self.classes(delimiter: format.delimiter)
  }

  /// How much of the input has been read, for progress.
  var offset: Int { start + at }

  /// The next rows, `limit` of them at most; nil at the end.
  mutating func next(_ limit: Int) throws -> CSVRows? {
    if start == 0, at == 0, buffer.isEmpty { try begin() }
    while true {
      var rows = CSVRows()
      rows.rows.reserveCapacity(limit)
      let end = scan(limit, into: &rows)
      if !rows.rows.isEmpty {
        rows.bytes = Array(buffer[at..<end])
        at = end
        return rows
      }
      if isAtEnd { return nil }
      try fill()
    }
  }

  // MARK: the buffer

  private mutating func begin() throws {
    try fill()
    if buffer.starts(with: LineReader.byteOrderMark) { at = LineReader.byteOrderMark.count }
  }

  /// Moves what is left to the front and reads on behind it.
  private mutating func fill() throws {
    buffer.removeSubrange(..<at)
    start += at
    at = 0
    let kept = buffer.count
    if kept > Self.longestRow {
      isAtEnd = true
      return
    }
    let more = min(1 << 20, max(0, input.size - start - kept))
    buffer.append(contentsOf: repeatElement(0, count: more))
    let (input, offset) = (input, start + kept)
    let count = try buffer.withUnsafeMutableBytes {
      try input.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[kept...]), at: offset)
    }
    buffer.removeLast(more - count)
    isAtEnd = count == 0 || start + buffer.count >= input.size
  }

  // MARK: the scan

  /// What a byte can mean.
  private enum Class {
    static let plain: UInt8 = 0
    static let delimiter: UInt8 = 1
    static let lineFeed: UInt8 = 2
    static let quote: UInt8 = 3
    static let carriageReturn: UInt8 = 4
    static let zero: UInt8 = 5
    static let high: UInt8 = 6
  }

  private static func classes(delimiter: UInt8) -> [UInt8] {
    var classes = [UInt8](repeating: Class.plain, count: 256)
    for byte in 0x80...0xFF { classes[byte] = Class.high }
    classes[0] = Class.zero
    classes[Int(UInt8(ascii: "\n"))] = Class.lineFeed
    classes[Int(UInt8(ascii: "\r"))] = Class.carriageReturn
    classes[Int(UInt8(ascii: "\""))] = Class.quote
    classes[Int(delimiter)] = Class.delimiter
    return classes
  }

  /// Finds whole rows from `at` on; returns where the last one ends. Offsets in `rows` are from
  /// `at`.
  private mutating func scan(_ limit: Int, into rows: inout CSVRows) -> Int {
    let (first, isAtEnd, origin) = (at, isAtEnd, start + at)
    var line = line
    let end = buffer.withUnsafeBufferPointer { all in
      classes.withUnsafeBufferPointer { classes in
        let bytes = UnsafeBufferPointer(rebasing: all[first...])
        var position = 0
        while rows.rows.count < limit, position < bytes.count {
          let known = (rows.cells.count, rows.unescaped.count)
          var row = CSVRows.Row(
            line: line, offset: origin + position, start: position, count: 0,
            firstCell: rows.cells.count, cellCount: 0, isFaulty: false)
          guard
            let next = Self.scanRow(
              bytes, classes, from: position, isAtEnd: isAtEnd, line: &line, &row, &rows)
          else {
            // Cut off by the end of the buffer: it is read again with what follows.
            rows.cells.removeLast(rows.cells.count - known.0)
            rows.unescaped.removeLast(rows.unescaped.count - known.1)
            line = row.line
            break
          }
          row.cellCount = rows.cells.count - row.firstCell
          rows.rows.append(row)
          position = next
        }
        return position
      }
    }
    self.line = line
    return first + end
  }

  /// Reads one row; returns where the next one starts, or nil when the row's end is not there yet.
  private static func scanRow(
    _ bytes: UnsafeBufferPointer<UInt8>, _ classes: UnsafeBufferPointer<UInt8>, from first: Int,
    isAtEnd: Bool, line: inout Int, _ row: inout CSVRows.Row, _ rows: inout CSVRows
  ) -> Int? {
    var at = first
    var hasHighBytes = false
    func finish(_ end: Int, _ next: Int) -> Int {
      row.count = end - first
      line += 1
      if hasHighBytes, !isUTF8(UnsafeBufferPointer(rebasing: bytes[first..<end])) {
        row.isFaulty = true
      }
      return next
    }
    while true {
      // One cell, from its first byte on.
      let cell = at
      if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
        at += 1
        var doubled = 0
        var isClosed = false
        while at < bytes.count {
          switch classes[Int(bytes[at])] {
          case Class.quote:
            if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\"") {
              doubled += 1
              at += 1
            } else {
              if at + 1 == bytes.count, !isAtEnd { return nil }
              isClosed = true
            }
          case Class.lineFeed: line += 1
          case Class.zero: row.isFaulty = true
          case Class.high: hasHighBytes = true
          default: break
          }
          if isClosed { break }
          at += 1
        }
        guard isClosed else {
          guard isAtEnd else { return nil }
          row.isFaulty = true
          rows.cells.append(CSVRows.Cell(start: cell, count: at - cell))
          return finish(at, at)
        }
        add(bytes, cell + 1..<at, doubled, to: &rows)
        at += 1
        // Nothing but a delimiter or the line's end may follow.
        while at < bytes.count, !isEnd(bytes, at, classes) {
          row.isFaulty = true
          at += 1
        }
      } else {
        scan: while at < bytes.count {
          switch classes[Int(bytes[at])] {
          case Class.plain: break
          case Class.delimiter, Class.lineFeed: break scan
          case Class.carriageReturn:
            if at + 1 == bytes.count, !isAtEnd { return nil }
            if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "\n") { break scan }
            row.isFaulty = true
          case Class.high: hasHighBytes = true
          default: row.isFaulty = true
          }
          at += 1
        }
        rows.cells.append(CSVRows.Cell(start: cell, count: at - cell))
      }
      guard at < bytes.count else { return isAtEnd ? finish(at, at) : nil }
      switch classes[Int(bytes[at])] {
      case Class.delimiter: at += 1
      case Class.lineFeed: return finish(at, at + 1)
      default:
        // A CR: what follows is LF, or the end that is not there yet.
        guard at + 1 < bytes.count else {
          row.isFaulty = true
          return isAtEnd ? finish(at + 1, at + 1) : nil
        }
        return finish(at, at + 2)
      }
    }
  }

  private static func isEnd(
    _ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ classes: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    switch classes[Int(bytes[at])] {
    case Class.delimiter, Class.lineFeed: true
    case Class.carriageReturn: at + 1 == bytes.count || bytes[at + 1] == UInt8(ascii: "\n")
    default: false
    }
  }

  /// A quoted cell; one with doubled quotes is written anew.
  private static func add(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ doubled: Int,
    to rows: inout CSVRows
  ) {
    if doubled == 0 {
      rows.cells.append(CSVRows.Cell(start: range.lowerBound, count: range.count))
      return
    }
    let start = rows.unescaped.count
    var at = range.lowerBound
    while at < range.upperBound {
      rows.unescaped.append(bytes[at])
      at += bytes[at] == UInt8(ascii: "\"") ? 2 : 1
    }
    rows.cells.append(
      CSVRows.Cell(start: start, count: rows.unescaped.count - start, isUnescaped: true))
  }

  /// True when the bytes are UTF-8.
  static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
  }
}
