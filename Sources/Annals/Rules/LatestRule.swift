import EventLog

/// One piece of evidence on where an actor stands on a topic.
struct Evidence<Source: Sendable>: Sendable {
  /// What the evidence is, in the order in which it outweighs other evidence of the same day:
  /// a recorded vote says more than a declared change, that more than a sponsorship or a statement.
  enum Kind: Int, Comparable, Sendable {
    case statement, sponsorship, stanceChange, vote
    static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  var kind: Kind
  /// Nil when it has no direction (an absence, an informative link, a condition): shown, but makes no
  /// step.
  var level: Level?
  /// The level of a statement under a condition, where the rule takes it for no step.
  var conditionalLevel: Level?
  /// Bounds of its date in seconds since 1970, half open; nil when undated. Local seconds, which give
  /// the day.
  var bounds: (earliest: Int64, latest: Int64)?
  /// By how many seconds the local clock was ahead of UTC.
  var offset: Int32 = 0
  /// Where it ended by itself; nil while nothing but newer evidence ends it.
  var lastDay: LastDay?
  /// Position of the event that first recorded it.
  var precedence: Int64
  /// For a vote: what share rules count.
  var linkedVote: LinkedVote?
  /// For a vote or a sponsorship: the link to the topic, by which it is read.
  var link: Position?
  /// Where it comes from; carried along.
  var source: Source
}

/// The last day on which something held, counted from 1970-01-01: certainly, and possibly.
struct LastDay: Hashable, Sendable {
  // Small: a fold of millions of votes holds as many.
  private var certain: Int32
  private var possible: Int32

  /// `Int64.max` for a day without bound.
  init(certain: Int64, possible: Int64) {
    self.certain = Int32(clamping: certain)
    self.possible = Int32(clamping: possible)
  }

  init(_ date: EDTF) {
    let time = date.local
    self.init(certain: Day.of(second: time.earliest), possible: Day.last(before: time.latest))
  }

  func day(possibly: Bool) -> Int64 {
    let day = possibly ? possible : certain
    return day == .max ? .max : Int64(day)
  }
}

/// What a vote counts for in a share of votes.
struct LinkedVote: Hashable, Sendable {
  /// One choice, or several of which one is true.
  var choices: ChoiceSet
  /// Whether yes supports the topic's proposition.
  var supportingYes: Bool
  /// Whether the roll call is strongly linked to the topic.
  var isStrong: Bool
}

/// Rules `latest/2` and `latest/1`: the latest directed evidence that is certain by a day gives the
/// stance. `Rule.formula` has the order in words.
///
/// The precedence of a corrected fact is that of the event which first recorded it, so that a late
/// correction of an old fact does not outweigh a newer fact.
enum LatestRule {
  /// A step: from `day` through `last`, evidence `index` (into the array given) gives the stance.
  /// Days counted from 1970-01-01.
  struct Step: Hashable {
    /// `Int64.min` when it may have been so at any time before.
    var day: Int64
    /// `Int64.max` while it holds.
    var last: Int64
    var index: Int
    /// Other evidence, of other levels, that may be the latest as well: the order is not known.
    var tied: [Int]
    /// The level of the evidence; the interval of all levels where the order is not known.
    var level: Level

    /// The day behind the step; nil while it holds.
    var next: Int64? { last == .max ? nil : last + 1 }
  }

