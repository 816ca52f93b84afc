public import EventLog

/// A fact as the record has it at some position: an event with its corrections applied.
public struct Fact: Hashable, Sendable {
  /// The event that first recorded it. Its position is the fact's precedence and its name.
  public var root: RecordedEvent
  /// Later events about it that were known: corrections, retractions, disputes, in log order.
  public var chain: [RecordedEvent]
  /// False when it was retracted.
  public var isLive: Bool
  public var isDisputed: Bool
  /// The settlement of a dispute that decided against it: kept and shown, but no evidence.
  public var setAsideBy: Position?
  /// For a vote known as a set of choices: the later account that says which it was.
  public var resolvedBy: Position?
  /// Position of the last correction that holds; position of the root when no correction holds.
  public var current: Position
  /// The date, with bounds in local seconds: see `ValidTime.local`.
  public var time: ValidTime?
  /// explicit, derived, inferred, unknown.
  public var basis: String?
  /// asserted, reported, alleged, disputed.
  public var confidence: String
  /// The payload with corrections applied.
  public var data: JSON
  public var sources: [Citation]
  /// Reporting chain, nearest first, as written.
  public var via: JSON?
  public var reason: String?
  public var note: String?

  public var position: Position { root.position }
  /// True unless it was retracted, or a settlement decided against it: what counts.
  public var holds: Bool { isLive && setAsideBy == nil }
  public var type: String { root.type.name }
}

extension Fact {
  /// Whole days between the day it was so and the day it was recorded; nil when undated.
  var delayDays: Int? {
    guard let time, time.latest != .max else { return nil }
    return Int(root.batch.recorded.day - Day.last(before: time.latest))
  }
}

/// One line of a timeline or of the log.
public struct TimelineEntry: Hashable, Sendable {
  public var fact: Fact
  /// One plain sentence.
  public var summary: String

  public init(fact: Fact, summary: String) {
    self.fact = fact
    self.summary = summary
  }
}
