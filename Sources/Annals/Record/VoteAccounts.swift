import EventLog

extension ValidTime? {
  /// How long the time is at which something may have happened; longest for what is undated. Of
  /// several accounts of a roll call the first of those with the most exact date is gone by.
  var uncertainty: UInt64 { Self.uncertainty(of: map { ($0.earliest, $0.latest) }) }

  static func uncertainty(of bounds: (earliest: Int64, latest: Int64)?) -> UInt64 {
    bounds.map { UInt64(bitPattern: $0.latest &- $0.earliest) } ?? .max
  }
}

/// All accounts of one voter's vote in one roll call, and what they come to.
struct VoteAccounts {
  /// In log order.
  let facts: [Fact]
  let choices: [ChoiceSet]
  let reading: VoteReading

  /// Takes facts `vote.cast`; nil when none of them names a choice.
  init?(_ facts: [Fact]) {
    let accounts = facts.compactMap { fact in fact.fields.choice.map { (fact, $0) } }
    guard !accounts.isEmpty else { return nil }
    self.facts = accounts.map(\.0)
    choices = accounts.map(\.1)
    reading = VoteReading(choices)
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
        return key.rollcall == vote.rollcall && voters.contains(String(key.voter.value))
      })
  }
}
