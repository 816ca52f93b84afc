import EventLog
import Testing

@testable import Annals

private typealias Line = LittleRecord

/// Two sources that speak of the same votes: both are kept; where they differ it shows.
@Suite struct SecondAccountTests {
  private static func vote(
    _ choice: String, by source: String?, of voter: String = "USA", id: Int? = nil
  ) -> String {
    let sources = source.map { #","sources":[{"source":"\#($0)","locator":"p1"}]"# } ?? ""
    let value =
      choice.contains("|")
      ? "[" + choice.split(separator: "|").map { "\"\($0)\"" }.joined(separator: ",") + "]"
      : "\"\(choice)\""
    return Line.line(
      "vote.cast", #"{"rollcall":"r","voter":"\#(voter)","choice":\#(value)}"#, id: id,
      rest: sources)
  }

  private func make(_ store: Store) async throws -> LittleRecord {
    let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
    for source in ["a", "b", "c"] {
      try await record.add(
        Line.line("source.captured", #"{"source":"\#(source)","title":"Source \#(source)"}"#))
    }
    return record
  }

  private func importing(_ lines: [String], into store: Store) async throws -> WriteReport {
    var options = AppendOptions(recorder: "test")
    options.keepsSecondAccounts = true
    return try await store.append(Array(lines.joined(separator: "\n").utf8), options: options)
  }

  private func refusals(_ lines: [String], into store: Store) async -> [ErrorCode] {
    do {
      _ = try await importing(lines, into: store)
      return []
    } catch {
      return (error as? Problems)?.problems.map(\.code) ?? []
    }
  }

  @Test func anotherSourceConfirmsOrContradicts() async throws {
    try await withStore { store in
      let record = try await make(store)
      _ = try await importing(
        [Self.vote("yes", by: "a"), Self.vote("no", by: "a", of: "RUS")], into: store)
      let report = try await importing(
        [Self.vote("yes", by: "b"), Self.vote("abstain", by: "b", of: "RUS")], into: store)
      #expect(report.appended == 2)
      #expect(report.secondAccounts.agreeing == 1)
      #expect(report.secondAccounts.contradicting == 1)
      let answer = try await store.rollcall("r")
      let conflicts = answer.votes.filter(\.isConflict)
      #expect(conflicts.map(\.voter.id) == ["RUS"])
      #expect(conflicts.first?.accounts.count == 2)
      #expect(answer.votes.first { $0.voter.id == "USA" }?.choices == ["yes"])
      // The contradiction is found from either source.
      for source in ["a", "b"] {
        let found = try await store.source(source)
        #expect(found.contradictions.map(\.kind) == [.vote], "\(source)")
      }
      try await record.checkViews()
      // The very same lines again are no new accounts.
      let again = try await importing([Self.vote("abstain", by: "b", of: "RUS")], into: store)
      #expect(again.appended == 0 && again.alreadyPresent == 1)
    }
  }

  @Test func theSameSourceHasOneAccount() async throws {
    try await withStore { store in
      _ = try await make(store)
      _ = try await importing([Self.vote("yes", by: "a")], into: store)
      _ = try await importing([Self.vote("no", by: "b")], into: store)
      #expect(await refusals([Self.vote("abstain", by: "a")], into: store) == [.secondVote])
      #expect(await refusals([Self.vote("yes", by: "b")], into: store) == [.secondVote])
      // Nor is one without a source another account.
      #expect(await refusals([Self.vote("yes", by: nil)], into: store) == [.secondVote])
      #expect(await refusals([Self.vote("yes", by: "c")], into: store) == [])
    }
  }

  /// In one input as across several; also beside an account that is read again because the input
  /// corrects it.
  @Test func withinOneInput() async throws {
    try await withStore { store in
      _ = try await make(store)
      let lines = [
        Self.vote("yes", by: "a", id: 1), Self.vote("no", by: "b", id: 2),
        Line.amendment("fact.corrected", of: [1], #"{"choice":"abstain"}"#, id: 3),
      ]
      #expect(
        await refusals(lines + [Self.vote("absent", by: "a", id: 4)], into: store) == [.secondVote])
      let report = try await importing(lines + [Self.vote("no", by: "c", id: 4)], into: store)
      #expect(report.appended == 4)
      #expect(report.secondAccounts.contradicting == 2)
      #expect(report.secondAccounts.agreeing == 1)
    }
  }

  @Test func withoutBeingWantedItIsRefused() async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.add(Self.vote("yes", by: "a"))
      #expect(await record.refuses(Self.vote("yes", by: "b")) == [.secondVote])
      // What narrows a set of choices down may always follow.
      try await record.add(Self.vote("no|abstain", by: "a", of: "RUS"))
      try await record.add(Self.vote("no", by: "b", of: "RUS"))
    }
  }
}
