import EventLog

/// The stored view of votes: every roll call with its tallies, and every vote in it.
struct VotesProjection: FollowingProjection {
  let definition = ProjectionDefinition(
    name: "votes", version: 4, tables: ["vote_rollcall", "vote_block"],
    schema: SchemaFiles.text("sqlite/views/votes.sql"))

  let columns: [(table: String, columns: [String])] = [
    ("vote_rollcall", ["number"] + VoteRollCall.columns),
    ("vote_block", ["actor", "block", "cells"]),
  ]

  func rows(of log: any EventLog, through: Position) async throws -> [[[SQLValue]]] {
    try await VotesFold.grid(of: log, through: through).rows
  }

  /// As many events are taken one by one; beyond that the log is folded anew.
  private static let eventsAtOnce = 400

  func changes(
    in log: any EventLog, after: Position, through: Position
  ) async throws -> [ProjectionStatement] {
    let store = Store(log: log).asking(at: through)
    guard
      let touched = try await TouchedVotes(
        after: after, limit: Self.eventsAtOnce, from: store.reader(through))
    else {
      let rows = try await rows(of: log, through: through)
      return columns.map { ProjectionStatement("DELETE FROM \($0.table)") }
        + zip(columns, rows).map { Projector.insert(into: $0.table, $0.columns, $1) }
    }
    // What is touched may be named only by what was recorded after all this.
    let named = touched.rollcalls.map { [Tag.rollcall($0.id)] }
    try await store.reader(through).load(
      named.flatMap { tags in VotesFold.types.map { RecordReader.Filing(type: $0, tags: tags) } })
    var statements: [ProjectionStatement] = []
    for (touched, tags) in zip(touched.rollcalls, named)
    where try await !store.reader(through).events(VotesFold.types, under: [tags]).isEmpty {
      statements += try await self.statements(for: touched, store, through)
    }
    return statements
  }

  private static let upsert: String = {
    let columns = VoteRollCall.columns
    let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    let changes = columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    return """
      INSERT INTO vote_rollcall (number, \(columns.joined(separator: ", ")))
      VALUES ((SELECT coalesce(max(number) + 1, 0) FROM vote_rollcall), \(places))
      ON CONFLICT (rollcall) DO UPDATE SET \(changes)
      """
  }()

  private static let addBlock = """
    INSERT INTO vote_block (actor, block, cells)
    SELECT ?1, number / 1024, zeroblob(1024) FROM vote_rollcall WHERE rollcall = ?2
    ON CONFLICT DO NOTHING
    """

  private static let setCell = """
    UPDATE vote_block SET cells = (
      SELECT CAST(
        substr(cells, 1, number % 1024) || ?3 || substr(cells, number % 1024 + 2) AS BLOB)
      FROM vote_rollcall WHERE rollcall = ?2)
    WHERE actor = ?1 AND block = (SELECT number / 1024 FROM vote_rollcall WHERE rollcall = ?2)
    """

  private static let dropEmpty =
    "DELETE FROM vote_block WHERE actor = ?1 AND cells = zeroblob(1024)"

  /// Counts one roll call anew, and puts the votes in their places.
  private func statements(
    for touched: TouchedVotes.RollCall, _ store: Store, _ through: Position
  ) async throws -> [ProjectionStatement] {
    let record = try await store.record(ofRollcall: touched.id, through: through)
    let voters = try await store.mergedIDs(of: touched.voters, through: through)
    let cells = record.cells
    // Of a roll call that is annulled, or no longer, every vote counts otherwise than before.
    let touchedCells = Set(voters.keys).union(voters.values)
      .union(touched.isHeldAnew ? record.voters : []).sorted().map { voter in
        (voter: SQLValue.text(voter), cell: cells[voter] ?? .unrecorded)
      }
    let id = SQLValue.text(touched.id)
    return [
      ProjectionStatement(Self.upsert, rows: [record.counted.row]),
      ProjectionStatement(
        Self.addBlock, rows: touchedCells.filter { $0.cell != .unrecorded }.map { [$0.voter, id] }),
      ProjectionStatement(
        Self.setCell, rows: touchedCells.map { [$0.voter, id, .blob([$0.cell.rawValue])] }),
      ProjectionStatement(
        Self.dropEmpty, rows: touchedCells.filter { $0.cell == .unrecorded }.map { [$0.voter] }),
    ]
  }
}

/// The roll calls that events may change, and whose votes in them.
struct TouchedVotes {
  struct RollCall {
    var id: String
    var voters: Set<String> = []
    /// Whether an account of the roll call itself is among the events, or is amended by one.
    var isHeldAnew = false
  }

  /// Those that the log names for the first time stand in the order in which it does.
  private(set) var rollcalls: [RollCall] = []
  private var indices: [String: Int] = [:]

  /// Nil when everything must be looked at: after many events, and after actors were merged.
  init?(after position: Position, limit: Int, from reader: RecordReader) async throws {
    var collector = RowCollector(reader)
    guard
      let rows = try await collector.add(VotesFold.allTypes, after: position, limit: limit)
    else { return nil }
    guard let names = collector.names, !rows.isEmpty else { return }
    let chains = collector.chains(of: rows)
    if chains.values.contains(where: { $0.types.contains("actor.merged") }) { return nil }
    let motions = chains.values.lazy.filter { $0.types.contains("motion.tabled") }
      .flatMap(\.tags).filter { $0.kind == "motion" }
    try await collector.add(Set(motions).flatMap { RowCollector.items(["rollcall.held"], $0) })
    let index = collector.index(of: ["rollcall.held"])
    // What the events themselves name comes first, in their order: it may be new to the log.
    for row in rows where names.type(row.type).name != "motion.tabled" {
      for tag in row.tags.lazy.map(names.tag) where tag.kind == "rollcall" {
        add(String(tag.value))
      }
    }
    for row in rows {
      guard let chain = chains[row.position], !chain.types.isDisjoint(with: VotesFold.types)
      else { continue }
      let voters = chain.values("actor")
      for rollcall in chain.values("rollcall").sorted() {
        let index = add(rollcall)
        rollcalls[index].voters.formUnion(voters)
        if chain.types.contains("rollcall.held") { rollcalls[index].isHeldAnew = true }
      }
      guard chain.types.contains("motion.tabled") else { continue }
      let held = index.values(
        of: "rollcall", inRowsOf: "rollcall.held", under: chain.tags.filter { $0.kind == "motion" })
      for rollcall in held.sorted() { add(rollcall) }
    }
  }

  @discardableResult
  private mutating func add(_ rollcall: String) -> Int {
    if let index = indices[rollcall] { return index }
    indices[rollcall] = rollcalls.count
    rollcalls.append(RollCall(id: rollcall))
    return rollcalls.count - 1
  }
}
