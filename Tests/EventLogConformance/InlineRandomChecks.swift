import EventLog
import Testing

/// Random events, random ways to follow them: always the same rows.
struct InlineRandomChecks {
  let open: InlineLogFactory

  init(_ open: @escaping InlineLogFactory) { self.open = open }

  /// Rows that depend on earlier rows, on targets, on constraints and on the order of rows.
  private static let projection = SampleProjection(
    definition: ProjectionDefinition(
      name: "mixed", version: 1, tables: ["mixed", "tally", "journal"],
      schema: """
        CREATE TABLE mixed (seq INTEGER PRIMARY KEY, number INTEGER, last TEXT,
          twice INTEGER GENERATED ALWAYS AS (number * 2));
        CREATE TABLE tally (type TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX tally_count ON tally (count);
        CREATE TABLE journal (line TEXT);
        """),
    types: ["a.done", "b.done", "c.done"]
  ) { event, past in
    let seq = SQLValue.integer(event.position.rawValue)
    let type = SQLValue.text(event.type.name)
    if event.type.version == 13 {
      throw PoisonEvent(position: event.position, reason: "thirteen")
    }
    var statements = [
      ProjectionStatement(
        """
        INSERT INTO tally VALUES (?1, 1) ON CONFLICT DO UPDATE SET count = count + 1
        """, rows: [[type]]),
      ProjectionStatement(
        "INSERT INTO journal SELECT ?1 || ' ' || count(*) FROM mixed", rows: [[type]]),
    ]
    switch event.type.name {
    case "a.done":
      statements.append(
        ProjectionStatement(
          "INSERT INTO mixed (seq, number) VALUES (?1, ?1 % 7)", rows: [[seq]]))
    case "b.done":
      let targets = try event.event.targets.compactMap { try past.position(of: $0) }
      statements.append(
        ProjectionStatement(
          "UPDATE mixed SET number = number + 1, last = ?2 WHERE seq = ?1",
          rows: targets.map { [.integer($0.rawValue), .text(event.id.description)] }))
    default:
      // The number of a row without a key of its own, as rows are added and removed.
      statements.append(
        ProjectionStatement("DELETE FROM journal WHERE rowid % 5 = ?1 % 5", rows: [[seq]]))
    }
    return statements
  }

  func allWaysGiveTheSameRows() async throws {
    for seed in UInt64(1)...6 {
      var random = SeededRandom(seed)
      var batches = Self.batches(&random)
      if seed > 4 {
        batches[batches.count / 2].append(.sample(50_000, type: "a.done", version: 13))
      }
      let projection = Self.projection
      let inline = try await open("inline-\(seed)", [projection])
      try await Projector(log: inline).catchUp(projection)
      let following = try await open("following-\(seed)", [])
      _ = try? await Projector(log: following).catchUp(projection)
      let rebuilt = try await open("rebuilt-\(seed)", [])
      let mixed = try await open("mixed-\(seed)", [projection])
      let stranger = try await open("mixed-\(seed)", [])
      for batch in batches {
        for log in [inline, following, rebuilt] { try await log.append(batch) }
        try await (Bool.random(using: &random) ? mixed : stranger).append(batch)
        if Int.random(in: 0..<3, using: &random) == 0 {
          _ = try? await Projector(log: following).catchUp(projection)
        }
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: _ = try? await Projector(log: mixed).catchUp(projection)
        case 2: _ = try await Projector(log: stranger).rebuild(projection)
        default: break
        }
      }
      for log in [following, mixed] { _ = try? await Projector(log: log).catchUp(projection) }
      try await Projector(log: rebuilt).rebuild(projection)
      let expected = try await Self.contents(of: rebuilt)
      #expect(expected.rows.allSatisfy { !$0.isEmpty })
      #expect((expected.state.failure != nil) == (seed > 4))
      for log in [inline, following, mixed] {
        let found = try await Self.contents(of: log)
        #expect(found.rows == expected.rows, "seed \(seed)")
        #expect(found.state == expected.state, "seed \(seed)")
        let checked = try await Projector(log: log).check(projection)
        #expect(checked?.differences.isEmpty == true, "seed \(seed)")
      }
      for log in [inline, following, rebuilt, mixed, stranger] { await log.close() }
    }
  }

  private static func batches(_ random: inout SeededRandom) -> [[NewEvent]] {
    var number = 0
    var known: [EventID] = []
    return (0..<40).map { _ in
      (0..<Int.random(in: 1...9, using: &random)).map { _ in
        number += 1
        let type = ["a.done", "b.done", "c.done", "d.done"].randomElement(using: &random) ?? ""
        let targets = Set((0..<2).compactMap { _ in known.randomElement(using: &random) })
        let event = NewEvent.sample(
          number, type: type, targets: targets.sorted { $0.high < $1.high })
        known.append(event.id)
        return event
      }
    }
  }

  private static func contents(of log: any EventLog) async throws -> ProjectionContents {
    let tables = projection.definition.tables.map { table in
      (table: table, columns: table == "journal" ? ["rowid", "*"] : ["*"])
    }
    return try #require(try await log.contents(of: projection.definition, tables))
  }
}
