import EventLog
import Foundation
import SQLiteEventLog
import Testing

@testable import Annals

/// Damaged dates, tables, mappings, templates and views: no parser traps or hangs, each says what is
/// wrong with a code, and what it takes it can say again.
@Suite struct ParserFuzzTests {
  @Test func dates() async {
    let corpus = [
      "1985-04-12T23:20:30Z", "2004-01-01T10:10:10+05:00", "1964/2008", "2004-06~/2004-08?", "19XX",
      "2004-06-XX", "201X", "1985-XX-XX", "2001-21", "2001-33", "2001-40", "[1667,1668]", "-0009",
      "../1985-04-12", "1985-04-12/..", "1985-04-12/", "2004%", "[..2004-01]", "?2004-06-~11",
      "0000-02-29", "9999-12-31", "[2025-02-24,2025-02-26..2025-03]",
    ].map { Array($0.utf8) }
    await Fuzz.run("dates", rounds: 60_000, accepting: 100) { random in
      let bytes = random.damaged(corpus)
      let date = bytes.withUnsafeBufferPointer { bytes in
        Result { () throws(EDTFError) in try EDTF(utf8: bytes) }
      }
      switch date {
      case .failure(let error):
        let problem = error.problem(.badDate)
        try #require(!problem.message.isEmpty)
        return false
      case .success(let date):
        // As written, read again the same; within itself in order; and the text parser agrees.
        try #require(Array(date.text.utf8) == bytes)
        try #require(try EDTF(date.text) == date)
        try #require(date.earliest <= date.latest, "\(date.text)")
        let period = date.period
        let isOrdered = period.startMin <= period.startMax && period.endMin <= period.endMax
        try #require(isOrdered, "\(date.text): \(period)")
        let day = bytes.withUnsafeBufferPointer { EDTF.bounds(ofDay: $0) }
        if let day { try #require(day == (date.earliest, date.latest)) }
        return true
      }
    }
  }

  @Test func tables() async {
    let corpus = [
      "a,b\r\n1,2\r\n", "a,\"b,\"\"c\"\"\r\nd\"\n,\n", "\u{FEFF}name,actor\n\"Ivory Coast\",CIV\n",
      "é,\"ß\"\n\"\",\"\"\"\"\n", "1,2,3\n4,5\n6\n", "\"open\n",
    ].map { Array($0.utf8) }
    await Fuzz.run("tables", rounds: 20_000, accepting: 100) { random in
      let bytes = random.damaged(corpus)
      let whole = try Self.rows(bytes, blockRows: 1_000)
      // In blocks of any size the same.
      let size = Int.random(in: 1...4, using: &random)
      try #require(try Self.rows(bytes, blockRows: size) == whole)
      return whole.allSatisfy { $0 != nil }
    }
  }

  /// The cells of each row; nil for one that is not right.
  private static func rows(_ text: [UInt8], blockRows: Int) throws -> [[[UInt8]]?] {
    var reader = CSVReader(MemoryInput(text))
    var rows: [[[UInt8]]?] = []
    while let block = try reader.next(blockRows) {
      for row in block.rows {
        rows.append(
          row.isFaulty
            ? nil : (0..<row.cellCount).map { Array(block.content($0, of: row)) })
      }
    }
    return rows
  }

  @Test func mappings() async {
    let corpus = Mapping.shippedNames.compactMap { Mapping.shippedText($0) }.map { Array($0.utf8) }
    await Fuzz.run("mappings", rounds: 300, accepting: 300) { random in
      let bytes = random.damaged(corpus)
      guard let text = String(validating: bytes, as: UTF8.self) else { return false }
      return try Self.isTaken { _ = try Mapping(parsing: text, file: "fuzz.yaml") }
    }
  }

  @Test func yaml() async {
    let corpus = [
      "a: &x\n  \"k{n}: \": v\nb: *x\n", "a:\n- b: 1\n  c: 2\n- d\n",
      "a: [b,\n    c]\ne: 'it''s'\n",
      "# one\n\na: x#y\nurl: https://x.org\n", "a:\n  - {b: 1, c: [d, \"e, f\"]}\n",
    ].map { Array($0.utf8) }
    await Fuzz.run("yaml", rounds: 20_000, accepting: 100) { random in
      guard let text = String(validating: random.damaged(corpus), as: UTF8.self) else {
        return false
      }
      var reader = YAMLReader(text)
      return (try? reader.document()) != nil
    }
  }

  @Test func templates() async throws {
    var root = URL(filePath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let corpus = try ["report.md", "report.html"].map {
      Array(try Data(contentsOf: root.appending(path: "Templates/\($0)")))
    }
    await Fuzz.run("templates", rounds: 1_500, accepting: 200) { random in
      let bytes = random.damaged(corpus)
      return try Self.isTaken {
        _ = try Template(parsing: bytes, file: "fuzz.md", names: ReportNames.shape)
      }
    }
  }

  @Test func views() async {
    let corpus = [Array(SQLProjectionFileTests.good.utf8)]
    await Fuzz.run("views", rounds: 1_500, accepting: 500) { random in
      let bytes = random.damaged(corpus)
      return try Self.isTaken {
        _ = try SQLProjection.read(
          [(name: "fuzz.sql", bytes: bytes)], vocabulary: .builtIn,
          findFaults: SQLiteEventLog.faults(of:schema:statements:))
      }
    }
  }

  /// False when `body` says what is wrong; throws when it says nothing of use.
  private static func isTaken(_ body: () throws -> Void) throws -> Bool {
    do {
      try body()
      return true
    } catch let problems as Problems {
      try #require(!problems.problems.isEmpty)
      try #require(problems.problems.allSatisfy { $0.code != .internal && !$0.message.isEmpty })
    } catch let problem as Problem {
      try #require(problem.code != .internal && !problem.message.isEmpty)
    }
    return false
  }
}
