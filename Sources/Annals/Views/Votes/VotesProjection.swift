import EventLog

/// The stored view of votes: every roll call with its tallies, and every vote in it.
struct VotesProjection: Projection {
  let definition = ProjectionDefinition(
    name: "votes", version: 2, tables: ["vote_rollcall", "vote_block"],
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
    let events = try await log.read(
      EventQuery(types: VotesFold.allTypes),
      in: EventRange(after: after, through: through, limit: Self.eventsAtOnce))
    if events.isEmpty { return [] }
    guard events.count < Self.eventsAtOnce,
      let touched = try await TouchedVotes(events, in: Store(log: log))
    else {
      let rows = try await rows(of: log, through: through)
      return columns.map { ProjectionStatement("DELETE FROM \($0.table)") }
        + zip(columns, rows).map { Projector.insert(into: $0.table, $0.columns, $1) }
    }
    var statements: [ProjectionStatement] = []
    for touched in touched.rollcalls
    where try await Self.isNamed(touched.id, in: log, through: through) {
      statements += try await self.statements(for: touched, Store(log: log), through)
    }
    return statements
  }

  /// What is touched may be named only by what was recorded after all this.
  private static func isNamed(
    _ rollcall: String, in log: any EventLog, through: Position
  ) async throws -> Bool {
    try await !log.read(
      EventQuery(types: VotesFold.types, tags: [Tag(kind: "rollcall", value: rollcall)]),
      in: EventRange(through: through, limit: 1)
    ).isEmpty
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
    let counted = try await store.votes(in: touched.id, through: through)
    let voters = try await store.mergedIDs(of: touched.voters, through: through)
    let cells = Set(voters.keys).union(voters.values).sorted().map { voter in
      (voter: SQLValue.text(voter), cell: counted.cells[voter] ?? .unrecorded)
    }
    let id = SQLValue.text(touched.id)
    return [
      ProjectionStatement(Self.upsert, rows: [counted.rollcall.row]),
      ProjectionStatement(
        Self.addBlock, rows: cells.filter { $0.cell != .unrecorded }.map { [$0.voter, id] }),
      ProjectionStatement(
        Self.setCell, rows: cells.map { [$0.voter, id, .blob([$0.cell.rawValue])] }),
      ProjectionStatement(
        Self.dropEmpty, rows: cells.filter { $0.cell == .unrecorded }.map { [$0.voter] }),
    ]
  }
}

/// The roll calls that events may change, and whose votes in them.
struct TouchedVotes {
  struct RollCall {
    var id: String
    var voters: Set<String> = []
  }

  /// Those that the log names for the first time stand in the order in which it does.
  private(set) var rollcalls: [RollCall] = []
  private var indices: [String: Int] = [:]

  /// Nil when everything must be looked at: after actors were merged.
  init?(_ events: [RecordedEvent], in store: Store) async throws {
    for event in events {
      let (types, tags) = try await store.chain(of: event.event)
      if types.contains("actor.merged") { return nil }
      // Its own tags first, in their order: what they name may be new.
      if event.type.name != "motion.tabled" {
        for tag in event.event.tags where tag.kind == "rollcall" { add(String(tag.value)) }
      }
      guard !types.isDisjoint(with: VotesFold.types) else { continue }
      let voters = tags.filter { $0.kind == "actor" }.map { String($0.value) }
      for tag in tags where tag.kind == "rollcall" {
        rollcalls[add(String(tag.value))].voters.formUnion(voters)
      }
      guard types.contains("motion.tabled") else { continue }
      for motion in tags where motion.kind == "motion" {
        let held = try await store.log.read(
          Amendment.query(["rollcall.held"], [motion]), in: EventRange(through: event.position))
        for tag in held.flatMap(\.event.tags) where tag.kind == "rollcall" {
          add(String(tag.value))
        }
      }
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
