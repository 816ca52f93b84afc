import Annals
import EventLog
import Testing

/// What faults say, and where they stand.
@Suite struct SchemaFaultTests {
  private let vote = ##"""
    {
      "type": "object",
      "properties": {
        "rollcall": {"type": "string", "format": "slug", "description": "The roll call."},
        "voter": {"type": "string", "format": "slug", "description": "Who voted."},
        "choice": {"anyOf": [
          {"$ref": "#/$defs/choice"},
          {"type": "array", "items": {"$ref": "#/$defs/choice"}, "minItems": 2}
        ]},
        "level": {"type": "integer", "minimum": -2, "maximum": 2}
      },
      "required": ["rollcall", "voter", "choice"],
      "additionalProperties": false,
      "$defs": {"choice": {"type": "string", "enum": ["yes", "no", "abstain"]}}
    }
    """##

  @Test func allAtOnceInTheOrderOfTheText() throws {
    let text = #" {"votr": "USA", "choice": "abstian", "rollcall": "un ga", "level": 5}"#
    let faults = try faults(vote, text)
    #expect(
      faults.map(\.code) == [
        .missingField, .unknownField, .unknownValue, .badFormat, .outOfRange,
      ])
    #expect(faults.map { text.at($0) } == ["{", #""votr""#, #""abstian""#, #""un ga""#, "5"])
    #expect(faults.map(\.pointer) == ["", "/votr", "/choice", "/rollcall", "/level"])
    #expect(faults.map(\.suggestion) == [nil, "voter", "abstain", "un-ga", nil])
    #expect(faults[0].message == #"the field "voter" is missing"#)
    #expect(faults[0].help == "voter: Who voted.")
    #expect(faults[1].help == "the fields are: rollcall, voter, choice, level")
    #expect(faults[2].message == #"choice "abstian" is not one of yes, no, abstain"#)
  }

  @Test func faultsAreAddedToThoseThatAreThere() throws {
    var tape = JSONTape()
    try tape.parse(Array(#"{"data": {"voter": 1, "choice": "yes", "rollcall": "r"}}"#.utf8))
    let data = try #require(tape.member(tape.root, "data"))
    let earlier = SchemaFault(code: .badDate, range: 90..<91, pointer: "/on", message: "earlier")
    var faults = [earlier]
    try schema(vote).validate(tape, data, into: &faults)
    #expect(faults.map(\.pointer) == ["/on", "/data/voter"])
  }

  @Test(arguments: [
    // The type tells which alternative was meant.
    (#""maybe""#, "/choice", #"choice "maybe" is not one of yes, no, abstain"#),
    (#"["yes", "maybe"]"#, "/choice/1", #"choice[1] "maybe" is not one of yes, no, abstain"#),
    (#"["yes"]"#, "/choice", "choice has 1 element, not at least 2"),
    ("5", "/choice", "choice must be a text or a list, not the number 5"),
  ])
  func alternativesByType(choice: String, pointer: String, message: String) throws {
    let faults = try faults(vote, #"{"rollcall": "r", "voter": "v", "choice": \#(choice)}"#)
    #expect(faults.map(\.pointer) == [pointer])
    #expect(faults.map(\.message) == [message])
  }

  @Test func alternativesByFixedField() throws {
    let schema = #"""
      {"anyOf": [
        {"properties": {"kind": {"const": "state"}, "iso": {"type": "string"}}, "required": ["iso"]},
        {"properties": {"kind": {"const": "person"}, "born": {"format": "date"},
          "died": {"format": "date"}}}
      ]}
      """#
    let faults = try faults(schema, #"{"kind": "person", "born": "1950", "died": "x", "iso": 1}"#)
    #expect(faults.map(\.pointer) == ["/born", "/died"])
    #expect(faults.map(\.code) == [.badDate, .badDate])
  }

  @Test func alternativesThatAreAsNear() throws {
    let schema =
      #"{"anyOf": [{"type": "string", "format": "slug"}, {"type": "string", "format": "uri"}]}"#
    let faults = try faults(schema, #""htp://x y""#)
    #expect(faults.count == 1)
    #expect(faults[0].message == #""htp://x y" is not an id"#)
    #expect(
      faults[0].help?.words(for: .commandLine).contains(#"or "htp://x y" is not a web address"#)
        == true)
    #expect(try SchemaFaultTests.codes(schema, #""https://example.org/a?b=c""#) == [])
  }

  @Test func nestedAlternatives() throws {
    let schema = #"""
      {"properties": {"a": {"anyOf": [
        {"type": "null"},
        {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"enum": ["x", "yz"]}]}}
      ]}}}
      """#
    #expect(try SchemaFaultTests.codes(schema, #"{"a": [1, "x"]}"#) == [])
    let faults = try faults(schema, #"{"a": [1, "yzz"]}"#)
    #expect(faults.map(\.message) == [#"a[1] "yzz" is not one of x, yz"#])
    #expect(faults[0].suggestion == "yz")
  }

  private static func codes(_ schema: String, _ value: String) throws -> [ErrorCode] {
    try faults(schema, value).map(\.code)
  }

  @Test func problemsHaveTheLine() throws {
    let text = "{\n  \"rollcall\": \"r\", \"voter\": \"v\",\n  \"choice\": \"yse\"}"
    let fault = try #require(try faults(vote, text).first)
    let problem = Problem(fault, in: Array(text.utf8), file: "a.json")
    #expect(problem.position == InputLocation(file: "a.json", line: 3, column: 13))
    #expect(
      problem.excerpt == Problem.Excerpt(text: "  \"choice\": \"yse\"}", caret: 12, length: 5))
    #expect(problem.suggestion == "yes")
  }

  @Test func longValuesAreCutInMessages() throws {
    let fault = try #require(
      try faults(#"{"type": "null"}"#, "\"\(String(repeating: "é", count: 500))\"").first)
    #expect(fault.message.unicodeScalars.count < 100)
  }
}
