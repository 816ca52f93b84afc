import EventLog

/// Which of several accounts of a roll call is gone by. All that is said of the roll call is taken from
/// the account of the lowest rank, of equals from the first: an account with a date before one
/// without, then the official one before a second data set's, then the one with the most exact date.
struct AccountRank: Comparable, Sendable {
  enum Origin: UInt8, Sendable {
    /// It names the official page of the vote.
    case officialPage
    /// It gives an official tally.
    case officialTally
    case other
  }

  let isUndated: Bool
  let origin: Origin
  /// How long the time is at which the roll call may have been held.
  let uncertainty: UInt64

  init(_ bounds: (earliest: Int64, latest: Int64)?, _ origin: Origin) {
    isUndated = bounds == nil
    uncertainty = bounds.map { UInt64(bitPattern: $0.latest &- $0.earliest) } ?? .max
    self.origin = origin
  }

  init(_ time: ValidTime?, _ fields: PayloadFields) {
    self.init(time.map { ($0.earliest, $0.latest) }, fields.origin)
  }

  static func < (a: AccountRank, b: AccountRank) -> Bool {
    (a.isUndated ? 1 : 0, a.origin.rawValue, a.uncertainty)
      < (b.isUndated ? 1 : 0, b.origin.rawValue, b.uncertainty)
  }
}

extension PayloadFields {
  /// How official an account of a roll call is.
  var origin: AccountRank.Origin {
    url != nil ? .officialPage : hasOfficial ? .officialTally : .other
  }
}

extension Fact {
  /// The rank among the accounts of a roll call.
  var accountRank: AccountRank { AccountRank(time, fields) }
}

/// All accounts of one vote, and the vote that they make together.
struct VoteAccounts {
  /// In log order.
  let facts: [Fact]
  let choices: [ChoiceSet]
  let reading: VoteReading
  /// How many votes it counts in the tally, by the first account that says so.
  let weight: Int

  /// Takes facts `vote.cast`; nil when none of them names a choice.
  init?(_ facts: [Fact]) {
    let accounts = facts.compactMap { fact in fact.fields.choice.map { (fact, $0) } }
    guard !accounts.isEmpty else { return nil }
    self.facts = accounts.map(\.0)
    choices = accounts.map(\.1)
    reading = VoteReading(choices)
    weight = facts.lazy.compactMap(\.fields.weight).first ?? 1
  }

  /// The account that speaks for the vote.
  var main: Fact { facts[VoteReading.main(of: choices) ?? 0] }

  /// The accounts that cannot be true together with one of them.
  func contradicting(_ position: Position) -> [Fact] {
    guard reading.isContradictory, let own = facts.firstIndex(where: { $0.position == position })
    else {
      return []
    }
    let others = facts.indices.filter { $0 != own }
    let disjoint = others.filter { choices[$0].isDisjoint(with: choices[own]) }
    return (disjoint.isEmpty ? others : disjoint).map { facts[$0] }
  }
}

extension Store {
  /// The accounts that hold of the vote in a fact, under every id of the voter; nil for a fact of
  /// another type.
  func accounts(ofVote fact: Fact, through: Position) async throws -> VoteAccounts? {
    guard fact.type == "vote.cast", let vote = VoteKey(of: fact.data) else { return nil }
    let reader = reader(through)
    let voter = String(vote.voter.value)
    let merges = try await reader.merges(of: [voter])
    let voters = merges.ids(of: merges.current(voter))
    let votes = try await reader.facts(
      ["vote.cast"], under: voters.map { [vote.rollcall, .actor($0)] })
    return VoteAccounts(
      votes.filter { other in
        guard other.holds, let key = VoteKey(of: other.data) else { return false }
        return key.rollcall == vote.rollcall && key.isCasting == vote.isCasting
          && voters.contains(String(key.voter.value))
      })
  }
}
