import Annals
import EventLog
import Testing

@Suite struct MomentTests {
  /// 2025-02-24T18:30:00Z
  private let now = Instant(microseconds: 1_740_421_800_000_000)

  @Test(arguments: [
    ("2022", "2022", "2023-01-01T00:00:00Z"),
    ("2022-03", "2022-03", "2022-04-01T00:00:00Z"),
    ("2022-03-02", "2022-03-02", "2022-03-03T00:00:00Z"),
    ("2022-03-02T14:00Z", "2022-03-02T14:00Z", "2022-03-02T14:01:00Z"),
    ("2022-03-02T14:00:00Z", "2022-03-02T14:00:00Z", "2022-03-02T14:00:01Z"),
    ("today", "2025-02-24", "2025-02-25T00:00:00Z"),
    ("yesterday", "2025-02-23", "2025-02-24T00:00:00Z"),
    ("-0044-03-15", "-0044-03-15", "-0044-03-16T00:00:00Z"),
    ("9999", "9999", "10000-01-01T00:00:00Z"),
  ])
  func onTheWorldAxis(text: String, written: String, end: String) throws {
    let moment = try Moment.on(text, now: now)
    let expected = try #require(Instant(end))
    #expect(moment.text == written)
    #expect(moment.endOfMoment * 1_000_000 == expected.microseconds)
    guard case .instant(let instant) = try Moment.knownBy(text, now: now) else {
      Issue.record("\(text) is an instant of the record")
      return
    }
    #expect(instant.microseconds == expected.microseconds - 1)
  }

  @Test(arguments: [
    ("2022-03-02T14:00-05:00", "2022-03-02T14:01:00Z", "2022-03-02T19:01:00Z"),
    ("2022-03-02T23:59:59+14", "2022-03-03T00:00:00Z", "2022-03-02T10:00:00Z"),
    ("2022-03-02T23:30-05:00", "2022-03-02T23:31:00Z", "2022-03-03T04:31:00Z"),
  ])
  func aTimeWithAnOffsetIsOfItsOwnDayInTheWorldAndOneInstantOfTheRecord(
    text: String, shown: String, instant: String
  ) throws {
    let (shown, instant) = (try #require(Instant(shown)), try #require(Instant(instant)))
    #expect(try Moment.on(text, now: now).endOfMoment * 1_000_000 == shown.microseconds)
    #expect(
      try Moment.knownBy(text, now: now)
        == .instant(Instant(microseconds: instant.microseconds - 1)))
  }

  @Test(arguments: [
    ("2022-03-02T14:00:00.5Z", "2022-03-02T14:00:00.599999Z"),
    ("2022-03-02T14:00:00.123Z", "2022-03-02T14:00:00.123999Z"),
    ("2022-03-02T14:00:00.123456Z", "2022-03-02T14:00:00.123456Z"),
  ])
  func knownByTakesDecimals(text: String, instant: String) throws {
    #expect(try Moment.knownBy(text, now: now) == .instant(try #require(Instant(instant))))
  }

  @Test func anInstantAsPrintedIsThatInstant() throws {
    #expect(try Moment.knownBy(now.description, now: now) == .instant(now))
  }

  @Test func positions() throws {
    #expect(try Moment.knownBy("#412", now: now) == .position(412))
    #expect(try Moment.knownBy("#0", now: now) == .position(.start))
    let last = Position(.max)
    #expect(try Moment.knownBy(last.description, now: now) == .position(last))
  }

  @Test(arguments: [
    "", "2022-3-2", "2022~", "201X", "2022-XX", "1985-04-XX", "2022-21", "2022-33", "2022/2023",
    "[2022,2023]", "../2022", "2022-02-30", "2022-03-02T14:00", "2022-03-02T14:00:00",
    "2022-03-02T14Z", "2022-03-02T14:00:00.1234567Z", "2022-03T14:00Z", "T14:00Z", "T",
    "2022-03-02~T14:00Z", "Today", "tomorrow", "now", "2022..2023", "03/02/2022", "#", "# 4", "#-1",
    "#4a", "#9223372036854775808", "412", "#412..#413",
  ])
  func refuses(text: String) throws {
    let on = try #require(throws: EDTFError.self) { try Moment.on(text, now: now) }
    let knownBy = try #require(throws: EDTFError.self) { try Moment.knownBy(text, now: now) }
    for error in [on, knownBy] {
      #expect(error.offset >= 0 && error.offset + error.length <= text.utf8.count)
    }
    if let suggestion = on.suggestion {
      #expect(throws: Never.self) { try Moment.on(suggestion, now: now) }
    }
    if let suggestion = knownBy.suggestion {
      #expect(throws: Never.self) { try Moment.knownBy(suggestion, now: now) }
    }
  }

  @Test func refusalsHelp() throws {
    func onError(_ text: String) throws -> EDTFError {
      try #require(throws: EDTFError.self) { try Moment.on(text, now: now) }
    }
    #expect(try onError("2022-3-2").suggestion == "2022-03-02")
    #expect(try onError("2022-03-02T14:00").help == "add Z for UTC, or an offset such as -05:00")
    #expect(try onError("2022/2023").message == "\"2022/2023\" is not one moment")
    #expect(try onError("2022-03-02T14:00:00.5Z").suggestion == "2022-03-02T14:00:00Z")
    #expect(
      try onError("03/02/2022").help?.words(for: .commandLine).contains("if the month is March")
        == true)
    let bare = try #require(throws: EDTFError.self) { try Moment.knownBy("412", now: now) }
    #expect(bare.suggestion == "#412")
  }

  @Test func ranges() throws {
    let world = try Moment.onRange("2022-03..today", now: now)
    #expect(world.from == (try Moment.on("2022-03", now: now)))
    #expect(world.to == (try Moment.on("today", now: now)))
    let record = try Moment.knownByRange("#40..#62", now: now)
    #expect(record == (.position(40), .position(62)))
    let mixed = try Moment.knownByRange("#40..2022", now: now)
    #expect(mixed.from == .position(40))
    #expect(throws: Never.self) { try Moment.onRange("2022..2022", now: now) }
  }

  @Test(arguments: [
    "", "2022", "..", "2022..", "..2022", "2022...2023", "2023..2022", "2022../2023",
  ])
  func refusesRange(text: String) throws {
    let error = try #require(throws: EDTFError.self) { try Moment.onRange(text, now: now) }
    #expect(error.offset >= 0 && error.offset + error.length <= text.utf8.count)
    #expect(throws: EDTFError.self) { try Moment.knownByRange(text, now: now) }
  }

  @Test func rangeErrorsPointToTheirSide() throws {
    let error = try #require(throws: EDTFError.self) {
      try Moment.onRange("2022..2022-13", now: now)
    }
    #expect((error.offset, error.length) == (11, 2))
    let foreign = try #require(throws: EDTFError.self) {
      try Moment.onRange("2021-2-3..2022", now: now)
    }
    #expect(foreign.suggestion == "2021-02-03..2022")
    let reversed = try #require(throws: EDTFError.self) {
      try Moment.knownByRange("#62..#40", now: now)
    }
    #expect(reversed.suggestion == "#40..#62")
  }

  @Test func aClockFarOffIsSurvived() throws {
    for microseconds in [Int64.min, .max] {
      let now = Instant(microseconds: microseconds)
      for text in ["today", "yesterday"] {
        _ = try Moment.on(text, now: now)
        _ = try Moment.knownBy(text, now: now)
      }
    }
  }
}
