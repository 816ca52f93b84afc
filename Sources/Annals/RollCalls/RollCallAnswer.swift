public import EventLog

/// A roll call: what sources say it came to, what the recorded votes come to, and what is missing.
public struct RollCallAnswer: Sendable {
  public var rollcall: String
  /// The motion with its title, and the body that voted.
  public var motion: Entity?
  public var body: Entity?
  public var session: String?
  public var result: String?
  /// When it was held, as the most exact account has it.
  public var on: String?
  public var knownBy: RecordState
  /// What sources say it came to, in log order.
  public var accounts: [Account]
  /// The group whose members alone are counted, when one was asked for.
  public var bloc: Bloc?
  /// Otherwise every group of which members are recorded on the day, except the body itself.
  public var blocs: [Bloc]
  /// What a choice means for topics, as editors judged.
  public var links: [Link]
  /// For each topic that it is linked to: who chose otherwise in the roll call before it.
  public var sinceLast: [SinceLast]
  /// The recorded votes, by voter; every choice with a vote, and always yes, no and abstain.
  public var counted: [ChoiceCount]
  /// Votes of which only a set of choices is known.
  public var open: [OpenChoices]
  /// The choices that voters say they meant, where these differ from their votes; by name.
  public var meant: [MeantVote]
  /// The count in which the choice that a voter meant replaces the choice that it cast. Empty if no voter
  /// says that it meant another choice.
  public var countedAsMeant: [ChoiceCount]
  /// One per voter, and the casting votes, by choice and name.
  public var votes: [CountedVote]
  public var members: MemberCount
  /// Members on the day of whose vote nothing is recorded, by id; those known by name.
  public var unrecorded: [Entity]
  public var coverage: Coverage

  /// One account of the roll call itself.
  public struct Account: Sendable {
    public var tally: Tally
    /// The event with its sources.
    public var entry: TimelineEntry
    /// Counted minus official, for each choice that the account gives; empty for a bloc.
    public var differences: [Difference]
  }

  public typealias Difference = TallyDifference

  /// How many votes of a choice there are: between the certain ones and those that may be.
  public struct ChoiceCount: Hashable, Sendable {
    public var choice: String
    public var low: Int
    public var high: Int
  }

  /// Votes that are known as one of several choices.
  public struct OpenChoices: Hashable, Sendable {
    public var choices: [String]
    public var count: Int
  }

  /// How a voter says that it had meant to vote.
  public struct MeantVote: Sendable {
    public var voter: Entity
    public var choice: String
    /// The choices of the vote that is recorded, which stands; empty where none is.
    public var cast: [String]
    /// The last statement of the voter about it.
    public var entry: TimelineEntry
  }

  /// What is known of one voter's vote.
  public struct CountedVote: Sendable {
    public var voter: Entity
    /// One, or those that are open.
    public var choices: [String]
    var known: ChoiceSet
    /// How many votes it counts: one for most, none for a teller.
    public var weight: Int
    public var isTeller: Bool
    /// Whether it is the casting vote of a presiding officer, who may have another one as a member.
    public var isCasting: Bool
    /// The account that says most, with its event.
    public var main: Fact
    /// All accounts that hold, with titles of their sources, when there is more than one.
    public var accounts: [TimelineEntry]
    /// True when no choice agrees with all accounts.
    public var isConflict: Bool
    public var isVeto: Bool
  }

  /// How many had a vote, and of how many one is recorded.
  public struct MemberCount: Hashable, Sendable {
    /// As a source says of the roll call: members entitled to vote.
    public var stated: Int?
    /// By the recorded memberships on the very day: certain members.
    public var listed: Int?
    /// Voters with a recorded vote; those without a right to vote apart.
    public var recorded: Int
    public var ineligible: Int
    /// Members without a recorded vote; nil when nobody says how many members there were.
    public var unrecorded: Int?
  }

  /// A group on the day of the roll call.
  public struct Bloc: Sendable {
    public var group: Entity
    public var members: Int
    /// The choice of yes, no and abstain that more members made than any other; nil when none.
    public var majority: String?
    public var majorityCount: Int
    /// Members that certainly made another choice, and those that may have.
    public var broke: [CountedVote]
    public var mayHaveBroken: [CountedVote]
    /// Whose membership on that day is possible only; their votes are not counted.
    public var possibleMembers: [Entity]
    /// Members that had no seat in the body on that day, where its memberships are recorded: they are
    /// not among `members`.
    public var withoutSeat: [Entity] = []
  }

  /// What a choice in the roll call means for a topic.
  public struct Link: Sendable {
    public var topic: Entity
    /// Whether a yes supports the proposition, or a no does.
    public var supportingYes: Bool
    /// Whether a vote counts for the stance, or is shown beside it.
    public var isStrong: Bool
    /// The event that made the link.
    public var position: Position
    public var rationale: String?
  }

  /// The step from the roll call before it on the same topic.
  public struct SinceLast: Sendable {
    public var topic: Entity
    /// The last roll call on the topic before this one that has recorded votes.
    public var previous: String
    public var previousOn: String?
    /// True when a vote for the one motion is a vote against the topic, and for the other it is not.
    public var isMirrored: Bool
    /// Voters that chose yes, abstain or no in both.
    public var both: Int
    /// Those of them whose choice means something else for the topic than before.
    public var changes: [ChangedVote]
  }

  /// A voter's choice in two roll calls.
  public struct ChangedVote: Sendable {
    public var voter: Entity
    public var before: String
    public var after: String
    public var beforePosition: Position?
    public var afterPosition: Position
  }

  /// What the record says of its own completeness.
  public struct Coverage: Sendable {
    /// Imports that say they cover the day.
    public var imports: [CoveringImport]
    /// What else a reader must know to tell silence from absence.
    public var notes: [String]
  }

  public struct CoveringImport: Hashable, Sendable {
    public var dataset: String
    public var version: String?
    public var what: String
    public var from: String?
    public var to: String?
    public var position: Position
  }
}

extension RollCallAnswer {
  /// The official figure of each choice; nil where accounts give different ones.
  public var official: [(choice: String, votes: Int?)] {
    Tally.choices.compactMap { choice in
      let figures = Set(accounts.compactMap { $0.tally.votes(choice) })
      return figures.isEmpty ? nil : (choice, figures.count == 1 ? figures.first : nil)
    }
  }

  /// The choices on which official accounts differ.
  public var contested: [String] { official.filter { $0.votes == nil }.map(\.choice) }

  /// How far the count is from the official figures on which no account differs.
  public var differences: [Difference] {
    let contested = contested
    return Tally.choices.compactMap { choice in
      if contested.contains(choice) { return nil }
      return accounts.lazy.flatMap(\.differences).first { $0.choice == choice }
    }
  }

  /// Votes of which accounts contradict each other.
  public var conflicts: [CountedVote] { votes.filter(\.isConflict) }
}
