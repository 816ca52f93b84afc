import EventLog

/// A valid time that is one whole day, written `YYYY-MM-DD`, is stored as the number where it
/// begins; its text is written anew when it is read.
struct DayText {
  static let seconds: Int64 = 86_400

  private var day: Int64?
  private var text: [UInt8] = []

  /// Where the day begins, when `time` says no more than that.
  mutating func start(of time: ValidTime) -> Int64? {
    guard time.earliest < Int64.max - Self.seconds, time.latest == time.earliest + Self.seconds,
      let text = bytes(ofDayAt: time.earliest)
    else { return nil }
    return time.text.utf8.elementsEqual(text) ? time.earliest : nil
  }

  /// The text of the day that begins at `start`; nil when no day of the years 0 to 9999 does.
  mutating func bytes(ofDayAt start: Int64) -> [UInt8]? {
    if start == day { return text }
    guard start % Self.seconds == 0 else { return nil }
    let date = CivilDate.fromDay(start / Self.seconds)
    guard (0...9999).contains(date.year) else { return nil }
    day = start
    text.removeAll(keepingCapacity: true)
    for divisor in [1000, 100, 10, 1] as [Int64] { append(digit: date.year / divisor) }
    text.append(UInt8(ascii: "-"))
    append(digit: date.month / 10)
    append(digit: date.month)
    text.append(UInt8(ascii: "-"))
    append(digit: date.day / 10)
    append(digit: date.day)
    return text
  }

  private mutating func append(digit value: Int64) {
    text.append(UInt8(ascii: "0") + UInt8(value % 10))
  }
}
