import EventLog
import Testing

@testable import Annals

/// A later export of the same source takes the place of an earlier one where it says something else of
/// the same membership.
@Suite struct PopoloLaterExportTests {
  private static func export(
    _ memberships: String, into store: Store
  ) async throws -> WriteReport {
    let text = """
      {"organizations":[{"id":"diet","name":"Diet","classification":"chamber"},
        {"id":"oak","name":"Oak","classification":"party"},
        {"id":"elm","name":"Elm","classification":"party"}],
       "persons":[{"id":"ada","name":"Ada"},{"id":"bob","name":"Bob"}],
       "memberships":[\(memberships)]}
      """
    return try await store.append(
      popolo: [PopoloImportTests.file(text)], PopoloOptions(source: "diet-office"),
      options: AppendOptions(recorder: "test"))
  }

  private static func memberships(_ store: Store) async throws -> [String] {
    try await store.memberships(of: ["ada", "bob"], through: Position(.max)).map {
      "\($0.member) \($0.group) \($0.fact.fields.periodText ?? "")"
    }.sorted()
  }

  private static let running = #"""
    {"id":"a1","person_id":"ada","organization_id":"diet","on_behalf_of_id":"oak","start_date":"2010-02-01"},
    {"person_id":"bob","organization_id":"diet","role":"Speaker","start_date":"2010-02-01"}
    """#

  @Test func anEndCorrectsTheMembershipThatRan() async throws {
    let ended = #"""
      {"id":"a1","person_id":"ada","organization_id":"diet","on_behalf_of_id":"oak",
       "start_date":"2010-02-01","end_date":"2014-01-31"},
      {"id":"a2","person_id":"ada","organization_id":"diet","on_behalf_of_id":"elm",
       "start_date":"2014-02-01"},
      {"person_id":"bob","organization_id":"diet","role":"Speaker","start_date":"2010-02-01",
       "end_date":"2012-12-31"}
      """#
    try await withStore { store in
      _ = try await Self.export(Self.running, into: store)
      let report = try await Self.export(ended, into: store)
      #expect(
        try await Self.memberships(store) == [
          "ada diet 2010-02-01/2014-01-31", "ada diet 2014-02-01/..",
          "ada elm 2014-02-01/..", "ada oak 2010-02-01/2014-01-31",
          "bob diet 2010-02-01/2012-12-31",
        ])
      // Another capture of the source, four corrections, two new memberships.
      #expect(report.appended == 7)
      let again = try await Self.export(ended, into: store)
      #expect(again.appended == 0)
      // The older export, taken in late, does not bring back what has ended.
      let late = try await Self.export(Self.running, into: store)
      #expect(late.appended == 0)
      #expect(try await Self.memberships(store).count == 5)
      // An end that is moved is moved, and may come back to where it was.
      for end in ["2014-02-15", "2014-01-31"] {
        let moved = try await Self.export(
          ended.replacing("2014-01-31", with: end), into: store)
        #expect(moved.appended == (end == "2014-02-15" ? 3 : 2))
        #expect(
          try await Self.memberships(store).contains("ada oak 2010-02-01/\(end)"))
      }
    }
  }

  @Test func aMembershipThatIsGoneStaysAndIsToldOf() async throws {
    try await withStore { store in
      _ = try await Self.export(Self.running, into: store)
      let report = try await Self.export(
        #"{"id":"a1","person_id":"ada","organization_id":"diet","start_date":"2010-02-01"}"#,
        into: store)
      let texts = report.remarks.listed.filter { $0.kind == "earlier-release" }.map(\.text)
      #expect(texts.count == 1)
      #expect(texts.first?.contains("recorded 3 memberships and offices") == true)
      #expect(texts.first?.contains("bob was a member of diet") == true)
      #expect(texts.first?.contains("retract those that are wrong, such as #") == true)
      #expect(try await Self.memberships(store).count == 3)
      let again = try await Self.export(Self.running, into: store)
      #expect(again.remarks.listed.allSatisfy { $0.kind != "earlier-release" })
    }
  }

  @Test func aVoteThatALaterExportGivesOtherwiseIsToldOf() async throws {
    func export(_ voter: String, into store: Store) async throws -> WriteReport {
      let text = """
        {"organizations":[{"id":"diet","name":"Diet","classification":"chamber"}],
         "persons":[{"id":"ada","name":"Ada"},{"id":"bob","name":"Bob"}],
         "vote_events":[{"id":"v","organization_id":"diet","start_date":"2011-01-01",
           "votes":[{"voter_id":"\(voter)","option":"yes"}]}]}
        """
      return try await store.append(
        popolo: [PopoloImportTests.file(text)], PopoloOptions(source: "diet-office"),
        options: AppendOptions(recorder: "test"))
    }
    try await withStore { store in
      let first = try await export("ada", into: store)
      #expect(first.remarks.listed.isEmpty)
      let report = try await export("bob", into: store)
      #expect(report.remarks.listed.map(\.kind) == ["earlier-release"])
      #expect(
        report.remarks.listed.first?.text.contains("recorded 1 vote that this one does not give")
          == true)
      let same = try await export("bob", into: store)
      #expect(same.remarks.listed.map(\.kind) == ["earlier-release"])
    }
  }

  @Test func anotherPartyUnderTheSameIDTakesThePlaceOfTheFirst() async throws {
    try await withStore { store in
      _ = try await Self.export(Self.running, into: store)
      _ = try await Self.export(Self.running.replacing("oak", with: "elm"), into: store)
      #expect(
        try await Self.memberships(store) == [
          "ada diet 2010-02-01/..", "ada elm 2010-02-01/..", "bob diet 2010-02-01/..",
        ])
    }
  }

  @Test func aMembershipWithoutAnEndLeavesTheEndThatIsKnown() async throws {
    try await withStore { store in
      _ = try await Self.export(
        Self.running.replacing(
          #""start_date":"2010-02-01"}"#, with: #""start_date":"2010-02-01","end_date":"2011"}"#),
        into: store)
      let report = try await Self.export(Self.running, into: store)
      // The capture of the source alone.
      #expect(report.appended == 1)
      #expect(
        report.skipped.map(\.reason) == ["memberships of which the record knows the end"])
      #expect(try await Self.memberships(store).allSatisfy { $0.hasSuffix("/2011") })
    }
  }
}
