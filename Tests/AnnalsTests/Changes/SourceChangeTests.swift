import EventLog
import Testing

@testable import Annals

private typealias Line = LittleRecord

/// A source that is captured again with other content, as the cause of a correction.
@Suite struct SourceChangeTests {
  private static func capture(_ source: String, _ title: String) -> String {
    Line.line("source.captured", #"{"source":"\#(source)","title":"\#(title)"}"#)
  }

  private static func vote(_ choice: String, by source: String, id: Int) -> String {
    Line.line(
      "vote.cast", #"{"rollcall":"r","voter":"USA","choice":"\#(choice)"}"#, id: id,
      rest: #","sources":[{"source":"\#(source)"}]"#)
  }

  private static func correction(_ choice: String, by source: String?, id: Int) -> String {
    let sources = source.map { #","sources":[{"source":"\#($0)"}]"# } ?? ""
    return Line.line(
      "fact.corrected", #"{"choice":"\#(choice)"}"#, id: id,
      rest: #","target":["\#(Line.id(1))"],"reason":"test""# + sources)
  }

  @Test func aCorrectionByASourceThatChangedNamesBothCaptures() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      let first = try await record.add(Self.capture("a", "Votes"))
      try await record.add(Self.capture("b", "Other votes"))
      try await record.add(Self.vote("yes", by: "a", id: 1))
      // Nothing has changed yet.
      try await record.add(Self.correction("no", by: "a", id: 2))
      let second = try await record.add(Self.capture("a", "Votes, revised"))
      try await record.add(Self.capture("b", "Other votes, revised"))
      let corrected = try await record.add(Self.correction("yes", by: "a", id: 3))
      // Who cites no source, or one that the fact is not older than, names no change.
      try await record.add(Self.correction("no", by: nil, id: 4))
      let later = try await record.add(Self.correction("abstain", by: "b", id: 5))
      let known = try await store.revisions(actor: "USA", topic: "t")
      let changes = known.revisions.filter { !$0.sourceChanges.isEmpty }
      #expect(changes.map(\.knownBy.position) == [corrected, later])
      let change = try #require(changes.first?.sourceChanges.first)
      #expect(change.source == "a" && change.before == first && change.after == second)
      #expect(change.changes.map(\.field) == ["title"])
      // As it was known before the second capture, the source has not changed.
      let before = try await store.revisions(
        actor: "USA", topic: "t", from: Viewpoint(knownBy: .position(second)))
      #expect(before.revisions.filter { !$0.sourceChanges.isEmpty }.isEmpty)
    }
  }
}
