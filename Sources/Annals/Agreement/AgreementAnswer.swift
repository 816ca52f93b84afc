public import EventLog

/// How far two actors voted alike, in one stretch of time or one session.
public struct AgreementRow: Sendable {
  /// The year or session, where a longer time was cut up.
  public var label: String?
  public var figures: AgreementFigures
  public var a: AgreementSide
  public var b: AgreementSide
  /// Roll calls with recorded votes.
  public var agenda: Int
  /// Those of them in which both could vote: something is recorded of both, and neither was
  /// without a vote.
  public var both: Int
  /// Dates of the first and the last roll call in which both chose; nil for none.
  public var dates: ClosedRange<String>?
}

/// What else is recorded of one of the two actors.
public struct AgreementSide: Hashable, Sendable {
  /// Took no part where both could vote: absent, not voting, or paired.
  public var absent = 0
  /// Where both could vote: one of several choices, or accounts that contradict each other.
  public var open = 0
  /// Where both could vote: voted for and against.
  public var bothWays = 0
  /// Had no right to vote.
  public var ineligible = 0
  /// Nothing is recorded.
  public var unrecorded = 0
}

/// The agreement of two actors.
public struct AgreementAnswer: Sendable {
  public var a: Entity
  public var b: Entity
  public var rule: String
  public var knownBy: RecordState
  public var selection: RollCallSelection
  public var total: AgreementRow
  /// By which unit `rows` are; nil when nobody asked for any.
  public var every: RollCallScope.Unit?
  /// In order of time; by year too where the whole was asked for, which hides a reversal.
  public var rows: [AgreementRow]
  /// The roll calls in which both could vote, where they were asked for.
  public var facts: [AgreementFact]?
  /// Whose votes are recorded where those of one of the two are not: of an actor that it succeeded.
  public var notes: [String] = []
}

/// One roll call behind the figures.
public struct AgreementFact: Sendable {
  public var rollcall: String
  public var on: String?
  public var title: String?
  /// `yes`, `absent`, `open` …
  public var a: String
  public var b: String
  /// Positions of the votes.
  public var seqA: Position?
  public var seqB: Position?
  /// 1, one half or 0; nil when one of the two did not choose.
  public var agreement: Double?
}

/// One actor against all others.
public struct AgreementRanking: Sendable {
  public var a: Entity
  public var rule: String
  public var knownBy: RecordState
  public var selection: RollCallSelection
  public var every: RollCallScope.Unit?
  public var least: Int
  public var groups: [Group]

  public struct Group: Sendable {
    public var label: String?
    public var agenda: Int
    /// Most alike first.
    public var rows: [Row]
    /// Actors with fewer common roll calls than were asked for.
    public var thinner: Int
  }

  public struct Row: Sendable {
    /// 1 for the most alike.
    public var rank: Int
    public var b: Entity
    public var figures: AgreementFigures
    /// Fewer common roll calls than a figure can rest on.
    public var isThin: Bool { figures.n < AgreementRanking.thin }
  }

  /// Below so many common roll calls a figure is marked as thin.
  public static let thin = 10
}

/// All pairs of actors.
public struct AgreementMatrix: Sendable {
  public var rule: String
  public var knownBy: RecordState
  public var selection: RollCallSelection
  public var every: RollCallScope.Unit?
  public var least: Int
  /// Ids, in order.
  public var actors: [String]
  public var groups: [(label: String?, agenda: Int)]
  let planes: ChoicePlanes

  /// The actors that chose in any roll call of a group, by their index.
  public func actors(in group: Int) -> [Int] {
    actors.indices.filter { planes.isPresent($0, in: group) }
  }

  /// How two actors voted in a group; nil when they chose together in fewer roll calls than were
  /// asked for.
  public func figures(_ a: Int, _ b: Int, in group: Int) -> AgreementFigures? {
    let figures = planes.figures(a, b, in: group)
    return figures.n >= least ? figures : nil
  }
}
