import EventLog
import Foundation
import SQLiteEventLog
import Testing

@testable import Annals

/// What a user's own projection sees of events, and that it follows them.
@Suite struct SQLProjectionTests {
  private static let options = AppendOptions(recorder: "ana", note: "the batch's note")

  private func withStore(
    _ sql: String, _ body: (Store) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "annals-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var options = SQLiteEventLog.Options()
    let projections = try SQLProjection.read(
      [(name: "own.sql", bytes: Array(sql.utf8))], vocabulary: .builtIn,
      findFaults: SQLiteEventLog.faults(of:schema:statements:))
    options.inline = projections
    let log = try await SQLiteEventLog.create(
      at: folder.appendingPathComponent("a.annals").path, options: options)
    let store = Store(log: log, projections: projections)
    try await store.catchUp()
    for line in [
      #"{"type":"actor.registered","data":{"actor":"USA","kind":"state","name":"United States"}}"#,
      #"{"type":"topic.defined","data":{"topic":"t","proposition":"P."}}"#,
    ] {
      _ = try await store.append(Array(line.utf8), options: Self.options)
    }
    try await body(store)
    let checks = try await store.check(["own"])
    #expect(checks.map(\.differences) == [[]] && checks[0].failure == nil)
    #expect(checks[0].position == (try await log.head().position))
    #expect(try await store.replay(["own"]).map(\.wasEqual) == [true])
    await log.close()
  }

  private func append(_ store: Store, _ line: String) async throws -> Int64 {
    let report = try await store.append(Array(line.utf8), options: Self.options)
    return try #require(report.positions).upperBound.rawValue
  }

