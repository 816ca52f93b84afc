import EventLog

/// Reads one moment; see `Moment` for the forms.
struct MomentReader {
  let bytes: UnsafeBufferPointer<UInt8>
  /// What `today` is reckoned from.
  let now: Instant

  func onMoment() throws(EDTFRefusal) -> OnMoment {
    if let day = namedDay() {
      return OnMoment(text: day.description, endOfMoment: day.endSecond)
    }
    let end = try end().local
    guard end % 1_000_000 == 0 else { throw EDTFRefusal(.fraction, 0..<bytes.count) }
    return OnMoment(
      text: String(decoding: bytes, as: UTF8.self), endOfMoment: end / 1_000_000)
  }

  func knownBy() throws(EDTFRefusal) -> KnownBy {
    let all = 0..<bytes.count
    if bytes.first == UInt8(ascii: "#") {
      guard let number = number(in: all.dropFirst()) else { throw EDTFRefusal(.position, all) }
      return .position(Position(number))
    }
    if let day = namedDay() {
      // A clock so far off that its day does not end within the countable microseconds.
      let (end, overflow) = day.endSecond.multipliedReportingOverflow(by: 1_000_000)
      if overflow { return .instant(Instant(microseconds: now.microseconds < 0 ? .min : .max)) }
      return .instant(Instant(microseconds: end - 1))
    }
    // Four, six and eight digits are nearer to a date.
    if ![4, 6, 8].contains(bytes.count), number(in: all) != nil {
      throw EDTFRefusal(.bareNumber, all)
    }
    return .instant(Instant(microseconds: try end().instant - 1))
  }

  /// The day that `today` or `yesterday` stands for, in UTC.
  private func namedDay() -> CalendarDay? {
    if bytes.elementsEqual("today".utf8) { return CalendarDay(number: now.day) }
    if bytes.elementsEqual("yesterday".utf8) { return CalendarDay(number: now.day - 1) }
    return nil
  }

  /// The number that plain digits make; nil for anything else, and for one too large.
  private func number(in range: Range<Int>) -> Int64? {
    guard range.allSatisfy({ bytes[$0] &- UInt8(ascii: "0") <= 9 }) else { return nil }
    return Int64(String(decoding: bytes[range], as: UTF8.self))
  }

  /// The first microsecond after a date or date-time: as the clock shows it, and in UTC.
  private func end() throws(EDTFRefusal) -> (local: Int64, instant: Int64) {
    let all = 0..<bytes.count
    let parser = EDTFParser(bytes: bytes)
    guard let mark = bytes.offset(of: UInt8(ascii: "T"), in: all) else {
      let value = try parser.value()
      guard isMoment(value, [.day, .month, .year]) else { throw EDTFRefusal(.notOneMoment, all) }
      return (value.endMax * 1_000_000, value.endMax * 1_000_000)
    }
    let day = try parser.date(0..<mark, .member)
    guard isMoment(day, [.day]) else { throw EDTFRefusal(.notOneMoment, all) }
    let time = try TimeOfDay(bytes, mark + 1..<bytes.count)
    guard let offset = time.offset else { throw EDTFRefusal(.noZone, all) }
    let end = day.startMin * 1_000_000 + time.microseconds + time.resolution
    return (end, end - offset * 1_000_000)
  }

  /// Whether a value is a plain date of one of the precisions: nothing doubtful, nothing left open.
  private func isMoment(_ value: EDTFValue, _ precisions: [EDTF.Precision]) -> Bool {
    precisions.contains(value.precision) && value.qualifier == nil
      && value.startMin == value.startMax && value.endMin == value.endMax
  }
}
