import EventLog
import Testing

@testable import Annals

/// The day of a fact is the day as written, whatever day it was in UTC.
@Suite struct LocalTimeTests {
  private static func day(_ text: String) throws -> String {
    let time = try EDTF(text).validTime.local
    #expect(Day.of(second: time.earliest) == Day.last(before: time.latest))
    return CalendarDay(number: Day.of(second: time.earliest)).description
  }

  @Test(arguments: [
    "2010-03-21T22:49:00-04:00", "2010-03-21T00:00:00+02:00", "2010-03-21T23:59:59-12:00",
    "2010-03-21T00:00:00+14:00", "2010-03-21T12:00:00Z", "2010-03-21T12:00:00", "2010-03-21",
    "2010-03-21~", "2010-03-21T01:00:00+05",
  ])
  func anInstantBelongsToTheDayThatItNames(_ text: String) throws {
    #expect(try Self.day(text) == "2010-03-21")
  }

  @Test func theLogGoesOnOrderingByUTC() throws {
    let time = try EDTF("2010-03-21T22:49:00-04:00").validTime
    let utc = try EDTF("2010-03-22T02:49:00Z").validTime
    #expect((time.earliest, time.latest) == (utc.earliest, utc.latest))
    #expect(time.local.offset == -4 * 3600)
    #expect(time.local.earliest - time.offset == time.earliest)
  }

  @Test func withinADayTheMomentDecidesNotTheClock() throws {
    let moscow = try EDTF("2024-02-24T18:00:00+03:00").validTime.local
    let newYork = try EDTF("2024-02-24T11:30:00-05:00").validTime.local
    let nextDay = try EDTF("2024-02-25T00:30:00+09:00").validTime.local
    #expect(moscow.precedes(newYork) == true)
    #expect(newYork.precedes(moscow) == false)
    #expect(newYork.precedes(nextDay) == true)
    #expect(moscow.precedes(moscow) == nil)
  }

  @Test func answersTakeTheDayAsWritten() async throws {
    let lines = """
      {"type":"actor.registered","data":{"actor":"USA","kind":"state","name":"United States"}}
      {"type":"topic.defined","data":{"topic":"t","proposition":"T should be."}}
      {"type":"stance.changed","on":"2020-05-31T21:00:00-07:00","data":{"actor":"USA","topic":"t","level":2,"basis":"declared"}}
      """
    try await withStore { store in
      _ = try await store.append(Array(lines.utf8), options: AppendOptions(recorder: "test"))
      let on = try Moment.on("2020-05-31", now: .now())
      let before = try Moment.on("2020-05-30", now: .now())
      #expect(
        try await store.show(actor: "USA", topic: "t", from: Viewpoint(on: on)).step?.level
          == Level(2))
      #expect(
        try await store.show(actor: "USA", topic: "t", from: Viewpoint(on: before)).step == nil)
      #expect(
        try await store.timeline(["USA"], on: on).entries.contains {
          $0.fact.type == "stance.changed"
        })
      // The moment that is asked about belongs to its own day as well.
      for (moment, isThere) in [
        ("2020-05-31T23:30-05:00", true), ("2020-05-31T23:30+09:00", true),
        ("2020-05-30T23:59-11:00", false),
      ] {
        let asked = try Moment.on(moment, now: .now())
        let step = try await store.show(actor: "USA", topic: "t", from: Viewpoint(on: asked)).step
        #expect((step != nil) == isThere, "\(moment)")
      }
    }
  }

  /// What is appended is checked by the day as written, too.
  @Test func checksTakeTheDayAsWritten() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2020-05-31"])
      // Late in the evening it is the next day in UTC.
      let evening = "2020-05-31T23:30:00-07:00"
      try await record.stance(1, evening, until: "2020-05-31")
      #expect(try await record.line() == ["2020-05-31/2020-05-31 1"])
      try await record.add(
        LittleRecord.line(
          "rollcall.held",
          #"{"rollcall":"r","motion":"m-r","body":"un","method":"recorded","result":"adopted"}"#,
          on: evening))
      #expect(try await store.rollcall("r").on == evening)
      // A correction that is repeated is the same correction.
      let vote = try await record.vote("r", "yes", on: "2020-05-30")
      _ = try await record.correct(vote, [("on", .string(evening))])
      let again = try await store.correct(
        .position(vote), changes: [("on", .string(evening))], reason: "test",
        options: LittleRecord.options)
      #expect(again.appended == 0 && again.alreadyPresent == 1)
      await #expect(throws: Problems.self) {
        _ = try await store.correct(
          .position(vote), changes: [("on", .string(evening))], reason: "another reason",
          options: LittleRecord.options)
      }
      // The same instant by another clock is no other date.
      try await record.vote("r", "no", of: "RUS", on: "2020-06-01T06:30:00Z")
      let health = try await store.health()
      #expect(!health.findings.contains { $0.kind == .conflicting })
      #expect(try await record.line("RUS") == ["2020-05-31/… -2"])
    }
  }
}
