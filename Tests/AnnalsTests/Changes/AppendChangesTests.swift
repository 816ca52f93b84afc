import EventLog
import Testing

@testable import Annals

/// The stances that an append says it changes.
@Suite struct AppendChangesTests {
  private typealias World = ViewWorld

  private static let lines = [
    World.line("topic.defined", #"{"topic":"t","proposition":"It should be."}"#), World.held(),
    World.line(
      "topic.linked",
      #"{"topic":"t","rollcall":"un/R/1","supporting":"yes","strength":"strong","rationale":"r"}"#),
    World.vote("AAA", "yes"), World.vote("BBB", "no"),
  ]

  private func append(
    _ lines: [String], to store: Store, dryRun: Bool = false
  ) async throws -> [String] {
    let options = AppendOptions(recorder: "test", dryRun: dryRun)
    return try await store.append(Array(lines.joined(separator: "\n").utf8), options: options)
      .changes.map { "\($0.actor.id) \($0.before?.label ?? "none") \($0.after?.label ?? "none")" }
  }

  /// The link of a roll call and the votes in it may come together.
  @Test func whatComesInOneAppendCountsTogether() async throws {
    try await withStore { store in
      try await store.add(World.base)
      let expected = ["AAA none supports", "BBB none opposes"]
      #expect(try await append(Self.lines, to: store, dryRun: true) == expected)
      #expect(try await append(Self.lines, to: store) == expected)
      // The same lines again change nothing.
      #expect(try await append(Self.lines, to: store) == [])
    }
  }

  /// A statement counts for the state for which its speaker speaks, also under another id of theirs.
  @Test func aStatementChangesWhatItsSpeakerSpeaksFor() async throws {
    try await withStore { store in
      try await store.add(
        World.base + [
          World.line("topic.defined", #"{"topic":"t","proposition":"It should be."}"#),
          World.actor("ann", "person"), World.actor("ann-2", "person"),
          World.line(
            "role.held",
            #"{"person":"ann","organisation":"AAA","title":"Minister","speaksFor":true,"#
              + #""period":"2025"}"#),
          World.line("actor.merged", #"{"winner":"ann","loser":"ann-2"}"#),
        ])
      let statement = World.line(
        "statement.made", on: "2025-02-24",
        #"{"speaker":"ann-2","kind":"quote","text":"Yes.","stance":{"topic":"t","level":2}}"#)
      #expect(
        try await append([statement], to: store) == ["AAA none supports", "ann none supports"])
    }
  }
}
