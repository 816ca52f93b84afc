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
    try await store.append(
      Array(lines.joined(separator: "\n").utf8), options: LittleRecord.options)
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
      #expect(await refusals([Self.vote("absent", by: nil)], into: store) == [.secondVote])
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

  /// One by one as in an import: another source stands beside the first, and the receipt says so.
  @Test func anAppendedAccountOfAnotherSourceStandsBesideTheFirst() async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.add(Self.vote("yes", by: "a"))
      let report = try await importing([Self.vote("no", by: "b")], into: store)
      #expect(report.appended == 1)
      #expect(report.remarks.listed.map(\.text).count == 1)
      #expect(report.remarks.listed.map(\.text).first?.contains("by a") == true)
      #expect(await record.refuses(Self.vote("abstain", by: "b")) == [.secondVote])
      // What narrows a set of choices down may always follow.
      try await record.add(Self.vote("no|abstain", by: "a", of: "RUS"))
      try await record.add(Self.vote("no", by: "b", of: "RUS"))
    }
  }

  // MARK: votes that hold again

  @Test func aVoteIsNotBroughtBackBesideTheOneInItsPlace() async throws {
    try await withStore { store in
      let record = try await make(store)
      let first = try await record.add(Self.vote("yes", by: "a"))
      let retraction = try await record.retract(first)
      let second = try await record.add(Self.vote("no", by: "a"))
      do {
        _ = try await record.retract(retraction)
        Issue.record("a second vote was brought back")
      } catch let problems as Problems {
        #expect(problems.problems.map(\.code) == [.secondVote])
        let message = problems.problems.first?.message
        #expect(message?.contains("USA would have voted yes") == true, "\(message ?? "")")
        #expect(message?.contains("has voted no there (\(second)") == true, "\(message ?? "")")
      }
      _ = try await record.retract(second)
      _ = try await record.retract(retraction)
      try await record.checkViews()
      // A vote of somebody else, by a correction that is taken back.
      let moved = try await record.correct(first, [("voter", "RUS")])
      try await record.add(Self.vote("abstain", by: "a"))
      do {
        _ = try await record.retract(moved)
        Issue.record("a second vote was brought back")
      } catch let problems as Problems {
        #expect(problems.problems.map(\.code) == [.secondVote])
      }
    }
  }

  @Test func aVoteIsBroughtBackBesideWhatAgreesOrAnotherSourceSays() async throws {
    try await withStore { store in
      let record = try await make(store)
      let first = try await record.add(Self.vote("yes", by: "a", id: 1))
      let retraction = try await record.retract(first)
      try await record.add(Self.vote("no", by: "b"))
      try await record.add(Self.vote("yes", by: "a", id: 2))
      _ = try await record.retract(retraction)
      // In one input, whose later lines are judged by what its earlier ones have done.
      let lines = [
        Self.vote("yes", by: "a", of: "RUS", id: 3),
        Line.amendment("fact.retracted", of: [3], id: 4),
        Self.vote("no", by: "a", of: "RUS", id: 5),
        Line.amendment("fact.retracted", of: [4], id: 6),
      ]
      #expect(await refusals(lines, into: store) == [.secondVote])
    }
  }

  // MARK: voters with several ids

  private static func merged(_ loser: String, into winner: String, id: Int? = nil) -> String {
    Line.line("actor.merged", #"{"loser":"\#(loser)","winner":"\#(winner)"}"#, id: id)
  }

  private static func registered(_ ids: String...) -> String {
    ids.map { Line.line("actor.registered", #"{"actor":"\#($0)","kind":"state","name":"\#($0)"}"#) }
      .joined(separator: "\n")
  }

  @Test func aVoteUnderAMergedIDIsAnAccountOfTheSameVote() async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.add(Self.registered("SUN", "URS"))
      try await record.add(
        [Self.merged("SUN", into: "RUS", id: 1), Self.merged("URS", into: "SUN", id: 2)]
          .joined(separator: "\n"))
      try await record.add(Self.vote("yes", by: "a", of: "SUN"))
      for voter in ["RUS", "URS", "SUN"] {
        let second = Self.vote("no", by: "a", of: voter)
        #expect(await refusals([second], into: store) == [.secondVote], "\(voter)")
        #expect(await record.refuses(second) == [.secondVote], "\(voter)")
      }
      let report = try await importing([Self.vote("no", by: "b", of: "URS")], into: store)
      #expect(report.secondAccounts.contradicting == 1)
      // After the merge was taken back they are two voters.
      _ = try await record.amend("fact.retracted", of: [1], id: 3)
      #expect(await refusals([Self.vote("no", by: "c", of: "RUS")], into: store) == [])
    }
  }

  @Test func mergesOfTheSameInputCount() async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.rollcall("s", "2025-02-25")
      try await record.add(Self.registered("SUN", "URS"))
      try await record.add(Self.merged("SUN", into: "RUS", id: 1))
      func vote(_ choice: String, of voter: String) -> String {
        Line.voteLine("s", choice, of: voter)
      }
      let merge = Self.merged("URS", into: "SUN", id: 2)
      let votes = [vote("yes", of: "URS"), vote("no", of: "RUS")]
      #expect(await refusals([merge] + votes, into: store) == [.secondVote])
      #expect(await refusals([votes[0], merge, votes[1]], into: store) == [.secondVote])
      // Without the merge, or after its end, they are two voters.
      let undone = Line.amendment("fact.retracted", of: [2], id: 3)
      let corrected = Line.amendment("fact.corrected", of: [2], #"{"winner":"USA"}"#, id: 3)
      #expect(
        await refusals([merge, corrected, votes[0], vote("no", of: "USA")], into: store)
          == [.secondVote])
      #expect(await refusals([merge, undone] + votes, into: store) == [])
    }
  }

  /// A settlement that prefers nothing leaves both accounts, also where it settles a dispute about the
  /// merge by which they are accounts of one vote.
  @Test func aSettlementOfADisputeAboutTheMergeLeavesBothVotes() async throws {
    try await withStore { store in
      let record = try await make(store)
      try await record.add(Self.registered("SUN"))
      try await record.add(
        [
          Self.vote("absent", by: nil, of: "SUN", id: 1),
          Self.vote("yes", by: "a", of: "RUS", id: 2),
        ]
        .joined(separator: "\n"))
      try await record.add(Self.merged("SUN", into: "RUS", id: 3))
      _ = try await record.amend("fact.disputed", of: [1], id: 4)
      _ = try await record.amend("fact.disputed", of: [2, 3], id: 5)
      try await record.add(
        Line.amendment(
          "dispute.settled", of: [5], #"{"preferred":"\#(Line.id(3))"}"#, id: 6))
      try await record.add(Line.amendment("dispute.settled", of: [4, 5], id: 7))
      try await record.checkViews()
    }
  }

  /// A later release says again what was recorded, on another day or in another row.
  @Test func aLaterReleaseThatSaysTheSameIsPresent() async throws {
    try await withStore { store in
      let record = try await make(store)
      let first = try await record.add(Self.vote("yes", by: "a"))
      let release = Self.vote("yes", by: "a").replacing(
        #""type":"vote.cast""#, with: #""type":"vote.cast","on":"2025-02-25""#)
      let report = try await importing([release], into: store)
      #expect(report.appended == 0 && report.alreadyPresent == 1)
      #expect(report.receipts.map(\.position) == [first])
      // What the release adds is recorded.
      let more = release.replacing(#""choice":"yes""#, with: #""choice":"yes","raw":"Y""#)
      #expect(try await importing([more], into: store).appended == 1)
    }
  }

  /// A source that contradicts itself is corrected once; then its old and its new file are both known.
  @Test func afterTheCorrectionBothReleasesAreKnown() async throws {
    try await withStore { store in
      let record = try await make(store)
      let first = try await record.add(Self.vote("yes", by: "a"))
      let second = Self.vote("no", by: "a")
      #expect(await refusals([second], into: store) == [.secondVote])
      _ = try await record.correct(first, [("choice", "no")])
      for line in [second, Self.vote("yes", by: "a"), second] {
        let report = try await importing([line], into: store)
        #expect(report.appended == 0 && report.alreadyPresent == 1)
      }
      // The old file on another day.
      let moved = Self.vote("yes", by: "a").replacing(
        #""type":"vote.cast""#, with: #""type":"vote.cast","on":"2025-02-25""#)
      #expect(try await importing([moved], into: store).appended == 0)
    }
  }
}
