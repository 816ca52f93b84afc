import Annals
import EventLog
import Testing

/// Schemas that are refused, and what a compiled one says of itself.
@Suite struct SchemaCompilerTests {
  @Test func unsupportedKeywordsAreRefusedAllAtOnce() throws {
    let text = """
      {
        "type": "object",
        "patternProperties": {},
        "properties": {
          "a": {"type": "string", "maxLenght": 5},
          "b": {"oneOf": []}
        },
        "$anchor": "x"
      }
      """
    let problems = schemaProblems(text)
    #expect(problems.map(\.code) == Array(repeating: .unsupportedKeyword, count: 4))
    #expect(problems.map { $0.position?.line } == [3, 5, 6, 8])
    #expect(problems.map { $0.position?.column } == [3, 29, 11, 3])
    #expect(problems[0].position?.file == "test.json")
    #expect(problems[1].suggestion == "maxLength")
    #expect(problems[2].suggestion == "anyOf")
    #expect(problems[1].message == #"the keyword "maxLenght" is not supported"#)
    #expect(problems[1].help?.words(for: .commandLine).contains("minLength, maxLength") == true)
    #expect(problems[1].pointer == "/properties/a/maxLenght")
    #expect(problems[3].excerpt?.text == #"  "$anchor": "x""#)
  }

