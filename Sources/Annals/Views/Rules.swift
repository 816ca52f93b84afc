/// One piece of evidence on where an actor stands on a topic.
struct Evidence<Source: Sendable>: Sendable {
  /// What the evidence is, in the order in which it outweighs other evidence of the same day:
  /// a recorded vote says more than a declared change, that more than a sponsorship or a statement.
  enum Kind: Int, Comparable, Sendable {
    case statement, sponsorship, stanceChange, vote
    static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  var kind: Kind
  /// Nil when it has no direction (an absence, an informative link): shown, but makes no step.
  var level: Level?
  /// Bounds of its date in seconds since 1970, half open; nil when undated.
  var bounds: (earliest: Int64, latest: Int64)?
  /// Position of the event that first recorded it.
  var precedence: Int64
  /// Where it comes from; carried along.
  var source: Source
}

/// Rule `latest/1`: the latest directed evidence that is certain by a day gives the position.
///
/// Order on the world axis is (first possible day, last possible day, kind, earliest, latest,
/// precedence); the precedence of a corrected fact is that of the event which first recorded it,
/// so that a late correction of an old fact does not outweigh a newer fact.
enum LatestRule {
  static let name = "latest/1"

  /// A step: from `day` on, evidence `index` (into the array given) gives the position.
  struct Step: Hashable {
    /// Day counted from 1970-01-01; `Int64.min` when it may have been so at any time before.
    var day: Int64
    var index: Int
  }

  /// The steps of one actor on one topic, oldest first.
  ///
  /// Evidence counts from the day on which it had certainly happened; with `possibly`, from the
  /// first day on which it may have. `end` leaves out what counts only after that second.
  static func steps<Source>(
    _ evidence: [Evidence<Source>], until end: Int64 = .max, possibly: Bool = false
  ) -> [Step] {
    let counted = evidence.indices.filter {
      evidence[$0].level != nil && counts(evidence[$0], until: end, possibly: possibly)
    }
    let keys = evidence.map(Key.init)
    let ordered = counted.map { (day: day(evidence[$0], possibly: possibly), index: $0) }
      .sorted { ($0.day, keys[$0.index]) < ($1.day, keys[$1.index]) }
    var steps: [Step] = []
    for (day, index) in ordered {
      guard let last = steps.last else {
        steps.append(Step(day: day, index: index))
        continue
      }
      guard keys[last.index] < keys[index] else { continue }
      if last.day == day { steps.removeLast() }
      steps.append(Step(day: day, index: index))
    }
    return steps
  }

  /// Whether it had certainly happened before the second `end`; with `possibly`, may have.
  static func counts<Source>(
    _ evidence: Evidence<Source>, until end: Int64, possibly: Bool
  ) -> Bool {
    guard let bounds = evidence.bounds else { return false }
    return possibly ? bounds.earliest < end : bounds.latest <= end && bounds.latest != .max
  }

  /// The day from which a piece of evidence counts.
  static func day<Source>(_ evidence: Evidence<Source>, possibly: Bool) -> Int64 {
    guard let bounds = evidence.bounds else { return .max }
    return possibly ? Day.of(second: bounds.earliest) : Day.last(before: bounds.latest)
  }

  private struct Key: Comparable {
    var first: Int64
    var last: Int64
    var kind: Int
    var earliest: Int64
    var latest: Int64
    var precedence: Int64

    init<Source>(_ evidence: Evidence<Source>) {
      earliest = evidence.bounds?.earliest ?? .min
      latest = evidence.bounds?.latest ?? .max
      first = Day.of(second: earliest)
      last = Day.last(before: latest)
      kind = evidence.kind.rawValue
      precedence = evidence.precedence
    }

    static func < (a: Key, b: Key) -> Bool {
      if a.first != b.first { return a.first < b.first }
      if a.last != b.last { return a.last < b.last }
      if a.kind != b.kind { return a.kind < b.kind }
      if a.earliest != b.earliest { return a.earliest < b.earliest }
      if a.latest != b.latest { return a.latest < b.latest }
      return a.precedence < b.precedence
    }
  }
}

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
