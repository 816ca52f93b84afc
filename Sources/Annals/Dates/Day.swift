/// Days counted from 1970-01-01, UTC. The unbounded seconds stay unbounded as days.
enum Day {
  static func of(second: Int64) -> Int64 {
    second == .min || second == .max ? second : CalendarDay(containing: second).number
  }

  /// The day of the last second before `second`.
  static func last(before second: Int64) -> Int64 {
    second == .max || second == .min ? second : of(second: second - 1)
  }
}