  /// The steps of one actor on one topic, oldest first. Between two of them is a gap only where a
  /// stance ended by itself and nothing older was left.
  ///
  /// Evidence counts from the day on which it had certainly happened; with `possibly`, from the
  /// first day on which it may have. `end` leaves out what counts only after that second.
  static func steps<Source>(
    _ evidence: [Evidence<Source>], under rule: Rule, until end: Int64 = .max,
    possibly: Bool = false
  ) -> [Step] {
    let keys = evidence.map(Key.init)
    let levels = evidence.map(\.level)
    let lastAsked = Day.last(before: end)
    func lastDay(_ index: Int) -> Int64 {
      guard let day = evidence[index].lastDay?.day(possibly: possibly) else { return .max }
      return day < lastAsked ? day : .max
    }
    var coming =
      evidence.indices
      .filter { evidence[$0].level != nil && counts(evidence[$0], until: end, possibly: possibly) }
      .map { (day: day(evidence[$0], possibly: possibly), index: $0) }
      .filter { $0.day <= lastDay($0.index) }
      .sorted { ($0.day, keys[$0.index]) < ($1.day, keys[$1.index]) }[...]
    // What would give the stance if the evidence that outweighs it ended.
    var holding: [Int] = []
    var steps: [Step] = []
    while true {
      let ending = holding.map(lastDay).min().flatMap { $0 == .max ? nil : $0 + 1 }
      guard let day = [coming.first?.day, ending].compactMap(\.self).min() else { return steps }
      holding.removeAll { lastDay($0) < day }
      while let next = coming.first, next.day == day {
        holding.append(next.index)
        coming.removeFirst()
      }
      let latest = latest(of: holding, keys, levels, under: rule)
      // Only what ends by itself can come to be outweighed for a while and hold again.
      if let firstToEnd = latest.map(lastDay).min() {
        let kept = Set(latest)
        holding.removeAll { firstToEnd >= lastDay($0) && !kept.contains($0) }
      }
      if let current = steps.indices.last, steps[current].last == .max {
        if [steps[current].index] + steps[current].tied == latest { continue }
        steps[current].last = day - 1
      }
      guard let index = latest.first else { continue }
      let own = latest.compactMap { levels[$0] }
      guard let low = own.map(\.low).min(), let high = own.map(\.high).max() else { continue }
      steps.append(
        Step(
          day: day, last: .max, index: index, tied: Array(latest.dropFirst()),
          level: Level(low: low, high: high)))
    }
  }

  /// The latest of some evidence, the strongest first; several only where they differ in level and
  /// their order is not known.
  private static func latest(
    of holding: [Int], _ keys: [Key], _ levels: [Level?], under rule: Rule
  ) -> [Int] {
    guard let strongest = holding.max(by: { keys[$0] < keys[$1] }) else { return [] }
    if rule == .latest1 { return [strongest] }
    var group = holding.filter { keys[$0].hasSameDays(as: keys[strongest]) }
    let lastTime = group.lazy.filter { keys[$0].hasTime }.map { keys[$0].earliest }.max()
    if let lastTime { group.removeAll { keys[$0].hasTime && keys[$0].latest <= lastTime } }
    let kind = group.map { keys[$0].kind }.max()
    group = group.filter { keys[$0].kind == kind }.sorted { keys[$1] < keys[$0] }
    let isKnown = Set(group.map { levels[$0] }).count < 2
    return isKnown ? Array(group.prefix(1)) : group
  }

  /// For each step, the day on which the unbroken run of steps at its level began; where the step's
  /// evidence holds again after something else ended, that on which it first held.
  static func runStarts<Source>(
    of steps: [Step], _ evidence: [Evidence<Source>], possibly: Bool
  ) -> [Int64] {
    // By step: the first of its unbroken run.
    var runs: [Int] = []
    var firsts: [Int: Int] = [:]
    for (index, step) in steps.enumerated() {
      let continues =
        index > 0 && steps[index - 1].last + 1 == step.day
        && steps[index - 1].level == step.level
      runs.append(continues ? runs[index - 1] : index)
      if firsts[step.index] == nil { firsts[step.index] = index }
    }
    return steps.indices.map { index in
      let item = steps[index].index
      return min(
        steps[runs[firsts[item] ?? index]].day, day(evidence[item], possibly: possibly))
    }
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
      // Within a day the moment counts, which clocks in several zones show differently.
      if evidence.offset != 0 {
        earliest -= Int64(evidence.offset)
        latest -= Int64(evidence.offset)
      }
      kind = evidence.kind.rawValue
      precedence = evidence.precedence
    }

    func hasSameDays(as other: Key) -> Bool { first == other.first && last == other.last }

    /// Whether a time of day is known, if only roughly.
    var hasTime: Bool { first == last && latest - earliest < CalendarDay.seconds }

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
