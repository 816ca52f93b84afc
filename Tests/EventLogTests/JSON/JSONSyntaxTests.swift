import EventLog
import Testing

/// What the reader refuses, and what it says about it.
@Suite struct JSONSyntaxTests {
  @Test(
    arguments: [
      ("", .unexpectedEnd, 0, 1), (" \n", .unexpectedEnd, 2, 1),
      ("oops", .expectedValue, 0, 4), ("[1, oops]", .expectedValue, 4, 4),
      ("nul", .expectedValue, 0, 3), ("nullx", .expectedValue, 0, 5),
      ("True", .expectedValue, 0, 4),
      ("'a'", .expectedValue, 0, 1), ("NaN", .expectedValue, 0, 3), ("+1", .expectedValue, 0, 2),
      (".5", .expectedValue, 0, 2), ("/* */ 1", .expectedValue, 0, 1), ("]", .expectedValue, 0, 1),
      ("1 2", .trailingText, 2, 1), ("{} x", .trailingText, 3, 1), ("[]]", .trailingText, 2, 1),
      ("01", .badNumber, 0, 2), ("[-01]", .badNumber, 1, 3), ("[1.]", .badNumber, 1, 2),
      ("[1.e5]", .badNumber, 1, 4), ("[1e]", .badNumber, 1, 2), ("[1e+]", .badNumber, 1, 3),
      ("[-]", .badNumber, 1, 1), ("[-x]", .badNumber, 1, 2), ("0x10", .badNumber, 0, 4),
      ("1_000", .badNumber, 0, 5), ("1.2.3", .badNumber, 0, 5),
      ("1e400", .badNumber, 0, 5), ("-1e999999999999", .badNumber, 0, 15),
      ("[1,]", .expectedValue, 3, 1), ("[,1]", .expectedValue, 1, 1),
      ("[1 2]", .expectedCommaOrEnd, 3, 1),
      ("[1}", .expectedCommaOrEnd, 2, 1), (#"{"a":1]"#, .expectedCommaOrEnd, 6, 1),
      (#"{"a":1,}"#, .expectedKey, 7, 1), ("{a:1}", .expectedKey, 1, 1),
      ("{1:1}", .expectedKey, 1, 1),
      (#"{"a" 1}"#, .expectedColon, 5, 1), (#"{"a",1}"#, .expectedColon, 4, 1),
      (#"{"a":}"#, .expectedValue, 5, 1), (#"{"a"::1}"#, .expectedValue, 5, 1),
      ("\"a\nb\"", .controlCharacter, 2, 1), ("\"\u{0}\"", .controlCharacter, 1, 1),
      ("\"12345678\u{1F}\"", .controlCharacter, 9, 1), ("\u{0}", .expectedValue, 0, 1),
      (#""\x41""#, .badEscape, 1, 2), (#""\é""#, .badEscape, 1, 3),
      (#""\u12g4""#, .badEscape, 1, 4),
      (#""\u+123""#, .badEscape, 1, 2), (#""\U0041""#, .badEscape, 1, 2),
      (#""\ud800""#, .loneSurrogate, 1, 6), (#""x\udc00""#, .loneSurrogate, 2, 6),
      (#""\ude02\ud83d""#, .loneSurrogate, 1, 6), (#""\ud83d\u0041""#, .loneSurrogate, 1, 6),
      (#""\ud83dx\ude02""#, .loneSurrogate, 1, 6), (#""\ud83d\n""#, .loneSurrogate, 1, 6),
      (#"{"a":1,"a":2}"#, .duplicateKey, 7, 3), (#"{"a":1,"\u0061":2}"#, .duplicateKey, 7, 8),
      (#"{"b":1,"a":2,"c":3,"b":4,"a":5}"#, .duplicateKey, 19, 3),
      (#"{"x":{"k":{},"k":[]}}"#, .duplicateKey, 13, 3),
      (#"{"\ud83d\ude02":1,"😂":2}"#, .duplicateKey, 18, 6), (#"{"":1,"":2}"#, .duplicateKey, 6, 2),
      (#"{"long-name-of-a-key":1,"long-name-of-a-key":2}"#, .duplicateKey, 24, 20),
    ] as [(String, JSONSyntaxError.Kind, Int, Int)])
  func refused(text: String, kind: JSONSyntaxError.Kind, offset: Int, length: Int) throws {
    let error = try #require(syntaxError(text))
    #expect(error.kind == kind)
    #expect(error.offset == offset)
    #expect(error.length == length)
  }

  @Test(
    arguments: [
      ([0x80], 0), ([0xBF], 0), ([0xC0, 0x80], 0), ([0xC1, 0xBF], 0), ([0xC3], 0),
      ([0xC3, 0x28], 0),
      ([0xE0, 0x80, 0x80], 0), ([0xE0, 0x9F, 0xBF], 0), ([0xE2, 0x82], 0), ([0xE2, 0x28, 0xA1], 0),
      ([0xED, 0xA0, 0x80], 0), ([0xED, 0xBF, 0xBF], 0), ([0xF0, 0x80, 0x80, 0x80], 0),
      ([0xF0, 0x8F, 0xBF, 0xBF], 0), ([0xF0, 0x9F, 0x98], 0), ([0xF0, 0x9F, 0x98, 0x28], 0),
      ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xFE], 0), ([0xFF], 0),
      ([0x61, 0xC3, 0xA9, 0xFF], 3), (Array("0123456789".utf8) + [0xE2, 0x82, 0xAC, 0xC0], 13),
    ] as [([UInt8], Int)])
  func invalidUTF8(bytes: [UInt8], offset: Int) throws {
    let inString = try #require(syntaxError([0x22] + bytes + [0x22]))
    #expect(inString.kind == .invalidUTF8)
    #expect(inString.offset == offset + 1)
    let inKey = try #require(syntaxError([0x7B, 0x22] + bytes + Array("\":1}".utf8)))
    #expect(inKey.kind == .invalidUTF8)
    #expect(inKey.offset == offset + 2)
    if offset == 0 {
      #expect(syntaxError(bytes)?.kind == .invalidUTF8)
      #expect(syntaxError([0x31] + bytes)?.kind == .invalidUTF8)
    }
  }

  @Test func everyScalarIsRead() throws {
    for value in UInt32(0x80)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = Array("\"\(scalar)\"".utf8)
      if let error = syntaxError(text) { Issue.record("U+\(value): \(error)") }
    }
  }

  @Test func byteOrderMark() throws {
    let error = try #require(syntaxError([0xEF, 0xBB, 0xBF, 0x31]))
    #expect(error.kind == .byteOrderMark)
    #expect(error.length == 3)
  }

  @Test func limits() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(syntaxError(nested(64)) == nil)
    let error = try #require(syntaxError(nested(65)))
    #expect(error.kind == .tooDeep)
    #expect(error.offset == 64)
    #expect(syntaxError(nested(100_000), limits: .init(depth: .max))?.kind == .tooDeep)
    #expect(syntaxError("[{}]".utf8.map { $0 }, limits: .init(depth: 1))?.kind == .tooDeep)
    #expect(syntaxError("1".utf8.map { $0 }, limits: .init(depth: 0)) == nil)

    let four = JSONTape.Limits(bytes: 4)
    #expect(syntaxError(Array("true".utf8), limits: four) == nil)
    #expect(syntaxError(Array("false".utf8), limits: four)?.kind == .tooLong)
    #expect(syntaxError(Array("1".utf8), limits: .init(bytes: -1))?.kind == .tooLong)
  }

  @Test(arguments: [
    (#"[oops]"#, #"expected a value, found "oops""#),
    ("[1\u{1}]", #"expected "," or "]", found "U+0001""#),
    ("\"a\tb\"", #"the control character U+0009 must be written \u0009 in a string"#),
    ("[€]", #"expected a value, found "€""#),
    ("{\"a\":1,\n \"a\":2}", #"duplicate key "a" (first at byte 1)"#),
    (#"{"a": "b"#, "the text ends inside a string"),
    (#"{"a": "#, "the text ends where a value should be"),
    (#"["\q"]"#, #""\q" is not an escape"#),
    ("[007]", #""007" is not a number of JSON"#),
  ])
  func messages(text: String, message: String) throws {
    #expect(try #require(syntaxError(text)).message == message)
  }

  @Test func duplicatesAmongManyKeys() throws {
    var generator = SeededGenerator(state: 9)
    for _ in 0..<100 {
      var keys = (0..<40).map { "key number \($0)" }.shuffled(using: &generator)
      #expect(syntaxError(object(keys)) == nil)
      let (first, second) = (Int.random(in: 0..<20, using: &generator), 25)
      keys[second] = keys[first]
      keys[39] = keys[1]
      let error = try #require(syntaxError(object(keys)))
      #expect(error.kind == .duplicateKey)
      #expect(error.offset == object(Array(keys[..<second])).utf8.count)
    }
    func object(_ keys: [String]) -> String {
      "{" + keys.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    }
  }
}
