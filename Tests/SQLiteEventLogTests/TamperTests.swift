import EventLog
import SQLiteEventLog
import Testing

/// Other programs that write to the file: stopped by what is in it, or found out.
@Suite struct TamperTests {
  private static let row = """
    (seq, type, batch, id, leaf, salt, body) VALUES
    """
  private static let values = "zeroblob(32), zeroblob(16), x'7b7d')"

  /// Forms that the guards refuse.
  static let refused = [
    "UPDATE event SET body = x'7b7d'",
    "UPDATE OR REPLACE event SET seq = 2 WHERE seq = 3",
    "DELETE FROM event WHERE seq = 5",
    "INSERT OR REPLACE INTO event \(row) (3, 1, 1, randomblob(16), \(values)",
    "REPLACE INTO event \(row) (6, 1, 1, (SELECT id FROM event WHERE seq = 2), \(values)",
    "INSERT INTO event \(row) (3, 1, 1, randomblob(16), \(values) ON CONFLICT (seq) DO UPDATE SET body = x'7b7d'",
    "INSERT INTO event \(row) (6, 1, 1, (SELECT id FROM event WHERE seq = 2), \(values) ON CONFLICT (id) DO UPDATE SET body = x'7b7d'",
    "INSERT INTO event \(row) (-1, 1, 1, randomblob(16), \(values)",
    "INSERT INTO event \(row) (0, 1, 1, randomblob(16), \(values)",
    "INSERT INTO event \(row) (7, 1, 1, randomblob(16), \(values)",
    "INSERT INTO event \(row) (9223372036854775807, 1, 1, randomblob(16), \(values)",
    "INSERT INTO event \(row) (NULL, 1, 1, randomblob(16), \(values)",
    "INSERT INTO event \(row) (6, 1, 1, (SELECT id FROM event WHERE seq = 2), \(values)",
    "PRAGMA ignore_check_constraints = ON; INSERT INTO event \(row) (-1, 1, 1, x'00', \(values)",
    "INSERT INTO event \(row) (6, 1, 1, x'00', \(values)",
    "INSERT INTO event \(row) (6, 1, 7, randomblob(16), \(values)",
    "UPDATE batch SET recorded = 1", "DELETE FROM batch",
    "INSERT OR REPLACE INTO batch VALUES (1, 1, 1, 'forged')",
    "INSERT INTO batch VALUES (9, 4000000000000000, 1, NULL)",
    "INSERT INTO batch VALUES (6, 1, 1, NULL)",
    "UPDATE name SET text = 'x' WHERE id = 1", "DELETE FROM name",
    "INSERT OR REPLACE INTO name VALUES (1, 2, 'a:forged')",
    "INSERT OR REPLACE INTO name SELECT max(id) + 1, 2, 'all:x' FROM name",
    "INSERT INTO name VALUES (99, 2, 'a:gap')",
    "UPDATE tag SET more = 0", "DELETE FROM tag",
    "UPDATE shape SET text = 'x'", "DELETE FROM shape", "INSERT INTO shape VALUES (99, 'x')",
    "INSERT OR REPLACE INTO shape VALUES (1, 'x'); INSERT OR REPLACE INTO shape VALUES (1, 'y')",
  ]