  @Test func everyNameIsBound() async throws {
    let names = SQLEnvelopeName.allCases.map(\.rawValue)
    let sql = """
      -- projection: own
      -- version: 1
      CREATE TABLE own_event (\(names.map { "e_\($0) ANY" }.joined(separator: ", "))) STRICT;
      CREATE TABLE own_field (text ANY, level ANY, conditional ANY, topics ANY, stance ANY,
        venue ANY) STRICT;
      -- on statement.made, fact.corrected
      INSERT INTO own_event VALUES (\(names.map { ":\($0)" }.joined(separator: ", ")));
      -- on statement.made
      INSERT INTO own_field VALUES
        ($text, $stance::level, $conditional, $about::topics, $stance, $venue);
      """
    try await withStore(sql) { store in
      let first = try await append(
        store,
        """
        {"type":"statement.made","on":"2025-02","basis":"explicit","confidence":"reported",\
        "id":"0198b6a0-2f4e-7c1d-9a3b-5d6e7f809112","note":"n",\
        "sources":[{"source":"https://a.example/x","locator":"p. 3"},{"source":"https://b.example"}],\
        "via":[{"kind":"outlet"}],"data":{"speaker":"USA","kind":"quote","text":"é'; --",\
        "stance":{"topic":"t","level":-2},"conditional":true,"about":{"topics":["t"]}}}
        """)
      let rows = try await store.log.rows("SELECT * FROM own_event", [])
      let row = Dictionary(uniqueKeysWithValues: zip(names, try #require(rows.first)))
      let event = try #require(try await store.event(at: Position(first)))
      #expect(row["seq"] == .integer(first) && row["root"] == .integer(first))
      #expect(row["id"] == .text("0198b6a0-2f4e-7c1d-9a3b-5d6e7f809112"))
      #expect(row["type"] == .text("statement.made") && row["version"] == .integer(1))
      #expect(row["on"] == .text("2025-02") && row["basis"] == .text("explicit"))
      #expect(
        row["earliest"] == .integer(1_738_368_000) && row["latest"] == .integer(1_740_787_200))
      #expect(row["confidence"] == .text("reported") && row["note"] == .text("n"))
      #expect(row["recorded"] == .text(event.batch.recorded.description))
      #expect(row["recorder"] == .text("ana") && row["batch"] == .integer(first))
      #expect(row["target"] == .null && row["targets"] == .null && row["reason"] == .null)
      #expect(row["source"] == .text("https://a.example/x:p. 3"))
      #expect(
        row["sources"]
          == .text(
            #"[{"locator":"p. 3","source":"https://a.example/x"},{"source":"https://b.example"}]"#))
      #expect(row["via"] == .text(#"[{"kind":"outlet"}]"#))
      #expect(
        row["data"]
          == .text(
            #"{"about":{"topics":["t"]},"conditional":true,"kind":"quote","speaker":"USA","#
              + #""stance":{"level":-2,"topic":"t"},"text":"é'; --"}"#))
      #expect(
        try await store.log.rows("SELECT * FROM own_field", []) == [
          [
            .text("é'; --"), .integer(-2), .integer(1), .text(#"["t"]"#),
            .text(#"{"level":-2,"topic":"t"}"#), .null,
          ]
        ])
      let fix = try await store.correct(
        .position(Position(first)), changes: [("text", "said")], reason: "misheard",
        options: Self.options)
      let correction = try #require(fix.positions).upperBound.rawValue
      let amendment = try await store.log.rows(
        """
        SELECT e_target, e_targets, e_root, e_reason, e_on, e_data FROM own_event
        WHERE e_seq = ?1
        """, [.integer(correction)])
      #expect(
        amendment == [
          [
            .integer(first), .text("[\(first)]"), .integer(first), .text("misheard"), .null,
            .text(#"{"text":"said"}"#),
          ]
        ])
    }
  }

  /// The pattern that the documentation gives: what is known of each fact after corrections,
  /// corrections of corrections, retractions and retractions of those.
  @Test func factsFollowTheirAmendments() async throws {
    let sql = """
      -- projection: own
      -- version: 1
      CREATE TABLE account (seq INTEGER PRIMARY KEY, fact INTEGER, text TEXT, withdrawn INTEGER);
      CREATE TABLE withdrawal (seq INTEGER PRIMARY KEY, target INTEGER);
      -- on statement.made, fact.corrected
      INSERT INTO account VALUES (:seq, :root, $text, 0);
      -- on fact.retracted
      INSERT INTO withdrawal VALUES (:seq, :target);
      UPDATE account SET withdrawn = 1 WHERE seq = :target;
      UPDATE account SET withdrawn = 0
      WHERE seq = (SELECT target FROM withdrawal WHERE seq = :target);
      """
    try await withStore(sql) { store in
      func text() async throws -> [[SQLValue]] {
        try await store.log.rows(
          """
          SELECT text FROM account AS latest WHERE withdrawn = 0 AND text IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM account WHERE fact = latest.fact AND seq > latest.seq
            AND withdrawn = 0 AND text IS NOT NULL)
          AND (SELECT withdrawn FROM account WHERE seq = latest.fact) = 0
          """, [])
      }
      let first = try await append(
        store, #"{"type":"statement.made","data":{"speaker":"USA","kind":"quote","text":"one"}}"#)
      func correct(_ seq: Int64, _ text: String) async throws -> Int64 {
        let report = try await store.correct(
          .position(Position(seq)), changes: [("text", .string(text))], reason: "r",
          options: Self.options)
        return try #require(report.positions).upperBound.rawValue
      }
      func retract(_ seq: Int64) async throws -> Int64 {
        let report = try await store.retract(
          .position(Position(seq)), reason: "r", options: Self.options)
        return try #require(report.positions).upperBound.rawValue
      }
      let two = try await correct(first, "two")
      let three = try await correct(two, "three")
      #expect(try await text() == [[.text("three")]])
      let gone = try await retract(three)
      #expect(try await text() == [[.text("two")]])
      _ = try await retract(gone)
      #expect(try await text() == [[.text("three")]])
      _ = try await retract(first)
      #expect(try await text() == [])
      let fact = try #require(
        try await store.facts(
          of: try await store.events(at: [Position(first)]), through: Position(.max)
        ).first)
      #expect(!fact.isLive && fact.data["text"] == "three")
    }
  }
}
