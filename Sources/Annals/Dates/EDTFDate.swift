import EventLog

extension EDTFParser {
  /// A single date: calendar date, unspecified digits, season, quarter, semester or date-time, with
  /// an optional qualifier at its end.
  func date(_ range: Range<Int>, _ place: Place) throws(EDTFRefusal) -> EDTFValue {
    let qualifier = range.last.flatMap { EDTF.Qualifier(sign: bytes[$0]) }
    let end = qualifier == nil ? range.upperBound : range.upperBound - 1
    var at = range.lowerBound
    let years = try years(&at, end)
    var value: EDTFValue
    if at == end {
      value = years.value
    } else {
      let month = try field(&at, end, in: range)
      if at < end, bytes[at] == UInt8(ascii: "-") {
        let day = try field(&at, end, in: range)
        value = try self.day(years, month, day)
      } else {
        value = try self.month(years, month, place)
      }
    }
    if at < end, bytes[at] == UInt8(ascii: "T"), value.precision == .day {
      guard place == .whole else { throw EDTFRefusal(.timeInside, at..<end) }
      guard qualifier == nil else { throw EDTFRefusal(.qualifiedTime, end..<end + 1) }
      return try time(at + 1..<end, on: value.startMin)
    }
    guard at == end else { throw EDTFRefusal(.shape, range) }
    value.qualifier = qualifier
    return value
  }

  /// The years that a year's digits can stand for: one, ten or a hundred.
  private struct Years {
    var first: Int64
    var last: Int64
    var precision: EDTF.Precision

    var value: EDTFValue {
      EDTFValue(
        from: (midnight(first, 1, 1), midnight(first + 1, 1, 1)),
        to: (midnight(last, 1, 1), midnight(last + 1, 1, 1)), precision)
    }
  }

  /// A field of two characters after a hyphen.
  private struct Field {
    /// Nil for `XX`.
    var number: Int64?
    var range: Range<Int>
  }

  private func years(_ at: inout Int, _ end: Int) throws(EDTFRefusal) -> Years {
    let start = at
    let isNegative = at < end && bytes[at] == UInt8(ascii: "-")
    if isNegative { at += 1 }
    guard end - at >= 4 else { throw EDTFRefusal(.shape, start..<end) }
    var number: Int64 = 0
    var unspecified = 0
    for byte in bytes[at..<at + 4] {
      let digit = byte &- UInt8(ascii: "0")
      if digit <= 9 {
        guard unspecified == 0 else { throw EDTFRefusal(.unspecifiedYear, at..<at + 4) }
        number = number * 10 + Int64(digit)
      } else if byte == UInt8(ascii: "X") {
        number *= 10
        unspecified += 1
      } else {
        throw EDTFRefusal(.shape, start..<end)
      }
    }
    guard unspecified <= 2 else { throw EDTFRefusal(.unspecifiedYear, at..<at + 4) }
    at += 4
    guard unspecified == 0 || at == end else {
      throw EDTFRefusal(bytes[at] == UInt8(ascii: "-") ? .unspecifiedPlace : .shape, start..<end)
    }
    let last = number + [0, 9, 99][unspecified]
    let precision = [EDTF.Precision.year, .decade, .century][unspecified]
    guard isNegative else { return Years(first: number, last: last, precision: precision) }
    guard last > 0 else { throw EDTFRefusal(.negativeZero, start..<at) }
    return Years(first: -last, last: -max(number, 1), precision: precision)
  }

  /// Reads `-dd` or `-XX` at `at`.
  private func field(
    _ at: inout Int, _ end: Int, in date: Range<Int>
  ) throws(EDTFRefusal) -> Field {
    let unspecified = UInt8(ascii: "X")
    guard bytes[at] == UInt8(ascii: "-"), at + 3 <= end else { throw EDTFRefusal(.shape, date) }
    let range = at + 1..<at + 3
    at += 3
    if let number = bytes.twoDigits(at: range.lowerBound) {
      return Field(number: number, range: range)
    }
    if bytes[range].allSatisfy({ $0 == unspecified }) { return Field(number: nil, range: range) }
    guard bytes[range].allSatisfy({ $0 == unspecified || $0 &- UInt8(ascii: "0") <= 9 }) else {
      throw EDTFRefusal(.shape, date)
    }
    throw EDTFRefusal(.unspecifiedPlace, range)
  }

