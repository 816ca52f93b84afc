public import EventLog

/// A moment on the axis of the world, the argument of `--on`.
public struct OnMoment: Hashable, Sendable {
  /// The moment as written; `today` and `yesterday` stand here as the day they were resolved to.
  public let text: String
  /// The first second after it, in local seconds since 1970-01-01: `2022-03` ends with the month, and
  /// a time with an offset belongs to the day as it is written.
  public let endOfMoment: Int64

  /// The last day of it, counted from 1970-01-01.
  public var lastDay: Int64 { Day.last(before: endOfMoment) }
}

extension OnMoment {
  /// All of a day.
  public init(day: CalendarDay) {
    self.init(text: day.description, endOfMoment: day.endSecond)
  }
}

/// A state of the record, the argument of `--known-by`.
public enum KnownBy: Hashable, Sendable {
  /// Everything up to and with this position.
  case position(Position)
  /// Everything recorded at or before this instant.
  case instant(Instant)
}

/// Reads the moments that a user asks about: `2022`, `2022-03`, `2022-03-02`, a time with zone such
/// as `2022-03-02T14:00Z`, `today`, `yesterday`; for the record also a position, `#412`.
///
/// A moment lasts as long as its last unit: facts of the whole day, month or minute count. `--on` goes
/// by the day as it is written, as the dates of facts do; `--known-by` means one instant, and its days
/// are days in UTC.
public enum Moment {
  /// Reads the argument of `--on`. Throws for anything that is not one moment, and for fractions of
  /// a second.
  public static func on(_ text: some StringProtocol, now: Instant) throws(EDTFError) -> OnMoment {
    try reading(text) { bytes throws(EDTFRefusal) in
      try MomentReader(bytes: bytes, now: now).onMoment()
    }
  }

  /// Reads the argument of `--known-by`. A date or time means its last microsecond.
  public static func knownBy(
    _ text: some StringProtocol, now: Instant
  ) throws(EDTFError) -> KnownBy {
    try reading(text) { bytes throws(EDTFRefusal) in
      try MomentReader(bytes: bytes, now: now).knownBy()
    }
  }

  /// Reads `A..B` for `--on`; throws when either is no moment, or B is before A.
  public static func onRange(
    _ text: some StringProtocol, now: Instant
  ) throws(EDTFError) -> (from: OnMoment, to: OnMoment) {
    try reading(text) { bytes throws(EDTFRefusal) in
      let (from, to) = try ends(of: bytes) { bytes throws(EDTFRefusal) in
        try MomentReader(bytes: bytes, now: now).onMoment()
      }
      guard from.endOfMoment <= to.endOfMoment else {
        throw EDTFRefusal(.reversed, 0..<bytes.count)
      }
      return (from, to)
    }
  }

  /// Reads `A..B` for `--known-by`; throws when either is no moment, or B is before A.
  public static func knownByRange(
    _ text: some StringProtocol, now: Instant
  ) throws(EDTFError) -> (from: KnownBy, to: KnownBy) {
    try reading(text) { bytes throws(EDTFRefusal) in
      let (from, to) = try ends(of: bytes) { bytes throws(EDTFRefusal) in
        try MomentReader(bytes: bytes, now: now).knownBy()
      }
      switch (from, to) {
      case (.position(let a), .position(let b)) where a > b:
        throw EDTFRefusal(.reversed, 0..<bytes.count)
      case (.instant(let a), .instant(let b)) where a > b:
        throw EDTFRefusal(.reversed, 0..<bytes.count)
      default: return (from, to)
      }
    }
  }

  private typealias Reader<Value> = (UnsafeBufferPointer<UInt8>) throws(EDTFRefusal) -> Value

  /// Runs a reader over a text, and puts its refusal into words.
  private static func reading<Value>(
    _ text: some StringProtocol, _ read: @escaping Reader<Value>
  ) throws(EDTFError) -> Value {
    var text = String(text)
    let result: Result<Value, EDTFError> = text.withUTF8 { bytes in
      do throws(EDTFRefusal) {
        return .success(try read(bytes))
      } catch {
        return .failure(
          EDTFDiagnosis.error(error, in: bytes) { bytes throws(EDTFRefusal) in
            _ = try read(bytes)
          })
      }
    }
    return try result.get()
  }

  /// Reads both sides of `..`.
  private static func ends<Value>(
    of bytes: UnsafeBufferPointer<UInt8>, _ read: Reader<Value>
  ) throws(EDTFRefusal) -> (Value, Value) {
    let dot = UInt8(ascii: ".")
    let dots = bytes.indices.dropLast().first { bytes[$0] == dot && bytes[$0 + 1] == dot }
    guard let dots, dots > 0, dots + 2 < bytes.count else {
      throw EDTFRefusal(.noRange, 0..<bytes.count)
    }
    let from = try read(UnsafeBufferPointer(rebasing: bytes[..<dots]))
    do throws(EDTFRefusal) {
      return (from, try read(UnsafeBufferPointer(rebasing: bytes[(dots + 2)...])))
    } catch {
      let start = dots + 2 + error.range.lowerBound
      throw EDTFRefusal(error.reason, start..<start + error.range.count)
    }
  }
}
