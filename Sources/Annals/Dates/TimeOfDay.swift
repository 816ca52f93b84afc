/// A time of day, as it follows the `T` of a date-time.
struct TimeOfDay {
  /// Since midnight.
  var microseconds: Int64
  /// The unit of the last digit written, in microseconds: a minute, a second or a part of one.
  var resolution: Int64
  /// Seconds east of UTC; nil when no zone was written.
  var offset: Int64?

  /// Reads `hh:mm`, with optional seconds, up to six decimals, and zone (`Z`, `±hh`, `±hh:mm`).
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) throws(EDTFRefusal) {
    var at = range.lowerBound
    /// Takes `mark` when it comes next.
    func skip(_ mark: Unicode.Scalar) -> Bool {
      guard at < range.upperBound, bytes[at] == UInt8(ascii: mark) else { return false }
      at += 1
      return true
    }
    /// Takes a two-digit number below `limit`.
    func number(below limit: Int64, else reason: EDTFRefusal.Reason) throws(EDTFRefusal) -> Int64 {
      guard at + 2 <= range.upperBound, let value = bytes.twoDigits(at: at) else {
        throw EDTFRefusal(.shape, range)
      }
      guard value < limit else { throw EDTFRefusal(reason, at..<at + 2) }
      at += 2
      return value
    }

    let hour = try number(below: 24, else: .hour)
    guard skip(":") else { throw EDTFRefusal(.shape, range) }
    microseconds = (hour * 60 + (try number(below: 60, else: .minute))) * 60_000_000
    resolution = 60_000_000
    if skip(":") {
      microseconds += try number(below: 60, else: .second) * 1_000_000
      resolution = 1_000_000
      if skip(".") {
        let first = at
        while at < range.upperBound, 0...9 ~= bytes[at] &- UInt8(ascii: "0") {
          guard resolution > 1 else { throw EDTFRefusal(.fraction, first..<at + 1) }
          resolution /= 10
          microseconds += Int64(bytes[at] &- UInt8(ascii: "0")) * resolution
          at += 1
        }
        guard at > first else { throw EDTFRefusal(.shape, range) }
      }
    }
    if skip("Z") {
      offset = 0
    } else if at < range.upperBound {
      let sign = at
      let negative = skip("-")
      guard negative || skip("+") else { throw EDTFRefusal(.shape, range) }
      let hours = try number(below: 15, else: .offset)
      let minutes = skip(":") ? try number(below: 60, else: .offset) : 0
      let seconds = hours * 3600 + minutes * 60
      // Zones reach from −12:00 to +14:00; a zero offset is not negative.
      guard negative ? 1...43_200 ~= seconds : seconds <= 50_400 else {
        throw EDTFRefusal(.offset, sign..<at)
      }
      offset = negative ? -seconds : seconds
    }
    guard at == range.upperBound else { throw EDTFRefusal(.shape, range) }
  }
}