  /// `YYYY-MM`, where the month may be a season, quarter or semester.
  private func month(
    _ years: Years, _ month: Field, _ place: Place
  ) throws(EDTFRefusal) -> EDTFValue {
    let year = years.first
    guard let number = month.number else {
      return EDTFValue(
        from: (midnight(year, 1, 1), midnight(year, 2, 1)),
        to: (midnight(year, 12, 1), midnight(year + 1, 1, 1)), .year)
    }
    let (first, count, precision): (Int64, Int64, EDTF.Precision)
    switch number {
    case 1...12: (first, count, precision) = (number, 1, .month)
    case 21...24: (first, count, precision) = (1, 12, .season)
    case 33...36: (first, count, precision) = ((number - 33) * 3 + 1, 3, .quarter)
    case 40...41: (first, count, precision) = ((number - 40) * 6 + 1, 6, .semester)
    default: throw EDTFRefusal(.month(number), month.range)
    }
    if precision != .month, place == .start || place == .end {
      throw EDTFRefusal(.grouping, month.range)
    }
    let (start, end) = (midnight(year, first, 1), midnightAfter(year, first + count - 1))
    // A season may begin and end anywhere in its year.
    return precision == .season
      ? EDTFValue(from: (start, start), to: (end, end), precision)
      : EDTFValue(start, end, precision)
  }

  /// `YYYY-MM-DD`, with the day, or month and day, left open.
  private func day(
    _ years: Years, _ month: Field, _ day: Field
  ) throws(EDTFRefusal) -> EDTFValue {
    let year = years.first
    guard let monthNumber = month.number else {
      guard day.number == nil else { throw EDTFRefusal(.unspecifiedPlace, month.range) }
      return days(from: (year, 1, 1), to: (year, 12, 31), .year)
    }
    guard 1...12 ~= monthNumber else { throw EDTFRefusal(.month(monthNumber), month.range) }
    let count = CivilDate.daysInMonth(year: year, month: monthNumber)
    guard let number = day.number else {
      return days(from: (year, monthNumber, 1), to: (year, monthNumber, count), .month)
    }
    guard number >= 1, number <= count else {
      throw EDTFRefusal(.day(year: year, month: monthNumber), day.range)
    }
    return days(from: (year, monthNumber, number), to: (year, monthNumber, number), .day)
  }

  private func time(_ range: Range<Int>, on midnight: Int64) throws(EDTFRefusal) -> EDTFValue {
    let time = try TimeOfDay(bytes, range)
    guard time.resolution <= 1_000_000 else { throw EDTFRefusal(.noSeconds, range) }
    guard time.resolution == 1_000_000 else { throw EDTFRefusal(.fraction, range) }
    let second = midnight + time.microseconds / 1_000_000 - (time.offset ?? 0)
    return EDTFValue(second, second + 1, .instant)
  }
}

private typealias YearMonthDay = (year: Int64, month: Int64, day: Int64)

/// One day of a row of days.
private func days(
  from first: YearMonthDay, to last: YearMonthDay, _ precision: EDTF.Precision
) -> EDTFValue {
  let start = midnight(first.year, first.month, first.day)
  let end = midnight(last.year, last.month, last.day)
  return EDTFValue(
    from: (start, start + CalendarDay.seconds), to: (end, end + CalendarDay.seconds), precision)
}

/// The first second of a day.
private func midnight(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
  CivilDate.day(year: year, month: month, day: day) * CalendarDay.seconds
}

/// The first second after a month.
private func midnightAfter(_ year: Int64, _ month: Int64) -> Int64 {
  month == 12 ? midnight(year + 1, 1, 1) : midnight(year, month + 1, 1)
}

extension EDTF.Qualifier {
  /// What a sign at the end of a date says; nil for any other byte.
  fileprivate init?(sign: UInt8) {
    switch sign {
    case UInt8(ascii: "?"): self = .uncertain
    case UInt8(ascii: "~"): self = .approximate
    case UInt8(ascii: "%"): self = .both
    default: return nil
    }
  }
}
