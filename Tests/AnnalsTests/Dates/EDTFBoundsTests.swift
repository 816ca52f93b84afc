import Annals
import Testing

/// Bounds, against days counted one by one and against the meanings fixed in the documentation.
@Suite struct EDTFBoundsTests {
  /// Every day of 1900 to 2029, with its text.
  private static let days: [(text: String, first: Int64)] = {
    var days: [(String, Int64)] = []
    var first: Int64 = -2_208_988_800  // 1900-01-01
    for year in 1900...2029 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, count) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .enumerated()
      {
        for day in 1...count {
          days.append((padded(year, 4) + "-" + padded(month + 1, 2) + "-" + padded(day, 2), first))
          first += 86_400
        }
      }
    }
    return days
  }()

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: width - digits.count) + digits
  }

  @Test func plainDates() throws {
    for (text, first) in Self.days {
      let date = try EDTF(text)
      let expected = (first, first + 86_400)
      #expect((date.earliest, date.latest) == expected)
      #expect(date.precision == .day)
      #expect(CalendarDay(containing: first).description == text)
    }
  }

  /// The patterns of the subset that match a day, apart from the day itself.
  private static func patterns(matching day: String) -> [String] {
    let year = String(day.prefix(4))
    let month = String(day.prefix(7))
    return [year, month, "\(day.prefix(3))X", "\(year)-XX", "\(month)-XX", "\(year)-XX-XX"]
      + (year.hasPrefix("19") ? ["19XX"] : [])
  }

  @Test func patternsMatchTheDaysThatExist() throws {
    var found: [String: (first: Int64, last: Int64)] = [:]
    for (day, first) in Self.days {
      for pattern in Self.patterns(matching: day) {
        found[pattern] = (found[pattern]?.first ?? first, first)
      }
    }
    #expect(found.count == 130 * (3 + 12 + 12) + 13 + 1)
    for (pattern, days) in found {
      let date = try EDTF(pattern)
      #expect(date.earliest == days.first, "\(pattern)")
      #expect(date.latest == days.last + 86_400, "\(pattern)")
    }
  }

  @Test func partsOfAYear() throws {
    let parts: [(code: Int, first: String, last: String, precision: EDTF.Precision)] = [
      (21, "01-01", "12-31", .season), (22, "01-01", "12-31", .season),
      (23, "01-01", "12-31", .season), (24, "01-01", "12-31", .season),
      (33, "01-01", "03-31", .quarter), (34, "04-01", "06-30", .quarter),
      (35, "07-01", "09-30", .quarter), (36, "10-01", "12-31", .quarter),
      (40, "01-01", "06-30", .semester), (41, "07-01", "12-31", .semester),
    ]
    for year in ["1900", "2000", "2023", "2024", "9999", "-0004"] {
      for part in parts {
        let date = try EDTF("\(year)-\(part.code)")
        #expect(date.earliest == (try EDTF("\(year)-\(part.first)")).earliest)
        #expect(date.latest == (try EDTF("\(year)-\(part.last)")).latest)
        #expect(date.precision == part.precision)
      }
    }
  }

  @Test(arguments: [
    ("-201X", "-2019", "-2010"), ("-000X", "-0009", "-0001"), ("-00XX", "-0099", "-0001"),
    ("000X", "0000", "0009"), ("-20XX", "-2099", "-2000"),
  ])
  func unspecifiedYearsCountBackwardsBeforeYear0(text: String, first: String, last: String) throws {
    let date = try EDTF(text)
    #expect(date.earliest == (try EDTF(first)).earliest)
    #expect(date.latest == (try EDTF(last)).latest)
  }

  @Test func aDateTimeIsOneSecondInUTC() throws {
    let texts = [
      "2022-03-02T14:00:00Z", "2022-03-02T14:00:00", "2022-03-02T09:00:00-05",
      "2022-03-02T19:30:00+05:30", "2022-03-03T04:00:00+14:00",
    ]
    for text in texts {
      let date = try EDTF(text)
      #expect(date.earliest == 1_646_229_600)
      #expect(date.latest == 1_646_229_601)
      #expect(date.precision == .instant)
    }
  }

  @Test func intervalsReachFromTheirFirstToTheirLastDay() throws {
    let ends = [
      "1964", "2008", "2004-06", "2004-06-11", "201X", "2004-XX", "-0044-03-15", "2004-06~",
      "1985-04-XX", "20XX",
    ]
    for a in ends {
      let start = try EDTF(a)
      #expect((try EDTF("\(a)/..")).earliest == start.earliest)
      #expect((try EDTF("\(a)/..")).latest == .max)
      #expect((try EDTF("\(a)/")).latest == .max)
      #expect((try EDTF("../\(a)")).earliest == .min)
      #expect((try EDTF("/\(a)")).latest == start.latest)
      for b in ends {
        let end = try EDTF(b)
        guard let interval = try? EDTF("\(a)/\(b)") else {
          #expect(end.latest <= start.earliest, "\(a)/\(b)")
          continue
        }
        #expect(interval.earliest == start.earliest && interval.latest == end.latest)
        #expect(interval.precision == .interval)
      }
    }
  }

  @Test func setsReachOverAllTheirMembers() throws {
    let set = try EDTF("[2020-03,2018,2022-01-01..2022-02]")
    #expect(set.earliest == (try EDTF("2018")).earliest)
    #expect(set.latest == (try EDTF("2022-02")).latest)
    #expect(set.precision == .set)
    #expect((try EDTF("[..1984,1986]")).earliest == .min)
    #expect((try EDTF("[..1984,1986]")).latest == (try EDTF("1986")).latest)
    #expect((try EDTF("[1984..]")).latest == .max)
  }

  @Test func qualifiersMoveNoBound() throws {
    let qualifiers: [(String, EDTF.Qualifier)] = [
      ("?", .uncertain), ("~", .approximate), ("%", .both),
    ]
    for text in ["2022", "2022-03", "2022-03-02", "201X", "2022-21", "2022-33", "1985-XX-XX"] {
      let plain = try EDTF(text)
      #expect(plain.qualifier == nil)
      for (sign, qualifier) in qualifiers {
        let date = try EDTF(text + sign)
        #expect(date.period == plain.period && date.precision == plain.precision)
        #expect(date.qualifier == qualifier)
      }
    }
    #expect((try EDTF("2022?/2023~")).qualifier == .both)
    #expect((try EDTF("2022/2023~")).qualifier == .approximate)
    #expect((try EDTF("[2022?,2023?]")).qualifier == .uncertain)
  }

  @Test func happenedByADay() throws {
    let end = try EDTF("2022-03-02").latest
    let cases: [(String, certainly: Bool, possibly: Bool)] = [
      ("2022-03-02", true, true), ("2022-03-03", false, false), ("2022-03", false, true),
      ("2022-02", true, true), ("2022", false, true), ("2022-03-01/2022-03-02", true, true),
      ("2022-03-01/2022-03-03", false, true), ("../2022-03-02", true, true),
      ("2022-03-02/..", false, true), ("2022-03-03/..", false, false),
    ]
    for (text, certainly, possibly) in cases {
      let date = try EDTF(text)
      #expect(date.certainly(by: end) == certainly, "\(text)")
      #expect(date.possibly(by: end) == possibly, "\(text)")
    }
  }

  @Test func onlyPlainDaysTakeTheFastWay() {
    func bounds(_ text: String) -> (Int64, Int64)? {
      Array(text.utf8).withUnsafeBufferPointer { EDTF.bounds(ofDay: $0) }
    }
    for (text, first) in Self.days {
      let expected = (first, first + 86_400)
      #expect(bounds(text).map { $0 == expected } == true)
    }
    for text in EDTFVectorTests.invalid { #expect(bounds(text) == nil, "\(text)") }
    for text in EDTFVectorTests.level1 { #expect(bounds(text) == nil, "\(text)") }
  }
}
