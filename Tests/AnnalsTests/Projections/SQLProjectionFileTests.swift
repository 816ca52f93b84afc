import EventLog
import SQLiteEventLog
import Testing

@testable import Annals

/// What a file of a user's own projection may say, and how wrong ones are told.
@Suite struct SQLProjectionFileTests {
  static let good = """
    /* Who said what. */
    -- projection: speakers
    -- version: 3
    -- A comment that means nothing; on statement.made it says so.
    CREATE TABLE speaker_statement (
      seq INTEGER PRIMARY KEY, speaker TEXT NOT NULL DEFAULT ';', level INTEGER -- as stated; not more
    ) STRICT;
    CREATE UNIQUE INDEX speaker_once ON speaker_statement (speaker, seq);

    --on statement.made
    INSERT INTO speaker_statement VALUES (:seq, $speaker, $stance::level);
    DELETE FROM speaker_statement WHERE seq < :seq AND speaker = $speaker AND level <> ':no';
    -- On fact.retracted , fact.corrected
    WITH gone AS (SELECT :target AS seq)
    DELETE FROM speaker_statement WHERE seq IN (SELECT seq FROM gone)
    """

  private static func read(
    _ files: [(String, String)], vocabulary: Vocabulary = .builtIn
  ) throws -> [SQLProjection] {
    try SQLProjection.read(
      files.map { (name: $0.0, bytes: Array($0.1.utf8)) }, vocabulary: vocabulary,
      findFaults: SQLiteEventLog.faults(of:schema:statements:))
  }

  private static func problems(_ files: [(String, String)]) throws -> [Problem] {
    do {
      _ = try read(files)
      return []
    } catch let problems as Problems {
      return problems.problems
    }
  }

  @Test func aGoodFile() throws {
    let projection = try #require(try Self.read([("a.sql", Self.good)]).first)
    #expect(projection.definition.name == "speakers")
    #expect(projection.definition.version == 3)
    #expect(projection.definition.tables == ["speaker_statement"])
    #expect(projection.types == ["fact.corrected", "fact.retracted", "statement.made"])
  }

  /// Any difference in the file makes the rows stale.
  @Test func theWholeTextIsInTheHash() throws {
    func hash(_ text: String) throws -> [UInt8]? {
      try Self.read([("a.sql", text)]).first?.definition.hash
    }
    let changes = [
      ("version: 3", "version: 4"), ("$stance::level", "7"), ("fact.retracted , ", ""),
      ("IN (SELECT", "NOT IN (SELECT"), ("speaker_once ON", "speaker_twice ON"),
    ]
    let first = try hash(Self.good)
    #expect(try hash(Self.good) == first)
    for (old, new) in changes {
      let changed = Self.good.replacing(old, with: new)
      #expect(changed != Self.good)
      #expect(try hash(changed) != first, "\(new)")
    }
  }