  /// Forms that go through, and are found out when the log is next opened.
  static let foundOut = [
    "DROP TRIGGER event_update",
    "DROP TABLE tag",
    "DROP INDEX event_id",
    "DROP TRIGGER event_update; CREATE TRIGGER event_update BEFORE UPDATE ON event BEGIN SELECT 1; END",
    "DROP VIEW log; ALTER TABLE event RENAME TO old; CREATE TABLE event AS SELECT * FROM old",
    "DROP VIEW log; DROP TABLE event; CREATE VIEW event AS SELECT 1 AS seq",
    "CREATE TRIGGER more AFTER INSERT ON event BEGIN DELETE FROM projection; END",
    "CREATE TABLE extra (x)",
    "CREATE VIEW extra AS SELECT 1",
    "CREATE INDEX extra ON event (body)",
    "CREATE VIRTUAL TABLE extra USING fts5(x)",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'event stands', 'event stood') WHERE name = 'event_insert'",
    "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'event_delete'",
    "INSERT INTO projection VALUES ('p', 1, x'00', 'name_update', 0, NULL, NULL); CREATE TRIGGER x AFTER INSERT ON name BEGIN SELECT 1; END",
    "INSERT INTO batch VALUES (6, 4000000000000000, 1, NULL)",
    "INSERT INTO projection VALUES ('p', 1, x'00', 'event', 0, NULL, NULL)",
  ]

  private func makeLog(_ folder: TemporaryFolder) async throws -> [RecordedEvent] {
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    try await log.appendSamples(0..<3)
    try await log.appendSamples(3..<5)
    let events = try await log.everything()
    await log.close()
    return events
  }

  @Test(arguments: refused)
  func isRefused(_ sql: String) async throws {
    let folder = try TemporaryFolder()
    let before = try await makeLog(folder)
    do {
      let raw = try RawDatabase(folder.path("log"))
      #expect(throws: RawDatabase.Failure.self) { try raw.run(sql) }
    }
    let log = try await SQLiteEventLog.open(at: folder.path("log"))
    #expect(try await log.everything() == before)
    try await log.appendSamples(5..<6)
    #expect(try await log.head().position == 6)
    await log.close()
  }

  @Test(arguments: foundOut)
  func isFoundOut(_ sql: String) async throws {
    let folder = try TemporaryFolder()
    _ = try await makeLog(folder)
    try RawDatabase(folder.path("log")).run(sql)
    for mode in [SQLiteEventLog.Mode.readWrite, .readOnly] {
      let error = await #expect(throws: EventLogError.self) {
        try await SQLiteEventLog.open(at: folder.path("log"), mode: mode)
      }
      #expect(error?.code == .tampered)
    }
  }

  @Test func guardsTakenAwayFromAnOpenLog() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    try await log.appendSamples(0..<3)
    try RawDatabase(folder.path("log")).run(
      "DROP TRIGGER event_delete; DELETE FROM event WHERE seq = 3")
    let error = await #expect(throws: EventLogError.self) { try await log.appendSamples(3..<4) }
    #expect(error?.code == .tampered)
    await log.close()
  }

  @Test func editsBehindRestoredGuards() async throws {
    let folder = try TemporaryFolder()
    _ = try await makeLog(folder)
    let path = folder.path("log")
    func edit(_ sql: String) throws {
      let raw = try RawDatabase(path)
      let trigger = try raw.text("SELECT sql FROM sqlite_schema WHERE name = 'event_update'")
      try raw.run("DROP TRIGGER event_update; \(sql); \(trigger)")
    }
    try edit("UPDATE event SET body = CAST('{\"number\":9}' AS BLOB) WHERE seq = 2")
    let log = try await SQLiteEventLog.open(at: path)
    let broken = try await log.everything().filter { $0.leafHash != $0.computedLeafHash }
    #expect(broken.map(\.position) == [2])
    await log.close()
    // The last event is hashed anew at each opening.
    try edit("UPDATE event SET body = CAST('{\"number\":9}' AS BLOB) WHERE seq = 5")
    let error = await #expect(throws: EventLogError.self) {
      try await SQLiteEventLog.open(at: path)
    }
    #expect(error?.code == .tampered)
  }

  @Test(arguments: ["0", "1", "9223372036854775807"])
  func rowsAddedToTheTagIndex(_ more: String) async throws {
    let folder = try TemporaryFolder()
    _ = try await makeLog(folder)
    // Overlaps with a row that is there, and hides what stands in that one.
    try RawDatabase(folder.path("log")).run(
      """
      INSERT OR REPLACE INTO tag SELECT name, seq, \(more) FROM tag
      WHERE more > 1 AND name = (SELECT id FROM name WHERE kind = 1) LIMIT 1
      """)
    let log = try await SQLiteEventLog.open(at: folder.path("log"))
    for order in [EventRange.Order.oldestFirst, .newestFirst] {
      let error = await #expect(throws: EventLogError.self) {
        try await log.read(EventQuery(types: ["thing.done"]), in: EventRange(order: order))
      }
      #expect(error?.code == .tampered)
    }
    await log.close()
  }
}
