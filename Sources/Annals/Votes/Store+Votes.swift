import EventLog

/// What is recorded of one roll call.
struct RollCallRecord {
  /// The accounts of the roll call itself that hold, in log order.
  var held: [Fact] = []
  /// The accounts of votes that hold, by voter after merges: of votes as a member, and of casting votes.
  var ordinary: [String: VoteAccounts] = [:]
  var casting: [String: VoteAccounts] = [:]
  /// What all of them come to.
  var counted: VoteRollCall

  /// Votes in it count nowhere: all accounts of it were taken back, or its result is `annulled`.
  var isAnnulled = false
  /// All who are recorded as voters, those of an annulled roll call too, by id after merges.
  var voters: Set<String> = []

  /// The account that is gone by.
  var main: Fact? { held.goneBy }

  /// By voter, the vote that tells where the voter stands: see `CastingVote`.
  var votes: [String: VoteAccounts] { ordinary.merging(casting) { ordinary, _ in ordinary } }

  /// The cells of the grid, by voter.
  var cells: [String: VoteCell] { votes.mapValues { VoteCell($0.reading) } }
}

extension Store {
  /// One roll call and the votes in it, as a position has them.
  func record(ofRollcall id: String, through: Position) async throws -> RollCallRecord {
    let facts = try await facts(
      ["rollcall.held", "vote.cast"], underAnyOf: [.rollcall(id)], through: through
    ).filter { $0.fields.rollcall == id }
    var record = RollCallRecord(counted: VoteRollCall(id: id))
    record.held = facts.filter { $0.holds && $0.type == "rollcall.held" }
    var rollcalls = HeldRollCalls<String>()
    for fact in facts where fact.type == "rollcall.held" {
      rollcalls.add(
        id,
        .init(
          bounds: fact.time?.bounds, origin: fact.fields.origin,
          isAnnulled: fact.fields.isAnnulled), holds: fact.holds)
    }
    record.isAnnulled = rollcalls.isAnnulled(id)
    let cast = try await reader(through).dated(
      facts.filter { $0.holds && $0.type == "vote.cast" })
    let merged = try await mergedIDs(
      of: Set(record.held.compactMap(\.fields.body) + cast.compactMap(\.fields.voter)),
      through: through)
    record.counted.take(
      record.held.map(\.rollCallAccount),
      titles: try await titles(
        ofMotions: Set(record.held.compactMap(\.fields.motion)), through: through),
      canonical: { merged[$0] ?? $0 })
    func accounts(_ votes: [Fact]) -> [String: VoteAccounts] {
      Dictionary(grouping: votes) { fact in
        fact.fields.voter.map { merged[$0] ?? $0 } ?? ""
      }.compactMapValues(VoteAccounts.init)
    }
    record.ordinary = accounts(cast.filter { !$0.fields.isCasting })
    record.casting = accounts(cast.filter(\.fields.isCasting))
    record.voters = Set(record.votes.keys)
    if record.isAnnulled { (record.ordinary, record.casting) = ([:], [:]) }
    record.counted.voters = record.votes.count
    for vote in record.ordinary.values {
      record.counted.count(vote.reading, weight: vote.weight)
    }
    for vote in record.casting.values {
      record.counted.count(vote.reading, weight: vote.weight, isCasting: true)
    }
    return record
  }

  /// What motions are called by the accounts that were not taken back.
  func titles(
    ofMotions motions: Set<String>, through: Position
  ) async throws -> MotionTitles {
    var titles = MotionTitles()
    let tags = motions.map { Tag(kind: "motion", value: $0) }
    for fact in try await facts(["motion.tabled"], underAnyOf: tags, through: through)
    where fact.holds {
      if let motion = fact.fields.motion {
        titles.add(fact.fields.title, of: motion, by: fact.recordedSources)
      }
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

extension Fact {
  /// The sources that it was recorded with, without those of corrections.
  var recordedSources: Set<String> {
    Set(EventBody(root.event.body).sources.map(\.source))
  }

  /// What it says of a roll call.
  var rollCallAccount: VoteRollCall.Account { (time, fields, recordedSources) }
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
    let voters = Set(votes.map(\.voter))
    let merges = try await reader(through).merges(of: voters)
    let ids = Dictionary(uniqueKeysWithValues: voters.map { ($0, merges.ids(of: $0)) })
    var items = votes.flatMap { vote in
      (ids[vote.voter] ?? [vote.voter]).sorted().flatMap {
        Amendment.items(["vote.cast"], [.rollcall(vote.rollcall), .actor($0)])
      }
    }
    // Of many votes all that their voters have cast are read.
    if items.count > RecordReader.mostItems {
      items = ids.values.joined().sorted().flatMap { Amendment.items(["vote.cast"], [.actor($0)]) }
    }
    let events = try await log.events(matching: items, through: through)
    let current = Dictionary(
      ids.flatMap { voter, ids in ids.map { ($0, voter) } }
    ) { first, _ in first }
    let facts = try await facts(of: events, through: through).filter {
      $0.holds && $0.type == "vote.cast"
    }
    let grouped = Dictionary(grouping: facts) { fact in
      let voter = fact.fields.voter ?? ""
      return RecordedVote(
        rollcall: fact.fields.rollcall ?? "", voter: current[voter] ?? voter)
    }
    return grouped.compactMapValues { facts in
      VoteAccounts(CastingVote.read(facts, isCasting: \.fields.isCasting))?.main.position
    }
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
