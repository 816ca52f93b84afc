import Annals
import Testing

@Suite struct TextPositionTests {
  private func locate(_ text: String, _ range: Range<Int>) -> TextLocation {
    TextLocation.locate(range, in: Array(text.utf8))
  }

  @Test(arguments: [
    ("abc", 0..<1, 1, 1, "abc", 0), ("abc", 3..<4, 1, 4, "abc", 3), ("", 0..<1, 1, 1, "", 0),
    ("a\nbc\nd", 3..<4, 2, 2, "bc", 1), ("a\r\nbc\r\nd", 3..<4, 2, 1, "bc", 0),
    ("a\nb\n", 4..<5, 3, 1, "", 0), ("a\nb", 1..<2, 1, 2, "a", 1),
    ("é😂x", 6..<7, 1, 3, "é😂x", 2), ("ab", 90..<99, 1, 3, "ab", 2),
    ("ab", -5 ..< -4, 1, 1, "ab", 0),
    ("a\r\n", 2..<3, 1, 3, "a\u{240D}", 2),
  ])
  func positions(
    text: String, range: Range<Int>, line: Int, column: Int, excerpt: String, caret: Int
  ) {
    let place = locate(text, range)
    #expect(place.line == line)
    #expect(place.column == column)
    #expect(place.excerpt.text == excerpt)
    #expect(place.excerpt.caret == caret)
    #expect(place.excerpt.length == 1)
  }

  @Test func theMarkEndsWithTheLine() {
    #expect(locate("abc\ndef", 1..<6).excerpt == .init(text: "abc", caret: 1, length: 2))
    #expect(locate("aéé!", 1..<5).excerpt == .init(text: "aéé!", caret: 1, length: 2))
  }

  @Test func longLinesAreCutAroundTheCaret() {
    let text = String(repeating: "é", count: 500) + "HERE" + String(repeating: "ü", count: 500)
    let place = locate(text, 1000..<1004)
    #expect(place.column == 501)
    let excerpt = place.excerpt
    let scalars = Array(excerpt.text.unicodeScalars)
    #expect(scalars.count == 100 + 2)
    #expect(scalars.first == "…" && scalars.last == "…")
    let marked = scalars[excerpt.caret..<excerpt.caret + excerpt.length]
    #expect(String(String.UnicodeScalarView(marked)) == "HERE")
  }

  @Test func longMarksAreCut() {
    let place = locate("\"" + String(repeating: "x", count: 300) + "\"", 0..<302)
    #expect(place.excerpt.caret == 0)
    #expect(place.excerpt.length <= 100)
    #expect(place.excerpt.text.last == "…")
  }

  @Test func controlCharactersAreVisible() {
    #expect(locate("a\tb\u{1B}[0m\u{7F}", 0..<1).excerpt.text == "a\u{2409}b\u{241B}[0m\u{2421}")
    #expect(locate("\u{202E}x\u{85}", 0..<1).excerpt.text == "\u{FFFD}x\u{FFFD}")
  }

  @Test func invalidUTF8() {
    let place = TextLocation.locate(2..<3, in: [0x61, 0x62, 0xFF, 0x63])
    #expect(place.column == 3)
    #expect(place.excerpt == .init(text: "ab\u{FFFD}c", caret: 2, length: 1))
    for at in 0..<4 { _ = TextLocation.locate(at..<at + 1, in: [0x80, 0x80, 0x80, 0xE2]) }
  }
}
