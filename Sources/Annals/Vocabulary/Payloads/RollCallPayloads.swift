public import EventLog

/// A body voted on a motion. The official tally is what the source says it was; votes counted from
/// single vote.cast events are compared with it and never replace it.
public struct RollCallHeld: EventPayload {
  public static let type = EventType("rollcall.held")

  /// How the vote was taken; recorded when choices of single members are known.
  public enum Method: String, Codable, CaseIterable, Sendable {
    case recorded
    case showOfHands = "show-of-hands"
    case consensus
  }

  /// What the vote decided; vetoed when a veto stopped it; annulled when the vote was declared void, so
  /// that no vote in it counts.
  public enum Decision: String, Codable, CaseIterable, Sendable {
    case adopted, rejected, vetoed, tied
    case noQuorum = "no-quorum"
    case annulled
    case unknown
  }

  /// Id of the roll call: `un-ga/ES-11/7`.
  public var rollcall: String
  /// The motion voted on.
  public var motion: String
  /// The body that voted.
  public var body: String
  /// Session of the body, as it writes it.
  public var session: String?
  /// How the vote was taken.
  public var method: Method
  /// As the source gives it.
  public var official: Tally?
  /// What the vote decided.
  public var result: Decision
  /// Official page of the vote.
  public var url: String?
  /// Members entitled to vote.
  public var members: Int?

  public init(
    rollcall: String, motion: String, body: String, session: String? = nil, method: Method,
    official: Tally? = nil, result: Decision, url: String? = nil, members: Int? = nil
  ) {
    self.rollcall = rollcall
    self.motion = motion
    self.body = body
    self.session = session
    self.method = method
    self.official = official
    self.result = result
    self.url = url
    self.members = members
  }

  /// Votes as the source counts them; nil for what it does not say.
  public struct Tally: Codable, Hashable, Sendable {
    /// Votes for.
    public var yes: Int?
    /// Votes against.
    public var no: Int?
    /// Abstentions.
    public var abstain: Int?
    /// Members that took no part in the vote.
    public var absent: Int?

    public init(yes: Int? = nil, no: Int? = nil, abstain: Int? = nil, absent: Int? = nil) {
      self.yes = yes
      self.no = no
      self.abstain = abstain
      self.absent = absent
    }
  }
}

/// A voter made a choice in a roll call. A ballot of several choices is one that the source leaves
/// open ("did not vote in favour"); a later vote within that set, or a correction, resolves it. Any
/// other second vote of the same voter in the same roll call must be a correction.
public struct VoteCast: EventPayload {
  public static let type = EventType("vote.cast")

  /// Id of the roll call.
  public var rollcall: String
  /// Who voted.
  public var voter: String
  /// The choice, or the set of choices (two or more) that the source leaves open.
  public var choice: Ballot
  /// The choice as the source writes it.
  public var raw: String?
  /// The voter's name as the source prints it.
  public var printedName: String?
  /// The group for which the vote was cast, as the source gives it.
  public var group: String?
  /// Whether the vote against was a veto.
  public var veto: Bool?
  /// How many votes the vote counts in the tally; 1 where nothing is said.
  public var weight: Int?
  /// Whether the voter was a teller for the side: the tally does not count tellers.
  public var teller: Bool?
  /// Whether it is the casting vote of a presiding officer, which decides a tie. Who has voted as a
  /// member too has two votes: one without this field and one with it.
  public var casting: Bool?

  public init(
    rollcall: String, voter: String, choice: Ballot, raw: String? = nil,
    printedName: String? = nil, group: String? = nil, veto: Bool? = nil, weight: Int? = nil,
    teller: Bool? = nil, casting: Bool? = nil
  ) {
    self.rollcall = rollcall
    self.voter = voter
    self.choice = choice
    self.raw = raw
    self.printedName = printedName
    self.group = group
    self.veto = veto
    self.weight = weight
    self.teller = teller
    self.casting = casting
  }
}
