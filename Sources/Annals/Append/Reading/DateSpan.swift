import EventLog

/// The first and the last date of an import, as written.
struct DateSpan: Sendable {
  private(set) var first: ValidTime?
  private(set) var last: ValidTime?

  mutating func add(_ time: ValidTime?) {
    guard let time, time.earliest != .min, time.latest != .max else { return }
    if first.map({ time.earliest < $0.earliest }) ?? true { first = time }
    if last.map({ time.latest > $0.latest }) ?? true { last = time }
  }

  mutating func add(_ other: DateSpan) {
    add(other.first)
    add(other.last)
  }
}
