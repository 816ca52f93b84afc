import EventLog
import Testing

@testable import Annals

@Suite struct CSVCellTests {
  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+1+1", "'+1+1"), ("-1+1", "'-1+1"), ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("=a,b", "\"'=a,b\""), ("\u{FF1D}1", "'\u{FF1D}1"),
    ("-", "'-"), ("-a", "'-a"), ("-0044-03-15", "'-0044-03-15"), ("-1", "-1"), ("+2", "+2"),
    ("-1.25", "-1.25"), ("-1.2.3", "'-1.2.3"), ("-.5", "'-.5"), ("a=b", "a=b"), ("", ""),
    ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("'=1", "'=1"),
  ])
  func formulasAreTextsAndNumbersStay(_ text: String, _ cell: String) {
    #expect(CSVCell.text(text) == cell)
  }

  @Test(arguments: ["=1+1", "-", "a,b", "\"", "\r", "\n", "", "'", "@x", "a\r\nb", "\tq"])
  func anExactCellReadsAsTheSameText(_ text: String) throws {
    let row = "x," + CSVCell.text(text, isExact: true) + "\n"
    var reader = CSVReader(MemoryInput(Array(row.utf8)))
    let rows = try #require(try reader.next(1))
    #expect(rows.rows[0].cellCount == 2 && !rows.rows[0].isFaulty)
    #expect(String(decoding: rows.content(1, of: rows.rows[0]), as: UTF8.self) == text)
  }
}
