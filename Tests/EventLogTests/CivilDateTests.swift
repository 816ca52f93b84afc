import EventLog
import Testing

/// Compared with counting days one by one, which needs none of the arithmetic under test.
@Suite struct CivilDateTests {
  @Test(arguments: [1583...2500, -1001 ... -998, -401...5, 9998...10_001])
  func agreesWithCounting(years: ClosedRange<Int64>) {
    var number = CivilDate.day(year: years.lowerBound, month: 1, day: 1)
    var mistakes = 0
    for year in years {
      for (index, days) in monthLengths(year).enumerated() {
        let month = Int64(index + 1)
        if CivilDate.daysInMonth(year: year, month: month) != days { mistakes += 1 }
        for day in 1...days {
          if CivilDate.day(year: year, month: month, day: day) != number { mistakes += 1 }
          if CivilDate.fromDay(number) != (year, month, day) { mistakes += 1 }
          number += 1
        }
      }
    }
    #expect(mistakes == 0)
  }

  @Test func knownDays() {
    #expect(CivilDate.day(year: 1970, month: 1, day: 1) == 0)
    #expect(CivilDate.day(year: 2000, month: 3, day: 1) == 11_017)
    #expect(CivilDate.day(year: 2022, month: 3, day: 2) == 19_053)
    #expect(CivilDate.day(year: 1, month: 1, day: 1) == -719_162)
    #expect(CivilDate.day(year: -4713, month: 11, day: 24) == -2_440_588)
  }

  @Test func weekdaysRunOn() {
    // 2000-01-01 was a Saturday, 1900-01-01 a Monday; day 0 a Thursday.
    #expect((CivilDate.day(year: 2000, month: 1, day: 1) + 4) % 7 == 6)
    #expect((CivilDate.day(year: 1900, month: 1, day: 1) + 4) % 7 + 7 == 1)
  }

  /// The Gregorian calendar from its definition, by years counted from 0.
  private func monthLengths(_ year: Int64) -> [Int64] {
    let isLeap = year % 400 == 0 || (year % 100 != 0 && year % 4 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  }
}
