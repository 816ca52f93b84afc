import EventLog

/// Roll calls in order of date, with official and counted tallies side by side.
public struct RollCallList: Sendable {
  public var knownBy: RecordState
  public var selection: RollCallSelection
  /// How many of them have a count that differs from the official one.
  public var differing: Int
  /// In how many of them accounts of votes contradict each other, and how many votes those are.
  public var conflicting: Int
  public var conflicts: Int
  /// Those asked for.
  public var rows: [Row]

  /// Which roll calls are wanted.
  public enum Filter: Sendable {
    case all
    /// Those whose count is not what the official account says.
    case differing
    /// Those in which accounts of a vote contradict each other.
    case conflicting
  }

  public struct Row: Sendable {
    public var rollcall: String
    public var on: String?
    public var motion: String?
    public var title: String?
    public var body: String?
    public var session: String?
    public var method: String?
    public var result: String?
    public var members: Int?
    /// The official figure of each choice; nil where accounts give different ones.
    public var official: [(choice: String, votes: Int?)]
    /// Every choice with a vote, and always yes, no and abstain.
    public var counted: [RollCallAnswer.ChoiceCount]
    /// Voters of whom anything is recorded.
    public var recorded: Int
    /// Votes of which accounts contradict each other.
    public var conflicts: Int
    public var differences: [RollCallAnswer.Difference]
    /// Why the count is not the official one, as far as it can be told; empty where it is.
    public var reasons: [String]
    /// Which of the counted votes are casting votes, and whether the official count has them too.
    public var casting: [String]
  }
}

extension Store {
  /// The roll calls of a scope in order of date; with `last` only so many of the latest.
  public func rollcalls(
    in scope: RollCallScope = RollCallScope(), _ filter: RollCallList.Filter = .all,
    last: Int? = nil,
    knownBy: KnownBy? = nil
  ) async throws -> RollCallList {
    let recordState = try await recordState(knownBy)
    let grid = try await voteGrid(of: [], through: recordState.position)
    let selection = try await asking(at: recordState.position)
      .select(scope, from: grid, through: recordState.position)
    let numbers = scope.contestedOnly ? selection.numbers : selection.all
    let apart = numbers.filter { grid.rollcalls[$0].differs }
    let conflicting = numbers.filter { grid.rollcalls[$0].conflicts > 0 }
    let wanted =
      switch filter {
      case .all: numbers
      case .differing: apart
      case .conflicting: conflicting
      }
    return RollCallList(
      knownBy: recordState, selection: selection, differing: apart.count,
      conflicting: conflicting.count,
      conflicts: conflicting.reduce(0) { $0 + grid.rollcalls[$1].conflicts },
      rows: wanted.suffix(last ?? wanted.count).map { grid.rollcalls[$0].line })
  }
}

extension VoteRollCall {
  /// True when the count cannot be what the official account says, or when accounts of it differ.
  var differs: Bool { !contested.isEmpty || differences.contains { !$0.agrees } }

  fileprivate var line: RollCallList.Row {
    RollCallList.Row(
      rollcall: id, on: on, motion: motion, title: title, body: body, session: session,
      method: method, result: result, members: members,
      official: zip(Tally.choices, official).compactMap { choice, votes in
        votes != nil || contested.contains(choice) ? (choice, votes) : nil
      },
      counted: ChoiceSet.names.enumerated().compactMap { index, name in
        let (low, more) = (certain[index], perhaps[index])
        guard low + more > 0 || index < 3 else { return nil }
        return RollCallAnswer.ChoiceCount(choice: name, low: low, high: low + more)
      },
      recorded: voters, conflicts: conflicts, differences: differences,
      reasons: differs || conflicts > 0 ? reasons : [], casting: castingNotes)
  }

  /// What the numbers themselves tell of the cause.
  private var reasons: [String] {
    var reasons: [String] = []
    if !contested.isEmpty {
      reasons.append("accounts give different figures for \(contested.joined(separator: ", "))")
    }
    guard hasVotes else { return reasons + ["no single vote is recorded"] }
    if conflicts > 0 {
      reasons.append("accounts of \(Self.votes(conflicts)) contradict each other")
    }
    if open > 0 { reasons.append("the choice of \(Self.votes(open)) is open") }
    let apart = differences.filter { !$0.agrees }
    guard !apart.isEmpty else { return reasons }
    // How many votes there are in all tells a missing ballot from one that is read differently.
    let balance = apart.reduce(0) { $0 + ($1.high < 0 ? $1.high : $1.low) }
    let words = apart.map { difference in
      let number = difference.high < 0 ? difference.high : difference.low
      return "\(difference.choice) \(number > 0 ? "+" : "")\(number)"
    }.joined(separator: ", ")
    if balance == 0 {
      reasons.append("as many votes as official, otherwise divided: \(words)")
    } else {
      let than = balance < 0 ? "fewer" : "more"
      reasons.append(
        "\(Self.votes(abs(balance))) \(than) recorded than the official account counts: \(words)")
    }
    return reasons
  }

  fileprivate static func votes(_ count: Int) -> String { "\(count) vote\(count == 1 ? "" : "s")" }
}

extension VoteRollCall {
  /// Which of the counted votes are casting votes, and whether the official count has them too.
  var castingNotes: [String] {
    ChoiceSet.names.indices.compactMap { index in
      let (low, high) = (casting[index], casting[index] + perhapsCasting[index])
      if high == 0 { return nil }
      let count = low == high ? "" : low == 0 ? "perhaps " : "\(low) to "
      let votes = high == 1 ? "1 casting vote" : "\(high) casting votes"
      let text = "of the votes counted as \(ChoiceSet.names[index]), \(count)\(votes)"
      guard index < official.count, let difference = difference(index) else { return text }
      let them = high == 1 ? "it" : "them"
      if difference.leavesOutCasting {
        return "\(text): the official count is equal without \(them)"
      }
      return difference.agrees
        ? "\(text): the official count is equal with \(them)"
        : "\(text): the official count differs with \(them) and without"
    }
  }
}
