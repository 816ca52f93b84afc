public import EventLog

/// The state of the record that an answer was computed from.
public struct RecordState: Hashable, Sendable {
  /// Everything after this position was ignored.
  public var position: Position
  /// When that event was recorded; nil for an empty record.
  public var recorded: Instant?
  /// How many payloads that were there at this position have been erased since. The answer then may
  /// differ from the one that was given at that time.
  public var erasedSince: Int

  public init(position: Position, recorded: Instant?, erasedSince: Int = 0) {
    self.position = position
    self.recorded = recorded
    self.erasedSince = erasedSince
  }
}

/// An actor or a topic: its id and the name to show.
public struct Entity: Hashable, Sendable {
  public var id: String
  public var name: String

  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}

/// A source as cited by an event.
public struct Citation: Hashable, Sendable {
  /// Id of a captured source, or a URL.
  public var source: String
  public var locator: String?
  /// The captured source's title, where there is one.
  public var title: String?
  /// Who published it, where that is recorded.
  public var publisher: String?
  public var url: String?
  public var quote: String?
  public var relation: String?

  public init(
    source: String, locator: String? = nil, title: String? = nil, publisher: String? = nil,
    url: String? = nil, quote: String? = nil, relation: String? = nil
  ) {
    self.source = source
    self.locator = locator
    self.title = title
    self.publisher = publisher
    self.url = url
    self.quote = quote
    self.relation = relation
  }

  /// `source:locator`, or the source alone.
  public var text: String { locator.map { "\(source):\($0)" } ?? source }
}

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
  /// Position of the last correction that holds; the root's own when there is none.
  public var current: Position
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

/// A position on a topic: −2 opposes … 2 supports. A choice that is a set gives an interval.
public struct Level: Hashable, Sendable {
  // Small: a fold of millions of votes holds as many.
  private let lowest: Int8
  private let highest: Int8

  public var low: Int { Int(lowest) }
  public var high: Int { Int(highest) }

  public init(_ value: Int) { self.init(low: value, high: value) }
  public init(low: Int, high: Int) {
    lowest = Int8(clamping: low)
    highest = Int8(clamping: high)
  }

  /// The one value, nil for an interval.
  public var value: Int? { low == high ? low : nil }

  /// supports, leans for, neutral, leans against, opposes; two of them for an interval.
  public var label: String {
    func name(_ level: Int) -> String {
      switch level {
      case 2...: "supports"
      case 1: "leans for"
      case 0: "neutral"
      case -1: "leans against"
      default: "opposes"
      }
    }
    return low == high ? name(low) : "\(name(low)) to \(name(high))"
  }
}

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
  /// Further facts of the same day or of the step's span that speak of the actor and the topic:
  /// confirming, outweighed or informative ones. They made no step.
  public var others: [TimelineEntry]
  /// "a single vote", "2 votes and 1 statement".
  public var restsOn: String
  /// Whole days between the day it was so and the day it was recorded; nil when undated.
  public var delayDays: Int?
}

/// Where an actor stands on a topic on a day, as known at a position.
public struct StanceAnswer: Sendable {
  public var actor: Entity
  public var topic: Entity
  /// The topic's directed proposition.
  public var proposition: String
  /// The day asked for, as written.
  public var on: String
  public var knownBy: RecordState
  public var rule: String
  public var leavingOut: Exclusions
  /// The step that holds on that day; nil for no data.
  public var step: StanceStep?
  /// First day of the unbroken run of steps at this level.
  public var since: Int64?
  /// The level before that run; nil when there was none.
  public var before: Level?
  /// What the position rests on: the step's own fact first, then `others`.
  public var evidence: [TimelineEntry]
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
  /// late, thin, single-source, unsourced, corrected, retracted, disputed, conflict, imprecise,
  /// undated, no-role.
  public var kind: String
  public var position: Position?
  public var text: String

  /// Recorded later than so many days after the day counts as late.
  static let lateAfterDays = 30

  public init(kind: String, position: Position?, text: String) {
    self.kind = kind
    self.position = position
    self.text = text
  }
}

/// What became of one event handed to the store.
public struct Receipt: Sendable {
  public var position: Position
  public var id: EventID
  public var type: String
  /// False when it had been recorded before, with the same content.
  public var isNew: Bool
  public var summary: String
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

/// What a write did, or with `isDryRun` would do.
public struct WriteReport: Sendable {
  public var appended = 0
  public var alreadyPresent = 0
  public var rejected = 0
  /// What votes said of which other sources had given an account before.
  public var secondAccounts = SecondAccounts()
  /// Positions of the first and the last new event; those that a dry run would give.
  public var positions: ClosedRange<Position>?
  /// One per event, in order, for the first `receiptLimit` of them.
  public var receipts: [Receipt] = []
  public var changes: [StanceChange] = []
  public var isDryRun = false
  /// Of an import of tables: rows read, and those that the mapping passed over, by reason.
  public var rows = 0
  public var skipped: [(reason: String, rows: Int)] = []
  /// True when the data set was recorded as imported.
  public var isCompleted = false
  /// Names in the rejected rows that nobody is known by.
  public var unknownNames: [Problem] = []
  /// The first and the last date of an import of tables.
  var dates = DateSpan()
  public static let receiptLimit = 1000
}

/// Accounts of votes beside those of other sources.
public struct SecondAccounts: Hashable, Sendable {
  /// Those that leave open, or say, what another says.
  public private(set) var agreeing = 0
  /// Those that cannot be so if another is.
  public private(set) var contradicting = 0

  mutating func add(_ choices: ChoiceSet, beside other: ChoiceSet) {
    if choices.isDisjoint(with: other) { contradicting += 1 } else { agreeing += 1 }
  }
}
