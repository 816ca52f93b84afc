import EventLog
import Testing

@Suite struct InstantTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000Z"),
    (-1, "1969-12-31T23:59:59.999999Z"),
    (1_740_421_800_000_000, "2025-02-24T18:30:00.000000Z"),
    (951_782_399_123_456, "2000-02-28T23:59:59.123456Z"),
    (-62_167_219_200_000_000, "0000-01-01T00:00:00.000000Z"),
    (-62_167_219_200_000_001, "-0001-12-31T23:59:59.999999Z"),
    (253_402_300_800_000_000, "10000-01-01T00:00:00.000000Z"),
    (Int64.max, "294247-01-10T04:00:54.775807Z"),
    (Int64.min, "-290308-12-21T19:59:05.224192Z"),
  ])
  func isWrittenAndReadAgain(microseconds: Int64, text: String) {
    #expect(Instant(microseconds: microseconds).description == text)
    #expect(Instant(text) == Instant(microseconds: microseconds))
  }

  @Test func everyInstantIsReadAgain() {
    var random = SeededGenerator(state: 1)
    for _ in 0..<20_000 {
      let shift = Int64.random(in: 0..<64, using: &random)
      let microseconds = Int64(bitPattern: random.next()) >> shift
      let instant = Instant(microseconds: microseconds)
      #expect(Instant(instant.description) == instant)
    }
  }

  @Test(arguments: [
    ("2025-02-24T18:30:00Z", "2025-02-24T18:30:00.000000Z"),
    ("2025-02-24t18:30:00z", "2025-02-24T18:30:00.000000Z"),
    ("2025-02-24T18:30:00.5Z", "2025-02-24T18:30:00.500000Z"),
    ("2025-02-24T18:30:00.000001Z", "2025-02-24T18:30:00.000001Z"),
    ("2025-02-24T23:30:00-05:00", "2025-02-25T04:30:00.000000Z"),
    ("2025-01-01T05:29:59.25+05:30", "2024-12-31T23:59:59.250000Z"),
    ("2025-02-24T18:30:00-00:00", "2025-02-24T18:30:00.000000Z"),
  ])
  func readsOffsetsAndDecimals(text: String, canonical: String) {
    #expect(Instant(text)?.description == canonical)
  }

  @Test(arguments: [
    "", "2025", "2025-02-24", "2025-02-24T18:30Z", "2025-02-24T18:30:00", "2025-02-24 18:30:00Z",
    "2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z",
    "2025-01-00T00:00:00Z", "2025-02-24T24:00:00Z", "2025-02-24T23:60:00Z",
    "2016-12-31T23:59:60Z", "2025-02-24T18:30:00.Z", "2025-02-24T18:30:00.1234567Z",
    "2025-02-24T18:30:00+5:00", "2025-02-24T18:30:00+24:00", "2025-02-24T18:30:00+05:60",
    "2025-02-24T18:30:00+05", "2025-02-24T18:30:00Z ", " 2025-02-24T18:30:00Z",
    "-0000-01-01T00:00:00Z", "02025-02-24T18:30:00Z", "025-02-24T18:30:00Z",
    "294247-01-10T04:00:54.775808Z", "-290308-12-21T19:59:05.224191Z",
    "999999-12-31T23:59:59.999999-23:59", "2025-02-24T18:30:00Ž", "２025-02-24T18:30:00Z",
  ])
  func refuses(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test func damagedTextIsRefusedOrReadAgain() {
    let text = Array("2025-02-24T18:30:00.123456+05:30".utf8)
    for at in text.indices {
      for byte in UInt8.min...UInt8.max {
        var damaged = text
        damaged[at] = byte
        guard let read = Instant(String(decoding: damaged, as: UTF8.self)) else { continue }
        #expect(Instant(read.description) == read)
      }
      _ = Instant(String(decoding: text[..<at], as: UTF8.self))
      _ = Instant(String(decoding: text[at...], as: UTF8.self))
    }
  }

  @Test func dayRoundsDown() {
    #expect(Instant(microseconds: -1).day == -1)
    #expect(Instant(microseconds: 0).day == 0)
    #expect(Instant(microseconds: 86_399_999_999).day == 0)
    #expect(Instant(microseconds: 86_400_000_000).day == 1)
  }

  @Test func theClockIsOfThisCentury() throws {
    let start = try #require(Instant("2025-01-01T00:00:00Z"))
    let end = try #require(Instant("2125-01-01T00:00:00Z"))
    #expect(start < Instant.now() && Instant.now() < end)
  }
}
