import Annals
import EventLog
import Testing

func schema(_ text: String, formats: JSONSchema.Formats = .standard) throws -> JSONSchema {
  try JSONSchema(parsing: Array(text.utf8), file: "test.json", formats: formats)
}

/// What is wrong with a schema; empty when nothing is.
func schemaProblems(_ text: String) -> [Problem] {
  do {
    _ = try schema(text)
    return []
  } catch let error as Problems {
    return error.problems
  } catch {
    Issue.record(error)
    return []
  }
}

/// What is wrong with a value.
func faults(_ schema: JSONSchema, _ text: String) throws -> [SchemaFault] {
  var tape = JSONTape()
  try tape.parse(Array(text.utf8))
  var faults: [SchemaFault] = []
  schema.validate(tape, tape.root, into: &faults)
  return faults
}

func faults(_ schemaText: String, _ text: String) throws -> [SchemaFault] {
  try faults(schema(schemaText), text)
}

extension String {
  /// The part of the text at a fault.
  func at(_ fault: SchemaFault) -> String {
    String(decoding: Array(utf8)[fault.range], as: UTF8.self)
  }
}
