import EventLog

/// A day of the proleptic Gregorian calendar in UTC, counted from 1970-01-01.
public struct CalendarDay: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01.
  public let number: Int64

  /// Seconds of a day.
  static let seconds: Int64 = 86_400
  /// The days whose seconds can be counted in an `Int64`.
  private static let numbers = Int64.min / seconds...Int64.max / seconds - 1

  /// The day with this number; one beyond the countable seconds becomes the first or last of them.
  public init(number: Int64) {
    self.number = min(max(number, Self.numbers.lowerBound), Self.numbers.upperBound)
  }

  /// The day that contains a second since 1970-01-01T00:00:00Z.
  public init(containing second: Int64) {
    let (quotient, remainder) = second.quotientAndRemainder(dividingBy: Self.seconds)
    self.init(number: remainder < 0 ? quotient - 1 : quotient)
  }

  /// Reads a plain `YYYY-MM-DD`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    var text = String(text)
    guard let bounds = text.withUTF8({ EDTF.bounds(ofDay: $0) }) else { return nil }
    self.init(containing: bounds.earliest)
  }

  /// Its first second since 1970-01-01T00:00:00Z.
  public var firstSecond: Int64 { number * Self.seconds }

  /// The first second of the next day.
  public var endSecond: Int64 { firstSecond + Self.seconds }

  /// How many days it lies after `other`; negative when before.
  public func days(since other: CalendarDay) -> Int64 { number - other.number }

  /// The day `count` days further on.
  public func advanced(by count: Int64) -> CalendarDay {
    let (sum, overflow) = number.addingReportingOverflow(count)
    return CalendarDay(number: overflow ? (count < 0 ? .min : .max) : sum)
  }

  public static func < (a: CalendarDay, b: CalendarDay) -> Bool { a.number < b.number }
}

extension CalendarDay: LosslessStringConvertible {
  /// `YYYY-MM-DD`; a year before 0 has a minus sign, one after 9999 more digits.
  public var description: String {
    let (year, month, day) = CivilDate.fromDay(number)
    guard 0...9999 ~= year else {
      let digits = String(year.magnitude)
      return (year < 0 ? "-" : "") + String(repeating: "0", count: max(0, 4 - digits.utf8.count))
        + "\(digits)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
    return String(unsafeUninitializedCapacity: 10) { buffer in
      buffer[4] = UInt8(ascii: "-")
      buffer[7] = UInt8(ascii: "-")
      for (at, value) in [(0, year / 100), (2, year % 100), (5, month), (8, day)] {
        buffer[at] = UInt8(ascii: "0") + UInt8(value / 10)
        buffer[at + 1] = UInt8(ascii: "0") + UInt8(value % 10)
      }
      return 10
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The number that two ASCII digits at an offset make; nil when they are not both digits, or not
  /// both there.
  func twoDigits(at offset: Int) -> Int64? {
    guard offset >= 0, offset + 2 <= count else { return nil }
    let tens = self[offset] &- UInt8(ascii: "0")
    let ones = self[offset + 1] &- UInt8(ascii: "0")
    guard tens <= 9, ones <= 9 else { return nil }
    return Int64(tens) * 10 + Int64(ones)
  }

  /// The offset of the first `byte` in a range.
  func offset(of byte: UInt8, in range: Range<Int>) -> Int? {
    self[range].firstIndex(of: byte)
  }
}
