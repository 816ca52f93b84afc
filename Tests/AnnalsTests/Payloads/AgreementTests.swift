import EventLog
import Foundation
import Testing

@testable import Annals

/// The Swift structures and the schemas say the same.
@Suite struct AgreementTests {
  /// Another run draws other values; `ANNALS_SEED=…` repeats one.
  private static let seed: UInt64 = {
    let seed = number("ANNALS_SEED") ?? .random(in: 0...UInt64(Int64.max))
    print("AgreementTests: ANNALS_SEED=\(seed)")
    return seed
  }()

  /// Values per type; `ANNALS_SAMPLES=…` draws more.
  private static let samples = number("ANNALS_SAMPLES") ?? 1000

  private static func number(_ variable: String) -> UInt64? {
    ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func everySchemaHasItsStructure() throws {
    let structures = PayloadType.all.map { "\($0.type).json" }.sorted()
    let folder = Self.root.appending(path: "Schema/events")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == structures)
    #expect(Vocabulary.builtIn.types.map { "\($0.type).json" } == structures)
    #expect(PayloadType.all.map { "\($0.payload)" } == PayloadType.all.map(\.structureName))
  }

  @Test(arguments: PayloadType.all) func examplesComeBack(_ payload: PayloadType) throws {
    let examples = try payload.definition().schema.examples
    #expect(!examples.isEmpty)
    for example in examples { #expect(try payload.roundTrip(example) == example) }
  }

  @Test func shippedEventsComeBack() throws {
    let payloads = Dictionary(uniqueKeysWithValues: PayloadType.all.map { ($0.type.name, $0) })
    var count = 0
    for file in ShippedRecord.files {
      for line in file.bytes.split(separator: 0x0A) {
        let event = try JSON(parsing: Array(line))
        let payload = try #require(event["type"]?.string.flatMap { payloads[$0] })
        let data = try #require(event["data"])
        #expect(try payload.roundTrip(data) == data)
        if let sources = event["sources"] {
          #expect(try JSON(encoding: sources.decode([SourceReference].self)) == sources)
        }
        if let via = event["via"] {
          #expect(try JSON(encoding: via.decode([ReportLink].self)) == via)
        }
        count += 1
      }
    }
    #expect(count > 300)
  }

  @Test(arguments: PayloadType.all) func validValuesComeBack(_ payload: PayloadType) throws {
    let definition = try payload.definition()
    var sampler = try SchemaSampler(text: definition.text, seed: Self.seed)
    for _ in 0..<Self.samples {
      sampler.fullness = .random(in: 0...1, using: &sampler.random)
      let value = sampler.value()
      let faults = try definition.schema.faults(in: value)
      let read = try JSON(parsing: Array(JSONWriter.compact(value).utf8))
      guard faults.isEmpty, try payload.roundTrip(read) == read else {
        Issue.record("\(JSONWriter.compact(value)): \(faults)")
        return
      }
    }
  }

  @Test(arguments: PayloadType.all) func wrongValuesAreRefused(_ payload: PayloadType) throws {
    let definition = try payload.definition()
    var sampler = try SchemaSampler(text: definition.text, seed: Self.seed)
    for index in 0..<40 {
      sampler.fullness = index == 0 ? 1 : 0.7
      for mutation in sampler.mutations(of: sampler.value()) {
        let isTaken = try definition.schema.faults(in: mutation.value).isEmpty
        let isRead = mutation.isSeenBySwift && (try? payload.roundTrip(mutation.value)) != nil
        if isTaken || isRead {
          let taker = isTaken ? "the schema" : "the structure"
          Issue.record("\(taker) takes \(mutation.change): \(JSONWriter.compact(mutation.value))")
          return
        }
      }
    }
  }

  // MARK: fields

  @Test(arguments: PayloadType.all.filter { $0.type.name != "fact.corrected" })
  func fieldsAreThoseOfTheSchema(_ payload: PayloadType) throws {
    let definition = try payload.definition()
    var sampler = try SchemaSampler(text: definition.text, seed: Self.seed)
    sampler.fullness = 1
    let full = sampler.value()
    try expectFields(of: full.decode(payload.payload), sampler.schema, at: payload.type.name)
    // Every field is written under its name.
    #expect(try payload.roundTrip(full) == full)
  }

  @Test func fieldsOfTheEnvelopeAreThoseOfTheSchema() throws {
    let text = try Data(contentsOf: Self.root.appending(path: "Schema/envelope.v1.json"))
    let properties = try #require(JSON(parsing: Array(text))["properties"])
    for (list, type) in [("sources", SourceReference.self), ("via", ReportLink.self)]
      as [(String, any (Codable & Sendable).Type)]
    {
      let items = try #require(properties[list]?["items"])
      var sampler = try SchemaSampler(text: Array(JSONWriter.compact(items).utf8), seed: Self.seed)
      sampler.fullness = 1
      try expectFields(of: sampler.value().decode(type), items, at: list)
    }
    expectCases(of: DateBasis.self, properties["basis"], at: "basis")
    expectCases(of: Confidence.self, properties["confidence"], at: "confidence")
  }

  @Test func choicesAreThoseOfTheSchema() throws {
    let definition = try #require(Vocabulary.builtIn.definition("vote.cast"))
    let schema = try JSON(parsing: definition.text)
    expectCases(of: VoteChoice.self, schema["$defs"]?["choice"], at: "choice")
  }

  /// `value` is a structure with every field set.
  private func expectFields(of value: Any, _ schema: JSON, at path: String) throws {
    let required = (schema["required"]?.array ?? []).compactMap(\.string)
    let properties = schema["properties"]?.object ?? [:]
    let fields = Mirror(reflecting: value).children
    #expect(fields.compactMap(\.label) == properties.map(\.key), "\(path)")
    for (name, field) in fields {
      guard let name, let property = properties[name] else { continue }
      let mirror = Mirror(reflecting: field)
      let isOptional = mirror.displayStyle == .optional
      #expect(isOptional == !required.contains(name), "\(path).\(name)")
      let content = isOptional ? try #require(mirror.children.first).value : field
      if property["enum"] != nil {
        let type = try #require(type(of: content) as? any StringEnum.Type, "\(path).\(name)")
        expectCases(of: type, property, at: "\(path).\(name)")
      }
      if property["properties"] != nil {
        try expectFields(of: content, property, at: "\(path).\(name)")
      }
    }
  }

  private typealias StringEnum = CaseIterable & RawRepresentable<String>

  private func expectCases(of type: any StringEnum.Type, _ schema: JSON?, at path: String) {
    func values<Enum: StringEnum>(_ type: Enum.Type) -> [JSON] {
      type.allCases.map { .string($0.rawValue) }
    }
    #expect(values(type) == schema?["enum"]?.array, "\(path)")
  }
}

extension PayloadType {
  /// `VoteCast` for `vote.cast`.
  fileprivate var structureName: String {
    type.name == "rollcall.held"
      ? "RollCallHeld" : type.name.split(separator: ".").map(\.capitalized).joined()
  }
}
