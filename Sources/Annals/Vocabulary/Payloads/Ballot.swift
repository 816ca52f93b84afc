/// One choice in a roll call.
public enum VoteChoice: String, Codable, CaseIterable, Sendable {
  case yes, no, abstain
  /// Took no part.
  case absent
  /// Present without voting.
  case notVoting = "not-voting"
  /// Had no right to vote.
  case ineligible
  case pairedYes = "paired-yes"
  case pairedNo = "paired-no"
  /// Voted for and against: counted in both tallies, on neither side.
  case both
}

/// What is known of a vote: one choice, or the set of choices that the source leaves open.
///
/// Never empty and without repetition. Written as a text when there is one choice, otherwise as a
/// list. Two ballots are equal whatever the order of their choices.
public struct Ballot: Sendable {
  /// In the order in which they are written.
  public let choices: [VoteChoice]

  public init(_ choice: VoteChoice, _ others: VoteChoice...) {
    self.init(distinct: [choice] + others)
  }

  /// Nil when there is no choice at all.
  public init?(_ choices: some Sequence<VoteChoice>) {
    self.init(distinct: choices)
    if self.choices.isEmpty { return nil }
  }

  private init(distinct choices: some Sequence<VoteChoice>) {
    var seen: Set<VoteChoice> = []
    self.choices = choices.filter { seen.insert($0).inserted }
  }

  /// The choice; nil while several are open.
  public var choice: VoteChoice? { choices.count == 1 ? choices[0] : nil }
}

extension Ballot: Hashable {
  public static func == (a: Ballot, b: Ballot) -> Bool { Set(a.choices) == Set(b.choices) }

  public func hash(into hasher: inout Hasher) { hasher.combine(Set(choices)) }
}

extension Ballot: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if (try? container.decode(String.self)) != nil {
      choices = [try container.decode(VoteChoice.self)]
      return
    }
    choices = try container.decode([VoteChoice].self)
    guard choices.count > 1, Set(choices).count == choices.count else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected two or more different choices")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let choice {
      try container.encode(choice)
    } else {
      try container.encode(choices)
    }
  }
}