  /// One fault each, at a line, a column and a text, in an otherwise good file.
  @Test(arguments: [
    ("-- projection: speakers", "", 1, 1, "does not name its projection", nil),
    ("projection: speakers", "projection: Speakers", 2, 16, "\"Speakers\" is not a name", nil),
    ("version: 3", "version: three", 3, 13, "\"three\" is not a version", nil),
    ("version: 3", "version: 0", 3, 13, "\"0\" is not a version", nil),
    ("-- version: 3", "", 1, 1, "no version", nil),
    ("-- version: 3", "-- version: 3\n-- version: 4", 4, 13, "given twice", nil),
    ("speakers", "stances", 2, 16, "the name of a built-in view", nil),
    ("--on statement.made", "-- off", 11, 1, "only CREATE TABLE and CREATE INDEX", nil),
    ("statement.made\n", "statement.mad\n", 10, 6, "unknown type of event", "statement.made"),
    ("statement.made\n", "\n", 10, 5, "no type of event", nil),
    (", fact.corrected", ", fact.retracted", 13, 24, "named twice", nil),
    ("level <> ':no';", "level <> ':no'", 13, 4, "does not end", nil),
    ("$speaker,", "$speeker,", 11, 45, "statement.made has no field \"speeker\"", "$speaker"),
    ("::level", "::levels", 11, 55, "has no field \"stance.levels\"", "$stance::level"),
    ("$stance::level", "$kind::level", 11, 55, "has no field \"kind.level\"", nil),
    (":target AS", "$choise AS", 14, 22, "fact.retracted has no field \"choise\"", nil),
    ("(:seq,", "(:sec,", 11, 39, "no :sec in an event", ":seq"),
    ("(:seq,", "(:speaker,", 11, 39, "no :speaker in an event", nil),
    ("(:seq,", "(?1,", 11, 39, "?1 has no meaning", nil),
    ("(:seq,", "(@seq,", 11, 39, "@seq has no meaning", nil),
    ("DEFAULT ';'", "DEFAULT :seq", 6, 58, "without values of an event", nil),
    ("DELETE FROM speaker_statement WHERE seq <", "SELECT 1 WHERE 1 <", 12, 1, "inserts", nil),
    ("CREATE UNIQUE INDEX", "CREATE VIEW", 8, 1, "only CREATE TABLE and CREATE INDEX", nil),
    ("speaker_once ON", "speaker_statement ON", 8, 21, "made twice", nil),
    ("speaker_once ON", "stance_step ON", 8, 21, "belongs to the built-in view", nil),
    ("speaker_once ON", "event_id ON", 8, 21, "the log's own", nil),
    ("speaker_once ON", "sqlite_x ON", 8, 21, "not a name for a table", nil),
    ("speaker_once ON", "Once ON", 8, 21, "not a name for a table", nil),
    ("STRICT;", "STRIKT;", 7, 3, "unknown table option", nil),
    ("level INTEGER", "level INTEGRE", 6, 69, "unknown datatype", nil),
    ("':no'", "'now'", 12, 84, "something else at each replay", nil),
    ("':no'", "level_", 12, 84, "no such column: level_", nil),
    ("':no'", "\"no\"", 12, 84, "no such column: no", nil),
    ("':no'", "random()", 12, 84, "the function random is not allowed", nil),
    ("':no'", "(SELECT 1 FROM tag)", 12, 1, "read no tables but", nil),
    ("':no'", "'no", 12, 84, "does not end", nil),
    (
      "DELETE FROM speaker_statement WHERE seq <", "DELETE FROM event WHERE seq <", 12, 1,
      "no tables but", nil
    ),
    ("INSERT INTO", "INSERT OR ROLLBACK INTO", 11, 11, "take the append back", nil),
    ("VALUES (:seq, ", "VALUES (", 11, 13, "has 3 columns but 2 values", nil),
    (
      "DELETE FROM speaker_statement WHERE seq IN", "SELECT 1 WHERE 2 IN", 14, 1, "changes nothing",
      nil
    ),
  ])
  func aFault(
    old: String, new: String, line: Int, column: Int, message: String, suggestion: String?
  ) throws {
    let text = Self.good.replacing(old, with: new, maxReplacements: 1)
    try #require(text != Self.good)
    let problems = try Self.problems([("a.sql", text)])
    let problem = try #require(problems.first { $0.message.contains(message) }, "\(problems)")
    #expect(problem.code == .badProjection)
    #expect(problem.suggestion == suggestion)
    #expect(problem.position == InputLocation(file: "a.sql", line: line, column: column))
  }

  @Test func allFaultsOfAllFilesAreTold() throws {
    let other = Self.good.replacing("$speaker,", with: "$x,").replacing("seq <", with: "sec <")
    let problems = try Self.problems([("a.sql", other), ("b.sql", Self.good), ("c.sql", "?")])
    let places = problems.map { "\($0.position?.file ?? ""):\($0.position?.line ?? 0)" }
    #expect(places.prefix(2) == ["a.sql:11", "a.sql:12"])
    // The second file takes the name, the table and the index of the first.
    #expect(places.count { $0.hasPrefix("b.sql") } == 3)
    #expect(problems.contains { $0.message.contains("the projection in a.sql") })
    #expect(places.contains("c.sql:1"))
  }

  @Test func emptyAndOddFiles() throws {
    #expect(try Self.problems([("a.sql", "")]).count == 4)
    #expect(try Self.problems([("a.sql", "-- on")]).contains { $0.message.contains("no type") })
    #expect(try Self.problems([("a.sql", ";;;'")]).contains { $0.message.contains("not end") })
    #expect(try !Self.problems([("a.sql", "CREATE")]).isEmpty)
    #expect(try !Self.problems([("a.sql", "CREATE TABLE IF NOT")]).isEmpty)
    let faults = try? SQLProjection.read(
      [(name: "a.sql", bytes: [0xFF, 0xFE])], vocabulary: .builtIn, findFaults: { _, _, _ in [] })
    #expect(faults == nil)
    // No text whatever may end the program.
    var random = SplitMix(seed: 7)
    let bytes = Array(Self.good.utf8)
    for _ in 0..<400 {
      var mutant = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: 0..<mutant.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: mutant.remove(at: at)
        case 1: mutant[at] = UInt8.random(in: 0...255, using: &random)
        default: mutant.removeSubrange(at..<min(mutant.count, at + 40))
        }
      }
      _ = try? SQLProjection.read(
        [(name: "a.sql", bytes: mutant)], vocabulary: .builtIn,
        findFaults: SQLiteEventLog.faults(of:schema:statements:))
    }
  }
}
