import EventLog
import Foundation
import Testing

@testable import Annals

/// The eight resolutions of the emergency session on Ukraine, ballot by ballot: what the record
/// counts is what the Assembly announced.
@Suite struct OfficialVotesTests {
  /// yes, no, abstaining, by number of the resolution.
  private static let announced = [
    (1, 141, 5, 35), (2, 140, 5, 38), (3, 93, 24, 58), (4, 143, 5, 35), (5, 94, 14, 73),
    (6, 141, 7, 32), (7, 93, 18, 65), (8, 93, 8, 73),
  ]

  @Test(.enabled(if: RealData.folder != nil)) func countedVotesAreThoseAnnounced() async throws {
    try await withBallots { store in
      for (number, yes, no, abstain) in Self.announced {
        let answer = try await store.rollcall("un-ga/es-11/\(number)")
        let counts = answer.counted.map { [$0.low, $0.high] }
        let silent = 193 - yes - no - abstain
        #expect(
          counts == [[yes, yes], [no, no], [abstain, abstain], [silent, silent]], "ES-11/\(number)")
        #expect(answer.counted.map(\.choice) == ["yes", "no", "abstain", "not-voting"])
        #expect(answer.differences.map(\.low) == [0, 0, 0])
        #expect(answer.members.recorded == 193 && answer.members.unrecorded == 0)
        #expect(Set(answer.votes.map(\.voter.id)).count == 193)
      }
    }
  }

  @Test(.enabled(if: RealData.folder != nil)) func theUnitedStatesCrossedOver() async throws {
    let expected = [
      1: ["yes", "no"], 6: ["yes", "no"], 7: ["no", "no"], 8: ["abstain", "no"],
    ]
    try await withBallots { store in
      for (number, choices) in expected {
        let answer = try await store.rollcall("un-ga/ES-11/\(number)")
        let found = ["USA", "RUS"].map { id in answer.votes.first { $0.voter.id == id }?.choices }
        #expect(found == choices.map { [$0] }, "ES-11/\(number)")
      }
    }
  }

  /// The European Union of the day: Britain had left it, Hungary broke with it.
  @Test(.enabled(if: RealData.folder != nil)) func aBlocOnTheDayOfTheVote() async throws {
    let broke = [6: [], 7: ["HUN no"], 8: ["HUN abstain"]]
    try await withBallots { store in
      for (number, names) in broke {
        let answer = try await store.rollcall("un-ga/ES-11/\(number)", bloc: "European Union")
        let bloc = try #require(answer.bloc)
        #expect(bloc.members == 27 && answer.votes.count == 27)
        #expect(bloc.majority == "yes" && bloc.majorityCount == 27 - names.count)
        #expect(bloc.broke.map { "\($0.voter.id) \($0.choices[0])" } == names, "ES-11/\(number)")
        #expect(bloc.mayHaveBroken.isEmpty && answer.unrecorded.isEmpty)
      }
    }
  }

  // MARK: the data

  private func withBallots(_ body: (Store) async throws -> Void) async throws {
    let rows = try RealData.rows("un-votes/ukraine_ballots.csv").map { row in
      ["date", "record_id", "symbol", "body", "name_at_vote", "iso3", "choice"].map {
        row[$0] ?? ""
      }
    }.filter { $0[2].hasPrefix("A/RES/ES-11/") }
    try #require(rows.count == 8 * 193)
    try await withStore { store in
      try await store.add(Self.world(rows) + rows.map(Self.vote))
      try await body(store)
    }
  }

  private static func number(_ row: [String]) -> Substring {
    row[2].dropFirst("A/RES/ES-11/".count)
  }

  private static func vote(_ row: [String]) -> String {
    let choice = ["Y": "yes", "N": "no", "A": "abstain", "X": "not-voting"][row[6]] ?? row[6]
    return ViewWorld.line(
      "vote.cast", on: row[0], source: "ballots",
      #"{"rollcall":"un-ga/ES-11/\#(number(row))","voter":"\#(row[5])","choice":"\#(choice)","#
        + #""raw":"\#(row[6])"}"#)
  }

  private static let union = [
    "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV",
    "HUN", "IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN",
    "SWE",
  ]

  private static func world(_ rows: [[String]]) -> [String] {
    var lines = [
      ViewWorld.line("source.captured", #"{"source":"ballots","title":"Ballots"}"#),
      ViewWorld.actor("un-ga", "body"),
      ViewWorld.line(
        "actor.registered", #"{"actor":"eu","kind":"bloc","name":"European Union"}"#),
    ]
    lines += Set(rows.map { $0[5] }).sorted().map { ViewWorld.actor($0) }
    lines += union.map { ViewWorld.member($0, of: "eu", "2013-07-01/..") }
    lines.append(ViewWorld.member("GBR", of: "eu", "1973-01-01/2020-01-31"))
    for (number, yes, no, abstain) in announced {
      let day = rows.first { Self.number($0) == "\(number)" }?[0]
      lines.append(
        ViewWorld.line(
          "motion.tabled", #"{"motion":"m\#(number)","body":"un-ga","title":"ES-11/\#(number)"}"#))
      lines.append(
        ViewWorld.line(
          "rollcall.held", on: day,
          #"{"rollcall":"un-ga/ES-11/\#(number)","motion":"m\#(number)","body":"un-ga","#
            + #""method":"recorded","result":"adopted","members":193,"#
            + #""official":{"yes":\#(yes),"no":\#(no),"abstain":\#(abstain)}}"#))
    }
    return lines
  }
}
