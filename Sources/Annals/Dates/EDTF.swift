public import EventLog

/// A date of the supported subset of EDTF (ISO 8601-2:2019), as written, with derived bounds.
///
/// The subset: level 0; level 1 without `Y…` years; of level 2 quarters (33–36), semesters (40, 41)
/// and one-of sets `[a,b]`. Everything else is refused with a reason.
///
/// The standard says how a date is written, not what it means for an order of events. Here:
/// * all times are UTC, and so is a date-time without zone; it is one second long;
/// * `?`, `~` and `%` never move a bound;
/// * a season (21–24) has no fixed months, it lies somewhere in its calendar year;
/// * an `X` stands only for digits that give an existing date.
public struct EDTF: Hashable, Sendable {
  /// The date as written.
  public let text: String
  /// The date read as a period of validity; its outer bounds are those of the event date.
  public let period: EDTFPeriod
  /// The doubt expressed on the date, or on any part of it.
  public let qualifier: Qualifier?
  /// What kind of value it is, and how finely it says when.
  public let precision: Precision

  /// What `?`, `~` and `%` say: that the source is doubtful, that the date is about right, or both.
  public enum Qualifier: String, Hashable, Sendable, CaseIterable {
    case uncertain, approximate, both
  }

  /// What kind of value a date is. A part left open counts as not written: `1985-04-XX` has the
  /// precision of a month.
  public enum Precision: String, Hashable, Sendable, CaseIterable {
    case century, decade, year, semester, season, quarter, month, day, instant, interval, set
  }

  /// Reads a date; throws when it is not one of the subset.
  public init(_ text: some StringProtocol) throws(EDTFError) {
    var text = String(text)
    let value = text.withUTF8 { bytes in
      Result { () throws(EDTFError) in try EDTFValue(utf8: bytes) }
    }
    self.init(text: text, try value.get())
  }

  /// Reads a date from its UTF-8 bytes; throws when it is not one of the subset.
  public init(utf8 bytes: UnsafeBufferPointer<UInt8>) throws(EDTFError) {
    let value = try EDTFValue(utf8: bytes)
    self.init(text: String(decoding: bytes, as: UTF8.self), value)
  }

  private init(text: String, _ value: EDTFValue) {
    self.text = text
    period = value.period
    qualifier = value.qualifier
    precision = value.precision
  }
}

extension EDTF {
  /// As an event date: the first possible second since 1970-01-01T00:00:00Z; `Int64.min` when there
  /// is no bound.
  public var earliest: Int64 { period.startMin }

  /// As an event date: the first second that is certainly past it; `Int64.max` when there is no
  /// bound.
  public var latest: Int64 { period.endMax }

  /// The date as the log stores it.
  public var validTime: ValidTime { ValidTime(text: text, earliest: earliest, latest: latest) }

  /// Whether the event has happened before the second `end`, wherever inside its bounds it lies.
  /// `end` is the first second after the day that is asked about.
  public func certainly(by end: Int64) -> Bool { latest <= end }

  /// Whether the event may have happened before the second `end`.
  public func possibly(by end: Int64) -> Bool { earliest < end }

  /// The bounds of a plain `YYYY-MM-DD`, nil for anything else: the fast way for imports. Seconds
  /// since 1970-01-01T00:00:00Z, half open.
  public static func bounds(
    ofDay bytes: UnsafeBufferPointer<UInt8>
  ) -> (earliest: Int64, latest: Int64)? {
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let century = bytes.twoDigits(at: 0), let yearOfCentury = bytes.twoDigits(at: 2),
      let month = bytes.twoDigits(at: 5), let day = bytes.twoDigits(at: 8)
    else { return nil }
    let year = century * 100 + yearOfCentury
    guard 1...12 ~= month, day >= 1, day <= CivilDate.daysInMonth(year: year, month: month)
    else { return nil }
    let start = CivilDate.day(year: year, month: month, day: day) * CalendarDay.seconds
    return (start, start + CalendarDay.seconds)
  }
}

extension EDTF: CustomStringConvertible {
  /// The date as written.
  public var description: String { text }
}

/// A date read as a period of validity, when neither start nor end need be known exactly.
///
/// Seconds since 1970-01-01T00:00:00Z; `Int64.min` and `.max` stand for no bound. Always
/// startMin ≤ startMax ≤ endMin ≤ endMax.
/// * What holds in the period holds certainly in `startMax ..< endMin`, possibly in
///   `startMin ..< endMax`.
/// * `2022-02` starts with the month and ends with it, both exactly.
/// * An open end (`2022/..`) is no end: endMin and endMax are `.max`. An unknown end (`2022/`)
///   exists and may have come at once: endMin is the start, endMax `.max`. Starts likewise.
/// * Where the latest start is past the earliest end nothing is certain, and endMin is startMax.
public struct EDTFPeriod: Hashable, Sendable {
  /// The earliest second at which it can have started.
  public let startMin: Int64
  /// The latest second at which it can have started.
  public let startMax: Int64
  /// The earliest second at which it can have been over.
  public let endMin: Int64
  /// The latest second at which it can have been over.
  public let endMax: Int64

  init(startMin: Int64, startMax: Int64, endMin: Int64, endMax: Int64) {
    self.startMin = startMin
    self.startMax = min(startMax, endMax)
    self.endMin = max(min(endMin, endMax), self.startMax)
    self.endMax = endMax
  }

  /// Whether the period covers the second `time` for certain.
  public func certainlyCovers(_ time: Int64) -> Bool { startMax <= time && time < endMin }

  /// Whether the period may cover the second `time`.
  public func possiblyCovers(_ time: Int64) -> Bool { startMin <= time && time < endMax }
}
