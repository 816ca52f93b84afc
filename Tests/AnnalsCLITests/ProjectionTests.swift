import Foundation
import Testing

/// A folder of the user's own projections, from the command line.
@Suite struct ProjectionTests {
  private static let speakers = """
    -- projection: speakers
    -- version: 1
    CREATE TABLE speaker_statement (seq INTEGER PRIMARY KEY, speaker TEXT, text TEXT) STRICT;
    -- on statement.made
    INSERT INTO speaker_statement VALUES (:seq, $speaker, $text);
    -- on fact.corrected
    UPDATE speaker_statement SET text = coalesce($text, text) WHERE seq = :root;
    -- on fact.retracted
    DELETE FROM speaker_statement WHERE seq = :target;
    """

  /// The demo with a folder that holds one projection, named in annals.yaml.
  private func program(_ sql: String = speakers) async throws -> Program {
    let program = try await demo()
    _ = try await program.shell("mkdir views")
    try program.write(sql, to: "views/speakers.sql")
    try program.write("projections: views\nrecorder: ana\n", to: "annals.yaml")
    return program
  }

  private func append(_ program: Program, _ text: String, _ more: String = "") async throws {
    let made = try await program.shell(
      "annals append statement.made speaker=dmitry-peskov kind=quote text='\(text)' \(more)")
    #expect(made.status == 0, "\(made.errors)")
  }

  /// `replay --list` of one view: version, mode, position, lag, failed, reason.
  private func listed(_ program: Program, _ name: String = "speakers") async throws -> [String] {
    let list = try await program.run("replay", "--list", "-o", "tsv")
    #expect(list.status == 0, "\(list.errors)")
    let line = list.output.split(separator: "\n").first { $0.hasPrefix(name + "\t") } ?? ""
    return line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }

  private func rows(_ program: Program, _ sql: String) async throws -> [String] {
    let python =
      "import sqlite3,sys; [print(*r, sep='|') for r in sqlite3.connect("
      + "'file:demo.annals?mode=ro', uri=True).execute(sys.argv[1])]"
    let found = try await program.shell("python3 -c \"\(python)\" \"\(sql)\"")
    #expect(found.status == 0, "\(found.errors)")
    return found.lines
  }

