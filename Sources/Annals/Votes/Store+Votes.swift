import EventLog

extension Store {
  /// One roll call and the votes in it as a position has them, by the voters' ids after merges.
  func votes(
    in rollcall: String, through: Position
  ) async throws -> (rollcall: VoteRollCall, cells: [String: VoteCell]) {
    let facts = try await facts(
      ["rollcall.held", "vote.cast"], underAnyOf: [Tag(kind: "rollcall", value: rollcall)],
      through: through
    ).filter { $0.holds && $0.data["rollcall"]?.string == rollcall }
    let held = facts.filter { $0.type == "rollcall.held" }
    var result = VoteRollCall(id: rollcall)
    let bodies = Set(held.compactMap { $0.data["body"]?.string })
    let merged = try await mergedIDs(of: bodies, through: through)
    result.take(
      held.map { ($0.time, $0.data) },
      titles: try await titles(
        ofMotions: Set(held.compactMap { $0.data["motion"]?.string }), through: through),
      canonical: { merged[$0] ?? $0 })
    let cast = facts.filter { $0.type == "vote.cast" }
    let voters = try await mergedIDs(
      of: Set(cast.compactMap { $0.data["voter"]?.string }), through: through)
    var accounts: [String: (common: ChoiceSet, any: ChoiceSet)] = [:]
    for fact in cast {
      guard let voter = fact.data["voter"]?.string,
        let choice = fact.data["choice"].flatMap(ChoiceSet.init)
      else { continue }
      let before = accounts[voters[voter] ?? voter]
      accounts[voters[voter] ?? voter] = (
        before?.common.intersection(choice) ?? choice, before?.any.union(choice) ?? choice
      )
    }
    var cells: [String: VoteCell] = [:]
    for (voter, account) in accounts {
      let cell = VoteCell(common: account.common, any: account.any)
      cells[voter] = cell
      result.count(cell, any: account.any, common: account.common)
    }
    return (result, cells)
  }

  /// What motions are called: by the last account of each that was not taken back.
  func titles(
    ofMotions motions: Set<String>, through: Position
  ) async throws -> [String: String] {
    var titles: [String: String] = [:]
    let tags = motions.map { Tag(kind: "motion", value: $0) }
    for fact in try await facts(["motion.tabled"], underAnyOf: tags, through: through)
    where fact.holds {
      if let motion = fact.data["motion"]?.string { titles[motion] = fact.data["title"]?.string }
    }
    return titles
  }

  /// The grid of all votes at a position: the stored one where nothing that bears on votes lies
  /// between where it stands and there, else a fresh fold. Both are the same.
  func voteGrid(through: Position) async throws -> VoteGrid {
    let projection = VotesProjection()
    if let stored = try await log.contents(of: projection.definition, projection.columns),
      try await holds(stored.state, at: through)
    {
      return VoteGrid(rollcalls: stored.rows[0], blocks: stored.rows[1])
    }
    return try await VotesFold.grid(of: log, through: through)
  }
}

extension Store {
  /// Whether rows that stand at one position are those of another as well.
  private func holds(_ state: ProjectionState, at through: Position) async throws -> Bool {
    if state.failure != nil { return false }
    let (first, last) = (min(state.position, through), max(state.position, through))
    if first == last { return true }
    return try await log.read(
      EventQuery(types: VotesFold.allTypes),
      in: EventRange(after: first, through: last, limit: 1)
    ).isEmpty
  }
}

/// Whose vote in which roll call.
struct RecordedVote: Hashable, Sendable {
  var rollcall: String
  /// The voter's id after merges.
  var voter: String
}

extension Store {
  /// Where votes were recorded: the position of the account that says most.
  func positions(
    ofVotes votes: [RecordedVote], through: Position
  ) async throws -> [RecordedVote: Position] {
    var ids: [String: Set<String>] = [:]
    for voter in Set(votes.map(\.voter)) {
      ids[voter] = try await self.ids(of: voter, through: through)
    }
    let items = votes.flatMap { vote in
      (ids[vote.voter] ?? [vote.voter]).sorted().flatMap {
        Amendment.items(
          ["vote.cast"],
          [Tag(kind: "rollcall", value: vote.rollcall), Tag(kind: "actor", value: $0)])
      }
    }
    var events: [RecordedEvent] = []
    for start in stride(from: 0, to: items.count, by: 400) {
      events += try await log.read(
        EventQuery(items: Array(items[start..<min(start + 400, items.count)])),
        in: EventRange(through: through))
    }
    let voters = Dictionary(
      ids.flatMap { voter, ids in ids.map { ($0, voter) } }
    ) { first, _ in first }
    let facts = try await facts(of: events, through: through).filter {
      $0.holds && $0.type == "vote.cast"
    }
    let grouped = Dictionary(grouping: facts) { fact in
      let voter = fact.data["voter"]?.string ?? ""
      return RecordedVote(
        rollcall: fact.data["rollcall"]?.string ?? "", voter: voters[voter] ?? voter)
    }
    return grouped.compactMapValues { VoteAccounts($0)?.main.position }
  }

  /// The grid with the votes of some actors only.
  func voteGrid(of actors: [String], through: Position) async throws -> VoteGrid {
    let projection = VotesProjection()
    let (definition, columns) = (projection.definition, projection.columns)
    if let state = try await log.projection(definition.name),
      state.definitionHash == definition.hash, try await holds(state, at: through)
    {
      let rollcalls = try await log.rows(
        "SELECT \(columns[0].columns.joined(separator: ", ")) FROM vote_rollcall", [])
      var blocks: [[SQLValue]] = []
      for actor in Set(actors) {
        blocks += try await log.rows(
          "SELECT actor, block, cells FROM vote_block WHERE actor = ?1", [.text(actor)])
      }
      // The same state before and after: nobody has changed the rows in between.
      if try await log.projection(definition.name) == state {
        return VoteGrid(rollcalls: rollcalls, blocks: blocks)
      }
    }
    return try await VotesFold.grid(of: log, through: through)
  }
}
