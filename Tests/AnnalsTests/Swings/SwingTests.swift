import EventLog
import Testing

@testable import Annals

/// Rule `swing/2`, and what `rollcall` says of the step before it.
@Suite struct SwingTests {
  private static func held(_ number: Int, on day: String, motion: String) -> String {
    ViewWorld.line(
      "rollcall.held", on: day,
      #"{"rollcall":"un/R/\#(number)","motion":"\#(motion)","body":"un","method":"recorded","#
        + #""result":"adopted"}"#)
  }

  private static func vote(_ number: Int, _ voter: String, _ choice: String) -> String {
    ViewWorld.line(
      "vote.cast", #"{"rollcall":"un/R/\#(number)","voter":"\#(voter)","choice":"\#(choice)"}"#)
  }

  private static func link(_ target: String, supporting: String = "yes") -> String {
    let field = target.hasPrefix("un/") ? "rollcall" : "motion"
    return ViewWorld.line(
      "topic.linked",
      #"{"topic":"t","\#(field)":"\#(target)","supporting":"\#(supporting)","strength":"strong","#
        + #""rationale":"r"}"#)
  }

  /// Five roll calls of one title; AAA turns for good, BBB for once, CCC now.
  private static let record: [String] = {
    var lines =
      ViewWorld.base + [ViewWorld.line("topic.defined", #"{"topic":"t","proposition":"t"}"#)]
    let choices = [
      "AAA": ["yes", "yes", "absent", "no", "no"], "BBB": ["yes", "yes", "no", "yes", "yes"],
      "CCC": ["no", "no", "no", "no", "abstain"], "DDD": ["yes", "yes", "yes", "yes", "yes"],
    ]
    for (index, year) in (2021...2025).enumerated() {
      lines.append(
        ViewWorld.line(
          "motion.tabled",
          #"{"motion":"s\#(index)","body":"un","title":"The Seas : resolution \#(year)"}"#))
      lines.append(held(index + 1, on: "\(year)-03-01", motion: "s\(index)"))
      for voter in choices.keys.sorted() {
        lines.append(vote(index + 1, voter, choices[voter]?[index] ?? ""))
      }
    }
    return lines
  }()

  @Test func theLargestAndLongestComesFirst() async throws {
    try await withStore { store in
      try await store.add(Self.record)
      let list = try await store.swings()
      let found = list.swings.map {
        "\($0.actor.id) \($0.size) \($0.before.rollcall) \($0.after.rollcall) "
          + "\($0.held) \($0.kept) \($0.persistence.rawValue) \($0.next?.choice ?? "-")"
      }
      #expect(
        found == [
          "AAA 2 un/R/2 un/R/4 2 2 confirmed no",
          "BBB 2 un/R/3 un/R/4 1 2 confirmed yes", "BBB 2 un/R/2 un/R/3 2 1 reversed yes",
          "CCC 1 un/R/4 un/R/5 4 1 last -",
        ])
      #expect(list.count == 4 && list.series == 1 && list.voters == 4 && list.rollcalls == 5)
      // Each stands on two events that are what they are said to be.
      for swing in list.swings {
        for vote in [swing.before, swing.after] {
          let position = try #require(vote.position)
          let event = try #require(await store.event(at: position))
          let data = EventBody(event.event.body).data
          #expect(data["voter"]?.string == swing.actor.id)
          #expect(data["rollcall"]?.string == vote.rollcall)
          #expect(data["choice"]?.string == vote.choice)
        }
      }
    }
  }

  @Test func filtersNarrowIt() async throws {
    try await withStore { store in
      try await store.add(Self.record)
      var filter = SwingFilter()
      filter.since = CivilDate.day(year: 2024, month: 1, day: 1)
      #expect(try await store.swings(filter).count == 3)
      filter.until = CivilDate.day(year: 2024, month: 12, day: 31)
      #expect(try await store.swings(filter).count == 2)
      filter.actors = ["BBB"]
      #expect(try await store.swings(filter).swings.map(\.actor.id) == ["BBB"])
      filter.topics = ["t"]
      #expect(try await store.swings(filter).count == 0)
    }
  }

  @Test func onATopicTheChoiceIsReadByItsLink() async throws {
    try await withStore { store in
      // A vote for the second motion is one against the topic: AAA stays, DDD turns.
      try await store.add(
        Self.record + [
          Self.link("s1"), Self.link("un/R/4", supporting: "no"),
        ])
      var filter = SwingFilter()
      filter.topics = ["t"]
      let swings = try await store.swings(filter).swings
      #expect(swings.map { "\($0.actor.id) \($0.size)" } == ["BBB 2", "CCC 2", "DDD 2"])
      #expect(swings.allSatisfy { $0.series.kind == .topic && $0.series.name == "t" })
      #expect(swings.first?.before.effect == "for" && swings.first?.after.effect == "against")
      #expect(swings.first?.before.choice == "yes" && swings.first?.after.choice == "yes")
    }
  }

  // MARK: one roll call among others

  @Test func aRollCallNamesWhoChangedSinceTheLastOnItsTopic() async throws {
    try await withStore { store in
      try await store.add(Self.record + ["s0", "s1", "s2", "s3"].map { Self.link($0) })
      let answer = try await store.rollcall("un/R/4")
      let step = try #require(answer.sinceLast.first)
      #expect(step.topic.id == "t" && step.previous == "un/R/3" && !step.isMirrored)
      #expect(step.both == 3)
      let change = try #require(step.changes.first)
      #expect(step.changes.count == 1 && change.voter.id == "BBB")
      #expect(change.before == "no" && change.after == "yes")
      let position = try #require(change.beforePosition)
      let before = try #require(await store.event(at: position))
      #expect(EventBody(before.event.body).data["rollcall"]?.string == "un/R/3")
      #expect(answer.votes.contains { $0.main.position == change.afterPosition })
      #expect(try await store.rollcall("un/R/1").sinceLast.isEmpty)
      #expect(try await store.rollcall("un/R/5").sinceLast.isEmpty)
    }
  }

  @Test func aRollCallNamesWhoBrokeWithItsGroup() async throws {
    try await withStore { store in
      try await store.add(
        Self.record
          + ["AAA", "BBB", "DDD"].map { ViewWorld.member($0, of: "bloc", "2020/..") }
          + ["CCC"].map { ViewWorld.member($0, of: "bloc", "2025-06/..") }
          + [ViewWorld.member("AAA", of: "un", "2020/..")])
      let answer = try await store.rollcall("un/R/4")
      let bloc = try #require(answer.blocs.first)
      #expect(answer.blocs.count == 1 && bloc.group.id == "bloc" && bloc.members == 3)
      #expect(bloc.majority == "yes" && bloc.broke.map(\.voter.id) == ["AAA"])
      #expect(try await store.rollcall("un/R/4", bloc: "bloc").blocs.isEmpty)
    }
  }

  @Test func aMotionStandsForItsRollCall() async throws {
    try await withStore { store in
      try await store.add(
        Self.record + [
          ViewWorld.line(
            "motion.tabled",
            #"{"motion":"z","body":"un","title":"Z","symbol":"S/RES/2774(2025)"}"#),
          Self.held(7, on: "2025-05-01", motion: "z"),
        ])
      #expect(try await store.rollcall("S3").rollcall == "un/R/4")
      #expect(try await store.rollcall("s/res/2774(2025)").rollcall == "un/R/7")
      try await store.add([Self.held(8, on: "2025-05-02", motion: "z")])
      #expect(await problemCode { _ = try await store.rollcall("z") } == .unknownRollcall)
      #expect(await problemCode { _ = try await store.rollcall("nothing") } == .unknownRollcall)
    }
  }

  // MARK: a series

  @Test func aListSaysWhyACountDiffers() async throws {
    try await withStore { store in
      func held(_ number: Int, _ official: String) -> String {
        ViewWorld.line(
          "rollcall.held", on: "2025-03-0\(number)",
          #"{"rollcall":"un/Q/\#(number)","motion":"m","body":"un","method":"recorded","#
            + #""result":"adopted","official":\#(official)}"#)
      }
      func vote(_ number: Int, _ voter: String, _ choice: String) -> String {
        ViewWorld.line(
          "vote.cast", #"{"rollcall":"un/Q/\#(number)","voter":"\#(voter)","choice":\#(choice)}"#)
      }
      try await store.add(
        ViewWorld.base + [
          held(1, #"{"yes":1,"no":1}"#), vote(1, "AAA", #""yes""#), vote(1, "BBB", #""no""#),
          held(2, #"{"yes":2}"#), vote(2, "AAA", #""yes""#),
          held(3, #"{"yes":2,"no":0}"#), vote(3, "AAA", #""yes""#), vote(3, "BBB", #""no""#),
          held(4, #"{"yes":1}"#), held(5, #"{"yes":1}"#), held(5, #"{"yes":2}"#),
          vote(5, "AAA", #""yes""#), held(6, #"{"yes":1}"#), vote(6, "AAA", #"["yes","no"]"#),
        ])
      let list = try await store.rollcalls(.differing)
      #expect(list.differing == 4)
      let reasons = list.rows.map { "\($0.rollcall) \($0.reasons.joined(separator: "; "))" }
      #expect(
        reasons == [
          "un/Q/2 1 vote fewer recorded than the official account counts: yes -1",
          "un/Q/3 as many votes as official, otherwise divided: yes -1, no +1",
          "un/Q/4 no single vote is recorded",
          "un/Q/5 accounts give different figures for yes",
        ])
      // The same from the stored view, and only the latest of all.
      try await store.catchUp()
      let stored = try await store.rollcalls(last: 2)
      #expect(stored.rows.map(\.rollcall) == ["un/Q/5", "un/Q/6"])
      #expect(stored.selection.rollcalls == 6 && stored.selection.agenda == 5)
    }
  }
}
