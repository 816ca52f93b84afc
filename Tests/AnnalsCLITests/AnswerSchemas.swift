import Annals
import EventLog
import Foundation
import Testing

/// The schemas of answers, by the id that an answer names.
enum AnswerSchemas {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Schema/answers")

  static let all: [String: JSONSchema] = {
    var schemas: [String: JSONSchema] = [:]
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for file in files where file.hasSuffix(".json") {
      do {
        let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(file)))
        schemas["annals." + file.dropLast(".json".count)] = try JSONSchema(
          parsing: bytes, file: file)
      } catch {
        Issue.record("\(file): \(error)")
      }
    }
    return schemas
  }()

  /// The id of the schema that a text promises to follow; nil for a text that is no answer.
  static func id(of text: String) -> String? {
    guard text.hasPrefix("{"), case .object(let object)? = try? JSON(parsing: Array(text.utf8))
    else { return nil }
    if case .string(let id)? = object["schema"] { return id.hasPrefix("annals.") ? id : nil }
    return object["type"] != nil && object["errors"] != nil ? "annals.problem.v2" : nil
  }

  /// Records an issue where a text is an answer, or a problem, that its schema does not allow.
  static func check(_ text: String) {
    guard let id = id(of: text) else { return }
    guard let schema = all[id] else {
      Issue.record("no schema \(id)")
      return
    }
    for fault in faults(of: text, by: schema) { Issue.record("\(id): \(fault)") }
  }

  private static func faults(of text: String, by schema: JSONSchema) -> [String] {
    var tape = JSONTape()
    var faults: [SchemaFault] = []
    do {
      try tape.parse(Array(text.utf8))
    } catch {
      return ["\(error)"]
    }
    schema.validate(tape, tape.root, into: &faults)
    return faults.map { "\($0.pointer): \($0.message)" }
  }
}
