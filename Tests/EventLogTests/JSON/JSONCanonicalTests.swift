import EventLog
import Testing

/// RFC 8785, with the six pairs of cyberphone/json-canonicalization.
@Suite struct JSONCanonicalTests {
  @Test(arguments: [
    // arrays
    (#"[ 56, { "d": true, "10": null, "1": [ ] } ]"#, #"[56,{"1":[],"10":null,"d":true}]"#),
    // french
    (
      #"{"peach": "This sorting order", "péché": "is wrong according to French", "#
        + #""pêche": "but canonicalization MUST", "sin":   "ignore locale"}"#,
      #"{"peach":"This sorting order","péché":"is wrong according to French","#
        + #""pêche":"but canonicalization MUST","sin":"ignore locale"}"#
    ),
    // structures
    (
      #"{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "#
        + #""111": [ {"e": "yes","E": "no" } ], "A": { } }"#,
      #"{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"#
        + #""A":{},"a":{}}"#
    ),
    // unicode: nothing is normalised
    (#"{"Unnormalized Unicode":"A\u030a"}"#, "{\"Unnormalized Unicode\":\"A\u{30A}\"}"),
    // values
    (
      #"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "#
        + #""string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null,true,false]}"#,
      #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
        + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
    ),
    // weird
    (
      #"{"\u20ac": "Euro Sign", "\r": "Carriage Return", "\u000a": "Newline", "1": "One", "#
        + #""\u0080": "Control\u007f", "\ud83d\ude02": "Smiley", "#
        + #""\u00f6": "Latin Small Letter O With Diaeresis", "#
        + #""\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge"}"#,
      #"{"\n":"Newline","\r":"Carriage Return","1":"One","</script>":"Browser Challenge","#
        + "\"\u{80}\":\"Control\u{7F}\",\"ö\":\"Latin Small Letter O With Diaeresis\","
        + "\"€\":\"Euro Sign\",\"😂\":\"Smiley\","
        + "\"\u{FB33}\":\"Hebrew Letter Dalet With Dagesh\"}"
    ),
  ])
  func pairs(input: String, output: String) throws {
    #expect(try recanonicalized(input) == output)
    #expect(canonical(try JSON(parsing: Array(input.utf8))) == output)
    #expect(try recanonicalized(output) == output)
  }

  @Test func unescapedKeysOutsideASCIIAreOrderedByCodeUnits() throws {
    let input = "{\"\u{FB33}\":1,\"😂\":2,\"\u{FFFF}\":3,\"€\":4,\"\u{D7FF}\":5,\"\u{10FFFF}\":6}"
    let output = "{\"€\":4,\"\u{D7FF}\":5,\"😂\":2,\"\u{10FFFF}\":6,\"\u{FB33}\":1,\"\u{FFFF}\":3}"
    #expect(try recanonicalized(input) == output)
    #expect(canonical(try JSON(parsing: Array(input.utf8))) == output)
  }

  @Test func everyControlCharacter() throws {
    let short: [UInt32: String] = [8: "b", 9: "t", 10: "n", 12: "f", 13: "r"]
    for value in UInt32(0)..<0x20 {
      let digits = String(value, radix: 16)
      let four = String(repeating: "0", count: 4 - digits.utf8.count) + digits
      let expected = "\"\\\(short[value] ?? "u\(four)")\""
      #expect(try recanonicalized("\"\\u\(four.uppercased())\"") == expected)
      let scalar = try #require(Unicode.Scalar(value))
      #expect(canonical(.string(String(scalar))) == expected)
    }
  }

  @Test func sharedPrefixesAndLengths() throws {
    let keys = ["", "a", "ab", "abcdefg", "abcdefgh", "abcdefgha", "abcdefghb", "abcdefgi", "b"]
    var generator = SeededGenerator(state: 7)
    for _ in 0..<50 {
      let input = keys.shuffled(using: &generator).map { "\"\($0)\" :1" }.joined(separator: " ,")
      let output = keys.map { "\"\($0)\":1" }.joined(separator: ",")
      #expect(try recanonicalized("{\(input)}") == "{\(output)}")
    }
  }

  @Test func manyKeys() throws {
    var generator = SeededGenerator(state: 8)
    let keys = (0..<5_000).map { String($0 * 7 + 1) }
    let input = keys.shuffled(using: &generator).map { "\"\($0)\":0" }.joined(separator: ",\n")
    let output = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    #expect(
      try recanonicalized("{\(input)}")
        == "{" + output.map { "\"\($0)\":0" }.joined(separator: ",") + "}")
  }

  @Test func aPartOfTheText() throws {
    let tape = try parsed(#"{"x": 1, "data": {"b": [1, 2], "a": "\u0041"}, "y": 2}"#)
    let data = try #require(tape.member(tape.root, "data"))
    var bytes = Array("=".utf8)
    try JSONWriter.canonical(tape, data, into: &bytes, integersOnly: true)
    #expect(String(decoding: bytes, as: UTF8.self) == #"={"a":"A","b":[1,2]}"#)
  }

  @Test func scalarsAtTheTop() throws {
    for text in ["null", "true", "false", "0", "-1", "\"\"", "[]", "{}"] {
      #expect(try recanonicalized(" \t\n\r\(text) ") == text)
    }
    #expect(try recanonicalized("-0") == "0")
    #expect(try recanonicalized("[-0,-0.0,0,0e5]") == "[0,0,0,0]")
  }

  @Test func appendStringTakesAnySequence() {
    let text = "a\"b\\c\u{1}d\u{8}é😂/"
    let expected = #""a\"b\\c\u0001d\bé😂/""#
    var contiguous: [UInt8] = []
    JSONWriter.appendString(text.utf8, to: &contiguous)
    var lazily: [UInt8] = []
    JSONWriter.appendString(text.utf8.lazy.map { $0 }, to: &lazily)
    #expect(String(decoding: contiguous, as: UTF8.self) == expected)
    #expect(lazily == contiguous)
  }
}
