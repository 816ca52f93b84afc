import EventLog

/// What is recorded of one roll call.
struct RollCallRecord {
  /// The accounts of the roll call itself that hold, in log order.
  var held: [Fact] = []
  /// The accounts of votes that hold, by voter after merges.
  var votes: [String: VoteAccounts] = [:]
  /// What all of them come to.
  var counted: VoteRollCall

  /// The account that dates the roll call most exactly; of equals the first.
  var main: Fact? { held.min { $0.time.uncertainty < $1.time.uncertainty } }

  /// The cells of the grid, by voter.
  var cells: [String: VoteCell] { votes.mapValues { VoteCell($0.reading) } }
}

extension Store {
  /// One roll call and the votes in it, as a position has them.
  func record(ofRollcall id: String, through: Position) async throws -> RollCallRecord {
    let facts = try await facts(
      ["rollcall.held", "vote.cast"], underAnyOf: [.rollcall(id)], through: through
    ).filter { $0.holds && $0.fields.rollcall == id }
    var record = RollCallRecord(counted: VoteRollCall(id: id))
    record.held = facts.filter { $0.type == "rollcall.held" }
    let cast = facts.filter { $0.type == "vote.cast" }
    let merged = try await mergedIDs(
      of: Set(record.held.compactMap(\.fields.body) + cast.compactMap(\.fields.voter)),
      through: through)
    record.counted.take(
      record.held.map { ($0.time, $0.fields) },
      titles: try await titles(
        ofMotions: Set(record.held.compactMap(\.fields.motion)), through: through),
      canonical: { merged[$0] ?? $0 })
    record.votes = Dictionary(grouping: cast) { fact in
      fact.fields.voter.map { merged[$0] ?? $0 } ?? ""
    }.compactMapValues(VoteAccounts.init)
    for accounts in record.votes.values { record.counted.count(accounts.reading) }
    return record
  }

  /// What motions are called: by the last account of each that was not taken back.
  func titles(
    ofMotions motions: Set<String>, through: Position
  ) async throws -> [String: String] {
    var titles: [String: String] = [:]
    let tags = motions.map { Tag(kind: "motion", value: $0) }
    for fact in try await facts(["motion.tabled"], underAnyOf: tags, through: through)
    where fact.holds {
      if let motion = fact.fields.motion { titles[motion] = fact.fields.title }
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
    let events = try await log.events(matching: items, through: through)
    let voters = Dictionary(
      ids.flatMap { voter, ids in ids.map { ($0, voter) } }
    ) { first, _ in first }
    let facts = try await facts(of: events, through: through).filter {
      $0.holds && $0.type == "vote.cast"
    }
    let grouped = Dictionary(grouping: facts) { fact in
      let voter = fact.fields.voter ?? ""
      return RecordedVote(
        rollcall: fact.fields.rollcall ?? "", voter: voters[voter] ?? voter)
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
