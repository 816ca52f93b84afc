import EventLog
import Testing

@testable import Annals

/// Schemas and values that could be compared in exponentially many ways are not.
@Suite struct SchemaLimitTests {
  /// How many times a value was checked against a schema.
  private func steps(_ schema: JSONSchema, _ text: String) throws -> (steps: Int, faults: Int) {
    var tape = JSONTape()
    try tape.parse(Array(text.utf8))
    var report = SchemaReport(faults: [], limit: 100)
    schema.nodes.withUnsafeBufferPointer {
      SchemaValidator(tape: tape, nodes: $0).check(0, tape.root, &report)
    }
    return (report.steps, report.faults.count)
  }

  private func nested(_ depth: Int, _ inner: String) -> String {
    String(repeating: #"{"x":"#, count: depth) + inner + String(repeating: "}", count: depth)
  }

  private static let alternatives = """
    {"$defs": {"a": {"anyOf": [
       {"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}, "additionalProperties": false},
       {"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}, "required": ["x"]},
       {"type": "integer"}]}},
     "$ref": "#/$defs/a"}
    """
  /// Each level goes to the next one twice.
  private static let twice = """
    {"$defs": {"s": {"$ref": "#/$defs/t", "properties": {"x": {"$ref": "#/$defs/s"}}},
       "t": {"properties": {"x": {"$ref": "#/$defs/s"}, "y": {"type": "integer"}}}},
     "$ref": "#/$defs/s"}
    """

  @Test(arguments: [alternatives, twice])
  func nestedAlternativesTakeAFewStepsPerLevel(_ text: String) throws {
    let schema = try schema(text)
    for inner in ["1", "\"no\"", #"{"y": "no"}"#] {
      let shallow = try steps(schema, nested(40, inner)).steps
      let deep = try steps(schema, nested(60, inner)).steps
      #expect(deep < 40_000, "\(shallow) and \(deep) steps")
    }
  }

  @Test func deepAndShallowValuesHaveTheSameFaults() throws {
    let schema = try schema(Self.alternatives)
    for depth in [1, 2, 5, 20, 60] {
      #expect(try steps(schema, nested(depth, "1")).faults == 0)
      #expect(try steps(schema, nested(depth, "\"no\"")).faults == 1)
    }
  }

  @Test func aValueOfTheRightTypeIsNotSaidToBeOfTheWrongOne() throws {
    let schema = """
      {"properties": {"choice": {"anyOf": [{"type": "string", "enum": ["yes", "no"]},
         {"type": "array", "items": {"enum": ["yes", "no"]}}]}}}
      """
    let many = String(repeating: "\"x\",", count: 3000) + "\"x\""
    let found = try faults(schema, #"{"choice": [\#(many)]}"#)
    #expect(found.first?.message == "choice[0] \"x\" is not one of yes, no")
  }

  @Test func faultsAreKeptUpToALimit() throws {
    let schema = try schema(#"{"properties": {"a": {}}, "additionalProperties": false}"#)
    let keys = (0..<5000).map { "\"k\($0)\": 1" }.joined(separator: ",")
    var tape = JSONTape()
    try tape.parse(Array("{\(keys)}".utf8))
    var faults: [SchemaFault] = []
    #expect(schema.validate(tape, tape.root, into: &faults) == 4900)
    #expect(faults.count == 100)
    // Within what one fault may take of words: a pointer is as long as the keys on its way.
    let long = String(repeating: "k", count: 300_000)
    try tape.parse(
      Array(
        "{\"a\": {}, \"\(long)1\": 1, \"\(long)2\": 1, \"\(long)3\": 1, \"\(long)4\": 1, \"\(long)5\": 1}"
          .utf8))
    faults = []
    #expect(schema.validate(tape, tape.root, into: &faults) == 1)
  }

  @Test func checkingEndsAfterSoManySteps() throws {
    let schema = try schema(#"{"items": {"type": "array", "items": {"type": "integer"}}}"#)
    let value = "[" + Array(repeating: "[1,2,3,4]", count: 2000).joined(separator: ",") + "]"
    var tape = JSONTape()
    try tape.parse(Array(value.utf8))
    for (limit, isExhausted) in [(5000, true), (20_000, false)] {
      var report = SchemaReport(faults: [], limit: 100, stepLimit: limit)
      schema.nodes.withUnsafeBufferPointer {
        SchemaValidator(tape: tape, nodes: $0).check(0, tape.root, &report)
      }
      #expect(report.isExhausted == isExhausted, "\(report.steps) steps")
    }
  }

  @Test(arguments: [
    // Ten alternatives of ten alternatives, and so on.
    (0..<14).map { n in
      #""d\#(n)": {"anyOf": [\#(Array(repeating: ##"{"$ref": "#/$defs/d\##(n + 1)"}"##, count: 10).joined(separator: ","))]}"#
    }.joined(separator: ",") + #", "d14": {}"#,
    // Each object has fields of every other kind.
    (0..<60).map { n in
      #""d\#(n)": {"properties": {\#((0..<60).map { ##""p\##($0)": {"$ref": "#/$defs/d\##($0)"}"## }.joined(separator: ","))}}"#
    }.joined(separator: ","),
  ])
  func schemasThatLeadToOneAnotherInTooManyWaysAreRefused(_ definitions: String) {
    let problems = schemaProblems(##"{"$defs": {\##(definitions)}, "$ref": "#/$defs/d0"}"##)
    #expect(problems.map(\.code) == [.badSchema])
    #expect(problems.first?.message.contains("more than") == true)
  }

  @Test func aSchemaHasALargestSize() throws {
    let fields = (0..<11_000).map { #""p\#($0)": {}"# }.joined(separator: ",")
    let problems = schemaProblems(#"{"properties": {\#(fields)}}"#)
    #expect(problems.map(\.code) == [.badSchema])
    let keywords = (0..<300).map { #""kw\#($0)": 1"# }.joined(separator: ",")
    do {
      _ = try schema("{\(keywords)}")
      Issue.record("it was taken")
    } catch let found as Problems {
      #expect(found.problems.count == 100 && found.more == 200)
    }
  }

  @Test func manyRequiredFieldsAreLookedForByName() throws {
    let names = (0..<200).map { "\"r\($0)\"" }.joined(separator: ",")
    let schema = try schema(#"{"properties": {"r3": {}}, "required": [\#(names)]}"#)
    let all = (0..<200).map { "\"r\($0)\": 1" }
    #expect(try steps(schema, "{\(all.joined(separator: ","))}").faults == 0)
    #expect(try steps(schema, "{\(all.dropLast().joined(separator: ","))}").faults == 1)
  }

  @Test func manyFieldsAreDescribedInOnePass() throws {
    let names = (0..<9_900).map { "field\($0)" }
    let fields = names.map { "\"\($0)\": {}" }.joined(separator: ",")
    let required = names.dropLast(2).map { "\"\($0)\"" }.joined(separator: ",")
    let properties = try schema(#"{"properties": {\#(fields)}, "required": [\#(required)]}"#)
      .properties
    #expect(properties.map(\.name) == names)
    #expect(properties.map(\.isRequired) == names.indices.map { $0 < 9_898 })
  }

  @Test func manyAlternativesAreListedInOnePass() throws {
    let values = (0..<9_900).map { "value\($0 % 9_000)" }
    let alternatives = values.map { "{\"const\": \"\($0)\"}" }.joined(separator: ",")
    let properties = try schema(#"{"properties": {"a": {"anyOf": [\#(alternatives)]}}}"#).properties
    #expect(properties[0].enumValues == Array(values.prefix(9_000)))
  }

  @Test func requiredFieldsCountAsSteps() throws {
    let names = (0..<500).map { "\"r\($0)\"" }.joined(separator: ",")
    let schema = try schema(#"{"type": "object", "required": [\#(names)]}"#)
    #expect(try steps(schema, "{}").steps > 500)
  }

  @Test func kindsOfTagsAreLimited() throws {
    for count in [20, 21] {
      let kinds = (0..<count).map { "\"k\($0)\": [\"a\"]" }.joined(separator: ",")
      let problems = schemaProblems(#"{"properties": {"a": {}}, "x-annals-tags": {\#(kinds)}}"#)
      #expect(problems.map(\.message) == (count > 20 ? ["more than 20 kinds of tags"] : []))
    }
    let twice = try schema(#"{"properties": {"a": {}}, "x-annals-tags": {"k": ["a", "a"]}}"#)
    #expect(twice.tags.map(\.paths) == [[["a"]]])
  }

  @Test func ofManyAlternativesTheHelpNamesAFew() throws {
    let alternatives = (0..<500).map { #"{"type":"object","required":["r\#($0)"]}"# }
    let schema = try schema(#"{"anyOf":[\#(alternatives.joined(separator: ","))]}"#)
    var tape = JSONTape()
    try tape.parse(Array("{}".utf8))
    var faults: [SchemaFault] = []
    #expect(schema.validate(tape, tape.root, into: &faults) == 0)
    #expect(faults.map(\.message) == [#"the field "r0" is missing"#])
    #expect(faults.first?.help?.words(for: .commandLine).contains(#""r20""#) == true)
    #expect(faults.first?.help?.words(for: .commandLine).contains(#""r21""#) == false)
    // Each alternative is compared a few times, and none of them for the help.
    #expect(try steps(schema, "{}").steps < 500 * 8)
  }
}