  @Test func it_follows_rebuilds_and_is_checked_like_the_built_in_ones() async throws {
    let program = try await program()
    defer { program.cleanUp() }
    let before = try await listed(program)
    #expect(before[3...5] == ["inline", "", "306"])
    try await append(program, "one")
    #expect(try await listed(program)[4...5] == ["307", "0"])
    // Somebody without the folder leaves it behind; the next who has it catches up.
    _ = try await program.shell("mkdir none")
    try await append(program, "two", "--projections none")
    #expect(try await listed(program)[4...5] == ["307", "1"])
    let behind = try await program.run("replay", "speakers", "--check")
    #expect(behind.status == 0 && behind.output.contains("#307  equals a fresh replay"))
    try await append(program, "three")
    #expect(try await listed(program)[4...5] == ["309", "0"])
    #expect(
      try await program.run("correct", "308", "--set", "text=two!", "--reason", "r").status == 0)
    #expect(try await program.run("retract", "309", "--reason", "r").status == 0)
    let check = try await program.run("replay", "--check", "-o", "csv")
    #expect(check.status == 0)
    #expect(check.output.contains("speakers,311,true,0,,"))
    let replayed = try await program.run("replay", "speakers", "-o", "tsv")
    #expect(replayed.output.hasSuffix("speakers\t1\t311\ttrue\t\t\n"), "\(replayed.output)")
    #expect(try await program.run("doctor").output.contains("view speakers"))
    let unknown = try await program.run("replay", "speaker")
    #expect(unknown.status == 4 && unknown.errors.contains("did you mean \"speakers\""))
    // Reading needs no projections; a folder that is wrong keeps nobody from it.
    #expect(try await program.run("log", "--projections", "nowhere").status == 0)
  }

  @Test(.enabled(if: Program.hasPython, "needs Python 3"))
  func an_edited_file_is_built_anew_and_a_row_from_outside_is_found() async throws {
    let program = try await program()
    defer { program.cleanUp() }
    try await append(program, "one")
    let first = try await listed(program)
    try program.write(
      Self.speakers.replacing("$speaker, $text", with: "upper($speaker), $text")
        .replacing("version: 1", with: "version: 2"), to: "views/speakers.sql")
    let stale = try await listed(program)
    #expect(stale[1] == "2" && stale[2] != first[2] && stale[4...5] == ["", "307"])
    let never = try await program.run("replay", "speakers", "--check")
    #expect(never.status == 0 && never.output.contains("never run"))
    try await append(program, "two")
    #expect(try await listed(program)[4...5] == ["308", "0"])
    #expect(
      try await rows(
        program, "SELECT speaker, text FROM speaker_statement WHERE seq > 306 ORDER BY seq")
        == ["DMITRY-PESKOV|one", "DMITRY-PESKOV|two"])
    _ = try await program.shell(
      "python3 -c \"import sqlite3; d = sqlite3.connect('demo.annals');"
        + " d.execute('DELETE FROM speaker_statement WHERE seq = 307'); d.commit()\"")
    let differs = try await program.run("replay", "--check")
    #expect(differs.status == 1 && differs.errors.contains("error[E1505]"))
    #expect(differs.output.contains("speaker_statement: missing: 307 | DMITRY-PESKOV | one"))
    let mended = try await program.run("replay", "speakers", "-o", "json")
    #expect(mended.output.contains("\"was_equal\": false"))
    #expect(try await program.run("replay", "--check").status == 0)
  }

  @Test func a_view_that_was_given_another_name_can_have_its_tables() async throws {
    let program = try await program()
    defer { program.cleanUp() }
    _ = try await program.run("replay")
    let renamed = Self.speakers.replacingOccurrences(of: ": speakers", with: ": talkers")
    try program.write(renamed, to: "views/speakers.sql")
    let taken = try await program.run("replay", "talkers")
    #expect(taken.status == 78 && taken.errors.contains("error[E1506]"), "\(taken.errors)")
    #expect(taken.errors.contains("--forget"))
    let list = try await program.run("replay", "--list")
    let line = try #require(list.lines.first { $0.hasPrefix("speakers") })
    #expect(line.hasSuffix("no file describes it"))
    for (arguments, status, code) in [
      ("--forget", 64, "E1001"), ("--forget speakers --check", 64, "E1001"),
      ("--forget speakers positions", 4, "E1204"), ("--forget speaker", 4, "E1204"),
    ] as [(String, Int32, String)] {
      let result = try await program.shell("annals replay \(arguments)")
      #expect(result.status == status && result.errors.contains("error[\(code)]"), "\(arguments)")
    }
    let before = try await rows(program, "SELECT count(*) FROM speaker_statement")
    #expect(try await program.run("replay", "--forget", "speakers").status == 0)
    let gone = "SELECT count(*) FROM sqlite_schema WHERE name = 'speaker_statement'"
    #expect(try await rows(program, gone) == ["0"])
    #expect(try await program.run("replay", "talkers").status == 0)
    #expect(try await rows(program, "SELECT count(*) FROM speaker_statement") == before)
    #expect(try await program.run("verify").status == 0)
  }

  @Test func a_poison_event_stops_the_view_and_not_the_append() async throws {
    let program = try await program(
      Self.speakers.replacing("text TEXT)", with: "text TEXT CHECK (text <> 'bad'))"))
    defer { program.cleanUp() }
    try await append(program, "good")
    try await append(program, "bad")
    try await append(program, "good again")
    let stopped = try await listed(program)
    #expect(stopped[4...6] == ["307", "2", "308"])
    #expect(stopped[7].hasPrefix("CHECK constraint failed"), "\(stopped)")
    let check = try await program.run("replay", "--check")
    #expect(
      check.status == 1 && check.errors.contains("error[E1504]: speakers has stopped at #308"))
    #expect(check.output.contains("votes      #309  equals"))
    let replay = try await program.run("replay")
    #expect(replay.status == 65 && replay.errors.contains("error[E1504]"))
    #expect(try await program.run("replay", "--list").output.contains("stopped at #308: CHECK"))
    // Mended, it gets over it with the next append.
    try program.write(Self.speakers, to: "views/speakers.sql")
    try await append(program, "last")
    #expect(try await listed(program)[4...7] == ["310", "0", "", ""])
    #expect(try await program.run("replay", "--check").status == 0)
  }

  @Test func a_bad_file_keeps_anything_from_being_written() async throws {
    let program = try await program(Self.speakers.replacing("$text)", with: "$txt)"))
    defer { program.cleanUp() }
    try program.write("-- projection: x\n", to: "views/other.sql")
    for command in [["replay", "--list"], ["retract", "1", "--reason", "r"], ["doctor"]] {
      let refused = try await program.shell("annals " + command.joined(separator: " "))
      #expect(refused.status == 78, "\(command) \(refused.errors)")
      #expect(
        refused.errors.contains("error[E1506]: speakers.sql:5:55: statement.made has no field"))
      #expect(refused.errors.contains("other.sql:1:1: the projection makes no table"))
    }
    #expect(try await program.run("export").lines.count == 306)
    let missing = try await program.run("replay", "--projections", "nowhere")
    #expect(missing.status == 78 && missing.errors.contains("folder of projections \"nowhere\""))
    // Another name for the same tables: they are the first one's.
    try program.write(Self.speakers, to: "views/speakers.sql")
    _ = try await program.shell("rm views/other.sql; annals replay -q")
    try program.write(
      Self.speakers.replacing(": speakers", with: ": talkers"), to: "views/speakers.sql")
    let taken = try await program.run("replay")
    #expect(taken.status == 78 && taken.errors.contains("is that of another projection, speakers"))
  }
}