  @Test(
    arguments: [
      ("[]", "a schema is an object, not a list"),
      (#"{"properties": {"a": true}}"#, "a schema is an object, not true"),
      (#"{"type": "strng"}"#, #""strng" is not a type"#),
      (#"{"type": []}"#, #""type" allows no value"#),
      (#"{"type": 5}"#, #""type" must be a text or a list of texts, not the number 5"#),
      (#"{"type": ["string", 5]}"#, #""type" must be a text, not the number 5"#),
      (#"{"properties": []}"#, #""properties" must be an object, not a list"#),
      (#"{"required": "a"}"#, #""required" must be a list, not the text "a""#),
      (#"{"required": ["a", "a"]}"#, #""a" stands twice in "required""#),
      (#"{"additionalProperties": "no"}"#, #"a schema is an object, not the text "no""#),
      (#"{"enum": []}"#, #""enum" allows no value"#),
      (#"{"enum": ["a"], "const": "a"}"#, #"give "enum" or "const", not both"#),
      (#"{"items": [{}]}"#, "a schema is an object, not a list"),
      (#"{"minItems": -1}"#, #""minItems" must be a whole number from 0, not the number -1"#),
      (#"{"maxLength": 1.5}"#, #""maxLength" must be a whole number from 0, not the number 1.5"#),
      (#"{"maximum": "5"}"#, #""maximum" must be a number, not the text "5""#),
      (
        #"{"minimum": 2, "maximum": 1}"#,
        #""maximum" leaves no value: the minimum is above the maximum"#
      ),
      (#"{"uniqueItems": 1}"#, #""uniqueItems" must be true or false, not the number 1"#),
      (#"{"anyOf": []}"#, #""anyOf" has no alternatives"#),
      (#"{"format": "email"}"#, #"the format "email" is not supported"#),
      (#"{"title": 1}"#, #""title" must be a text, not the number 1"#),
      (#"{"examples": {}}"#, #""examples" must be a list, not an object"#),
      (##"{"$ref": "#/$defs/x"}"##, ##""#/$defs/x" is not defined"##),
      (#"{"$ref": "other.json"}"#, #""$ref" must be local, not "other.json""#),
      (
        ##"{"$defs": {"a": {"$ref": "#/$defs/a"}}}"##,
        #""$ref" leads back to itself, or over more than 16 schemas"#
      ),
      (
        ##"{"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}}"##,
        #""$ref" leads back to itself, or over more than 16 schemas"#
      ),
      (#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#, nil),
      (#"{"items": {"$id": "x"}}"#, #""$id" may stand at the top of the schema only"#),
      (
        #"{"items": {"x-annals-tags": {}}}"#,
        #""x-annals-tags" may stand at the top of the schema only"#
      ),
      (#"{"x-annals-summary": 1}"#, #""x-annals-summary" must be a text, not the number 1"#),
      (#"{"x-annals-tags": {"actor": "voter"}}"#, nil),
      (
        #"{"properties": {"voter": {}}, "x-annals-tags": {"actor": ["votr"]}}"#,
        #""votr" is not a field: there is no "votr""#
      ),
      (
        #"{"properties": {"voter": {}}, "x-annals-defines": {"actor": "voter.id"}}"#,
        #""voter.id" is not a field: there is no "id""#
      ),
    ] as [(String, String?)])
  func badSchemas(text: String, message: String?) {
    let problems = schemaProblems(text)
    #expect(problems.map(\.code) == [.badSchema])
    if let message { #expect(problems.first?.message == message) }
  }

  @Test(
    arguments: [
      ("", "a kind of tag has no name"),
      ("a:b", #"the kind of tag "a:b" holds a colon"#),
      (":", #"the kind of tag ":" holds a colon"#),
      ("target", #"the kind of tag "target" is reserved"#),
    ])
  func kindsOfTagsThatNoLogTakesAreRefused(kind: String, message: String) {
    let problems = schemaProblems(
      """
      {
        "properties": {"place": {}},
        "x-annals-tags": {"place": ["place"], "\(kind)": ["place"]}
      }
      """)
    #expect(problems.map(\.code) == [.badSchema])
    #expect(problems.map(\.message) == [message])
    #expect(problems.first?.position == InputLocation(file: "test.json", line: 3, column: 41))
    #expect(problems.first?.pointer == "/x-annals-tags/\(kind)")
    #expect(problems.first?.help != nil)
  }

  @Test(arguments: ["targets", "Target", "corrects", "ort", "a-b", "é"])
  func otherKindsOfTagsAreTaken(kind: String) {
    let text = #"{"properties": {"a": {}}, "x-annals-tags": {"\#(kind)": ["a"]}}"#
    #expect(schemaProblems(text).isEmpty)
  }

  @Test func chainsOfReferencesEnd() {
    func chain(_ count: Int, _ next: (Int) -> Int) -> String {
      let links = (0..<count).map { ##""\##($0)": {"$ref": "#/$defs/\##(next($0))"}"## }
      return ##"{"$defs": {\##(links.joined(separator: ", ")), "\##(count)": {}, "-1": {}}}"##
    }
    for next in [{ $0 + 1 }, { $0 - 1 }] as [(Int) -> Int] {
      #expect(schemaProblems(chain(16, next)).isEmpty)
      #expect(schemaProblems(chain(17, next)).map(\.code) == [.badSchema])
      #expect(schemaProblems(chain(2_000, next)).map(\.code) == [.badSchema])
    }
  }

  @Test func pathsThroughListsOfLists() {
    let text = ##"""
      {"$defs": {"t": {"items": {"$ref": "#/$defs/t"}, "properties": {"id": {}}}},
      "$ref": "#/$defs/t", "x-annals-tags": {"a": ["id"], "b": ["ide"]}}
      """##
    #expect(schemaProblems(text).map(\.suggestion) == ["id"])
  }

  @Test(
    arguments: [
      ("{", .notJSON), ("{\"a\": 1, \"a\": 2}", .duplicateKey),
      (String(repeating: "[", count: 70), .tooDeep),
    ] as [(String, ErrorCode)])
  func whatIsNoJSON(text: String, code: ErrorCode) {
    #expect(schemaProblems(text).map(\.code) == [code])
  }

  @Test func suggestions() {
    #expect(schemaProblems(#"{"format": "slag"}"#).first?.suggestion == "slug")
    #expect(
      schemaProblems(##"{"$defs": {"choice": {}}, "$ref": "#/$defs/chioce"}"##).first?.suggestion
        == "#/$defs/choice")
    #expect(
      schemaProblems(#"{"properties": {"voter": {}}, "x-annals-tags": {"a": ["votr"]}}"#).first?
        .suggestion == "voter")
  }

  @Test func annalsKeywords() throws {
    let schema = try schema(
      ##"""
      {
        "title": "Vote", "description": "A vote.", "examples": [{"voter": "USA"}],
        "$defs": {"about": {"properties": {"topics": {"type": "array", "items": {
          "properties": {"id": {"type": "string"}}}}}}},
        "properties": {"voter": {}, "about": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/about"}]}},
        "required": ["voter"],
        "x-annals-tags": {"actor": ["voter"], "topic": ["about.topics.id", "about.topics"]},
        "x-annals-defines": {"vote": "voter"},
        "x-annals-summary": "{voter} voted"
      }
      """##)
    #expect(schema.title == "Vote")
    #expect(schema.description == "A vote.")
    #expect(schema.summary == "{voter} voted")
    #expect(schema.required == ["voter"])
    #expect(schema.examples == [["voter": "USA"]])
    #expect(schema.tags.map(\.kind) == ["actor", "topic"])
    #expect(
      schema.tags.map(\.paths) == [
        [["voter"]], [["about", "topics", "id"], ["about", "topics"]],
      ])
    #expect(schema.defines.map(\.kind) == ["vote"])
    #expect(schema.defines.map(\.path) == [["voter"]])
  }

  @Test func describedProperties() throws {
    let schema = try schema(
      ##"""
      {
        "$defs": {"choice": {"enum": ["yes", "no"], "description": "One choice."}},
        "properties": {
          "level": {"type": "integer", "minimum": -2, "maximum": 2},
          "count": {"type": "integer", "minimum": 1}, "share": {"type": "number", "maximum": 1},
          "choice": {"$ref": "#/$defs/choice"},
          "open": {"anyOf": [{"$ref": "#/$defs/choice"},
            {"type": "array", "items": {"$ref": "#/$defs/choice"}}]},
          "topics": {"type": "array", "items": {"type": "string", "format": "slug"}},
          "on": {"type": "string", "format": "edtf"}, "text": {"type": ["string", "null"]},
          "veto": {"type": "boolean"}, "any": {},
          "about": {"type": "object", "properties": {"actor": {"const": "USA"}}}
        },
        "required": ["choice"]
      }
      """##)
    let properties = schema.properties
    #expect(
      properties.map(\.typeText) == [
        "integer −2…2", "integer from 1", "number up to 1", "one of yes, no",
        "one of yes, no or list of one of yes, no", "list of slug", "edtf", "text or null",
        "true or false", "any value", "object",
      ])
    #expect(properties.filter(\.isRequired).map(\.name) == ["choice"])
    #expect(properties[3].description == "One choice.")
    #expect(properties[4].enumValues == ["yes", "no"])
    #expect(properties[4].types == [.string, .array])
    #expect(properties[3].types == .string)
    #expect(properties[10].properties.map(\.typeText) == ["USA"])
  }

  /// The schemas that the program ships, and their own examples.
  @Test func shippedSchemasAndTheirExamples() throws {
    let files = try shippedSchemas()
    #expect(files.count > 20)
    for (name, bytes) in files {
      do {
        let schema = try JSONSchema(parsing: bytes, file: name)
        #expect(!schema.examples.isEmpty, "\(name)")
        for example in schema.examples {
          let text = String(decoding: JSONWriter.canonical(example), as: UTF8.self)
          #expect(try faults(schema, text) == [], "\(name)")
        }
      } catch let error as Problems {
        for problem in error.problems { Issue.record("\(problem)") }
      }
    }
  }
}
