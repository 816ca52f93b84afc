import EventLog
import Testing

@testable import Annals

/// Where accounts of a roll call differ, one of them gives all that is said of it.
@Suite struct ChosenAccountTests {
  private typealias Line = LittleRecord

  private static func held(
    _ on: String?, by source: String, _ rest: String = "", result: String = "unknown"
  ) -> String {
    Line.line(
      "rollcall.held",
      #"{"rollcall":"r","motion":"m","body":"un","method":"recorded","result":"\#(result)"\#(rest)}"#,
      on: on, rest: #","sources":[{"source":"\#(source)"}]"#)
  }

  private func answer(_ accounts: [String]) async throws -> RollCallAnswer {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      for source in ["a", "b"] {
        try await record.add(
          Line.line("source.captured", #"{"source":"\#(source)","title":"Source \#(source)"}"#))
      }
      try await record.add(Line.line("motion.tabled", #"{"motion":"m","body":"un","title":"M"}"#))
      for account in accounts { try await record.add(account) }
      try await record.checkViews()
      return try await store.rollcall("r")
    }
  }

  @Test func theOfficialAccountComesBeforeASecondDataSet() async throws {
    let second = Self.held("2025-02-03", by: "b", #","session":"7","members":12"#)
    let official = Self.held(
      "2025-02", by: "a", #","official":{"yes":3,"no":1},"url":"https://example.org/r""#,
      result: "adopted")
    for accounts in [[second, official], [official, second]] {
      let answer = try await answer(accounts)
      #expect(answer.on == "2025-02")
      #expect(answer.result == "adopted")
      // Nothing of it comes from the other account.
      #expect(answer.session == nil)
      #expect(answer.members.stated == nil)
      #expect(
        answer.coverage.notes.contains { $0.contains("(a), the one that names the official page") })
    }
  }

  /// What the motion is called comes from the same source.
  @Test func theTitleIsThatOfTheSameSource() async throws {
    func motion(_ title: String, by source: String) -> String {
      Line.line(
        "motion.tabled", #"{"motion":"m","body":"un","title":"\#(title)"}"#,
        rest: #","sources":[{"source":"\#(source)"}]"#)
    }
    let official = Self.held("2025-02-03", by: "a", #","official":{"yes":3}"#)
    let answer = try await answer([
      motion("Official", by: "a"), official, motion("Short", by: "b"),
      Self.held("2025-02-03", by: "b"),
    ])
    #expect(answer.motion?.name == "Official")
  }

  @Test func aTallyComesBeforeNoneAndAnExactDateBeforeAVagueOne() async throws {
    let vague = Self.held("2025", by: "a", #","session":"7""#)
    let exact = Self.held("2025-02-03", by: "b", #","session":"8""#)
    let counted = Self.held("2025", by: "b", #","official":{"yes":3},"session":"9""#)
    let undated = Self.held(nil, by: "a", #","official":{"yes":3},"session":"7""#)
    #expect(try await answer([vague, exact]).session == "8")
    #expect(try await answer([vague, counted]).session == "9")
    #expect(try await answer([undated, exact]).session == "8")
    let same = try await answer([vague, Self.held("2025", by: "b", #","session":"VII""#)])
    #expect(same.session == "7")
    #expect(same.coverage.notes.contains { $0.hasSuffix("(a), the first") })
  }
}
