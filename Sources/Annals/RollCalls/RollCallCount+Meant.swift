import EventLog

/// What voters say afterwards that they had meant. It stands beside their votes, and changes none of them.
extension RollCallCount {
  /// The count with what was meant in place of what was cast. A casting vote stays as it is.
  static func counted(
    _ votes: [RollCallAnswer.CountedVote], asMeant meant: [RollCallAnswer.MeantVote]
  ) -> [RollCallAnswer.ChoiceCount] {
    if meant.isEmpty { return [] }
    var rest = Dictionary(
      uniqueKeysWithValues: meant.map { ($0.voter.id, ChoiceSet(.string($0.choice)) ?? []) })
    let cast: [Weighted] = votes.map { vote in
      let own = vote.isCasting ? nil : rest.removeValue(forKey: vote.voter.id)
      return (own ?? vote.known, vote.weight)
    }
    return counted(cast + rest.values.map { ($0, 1) })
  }

  /// What voters say that they had meant: the last statement of each that holds. Who neither has a
  /// recorded vote nor was a member on the day is passed over.
  mutating func meantVotes(
    _ votes: [RollCallAnswer.CountedVote]
  ) async throws -> [RollCallAnswer.MeantVote] {
    let said = try await store.facts(
      ["statement.made"], underAnyOf: [.rollcall(rollcall)], through: through
    ).filter { $0.holds && $0.fields.meant?.rollcall == rollcall }
    if said.isEmpty { return [] }
    let voters = said.compactMap { $0.fields.onBehalfOf ?? $0.fields.speaker }
    let merged = try await store.mergedIDs(of: Set(voters), through: through)
    let cast = Dictionary(
      votes.filter { !$0.isCasting }.map { ($0.voter.id, $0.choices) }
    ) { first, _ in first }
    var last: [String: Fact] = [:]
    for (fact, voter) in zip(said, voters) {
      let voter = merged[voter] ?? voter
      guard cast[voter] != nil || asked?[voter] == .certain else { continue }
      if last[voter].map({ $0.position < fact.position }) ?? true { last[voter] = fact }
    }
    var meant: [RollCallAnswer.MeantVote] = []
    for voter in try await entities(Set(last.keys)) {
      guard let fact = last[voter.id], let choice = fact.fields.meant?.choice?.names.first,
        cast[voter.id] != [choice]
      else { continue }
      meant.append(
        RollCallAnswer.MeantVote(
          voter: voter, choice: choice, cast: cast[voter.id] ?? [],
          entry: try await store.entry(fact, &displayNames)))
    }
    return meant.sorted { ($0.voter.name, $0.voter.id) < ($1.voter.name, $1.voter.id) }
  }
}
