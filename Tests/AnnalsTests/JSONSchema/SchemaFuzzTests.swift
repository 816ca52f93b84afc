import Annals
import EventLog
import Foundation
import Testing

/// Damaged schemas and values; every random choice is seeded.
@Suite struct SchemaFuzzTests {
  @Test func damagedSchemasNeverTrap() throws {
    var random = SplitMix(seed: 11)
    for (name, bytes) in try shippedSchemas() {
      for _ in 0..<40 {
        do {
          _ = try JSONSchema(parsing: random.damaged(bytes), file: name)
        } catch {
          #expect(!error.problems.isEmpty)
          for problem in error.problems { #expect(problem.position?.file == name) }
        }
      }
    }
  }

  @Test func damagedValuesNeverTrap() throws {
    var random = SplitMix(seed: 12)
    var tape = JSONTape()
    for (name, bytes) in try shippedSchemas() {
      let schema = try JSONSchema(parsing: bytes, file: name)
      for example in schema.examples {
        let text = Array(JSONWriter.pretty(example).utf8)
        for _ in 0..<200 {
          guard (try? tape.parse(random.damaged(text))) != nil else { continue }
          var faults: [SchemaFault] = []
          schema.validate(tape, tape.root, into: &faults)
          for fault in faults {
            #expect(!fault.range.isEmpty)
            #expect(fault.range.upperBound <= tape.bytes.count)
            #expect(!fault.message.isEmpty)
          }
          let starts = faults.map(\.range.lowerBound)
          #expect(starts == starts.sorted())
        }
      }
    }
  }

  /// The value of one example where a field of another schema expects it: every type of value meets
  /// every schema.
  @Test func everySchemaOnEveryExample() throws {
    let schemas = try shippedSchemas().map { try JSONSchema(parsing: $0.bytes, file: $0.name) }
    var tape = JSONTape()
    for example in schemas.flatMap(\.examples) + [nil, true, 1, "x", [], [[]], [:]] {
      try tape.parse(JSONWriter.canonical(example))
      for schema in schemas {
        var faults: [SchemaFault] = []
        schema.validate(tape, tape.root, into: &faults)
        if example.isScalar { #expect(faults.map(\.code) == [.wrongType]) }
      }
    }
  }
}

extension JSON {
  fileprivate var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }
}

extension SplitMix {
  /// A text with one to three bytes changed, or a word replaced by another kind of value.
  fileprivate mutating func damaged(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...3, using: &self) {
      let at = Int.random(in: 0..<text.count, using: &self)
      if Bool.random(using: &self), let quote = text[at...].firstIndex(of: UInt8(ascii: "\"")),
        let end = text[(quote + 1)...].firstIndex(of: UInt8(ascii: "\""))
      {
        let other = ["7", "null", "[]", "{}", "-1.5", "\"\"", "\"é\"", "true"]
        text.replaceSubrange(quote...end, with: (other.randomElement(using: &self) ?? "0").utf8)
      } else {
        text[at] = UInt8.random(in: 0x20...0x7E, using: &self)
      }
    }
    return text
  }
}

/// The schemas that the program ships: those of `Schema/events`, and the envelope's.
func shippedSchemas() throws -> [(name: String, bytes: [UInt8])] {
  var root = URL(filePath: #filePath)
  for _ in 0..<4 { root.deleteLastPathComponent() }
  let folder = root.appending(path: "Schema")
  let events = try FileManager.default.contentsOfDirectory(
    at: folder.appending(path: "events"), includingPropertiesForKeys: nil)
  let files = events.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
  return try (files + [folder.appending(path: "envelope.v1.json")]).map {
    ($0.lastPathComponent, Array(try Data(contentsOf: $0)))
  }
}
