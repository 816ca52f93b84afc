import Annals
import Testing

/// Dates read as periods: startMin, startMax, endMin, endMax as days; nil for no bound.
@Suite struct EDTFPeriodTests {
  @Test(
    arguments: [
      ("2022-02", "2022-02-01", "2022-02-01", "2022-03-01", "2022-03-01"),
      ("2022-02/2022-05", "2022-02-01", "2022-02-01", "2022-06-01", "2022-06-01"),
      ("2022-02~/2022-05?", "2022-02-01", "2022-02-01", "2022-06-01", "2022-06-01"),
      ("2022/..", "2022-01-01", "2022-01-01", nil, nil),
      ("2022/", "2022-01-01", "2022-01-01", "2022-01-01", nil),
      ("../2022", nil, nil, "2023-01-01", "2023-01-01"),
      ("/2022", nil, "2023-01-01", "2023-01-01", "2023-01-01"),
      ("201X", "2010-01-01", "2019-01-01", "2019-01-01", "2020-01-01"),
      ("2004-XX/2006", "2004-01-01", "2004-12-01", "2007-01-01", "2007-01-01"),
      ("2004/2006-XX", "2004-01-01", "2004-01-01", "2006-02-01", "2007-01-01"),
      ("2010/202X", "2010-01-01", "2010-01-01", "2021-01-01", "2030-01-01"),
      ("201X/2015", "2010-01-01", "2016-01-01", "2016-01-01", "2016-01-01"),
      ("201X/", "2010-01-01", "2019-01-01", "2019-01-01", nil),
      ("201X/..", "2010-01-01", "2019-01-01", nil, nil),
      ("1985-04-XX", "1985-04-01", "1985-04-30", "1985-04-30", "1985-05-01"),
      ("2022-21", "2022-01-01", "2023-01-01", "2023-01-01", "2023-01-01"),
      ("2022-34", "2022-04-01", "2022-04-01", "2022-07-01", "2022-07-01"),
      ("[2020,2022]", "2020-01-01", "2022-01-01", "2022-01-01", "2023-01-01"),
      ("[2020,2020-03]", "2020-01-01", "2020-03-01", "2020-04-01", "2021-01-01"),
      ("[2020..2022]", "2020-01-01", "2022-01-01", "2022-01-01", "2023-01-01"),
      ("[2020..2020-03]", "2020-01-01", "2020-03-01", "2020-04-01", "2020-04-01"),
      ("[2015-07-21..2015]", "2015-07-21", "2015-12-31", "2015-12-31", "2016-01-01"),
      ("[2015-07..2016]", "2015-07-01", "2016-12-01", "2016-12-01", "2017-01-01"),
      ("[2015-07-21..2015-08]", "2015-07-21", "2015-08-31", "2015-08-31", "2015-09-01"),
      ("[2019..2020]", "2019-01-01", "2020-01-01", "2020-01-01", "2021-01-01"),
      ("[..2020]", nil, "2020-01-01", "2020-01-01", "2021-01-01"),
      ("[2020..]", "2020-01-01", nil, nil, nil),
    ] as [(String, String?, String?, String?, String?)])
  func bounds(
    text: String, startMin: String?, startMax: String?, endMin: String?, endMax: String?
  ) throws {
    func second(_ day: String?, _ unbounded: Int64) throws -> Int64 {
      try day.map { try #require(CalendarDay($0)).firstSecond } ?? unbounded
    }
    let period = try EDTF(text).period
    #expect(period.startMin == (try second(startMin, .min)))
    #expect(period.startMax == (try second(startMax, text.hasPrefix("..") ? .min : .max)))
    #expect(period.endMin == (try second(endMin, .max)))
    #expect(period.endMax == (try second(endMax, .max)))
  }

  @Test func certainIsPossible() throws {
    let texts = EDTFVectorTests.level0 + EDTFVectorTests.level1 + EDTFVectorTests.level2
    for text in texts {
      let date = try EDTF(text)
      let period = date.period
      let bounds = [period.startMin, period.startMax, period.endMin, period.endMax]
      for bound in bounds {
        for time in [bound, bound &- 1, bound &+ 1] where period.certainlyCovers(time) {
          #expect(period.possiblyCovers(time), "\(text)")
        }
      }
      #expect(period.startMin == date.earliest && period.endMax == date.latest)
    }
  }

  @Test func openIsNotUnknown() throws {
    let later = try EDTF("2024").earliest
    #expect(try EDTF("2022/..").period.certainlyCovers(later))
    #expect(try EDTF("2022/").period.certainlyCovers(later) == false)
    #expect(try EDTF("2022/").period.possiblyCovers(later))
    let earlier = try EDTF("2020").earliest
    #expect(try EDTF("../2022").period.certainlyCovers(earlier))
    #expect(try EDTF("/2022").period.certainlyCovers(earlier) == false)
    #expect(try EDTF("/2022").period.possiblyCovers(earlier))
  }

  /// Any date of the grammar, whatever stands beside what.
  @Test func theFourBoundsAreInOrder() async {
    var random = SplitMix(seed: .random(in: 0...UInt64.max))
    func pick(_ texts: [String]) -> String { texts.randomElement(using: &random) ?? "" }
    func number(_ range: ClosedRange<Int>) -> String {
      let number = Int.random(in: range, using: &random)
      return (number < 10 ? "0" : "") + String(number)
    }
    func date() -> String {
      let year = pick(["201X", "20XX", "2014", "2015", "2015", "2016", "-0044", "0000"])
      let month = pick(["", "", "-XX", "-21", "-24", "-33", "-36", "-40", "-41"])
      let day =
        Bool.random(using: &random)
        ? "-\(number(1...12))" + pick(["", "-XX", "-\(number(1...31))"]) : month
      return year + day + pick(["", "", "", "?", "~", "%"])
    }
    func member() -> String {
      pick([date(), "\(date())..\(date())", "..\(date())", "\(date()).."])
    }
    var read = 0
    for round in 0..<20_000 {
      // Other tests measure whether tasks wait for a thread.
      if round % 100 == 0 { await Task.yield() }
      let text = pick([
        date(), "\(date())/\(date())", "\(date())/", "/\(date())", "\(date())/..", "../\(date())",
        "[\(member())]", "[\(member()),\(member())]", "[\(member()),\(date()),\(member())]",
      ])
      guard let period = try? EDTF(text).period else { continue }
      read += 1
      #expect(period.startMin <= period.startMax, "\(text)")
      #expect(period.startMax <= period.endMin, "\(text)")
      #expect(period.endMin <= period.endMax, "\(text)")
    }
    #expect(read > 4000)
  }
}
