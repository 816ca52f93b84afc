import Annals
import EventLog
import Testing

/// Every keyword, with values that it allows and values that it does not.
@Suite struct SchemaKeywordTests {
  @Test(arguments: [
    ("true", #"{}"#), ("[1]", #"{"type": ["string", "array"]}"#),
    (#""x""#, #"{"type": "string"}"#), ("1", #"{"type": "integer"}"#),
    ("1", #"{"type": "number"}"#), ("1.5", #"{"type": "number"}"#),
    ("false", #"{"type": "boolean"}"#), ("null", #"{"type": "null"}"#),
    ("{}", #"{"type": "object"}"#), ("[]", #"{"type": "array"}"#),
    (#""b""#, #"{"enum": ["a", "b"]}"#), (#""\u0062""#, #"{"enum": ["a", "b"]}"#),
    ("null", #"{"enum": ["a", null, 1]}"#), ("1", #"{"enum": ["a", null, 1]}"#),
    (#"{"b": 2, "a": [1]}"#, #"{"const": {"a": [1], "b": 2}}"#), (#""c""#, #"{"const": "c"}"#),
    ("[1, 2]", #"{"minItems": 2, "maxItems": 2}"#), ("[]", #"{"items": {"type": "null"}}"#),
    ("[null, null]", #"{"items": {"type": "null"}}"#),
    (#"[1, "1", [1], [1, 1], {"a": 1}, {"a": 2}]"#, #"{"uniqueItems": true}"#),
    ("[1, 1]", #"{"uniqueItems": false}"#),
    (#""é😂""#, #"{"minLength": 2, "maxLength": 2}"#),
    (#""\u00e9\ud83d\ude02""#, #"{"minLength": 2, "maxLength": 2}"#),
    (#""""#, #"{"minLength": 0, "maxLength": 0}"#), ("5", #"{"minLength": 9, "maxItems": 0}"#),
    ("-2", #"{"minimum": -2, "maximum": 2}"#), ("1.5", #"{"minimum": 1.5, "maximum": 1.5}"#),
    ("5", #"{"anyOf": [{"type": "string"}, {"minimum": 5}]}"#),
    (#"{"a": 1}"#, #"{"properties": {"a": {"type": "integer"}}, "required": ["a"]}"#),
    (#"{"z": null}"#, #"{"properties": {"a": {}}, "additionalProperties": true}"#),
    (#"{"z": 1}"#, #"{"additionalProperties": {"type": "integer"}}"#),
    (
      #"{"\u0061": 1}"#,
      #"{"properties": {"a": {}}, "required": ["a"], "additionalProperties": false}"#
    ),
    ("[[], [[]]]", ##"{"$defs": {"t": {"items": {"$ref": "#/$defs/t"}}}, "$ref": "#/$defs/t"}"##),
    (#"{"required": 1}"#, #"{"required": ["required"]}"#),
  ])
  func allowed(value: String, schema: String) throws {
    #expect(try faults(schema, value) == [])
  }

  @Test(
    arguments: [
      ("1", #"{"type": "string"}"#, .wrongType, "", "the value must be a text, not the number 1"),
      (
        #"{"veto": "yes"}"#, #"{"properties": {"veto": {"type": "boolean"}}}"#, .wrongType, "/veto",
        #"veto must be true or false, not the text "yes""#
      ),
      (
        "[]", #"{"type": ["string", "null", "integer", "number"]}"#, .wrongType, "",
        "the value must be a text or a number or null, not a list"
      ),
      (
        "{}", #"{"type": "array"}"#, .wrongType, "", "the value must be a list, not an object"
      ),
      (
        "1.5", #"{"type": "integer"}"#, .inexactNumber, "",
        "the value 1.5 is not a whole number within ±9007199254740991"
      ),
      (
        "9007199254740992", #"{"type": ["integer", "string"]}"#, .inexactNumber, "",
        "the value 9007199254740992 is not a whole number within ±9007199254740991"
      ),
      (
        #"{"choice": "maybe"}"#, #"{"properties": {"choice": {"enum": ["yes", "no"]}}}"#,
        .unknownValue, "/choice", #"choice "maybe" is not one of yes, no"#
      ),
      ("null", #"{"enum": [1, 2]}"#, .unknownValue, "", "the value null is not one of 1, 2"),
      (#""a""#, #"{"const": "b"}"#, .unknownValue, "", #"the value "a" is not b"#),
      ("[1]", #"{"const": [1, 2]}"#, .unknownValue, "", "the value is not [1,2]"),
      (
        "[1]", #"{"minItems": 2, "maxItems": 2}"#, .outOfRange, "",
        "the value has 1 element, not exactly 2"
      ),
      ("[]", #"{"minItems": 1}"#, .outOfRange, "", "the value is an empty list"),
      (
        "[1, 2]", #"{"maxItems": 1}"#, .outOfRange, "", "the value has 2 elements, not at most 1"
      ),
      (
        #"["é", "\u00e9"]"#, #"{"uniqueItems": true}"#, .badFormat, "/1",
        #"[1] "é" stands in the value already"#
      ),
      (
        #"{"a": ["x", "x"]}"#, #"{"properties": {"a": {"uniqueItems": true}}}"#, .badFormat, "/a/1",
        #"a[1] "x" stands in a already"#
      ),
      (
        "[1.0, 1]", #"{"uniqueItems": true}"#, .badFormat, "/1", "[1] 1 stands in the value already"
      ),
      (#"[{"a": 1, "b": 2}, {"b": 2, "a": 1}]"#, #"{"uniqueItems": true}"#, .badFormat, "/1", nil),
      (
        #""éé""#, #"{"maxLength": 1}"#, .outOfRange, "", "the value has 2 characters, not at most 1"
      ),
      (
        #""\u00e9""#, #"{"minLength": 2}"#, .outOfRange, "",
        "the value has 1 character, not at least 2"
      ),
      (#"{"a": ""}"#, #"{"properties": {"a": {"minLength": 1}}}"#, .outOfRange, "/a", "a is empty"),
      (
        #"{"level": 3}"#, #"{"properties": {"level": {"minimum": -2, "maximum": 2}}}"#, .outOfRange,
        "/level", "level 3 is not between -2 and 2"
      ),
      ("0", #"{"minimum": 1}"#, .outOfRange, "", "the value 0 is not at least 1"),
      ("1e3", #"{"maximum": 1.5}"#, .outOfRange, "", "the value 1e3 is not at most 1.5"),
      (
        "{}", #"{"required": ["a"]}"#, .missingField, "", #"the field "a" is missing"#
      ),
      (
        #"{"z": 1}"#, #"{"additionalProperties": false}"#, .unknownField, "/z",
        #"unknown field "z""#
      ),
      (
        #"{"z": 1}"#, #"{"additionalProperties": {"type": "string"}}"#, .wrongType, "/z",
        "z must be a text, not the number 1"
      ),
      (
        "[[], [1]]",
        ##"{"$defs": {"t": {"type": "array", "items": {"$ref": "#/$defs/t"}}}, "##
          + ##""$ref": "#/$defs/t"}"##, .wrongType, "/1/0", nil
      ),
      (
        #"{"a~b/c": 1}"#, #"{"properties": {"a~b/c": {"type": "null"}}}"#, .wrongType, "/a~0b~1c",
        "a~b/c must be null, not the number 1"
      ),
    ] as [(String, String, ErrorCode, String, String?)])
  func refused(
    value: String, schema: String, code: ErrorCode, pointer: String, message: String?
  ) throws {
    let faults = try faults(schema, value)
    let fault = try #require(faults.first)
    #expect(faults.count == 1)
    #expect(fault.code == code)
    #expect(fault.pointer == pointer)
    if let message { #expect(fault.message == message) }
  }

  @Test func manyUniqueItems() throws {
    let unique = try schema(#"{"uniqueItems": true}"#)
    let numbers = (0..<1000).map(String.init)
    #expect(try faults(unique, "[\(numbers.joined(separator: ","))]") == [])
    let again = try faults(unique, "[\(numbers.joined(separator: ",")),7]")
    #expect(again.map(\.pointer) == ["/1000"])
  }

  @Test func manyRequiredFields() throws {
    let names = (0..<100).map { "field\($0)" }
    let schema = try schema(
      #"{"properties": {\#(names.map { #""\#($0)": {}"# }.joined(separator: ","))}, "#
        + #""required": [\#(names.map { #""\#($0)""# }.joined(separator: ","))]}"#)
    let all = names.reversed().map { #""\#($0)": 1"# }
    #expect(try faults(schema, "{\(all.joined(separator: ","))}") == [])
    let some = all.dropFirst()
    #expect(try faults(schema, "{\(some.joined(separator: ","))}").count == 1)
  }
}
