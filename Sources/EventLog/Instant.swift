#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A moment in UTC, in whole microseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Comparable, Sendable {
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  public static func < (a: Instant, b: Instant) -> Bool { a.microseconds < b.microseconds }

  /// The day in the proleptic Gregorian calendar, counted from 1970-01-01.
  public var day: Int64 { floorDivide(microseconds, 86_400_000_000).quotient }

  /// What the system's clock says.
  public static func now() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }
}

extension Instant: LosslessStringConvertible {
  /// RFC 3339 in UTC with six decimals: `2025-02-24T18:30:00.000000Z`. A year before 0 has a minus
  /// sign, one after 9999 more digits.
  public var description: String {
    let (day, rest) = floorDivide(microseconds, 86_400_000_000)
    let (year, month, dayOfMonth) = CivilDate.fromDay(day)
    let second = rest / 1_000_000
    let isNegative = year < 0
    let yearWidth = max(4, String(year.magnitude).utf8.count)
    let count = (isNegative ? 1 : 0) + yearWidth + 23
    return String(unsafeUninitializedCapacity: count) { buffer in
      var at = 0
      func append(_ mark: UInt8) {
        buffer[at] = mark
        at += 1
      }
      func append(_ value: Int64, _ width: Int) {
        var rest = value.magnitude
        for index in stride(from: at + width - 1, through: at, by: -1) {
          buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
          rest /= 10
        }
        at += width
      }
      if isNegative { append(UInt8(ascii: "-")) }
      append(year, yearWidth)
      append(UInt8(ascii: "-"))
      append(month, 2)
      append(UInt8(ascii: "-"))
      append(dayOfMonth, 2)
      append(UInt8(ascii: "T"))
      append(second / 3600, 2)
      append(UInt8(ascii: ":"))
      append(second / 60 % 60, 2)
      append(UInt8(ascii: ":"))
      append(second % 60, 2)
      append(UInt8(ascii: "."))
      append(rest % 1_000_000, 6)
      append(UInt8(ascii: "Z"))
      return at
    }
  }

  /// Reads RFC 3339: a date, `T`, a time with at most six decimals, and `Z` or `±hh:mm`. Reads what
  /// `description` writes for any instant. Nil for anything else, leap seconds included.
  public init?(_ rfc3339: some StringProtocol) {
    var text = String(rfc3339)
    let value = text.withUTF8 { bytes in
      var reader = RFC3339Reader(bytes: bytes)
      return reader.microseconds()
    }
    guard let value else { return nil }
    microseconds = value
  }
}

/// Reads one date-time from the start of its bytes to their end.
private struct RFC3339Reader {
  let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Microseconds since 1970; nil when the bytes are no date-time, or one out of range.
  mutating func microseconds() -> Int64? {
    let isNegative = skip("-")
    // Up to six digits, for whatever an `Int64` of microseconds can hold.
    var width = 4
    while width < 6, at + width < bytes.count, bytes[at + width] != UInt8(ascii: "-") {
      width += 1
    }
    // Neither `-0000` nor needless zeros.
    let least: Int64 = width == 6 ? 100_000 : width == 5 ? 10_000 : isNegative ? 1 : 0
    guard let magnitude = number(width), magnitude >= least,
      skip("-"), let month = number(2), 1...12 ~= month, skip("-"), let day = number(2)
    else { return nil }
    let year = isNegative ? -magnitude : magnitude
    guard day >= 1, day <= CivilDate.daysInMonth(year: year, month: month),
      skip("T") || skip("t"), let hour = number(2), hour < 24,
      skip(":"), let minute = number(2), minute < 60,
      skip(":"), let second = number(2), second < 60, let fraction = fraction(),
      let offset = offset(), at == bytes.count
    else { return nil }
    let days = CivilDate.day(year: year, month: month, day: day)
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - offset
    // Counted towards zero, so that the first instant of all does not overflow on the way.
    let shift: Int64 = seconds < 0 ? 1 : 0
    let (product, tooLarge) = (seconds + shift).multipliedReportingOverflow(by: 1_000_000)
    let (result, overflow) = product.addingReportingOverflow(fraction - shift * 1_000_000)
    return tooLarge || overflow ? nil : result
  }

  private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: mark) else { return false }
    at += 1
    return true
  }

  private mutating func number(_ width: Int) -> Int64? {
    guard at + width <= bytes.count else { return nil }
    var result: Int64 = 0
    for byte in bytes[at..<at + width] {
      guard byte &- UInt8(ascii: "0") <= 9 else { return nil }
      result = result * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    at += width
    return result
  }

  /// The microseconds after a point; 0 without one, nil when it has no or too many digits.
  private mutating func fraction() -> Int64? {
    guard skip(".") else { return 0 }
    let start = at
    var result: Int64 = 0
    while let digit = number(1) { result = at - start <= 6 ? result * 10 + digit : result }
    guard 1...6 ~= at - start else { return nil }
    for _ in at - start..<6 { result *= 10 }
    return result
  }

  /// Seconds east of UTC.
  private mutating func offset() -> Int64? {
    if skip("Z") || skip("z") { return 0 }
    let isNegative = skip("-")
    guard isNegative || skip("+"), let hours = number(2), hours < 24, skip(":"),
      let minutes = number(2), minutes < 60
    else { return nil }
    return (isNegative ? -1 : 1) * (hours * 3600 + minutes * 60)
  }
}

/// Days and dates of the proleptic Gregorian calendar, by whole-number arithmetic
/// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
public enum CivilDate {
  /// Days since 1970-01-01. The date must exist; see `daysInMonth`.
  public static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = floorDivide(shifted, 400)
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The date of a day counted from 1970-01-01.
  public static func fromDay(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(day + 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted + (shifted < 10 ? 3 : -9)
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
    )
  }

  public static func daysInMonth(year: Int64, month: Int64) -> Int64 {
    switch month {
    case 2: return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }
}

/// Division that rounds down, so that the remainder is never negative.
func floorDivide(_ a: Int64, _ b: Int64) -> (quotient: Int64, remainder: Int64) {
  let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
  return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
}
