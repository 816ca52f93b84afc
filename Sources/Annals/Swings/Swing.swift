public import EventLog

/// A step of one actor between two consecutive choices in a series of roll calls.
public struct Swing: Sendable {
  public var actor: Entity
  public var series: Series
  public var before: Vote
  public var after: Vote
  /// 2 for yes against no, 1 where one of the two is an abstention.
  public var size: Int
  /// How many choices in a row were the same before.
  public var held: Int
  /// How many in a row were the same from then on.
  public var kept: Int
  public var persistence: Persistence
  /// The next choice in the series; nil when there is none yet.
  public var next: Vote?

  public struct Vote: Sendable {
    public var rollcall: String
    public var on: String?
    /// `yes`, `no` or `abstain`.
    public var choice: String
    /// On a topic: `for`, `against` or `neither`.
    public var effect: String?
    public var position: Position?
  }

  /// Whether the next choice confirmed it.
  public enum Persistence: String, Sendable {
    case confirmed, reversed
    /// There is no next choice yet.
    case last
  }

  /// Roll calls that belong together.
  public struct Series: Hashable, Sendable {
    public enum Kind: String, Sendable { case topic, title }
    public var kind: Kind
    /// The topic's id, or the title as its latest motion has it.
    public var name: String
    public var rollcalls: Int
  }
}

/// Which swings are asked for.
public struct SwingFilter: Sendable {
  /// Only series of these topics; empty for all topics, and all titles.
  public var topics: [String] = []
  public var actors: [String] = []
  /// Days counted from 1970-01-01, between which the second of the two votes certainly lies.
  public var since: Int64?
  public var until: Int64?
  /// How many at most.
  public var limit = 20
  /// `swing/2` or `swing/1`.
  public var rule = Rule.swing2

  public init() {}
}

/// The largest swings first.
public struct SwingList: Sendable {
  public var rule: String
  public var knownBy: RecordState
  public var topics: [Entity]
  public var actors: [Entity]
  /// How many there are in all.
  public var count: Int
  /// Series of two roll calls or more, the roll calls in them, and the actors that chose in one.
  public var series: Int
  public var rollcalls: Int
  public var voters: Int
  /// Roll calls with votes that stand in no series of two, and those without a date.
  public var alone: Int
  public var undated: Int
  public var swings: [Swing]
}
