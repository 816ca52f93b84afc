import Annals
import Testing

@Suite struct CalendarDayTests {
  @Test(arguments: [
    (0, "1970-01-01"), (-1, "1969-12-31"), (19_053, "2022-03-02"), (-719_528, "0000-01-01"),
    (-719_529, "-0001-12-31"), (2_932_897, "10000-01-01"), (-1_084_770, "-1000-01-01"),
  ])
  func isWritten(number: Int64, text: String) {
    #expect(CalendarDay(number: number).description == text)
    #expect(CalendarDay(containing: number * 86_400).number == number)
    #expect(CalendarDay(containing: number * 86_400 + 86_399).number == number)
  }

  @Test func isRead() {
    #expect(CalendarDay("2022-03-02")?.number == 19_053)
    #expect(CalendarDay("2022-02-30") == nil)
    #expect(CalendarDay("2022-03") == nil)
    #expect(CalendarDay("2022-03-02~") == nil)
  }

  @Test func countsDays() throws {
    let start = try #require(CalendarDay("2022-02-24"))
    let end = try #require(CalendarDay("2025-02-24"))
    #expect(end.days(since: start) == 1096)
    #expect(start.days(since: end) == -1096)
    #expect(start.advanced(by: 1096) == end)
    #expect(start < end)
    #expect(start.endSecond == start.advanced(by: 1).firstSecond)
  }

  @Test func theUncountableIsSurvived() {
    for number in [Int64.min, .max] {
      let day = CalendarDay(number: number)
      #expect(day.firstSecond < day.endSecond)
      #expect(day.advanced(by: .max) >= day)
      #expect(day.advanced(by: .min) <= day)
      #expect(!day.description.isEmpty)
      #expect(!CalendarDay(containing: number).description.isEmpty)
    }
  }
}
