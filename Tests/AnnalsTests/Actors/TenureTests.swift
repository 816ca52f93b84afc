import EventLog
import Testing

@testable import Annals

/// What ends on a date and what begins on it do not both hold on it.
@Suite struct TenureTests {
  private typealias World = ViewWorld

  private static let groups = [
    World.actor("reds", "bloc"), World.actor("blues", "bloc"), World.actor("council", "body"),
  ]

  private static func held(_ rollcall: String, on date: String) -> String {
    World.line(
      "rollcall.held", on: date,
      #"{"rollcall":"\#(rollcall)","motion":"m","body":"un","method":"recorded","#
        + #""result":"adopted"}"#)
  }

  private static func vote(_ voter: String, in rollcall: String, group: String? = nil) -> String {
    let group = group.map { #","group":"\#($0)""# } ?? ""
    return World.line(
      "vote.cast", #"{"rollcall":"\#(rollcall)","voter":"\#(voter)","choice":"yes"\#(group)}"#)
  }

  private static let lines =
    World.base + groups + [
      World.member("AAA", of: "reds", "2010-01-03/2014-01-03"),
      World.member("AAA", of: "blues", "2014-01-03/2018-01-03"),
      World.member("AAA", of: "council", "2014-01-03/.."),
      // The same group again is no change, and neither is an end without a new beginning.
      World.member("BBB", of: "reds", "2010-01-03/2014-01-03"),
      World.member("BBB", of: "reds", "2014-01-03/2018-01-03"),
      World.member("CCC", of: "reds", "2010-01-03/2014-01-03"),
      held("r", on: "2014-01-03"),
    ]

  private func members(
    _ lines: [String], _ group: String, _ rollcall: String = "r"
  ) async throws -> [String] {
    try await withStore { store in
      try await store.add(lines)
      let bloc = try #require(try await store.rollcall(rollcall, bloc: group).bloc)
      return bloc.possibleMembers.map { "\($0.id)?" } + ["\(bloc.members)"]
    }
  }

  @Test func aMemberOfTheBlocWithoutASeatIsNotMissing() async throws {
    let seats = ["AAA", "BBB"].map { World.member($0, of: "un", "2010/..") }
    let lines =
      World.base + Self.groups + seats
      + ["AAA", "BBB", "CCC", "DDD"].map { World.member($0, of: "reds", "2010/..") }
      + [Self.held("r", on: "2014-01-03"), Self.vote("AAA", in: "r"), Self.vote("DDD", in: "r")]
    try await withStore { store in
      try await store.add(lines)
      let answer = try await store.rollcall("r", bloc: "reds")
      #expect(answer.unrecorded.map(\.id) == ["BBB"] && answer.members.unrecorded == 1)
      // Who has voted had a seat.
      #expect(answer.bloc?.members == 3 && answer.members.recorded == 2)
      #expect(answer.bloc?.withoutSeat.map(\.id) == ["CCC"])
    }
  }

  @Test func whoLeavesOneOfficeForAnotherOnTheDaySpeaksForNeitherUnlessItIsSaid() async throws {
    func role(_ organisation: String, _ period: String) -> String {
      LittleRecord.line(
        "role.held",
        #"{"person":"p","organisation":"\#(organisation)","title":"Minister","speaksFor":true,"#
          + #""period":"\#(period)"}"#)
    }
    func statement(_ on: String, _ rest: String = "") -> String {
      LittleRecord.line(
        "statement.made",
        #"{"speaker":"p","kind":"quote","text":"T \#(on) \#(rest.count)","#
          + #""stance":{"topic":"t","level":2}\#(rest)}"#, on: on)
    }
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      try await record.add(
        LittleRecord.line("actor.registered", #"{"actor":"p","kind":"person","name":"P"}"#))
      try await record.add(role("USA", "2020/2024-05-16"))
      try await record.add(role("RUS", "2024-05-16/2028"))
      let report = try await store.append(
        Array(statement("2024-05-16").utf8), options: LittleRecord.options)
      #expect(report.remarks.listed.map(\.kind) == ["several-offices", "several-offices"])
      #expect(
        report.remarks.listed.first?.text
          == "does not count for Russia: on 2024-05-16 P may have held an office of RUS or of USA, for "
          + "one gave way to the other, and the statement names none of them (onBehalfOf)")
      #expect(try await record.line().isEmpty)
      // On the pages of both, and of the person, it is the later office that is held at the day's end.
      let on = try LittleRecord.on("2024-05-16")
      for (organisation, officers) in [("USA", 0), ("RUS", 1)] {
        let answer = try await store.actor(organisation, on: on)
        #expect(answer.officers.count == officers, "\(organisation)")
      }
      #expect(try await store.actor("p", on: on).roles.map(\.other?.id) == ["RUS"])
      let noon = try LittleRecord.on("2024-05-16T12:00Z")
      for organisation in ["USA", "RUS"] {
        let answer = try await store.actor(organisation, on: noon, possibly: true)
        #expect(answer.officers.map(\.certainty) == [.possible], "\(organisation)")
      }
      // By the end of the day the change is over.
      try await record.add(statement("2024-05-16T23:59:59"))
      #expect(try await record.line("RUS").count == 1)
      #expect(try await record.line().isEmpty)
      try await record.add(statement("2024-05-16", #","onBehalfOf":"USA""#))
      #expect(try await record.line() == ["2024-05-16/… 2"])
    }
  }

  @Test func whoChangesSidesOnTheDayMayBeOnEither() async throws {
    let lines = Self.lines + [Self.vote("AAA", in: "r")]
    #expect(try await members(lines, "reds") == ["AAA?", "2"])
    #expect(try await members(lines, "blues") == ["AAA?", "0"])
    // A body is no group of that kind.
    #expect(try await members(lines, "council") == ["1"])
  }

  @Test(arguments: [("reds", ["3"], ["0"]), ("blues", ["2"], ["1"])])
  func theVoteItselfDecides(_ side: String, _ reds: [String], _ blues: [String]) async throws {
    let lines = Self.lines + [Self.vote("AAA", in: "r", group: side)]
    #expect(try await members(lines, "reds") == reds)
    #expect(try await members(lines, "blues") == blues)
  }

  /// A day before and a day after nothing is open, and what a vote says changes nothing.
  @Test func onOtherDaysOneOfThemHolds() async throws {
    let lines =
      Self.lines + [
        Self.held("before", on: "2014-01-02"), Self.held("after", on: "2014-01-04"),
        Self.vote("AAA", in: "before", group: "blues"),
      ]
    #expect(try await members(lines, "reds", "before") == ["3"])
    #expect(try await members(lines, "blues", "before") == ["0"])
    #expect(try await members(lines, "reds", "after") == ["1"])
    #expect(try await members(lines, "blues", "after") == ["1"])
  }

  /// The date may be a month or a year: the change came at some time of it.
  @Test func aYearIsADateToo() async throws {
    let lines =
      World.base + Self.groups + [
        World.member("AAA", of: "reds", "2010/2014"), World.member("AAA", of: "blues", "2014/.."),
        Self.held("r", on: "2014-06-01"),
      ]
    #expect(try await members(lines, "reds") == ["AAA?", "0"])
    #expect(try await members(lines, "blues") == ["AAA?", "0"])
  }

  /// At the end of the day the change has come.
  @Test func atTheEndOfTheDayTheLaterOneHolds() async throws {
    try await withStore { store in
      try await store.add(Self.lines)
      func groups(_ day: String) async throws -> [String] {
        try await store.actor("AAA", on: try Moment.on(day, now: .now())).memberships
          .compactMap(\.other?.id).sorted()
      }
      #expect(try await groups("2014-01-02") == ["reds"])
      #expect(try await groups("2014-01-03") == ["blues", "council"])
      #expect(try await groups("2014-01-03T12:00Z") == ["council"])
      let reds = try await store.actor("reds", on: try Moment.on("2014-01-03", now: .now()))
      #expect(Set((reds.members ?? []).compactMap(\.other?.id)) == ["BBB", "CCC"])
    }
  }

  @Test func aNewNameTakesThePlaceOfTheOldOne() async throws {
    func named(_ name: String, _ period: String) -> String {
      World.line(
        "actor.named",
        #"{"actor":"AAA","name":"\#(name)","language":"en","period":"\#(period)"}"#)
    }
    try await withStore { store in
      try await store.add(
        World.base + [named("Old", "1990/2014-01-03"), named("New", "2014-01-03/..")])
      let names = try await store.actor("AAA", on: try Moment.on("2014-01-03", now: .now())).names
      #expect(
        names.map { "\($0.value) \($0.certainty?.rawValue ?? "not then")" }
          == ["Old not then", "New certain"])
    }
  }
}
