public import EventLog

/// One step of an actor's line on a topic.
public struct StanceStep: Hashable, Sendable {
  /// Day (counted from 1970-01-01) from which it holds.
  public var from: Int64
  /// Last day on which it holds; nil while it does.
  public var to: Int64?
  public var level: Level
  /// The level of the step before; nil for the first.
  public var before: Level?
  /// The fact that made the step.
  public var evidence: Fact
  /// What was voted, said or declared: "voted no on un-ga/ES-11/7".
  public var summary: String
  /// The link by which a vote or a sponsorship counts for the topic or against it.
  public var reading: LinkReading?
  /// Facts of other levels that may be the latest as well, because their order is not known.
  public var tied: [TimelineEntry] = []
  /// Further facts of the same day or of the step's span that speak of the actor and the topic:
  /// confirming, outweighed or informative ones. They made no step.
  public var others: [TimelineEntry]
  /// "a single vote", "2 votes and 1 statement".
  public var restsOn: String
  /// Whole days between the day it was so and the day it was recorded; nil when undated.
  public var delayDays: Int?
}

extension StanceStep {
  /// The date of its fact, where it is longer than a day.
  var dated: String? {
    evidence.imprecision == nil ? nil : evidence.time?.text
  }

  /// The facts that made the step.
  public var because: [TimelineEntry] {
    [TimelineEntry(fact: evidence, summary: summary)] + tied
  }
}

/// The editor's judgement by which a vote or a sponsorship counts for a topic or against it.
public struct LinkReading: Hashable, Sendable {
  /// The event that links the roll call or the motion to the topic.
  public var link: Position
  /// What is read: "no on un-ga/ES-11/7".
  public var what: String
  /// As what it counts.
  public var level: Level
  public var isStrong: Bool
  public var rationale: String?

  /// "no on un-ga/ES-11/7 = opposes, by link #248 (strong): the text …".
  public var text: String {
    "\(what) = \(level.label), by link \(link) (\(isStrong ? "strong" : "informative"))"
      + (rationale.map { ": \($0)" } ?? "")
  }
}

/// Where an actor stands on a topic on a day, as known at a position.
public struct StanceAnswer: Sendable {
  public var actor: Entity
  public var topic: Entity
  /// The topic's directed proposition.
  public var proposition: String
  /// The moment of the world that was asked about.
  public var on: OnMoment
  public var knownBy: RecordState
  public var rule: String
  public var leavingOut: Exclusions
  /// The step that holds on that day; nil for no data.
  public var step: StanceStep?
  /// First day of the unbroken run of steps at this level.
  public var since: Int64?
  /// The date from which `since` follows, where it is longer than a day: the first day is unknown.
  public var sinceDated: String?
  /// The level before that run; nil when there was none.
  public var before: Level?
  /// The facts that made the step: one, or several whose order is not known.
  public var evidence: [TimelineEntry]
  /// What else is recorded: earlier steps of the same level, confirmations, informative votes, claims.
  public var alsoRecorded: [TimelineEntry]
  /// All directed facts that were used, and the days of the first and the last.
  public var count: Int
  public var period: ClosedRange<Int64>?
  /// What is missing: undated or not yet certain facts, statements without a role …
  public var coverage: [String]
  /// What became of the facts that bear on the position, where that was asked for.
  public var history: [FactHistory] = []
}

/// How an actor's stance on a topic changed.
public struct AuditAnswer: Sendable {
  public var actor: Entity
  public var topic: Entity
  public var proposition: String
  public var on: String
  public var knownBy: RecordState
  public var rule: String
  public var leavingOut: Exclusions
  public var steps: [StanceStep]
  public var count: Int
  public var period: ClosedRange<Int64>?
  public var remarks: [Remark]
  /// What became of the facts that bear on the line, where that was asked for.
  public var history: [FactHistory] = []
}

/// A fact that later events are about, with those events in log order.
public struct FactHistory: Sendable {
  public var entry: TimelineEntry
  public var chain: [TimelineEntry]
}

/// Something about the evidence that a careful reader should know.
public struct Remark: Hashable, Sendable {
  /// late, thin, unsourced, corrected, disputed, confidence, imprecise, order, conditional, no-office,
  /// several-offices, conflict, settled, coverage; in receipts also name, second-account and
  /// earlier-release.
  public var kind: String
  public var position: Position?
  public var text: String

  /// Whether it says that something is missing or does not count.
  var isGap: Bool {
    ["coverage", "no-office", "several-offices", "conditional", "order"].contains(kind)
  }

  public init(kind: String, position: Position?, text: String) {
    self.kind = kind
    self.position = position
    self.text = text
  }
}

/// A stance that an append changed, or would change.
public struct StanceChange: Sendable {
  public var actor: Entity
  public var topic: Entity
  public var rule: String
  /// First day (counted from 1970-01-01) on which the line differs.
  public var from: Int64
  /// The levels on that day, before and after; nil for no data.
  public var before: Level?
  public var after: Level?
}
