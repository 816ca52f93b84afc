import EventLog
import Testing

@testable import Annals

/// A type of several versions: where none is named the newest is meant, and what was recorded under an
/// earlier one stays what it was.
@Suite struct TypeVersionTests {
  private typealias Line = LittleRecord

  private static func schema(_ version: Int, _ field: String) -> (name: String, bytes: [UInt8]) {
    let text = """
      {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Meeting",\
      "description":"A meeting.","type":"object","properties":{"place":{"type":"string",\
      "description":"Where."},"\(field)":{"type":"integer","description":"How many."}},\
      "required":["place"],"additionalProperties":false,"x-annals-summary":"met in {place}"}
      """
    return ("meeting.held.v\(version).json", Array(text.utf8))
  }

  private static func line(_ data: String, version: Int? = nil, id: Int? = nil) -> String {
    Line.line(
      "meeting.held", data, on: "2025-01-01", id: id,
      rest: version.map { #","version":\#($0)"# } ?? "")
  }

  private func withVersions(
    _ body: (_ old: Store, _ new: Store) async throws -> Void
  ) async throws {
    let first = try Vocabulary.builtIn.adding([Self.schema(1, "guests")])
    let both = try first.adding([Self.schema(2, "people")])
    try await withStore { store in
      try await body(
        Store(log: store.log, vocabulary: first), Store(log: store.log, vocabulary: both))
    }
  }

  private func append(_ line: String, to store: Store) async throws -> WriteReport {
    try await store.append(Array(line.utf8), options: Line.options)
  }

  @Test func theNewestIsMeantWhereNoneIsNamed() async throws {
    try await withVersions { _, store in
      _ = try await append(Self.line(#"{"place":"Oslo","people":3}"#), to: store)
      _ = try await append(Self.line(#"{"place":"Bern"}"#), to: store)
      _ = try await append(Self.line(#"{"place":"Oslo","guests":3}"#, version: 1), to: store)
      let events = try await store.log.read(EventQuery(types: ["meeting.held"]), in: EventRange())
      #expect(events.map(\.type.version) == [2, 2, 1])
    }
  }

  /// A line that fits an earlier version alone is no new event, but the way out is told.
  @Test func aLineOfAnEarlierVersionNamesIt() async throws {
    try await withVersions { _, store in
      do {
        _ = try await append(Self.line(#"{"place":"Oslo","guests":3}"#), to: store)
        Issue.record("a field of the first version was taken")
      } catch let problems as Problems {
        #expect(problems.problems.map(\.code) == [.unknownField])
        #expect(
          problems.problems.first?.help?.words(for: .commandLine).contains("fits version 1") == true
        )
      }
    }
  }

  /// A file that was imported before there was the newest version is known when it comes again.
  @Test func whatIsRecordedKeepsItsVersion() async throws {
    try await withVersions { old, new in
      let lines = [
        Self.line(#"{"place":"Oslo","guests":3}"#), Self.line(#"{"place":"Bern"}"#),
        Self.line(#"{"place":"Rome","guests":1}"#, id: 1), Self.line(#"{"place":"Wien"}"#, id: 2),
      ]
      for line in lines { #expect(try await append(line, to: old).appended == 1) }
      for line in lines {
        let again = try await append(line, to: new)
        #expect(again.appended == 0 && again.alreadyPresent == 1, "\(line)")
      }
      let all = try await append(lines.joined(separator: "\n"), to: new)
      #expect(all.appended == 0 && all.alreadyPresent == 4)
    }
  }
}
