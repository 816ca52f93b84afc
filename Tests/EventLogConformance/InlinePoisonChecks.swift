import EventLog
import Testing

/// Events that an inline projection cannot take in: the append goes through, the projection stops.
struct InlinePoisonChecks {
  let open: InlineLogFactory

  init(_ open: @escaping InlineLogFactory) { self.open = open }

  /// What may go wrong for one event, and what the reason says.
  private enum Poison: String, CaseIterable {
    case thrown = "will not have it"
    case constraint = "UNIQUE"
    case notNull = "NOT NULL"
    case syntax = "incomplete input"
    case values = "2 values for 1"
    // SQLite ends the whole transaction at these two.
    case rollback = "UNIQUE constraint"
    case endless = "took longer"

    /// Each has done some of its work when it fails.
    func statements(_ event: RecordedEvent) throws -> [ProjectionStatement] {
      let first = ProjectionStatement.seen(event, in: "seen")
      let again = event.position.rawValue
      switch self {
      case .thrown:
        throw PoisonEvent(position: event.position, reason: "the projection will not have it")
      case .constraint: return [first, .seen(event, in: "seen")]
      case .notNull: return [first, .init("UPDATE seen SET type = NULL")]
      case .syntax: return [first, .init("INSERT INTO seen VALUES (")]
      case .values:
        return [first, .init("DELETE FROM seen WHERE seq = ?1", rows: [[.null, .null]])]
      case .rollback:
        return [first, .init("INSERT OR ROLLBACK INTO seen VALUES (\(again), 'x')")]
      case .endless:
        return [
          first,
          .init(
            """
            INSERT INTO seen WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
            SELECT i, 'x' FROM n WHERE i < 0
            """),
        ]
      }
    }

    /// Fails at events of the type "bad.done" in this way.
    var projection: SampleProjection {
      SampleProjection(definition: .seen("seen")) { event, _ in
        event.type.name == "bad.done"
          ? try statements(event) : [.seen(event, in: "seen")]
      }
    }
  }

