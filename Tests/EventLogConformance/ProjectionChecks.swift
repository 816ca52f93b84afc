import EventLog
import Testing

/// What a projection may write, and when.
struct ProjectionChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  private static let counts = ProjectionDefinition(
    name: "counts", version: 1, tables: ["counts"],
    schema: "CREATE TABLE counts (key TEXT PRIMARY KEY, count INTEGER NOT NULL)")

  private static func state(
    _ position: Position, version: Int = 1, failure: ProjectionState.Failure? = nil
  ) -> ProjectionState {
    ProjectionState(
      name: "counts", version: version, definitionHash: Array(repeating: UInt8(version), count: 32),
      position: position, failure: failure)
  }

  private func change(
    from expected: ProjectionState?, to state: ProjectionState, rebuild: Bool = false,
    definition: ProjectionDefinition = counts, _ statements: [ProjectionStatement]
  ) -> ProjectionChange {
    ProjectionChange(
      definition: definition, expected: expected, state: state, rebuild: rebuild,
      statements: statements)
  }

  private static func insert(_ rows: [(String, Int64)]) -> ProjectionStatement {
    ProjectionStatement(
      "INSERT INTO counts (key, count) VALUES (?1, ?2)",
      rows: rows.map { [.text($0.0), .integer($0.1)] })
  }

  private func counts() async throws -> [[SQLValue]] {
    try await log.rows("SELECT key, count FROM counts ORDER BY key", [])
  }

  func projectionLifeCycle() async throws {
    try await log.append((0..<10).map { .sample($0) })
    #expect(try await log.projection("counts") == nil)
    let first = Self.state(4)
    try await log.write(change(from: nil, to: first, [Self.insert([("a", 1), ("b", 2)])]))
    #expect(try await log.projection("counts") == first)
    #expect(try await counts() == [[.text("a"), .integer(1)], [.text("b"), .integer(2)]])

    // Somebody who has not seen that is too late, and changes nothing.
    for late in [nil, Self.state(3), Self.state(4, version: 2)] {
      let error = await failure { () async throws(EventLogError) in
        try await log.write(change(from: late, to: Self.state(9), [Self.insert([("c", 3)])]))
      }
      #expect(error?.code == .projectionMoved)
    }
    let update = ProjectionStatement("UPDATE counts SET count = count + 1 WHERE key = 'a'")
    let second = Self.state(7, failure: .init(position: 8, reason: "no such actor"))
    try await log.write(change(from: first, to: second, [update, Self.insert([("c", 3)])]))
    #expect(try await log.projection("counts") == second)
    #expect(
      try await counts() == [
        [.text("a"), .integer(2)], [.text("b"), .integer(2)], [.text("c"), .integer(3)],
      ])

    // Another version has other tables; the old ones are gone.
    let wider = ProjectionDefinition(
      name: "counts", version: 2, tables: ["counts", "more_counts"],
      schema: """
        CREATE TABLE counts (key TEXT PRIMARY KEY, count INTEGER NOT NULL);
        CREATE INDEX counts_by_count ON counts (count);
        CREATE TABLE more_counts (key TEXT PRIMARY KEY);
        """)
    let third = Self.state(10, version: 2)
    try await log.write(
      change(from: second, to: third, rebuild: true, definition: wider, [Self.insert([("z", 26)])]))
    #expect(try await log.projection("counts") == third)
    #expect(try await counts() == [[.text("z"), .integer(26)]])
    #expect(try await log.rows("SELECT * FROM more_counts", []) == [])
    // The log goes on.
    #expect(try await log.append([.sample(100)]).entries[0].position == 11)

    // What follows from the log can be forgotten, and comes again.
    #expect(try await log.forgetProjection("counts"))
    #expect(try await !log.forgetProjection("counts"))
    #expect(try await log.projection("counts") == nil)
    #expect(try await log.read(.all, in: EventRange()).count == 11)
    try await log.write(change(from: nil, to: first, [Self.insert([("d", 4)])]))
    #expect(try await counts() == [[.text("d"), .integer(4)]])
  }

  func projectionFailsWhole() async throws {
    let first = Self.state(0)
    try await log.write(change(from: nil, to: first, [Self.insert([("a", 1)])]))
    let wrong: [[ProjectionStatement]] = [
      [Self.insert([("b", 2), ("a", 3)])],  // "a" is there
      [Self.insert([("b", 2)]), ProjectionStatement("INSERT INTO nowhere VALUES (1)")],
      [Self.insert([("b", 2)]), ProjectionStatement("this is not SQL")],
      [ProjectionStatement("INSERT INTO counts VALUES (?1, ?2)", rows: [[.text("b")]])],
    ]
    for statements in wrong {
      let error = await failure { () async throws(EventLogError) in
        try await log.write(change(from: first, to: Self.state(1), statements))
      }
      #expect(error?.code == .badStatement)
      #expect(try await counts() == [[.text("a"), .integer(1)]])
      #expect(try await log.projection("counts") == first)
    }
  }

  func projectionStatementsAreConfined() async throws {
    try await log.append([.sample(1, tags: ["a:1"])])
    let first = Self.state(0)
    try await log.write(change(from: nil, to: first, []))
    let other = ProjectionDefinition(
      name: "other", version: 1, tables: ["other"], schema: "CREATE TABLE other (x)")
    let otherState = ProjectionState(
      name: "other", version: 1, definitionHash: [1], position: 0)
    try await log.write(
      ProjectionChange(
        definition: other, expected: nil, state: otherState, rebuild: false, statements: []))
    let forbidden = [
      "DELETE FROM event", "UPDATE event SET body = '{}'", "DROP TABLE event",
      "INSERT INTO other VALUES (1)", "DROP TABLE other", "DELETE FROM projection",
      "CREATE TABLE unlisted (x)", "CREATE TEMP TABLE counts (x)",
      "CREATE TRIGGER t AFTER INSERT ON counts BEGIN SELECT 1; END",
      "CREATE VIEW v AS SELECT 1", "COMMIT", "PRAGMA user_version = 9",
      "ATTACH ':memory:' AS other_file", "ALTER TABLE counts RENAME TO stolen",
    ]
    for sql in forbidden {
      let error = await failure { () async throws(EventLogError) in
        try await log.write(change(from: first, to: first, [ProjectionStatement(sql)]))
      }
      #expect(error?.code == .badStatement, "\(sql)")
    }
    for sql in ["CREATE TABLE unlisted (x)", "CREATE TABLE other (x)", "DROP TABLE event"] {
      let definition = ProjectionDefinition(
        name: "third", version: 1, tables: ["third"], schema: sql)
      let state = ProjectionState(name: "third", version: 1, definitionHash: [1], position: 0)
      let error = await failure { () async throws(EventLogError) in
        try await log.write(
          ProjectionChange(
            definition: definition, expected: nil, state: state, rebuild: false, statements: []))
      }
      #expect(error?.code == .badStatement, "\(sql)")
      #expect(try await log.projection("third") == nil)
    }
    for name in ["event", "other", "sqlite_x", "Counts", "a b", ""] {
      let definition = ProjectionDefinition(name: "fourth", version: 1, tables: [name], schema: "")
      let state = ProjectionState(name: "fourth", version: 1, definitionHash: [1], position: 0)
      let error = await failure { () async throws(EventLogError) in
        try await log.write(
          ProjectionChange(
            definition: definition, expected: nil, state: state, rebuild: false, statements: []))
      }
      #expect(error?.code == (name == "other" ? .tableTaken : .badStatement), "\(name)")
    }
    #expect(try await log.read(.all, in: EventRange()).count == 1)
  }

  func rowsOnlyRead() async throws {
    try await log.append([.sample(1)])
    try await log.write(change(from: nil, to: Self.state(0), [Self.insert([("a", 1)])]))
    let forbidden = [
      "DELETE FROM counts", "INSERT INTO counts VALUES ('b', 1)", "DROP TABLE counts", "BEGIN",
      "COMMIT", "PRAGMA user_version", "PRAGMA query_only = OFF", "ATTACH ':memory:' AS x",
      "CREATE TEMP TABLE t (x)", "SELECT load_extension('x')", "", "SELECT 1; SELECT 2",
      "SELECT ?1", "SELECT nothing FROM counts", "SELECT \"a\" FROM counts", "VACUUM",
    ]
    for sql in forbidden {
      let error = await failure { () async throws(EventLogError) in _ = try await log.rows(sql, [])
      }
      #expect(error?.code == .badStatement, "\(sql)")
    }
    #expect(try await counts() == [[.text("a"), .integer(1)]])
    #expect(
      try await log.rows("SELECT count FROM counts WHERE key = ?1", [.text("a")]) == [[.integer(1)]]
    )
    #expect(try await log.head().position == 1)
  }

  func sqlValues() async throws {
    let definition = ProjectionDefinition(
      name: "counts", version: 1, tables: ["vals"], schema: "CREATE TABLE vals (n INTEGER, v)")
    let values: [SQLValue] = [
      .null, .integer(.min), .integer(.max), .real(1.5), .text(""), .text("é\u{301}😀"), .blob([]),
      .blob([0, 255, 1]), .text(String(repeating: "long", count: 5000)),
    ]
    let statement = ProjectionStatement(
      "INSERT INTO vals VALUES (?1, ?2)",
      rows: values.enumerated().map { [.integer(Int64($0.offset)), $0.element] })
    try await log.write(change(from: nil, to: Self.state(0), definition: definition, [statement]))
    let rows = try await log.rows("SELECT v FROM vals ORDER BY n", [])
    #expect(rows == values.map { [$0] })
  }
}
