import EventLog
import Testing

/// What a tape tells about a text, and values in memory.
@Suite struct JSONTapeTests {
  @Test func kindsRangesAndCounts() throws {
    let text = #" {"a": [1, "x", null], "b": {"c": true}, "d": "\u00e9" } "#
    let tape = try parsed(text)
    #expect(tape.bytes == Array(text.utf8))
    #expect(tape.kind(tape.root) == .object)
    #expect(tape.count(tape.root) == 3)
    #expect(tape.range(tape.root) == 1..<text.utf8.count - 1)
    let a = try #require(tape.member(tape.root, "a"))
    #expect(tape.count(a) == 3)
    #expect(tape.elements(a).map { tape.kind($0) } == [.number, .string, .null])
    #expect(tape.elements(a).map { tape.string($0) } == ["1", "x", "null"])
    let d = try #require(tape.member(tape.root, named: "d"))
    #expect(tape.string(d) == "é")
    #expect(text.utf8.dropFirst(tape.range(d).lowerBound).starts(with: #""\u00e9""#.utf8))
    #expect(tape.members(tape.root).map { tape.string($0.key) } == ["a", "b", "d"])
    #expect(tape.member(tape.root, "c") == nil)
    #expect(tape.member(a, "a") == nil)
    #expect(Array(tape.elements(tape.root)).isEmpty)
    #expect(Array(tape.members(a)).isEmpty)
    let c = try #require(tape.member(tape.root, "b").flatMap { tape.member($0, "c") })
    #expect(tape.bool(c) == true)
    #expect(tape.bool(a) == nil)
    #expect(tape.double(a) == nil)
  }

  @Test func comparisonIsByDecodedBytes() throws {
    let tape = try parsed(#"["abc", "\u0061bc", "caf\u00e9", "cafe\u0301", "", 5, "abcdefghijk"]"#)
    let nodes = Array(tape.elements(tape.root))
    #expect(tape.equals(nodes[0], "abc"))
    #expect(tape.equals(nodes[1], "abc"))
    #expect(!tape.equals(nodes[1], "ab"))
    #expect(!tape.equals(nodes[1], "abcd"))
    #expect(tape.equals(nodes[2], "caf\u{e9}"))
    #expect(!tape.equals(nodes[3], "caf\u{e9}"))
    #expect(tape.equals(nodes[4], ""))
    #expect(!tape.equals(nodes[5], "5"))
    #expect(tape.equals(nodes[6], utf8: Array("abcdefghijk".utf8)))
    #expect(!tape.equals(nodes[6], utf8: Array("abcdefghijx".utf8)))
    #expect(!tape.equals(nodes[6], utf8: Array("xbcdefghijk".utf8)))
    var bytes = Array("=".utf8)
    for node in nodes { tape.utf8(node, into: &bytes) }
    #expect(String(decoding: bytes, as: UTF8.self) == "=abcabccafécafe\u{301}5abcdefghijk")
  }

  @Test func escapes() throws {
    let tape = try parsed(#""\"\\\/\b\f\n\r\t\u0000\u00E9\u20ac\ud83d\uDE02\uffff""#)
    #expect(
      tape.string(tape.root) == "\"\\/\u{8}\u{c}\n\r\t\u{0}é€😂\u{FFFF}")
  }

  @Test func pointers() throws {
    let tape = try parsed(#"{"a": {"x": 1}, "b/c~": [[], {"": [0, {"é": 2}]}], "z": 3}"#)
    func node(of text: StaticString) -> JSONTape.Node? {
      var nodes = [tape.root]
      while let node = nodes.popLast() {
        if tape.withUTF8(node, { String(decoding: $0, as: UTF8.self) }) == text.description {
          return node
        }
        nodes += tape.elements(node)
        nodes += tape.members(node).map { $0.value }
      }
      return nil
    }
    #expect(tape.pointer(to: tape.root) == "")
    #expect(tape.pointer(to: try #require(node(of: "1"))) == "/a/x")
    #expect(tape.pointer(to: try #require(node(of: "0"))) == "/b~1c~0/1//0")
    #expect(tape.pointer(to: try #require(node(of: "2"))) == "/b~1c~0/1//1/é")
    #expect(tape.pointer(to: try #require(node(of: "3"))) == "/z")
    for (key, _) in tape.members(tape.root).prefix(1) { #expect(tape.pointer(to: key) == "/a") }
  }

  @Test func isUsedAgain() throws {
    var tape = JSONTape()
    #expect(tape.value(tape.root) == .null)
    try tape.parse(Array(#"{"b":1,"a":[1,2,3]}"#.utf8))
    let copy = tape
    try tape.parse(Array("[4]".utf8))
    #expect(tape.value(tape.root) == [4])
    #expect(throws: JSONSyntaxError.self) { try tape.parse(Array("[5".utf8)) }
    #expect(tape.value(tape.root) == .null)
    #expect(tape.string(tape.root) == "null")
    #expect(copy.value(copy.root) == ["b": 1, "a": [1, 2, 3]])
  }

  @Test func valuesAreEqualByBytes() throws {
    #expect(JSON.string("caf\u{e9}") != .string("cafe\u{301}"))
    #expect(JSON.integer(1) != .number(1))
    #expect(["a": 1, "b": [nil, 2.5]] as JSON == ["b": [nil, 2.5], "a": 1])
    #expect(["a": 1] as JSON != ["a": 1, "b": 1])
    let set: Set<JSON> = [["a": 1, "b": 2], ["b": 2, "a": 1], "\u{e9}", "e\u{301}"]
    #expect(set.count == 3)
  }

  @Test func objectsKeepTheirOrder() {
    var object: JSONObject = ["z": 1, "a": 2]
    object["m"] = 3
    object["z"] = 4
    object["caf\u{e9}"] = 5
    object["cafe\u{301}"] = 6
    object["a"] = nil
    object["none"] = nil
    #expect(object.map(\.key) == ["z", "m", "caf\u{e9}", "cafe\u{301}"])
    #expect(object["z"] == 4)
    #expect(object["cafe\u{301}"] == 6)
    #expect(object["a"] == nil)
  }

  @Test func layout() {
    let value: JSON = ["b": [1, 2.5, []], "a": ["x": nil], "e": [:], "s": "\n"]
    #expect(JSONWriter.compact(value) == #"{"b":[1,2.5,[]],"a":{"x":null},"e":{},"s":"\n"}"#)
    #expect(
      JSONWriter.pretty(value) == #"""
        {
          "b": [
            1,
            2.5,
            []
          ],
          "a": {
            "x": null
          },
          "e": {},
          "s": "\n"
        }
        """#)
    #expect(JSONWriter.pretty([1], indent: 0) == "[\n1\n]")
  }
}
