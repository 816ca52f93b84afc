public import EventLog

/// The day of a fact is the day as written. A time with an offset belongs to the day that the clock
/// showed where it was read: 2010-03-21T22:49:00-04:00 to 21 March, although it was the 22nd in UTC.
///
/// The log orders by seconds in UTC. Everything that asks about days takes the local seconds: those
/// that a clock in UTC would have shown for the same digits.
extension ValidTime {
  /// By how many seconds the clock was ahead of UTC; 0 for a date without a time or a zone.
  var offset: Int64 { LocalTime.offset(of: Array(text.utf8), earliest, latest) }

  /// The same date with bounds in local seconds. What the log has stored goes in.
  var local: ValidTime {
    let offset = offset
    return offset == 0
      ? self
      : ValidTime(text: text, earliest: earliest + offset, latest: latest + offset)
  }
}

extension ValidTime {
  /// Order of facts in the world, for bounds in local seconds: by day, within a day by the moment,
  /// which clocks in several zones show differently.
  func precedes(_ other: ValidTime) -> Bool? {
    let keys = [self, other].map { time in
      let offset = time.offset
      return (Day.of(second: time.earliest), time.earliest - offset, time.latest - offset)
    }
    return keys[0] == keys[1] ? nil : keys[0] < keys[1]
  }
}

extension EDTF {
  /// When it may have been, in local seconds.
  public var local: ValidTime { validTime.local }
}

extension EventRow {
  /// By how many seconds the clock was ahead of UTC.
  var offset: Int64 {
    guard let bounds else { return 0 }
    return LocalTime.offset(of: timeText, bounds.earliest, bounds.latest)
  }

  /// Bounds in local seconds.
  var localBounds: (earliest: Int64, latest: Int64)? {
    let offset = offset
    return bounds.map { offset == 0 ? $0 : ($0.earliest + offset, $0.latest + offset) }
  }
}

private enum LocalTime {
  /// An instant in UTC without its zone is as long.
  static let longestWithoutOffset = 20

  static func offset(of text: [UInt8], _ earliest: Int64, _ latest: Int64) -> Int64 {
    guard text.count > longestWithoutOffset, latest &- earliest == 1,
      let mark = text.firstIndex(of: UInt8(ascii: "T"))
    else { return 0 }
    return text.withUnsafeBufferPointer {
      (try? TimeOfDay($0, mark + 1..<text.count))?.offset ?? 0
    }
  }
}