  /// Stops alike in all three ways, and stays stopped.
  func poisonEvents() async throws {
    for poison in Poison.allCases {
      let projection = poison.projection
      let inline = try await open("inline-\(poison)", [projection])
      let following = try await open("following-\(poison)", [])
      let rebuilt = try await open("rebuilt-\(poison)", [])
      for log in [inline, following] { try await Projector(log: log).catchUp(projection) }
      for log in [inline, following, rebuilt] {
        try await log.append([.sample(1), .sample(2)])
        let append = try await log.append([.sample(3), .sample(4, type: "bad.done"), .sample(5)])
        #expect(append.entries.map(\.position) == [3, 4, 5], "\(poison)")
        #expect(try await log.append([.sample(6)]).entries[0].position == 6)
      }
      // Inline it has stopped by itself.
      #expect(try await inline.projection("seen")?.failure?.position == 4, "\(poison)")
      for log in [inline, following, rebuilt] {
        for _ in 0..<2 {
          let error = await #expect(throws: PoisonEvent.self, "\(poison)") {
            try await Projector(log: log).catchUp(projection)
          }
          #expect(error?.position == 4, "\(poison)")
        }
        let (state, rows) = try #require(try await log.seen(by: projection))
        #expect(state.position == 3 && rows == [1, 2, 3], "\(poison)")
        #expect(state.failure?.position == 4, "\(poison)")
        #expect(state.failure?.reason.contains(poison.rawValue) == true, "\(state)")
        // Nothing is skipped; the log itself goes on.
        try await log.append([.sample(7)])
        #expect(try await log.seen(by: projection)?.state == state)
        let status = try await Projector(log: log).status(of: projection)
        #expect(status.lag == 4 && status.failure == state.failure)
        let checked = try #require(try await Projector(log: log).check(projection))
        #expect(checked.differences.isEmpty && checked.state.failure?.position == 4)
        await log.close()
      }
    }
  }

  /// Appends that share a commit with a poison event are stored, and projections beside go on.
  func poisonSparesTheGroup() async throws {
    for poison in [Poison.constraint, .rollback, .endless] {
      let bad = poison.projection
      let good = SampleProjection.everyEvent(name: "good")
      let log = try await open("log-\(poison)", [bad, good])
      for projection in [bad, good] { try await Projector(log: log).catchUp(projection) }
      try await withThrowingTaskGroup { group in
        for number in 0..<40 {
          group.addTask {
            let type = number == 20 ? "bad.done" : "thing.done"
            try await log.append([.sample(number, type: type)])
          }
        }
        try await group.waitForAll()
      }
      let stored = try await log.everything()
      #expect(stored.count == 40)
      let position = try #require(stored.first { $0.type.name == "bad.done" }?.position)
      #expect(try await log.seen(by: good)?.rows == Array(1...40))
      let stopped = try #require(try await log.seen(by: bad))
      #expect(stopped.state.failure?.position == position)
      #expect(stopped.rows == (1...40).filter { $0 < position.rawValue })
      await log.close()
    }
  }

  /// A rebuild that gets past the event starts the projection again.
  func poisonIsGotOver() async throws {
    let log = try await open("log", [Poison.constraint.projection])
    let bad = Poison.constraint.projection
    try await Projector(log: log).catchUp(bad)
    try await log.append([.sample(1), .sample(2, type: "bad.done"), .sample(3)])
    let failed = try await Projector(log: log).rebuild(bad)
    #expect(failed.position == 1 && failed.failure?.position == 2 && failed.wasEqual == true)
    // The same definition, in a program that was mended.
    let mended = SampleProjection.everyEvent()
    let rebuilt = try await Projector(log: log).rebuild(mended)
    #expect(rebuilt.position == 3 && rebuilt.failure == nil)
    #expect(try await log.seen(by: mended)?.rows == [1, 2, 3])
    // Another definition needs nobody to ask for a rebuild.
    try await log.append([.sample(4, type: "bad.done")])
    #expect(try await log.projection("seen")?.failure?.position == 4)
    let next = SampleProjection.everyEvent(version: 2)
    #expect(try await Projector(log: log).catchUp(next) == 4)
    #expect(try await log.projection("seen")?.failure == nil)
    await log.close()
  }

  /// What a column has by itself must be the same at each replay as well.
  func defaultsAreConfined() async throws {
    for expression in ["(random())", "CURRENT_TIMESTAMP", "(hex(randomblob(8)))"] {
      let definition = ProjectionDefinition(
        name: "seen", version: 1, tables: ["seen"],
        schema: "CREATE TABLE seen (seq INTEGER PRIMARY KEY, x DEFAULT \(expression))")
      let projection = SampleProjection(definition: definition) { event, _ in
        [
          ProjectionStatement(
            "INSERT INTO seen (seq) VALUES (?1)", rows: [[.integer(event.position.rawValue)]])
        ]
      }
      let log = try await open("log-\(expression.utf8.count)", [projection])
      try await Projector(log: log).catchUp(projection)
      try await log.append([.sample(1)])
      #expect(try await log.projection("seen")?.failure?.position == 1, "\(expression)")
      #expect(try await Projector(log: log).rebuild(projection).failure?.position == 1)
      await log.close()
    }
  }

  func statementsAreConfined() async throws {
    let other = SampleProjection.everyEvent(name: "other")
    let forbidden = [
      "DELETE FROM event", "UPDATE event SET body = '{}'", "DROP TABLE event", "DROP TABLE seen",
      "INSERT INTO other VALUES (99, 'x')", "DELETE FROM other", "DELETE FROM projection",
      "UPDATE projection SET position = 0", "INSERT INTO seen SELECT 99, body FROM event",
      "INSERT INTO seen SELECT 99, count(*) FROM event", "CREATE TABLE more (x)",
      "INSERT INTO seen SELECT 99, type FROM other", "CREATE TEMP TABLE seen (x)",
      "INSERT INTO seen SELECT 99, name FROM sqlite_master", "ALTER TABLE seen RENAME TO stolen",
      "CREATE TRIGGER t AFTER INSERT ON seen BEGIN SELECT 1; END", "CREATE VIEW v AS SELECT 1",
      "COMMIT", "ROLLBACK", "SAVEPOINT x", "RELEASE event", "ROLLBACK TO event",
      "PRAGMA user_version = 9", "PRAGMA writable_schema = ON", "ATTACH ':memory:' AS x", "VACUUM",
      "ANALYZE", "INSERT INTO seen VALUES (99, random())",
      "INSERT INTO seen VALUES (99, hex(randomblob(4)))", "SELECT load_extension('x')",
      "INSERT INTO seen VALUES (last_insert_rowid() + 99, 'x')",
      "INSERT INTO seen VALUES (99, 'x'); DELETE FROM event",
    ]
    for (number, sql) in forbidden.enumerated() {
      let projection = SampleProjection(definition: .seen("seen")) { event, _ in
        event.type.name == "bad.done" ? [ProjectionStatement(sql)] : [.seen(event, in: "seen")]
      }
      let log = try await open("log-\(number)", [other, projection])
      for one in [other, projection] { try await Projector(log: log).catchUp(one) }
      try await log.append([.sample(1), .sample(2, type: "bad.done"), .sample(3)])
      let inline = try #require(try await log.seen(by: projection), "\(sql)")
      #expect(inline.rows == [1] && inline.state.failure?.position == 2, "\(sql)")
      #expect(try await log.seen(by: other)?.rows == [1, 2, 3], "\(sql)")
      // Where there is nothing but the tables of its own it is the same.
      let rebuilt = try await Projector(log: log).rebuild(projection)
      #expect(rebuilt.failure?.position == 2 && rebuilt.wasEqual == true, "\(sql)")
      #expect(try await log.everything().count == 3, "\(sql)")
      await log.close()
    }
  }
}
