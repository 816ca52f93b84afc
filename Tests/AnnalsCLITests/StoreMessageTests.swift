import Foundation
import Testing

/// What is wrong beside the record is reported as what it is, and not as a record that was altered.
@Suite struct StoreMessageTests {
  private static let append = "annals append actor.registered kind=state --recorder tester"

  // MARK: A write-ahead log of another file

  /// A copy is put back, and the write-ahead log of a later state or of another store stays there.
  @Test(arguments: ["same", "other"]) func aLeftoverWriteAheadLogIsNamed(
    _ origin: String
  ) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let source = origin == "same" ? "demo.annals" : "source.annals"
    let made = try await program.shell(
      "annals backup copy.annals -s demo.annals; annals init source.annals --demo --recorder t")
    try #require(made.status == 0, "\(made.errors)")
    let reading = try OpenTransaction(program.folder.appendingPathComponent(source).path)
    let saved = try await program.shell(
      """
      set -e
      for n in 1 2 3; do \(Self.append) actor=A$n name=N$n -s \(source); done
      cp \(source) crashed.annals; cp \(source)-wal crashed.annals-wal
      cp copy.annals back.annals; cp \(source)-wal back.annals-wal; cp copy.annals kept.annals
      """)
    reading.end()
    try #require(saved.status == 0, "\(saved.errors)")
    for command in ["verify", "show USA ukraine-integrity", Self.append + " actor=Z name=Z"] {
      let line = command.hasPrefix("annals") ? command : "annals " + command
      let outcome = try await program.shell(line + " -s back.annals")
      #expect(outcome.status == 65 && outcome.errors.contains("error[E1404]"), "\(outcome)")
      #expect(outcome.errors.contains("/back.annals-wal belongs to another file"), "\(outcome)")
    }
    let mended = try await program.shell(
      "cmp back.annals kept.annals && rm back.annals-*; annals verify -s back.annals")
    #expect(mended.status == 0 && mended.output.hasPrefix("verified  306 events"), "\(mended)")
    // The same state with its own file is that of a program that was killed.
    let crashed = try await program.shell("annals verify -s crashed.annals")
    #expect(crashed.output.hasPrefix("verified  309 events"), "\(crashed)")
  }

  // MARK: Files of the user's own

  @Test func aViewThatStopsIsNoFaultOfTheRecord() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let sql = """
      -- projection: names
      -- version: 1
      CREATE TABLE actor_name (actor TEXT PRIMARY KEY CHECK (actor <> 'bad')) STRICT;
      -- on actor.registered
      INSERT INTO actor_name VALUES ($actor);
      """
    try program.write(sql, to: "views/names.sql")
    try program.write("projections: views\n", to: "annals.yaml")
    let good = try await program.shell(Self.append + " actor=good name=Good")
    #expect(good.status == 0 && !good.errors.contains("stopped"), "\(good)")
    let bad = try await program.shell(Self.append + " actor=bad name=Bad")
    #expect(bad.status == 0)
    #expect(bad.errors.contains("The view names has stopped at #308: CHECK constraint"), "\(bad)")
    let next = try await program.shell(Self.append + " actor=next name=Next")
    #expect(next.status == 0 && !next.errors.contains("stopped"), "\(next)")
    let found = try await program.run("verify")
    #expect(found.status == 1 && found.output.hasPrefix("verified  309 events"), "\(found)")
    #expect(found.errors.contains("error[E1504]: names has stopped at #308"), "\(found)")
    #expect(found.errors.contains("The record itself verifies."))
    #expect(!found.errors.contains("E1413"))
    // What was verified is remembered.
    #expect(try await program.run("verify", "--new", "--fast").status == 0)
  }

  @Test func anEditedSchemaIsNoFaultOfTheRecord() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let schema = """
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Strike held",
       "description": "A strike.", "type": "object",
       "properties": {"who": {"type": "string", "format": "slug", "description": "Who."}},
       "required": ["who"], "additionalProperties": false,
       "x-annals-tags": {"actor": ["who"]}, "x-annals-summary": "strike of {who}"}
      """
    try program.write(schema, to: "own/strike.held.v1.json")
    try program.write("schemas: own\nrecorder: tester\n", to: "annals.yaml")
    #expect(try await program.run("append", "strike.held", "who=USA").status == 0)
    #expect(try await program.run("verify").status == 0)
    try program.write(
      schema.replacing(#""x-annals-tags": {"actor": ["who"]}, "#, with: ""),
      to: "own/strike.held.v1.json")
    let found = try await program.run("verify")
    #expect(found.status == 1 && found.output.hasPrefix("verified  307 events"), "\(found)")
    #expect(found.errors.contains("error[E1511]: #307 has other tags"), "\(found)")
  }

  @Test func aProgramWhoseIndexIsCutOffSaysSo() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let told = try await program.shell(
      """
      annals watch --after 306 -s demo.annals > seen & watcher=$!
      until [ -s demo.annals-shm ]; do sleep 0.1; done; sleep 1
      : > demo.annals-shm; wait $watcher; echo $?
      """)
    #expect(told.output == "74\n")
    #expect(told.errors.contains("error[E1420]: another program cut off a file"), "\(told)")
    #expect(try await program.run("verify").status == 0)
  }

  // MARK: Receipts

  @Test(arguments: ["> /dev/full", ">&-", "| true"])
  func aReceiptThatCannotBeWrittenSaysWhatIsStored(_ output: String) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let one = try await program.shell(
      "(\(Self.append) actor=A name=A; echo $? >&2) \(output); ls demo.annals*")
    #expect(one.errors.contains("the event is stored: #307  "), "\(one)")
    #expect(one.errors.contains("error[E1409]") && one.errors.hasSuffix("74\n"), "\(one)")
    // The store was closed.
    #expect(!one.output.contains("-wal"))
    let several = try await program.shell(
      """
      for n in 1 2 3; do
      echo '{"type":"actor.registered","data":{"actor":"B'$n'","kind":"state","name":"B"}}'; done > l
      (annals import l --recorder t -q; echo $? >&2) \(output)
      """)
    #expect(several.errors.contains("3 events are stored, #308 to #310"), "\(several)")
    let erased = try await program.shell(
      "(annals erase 307 --reason law --recorder t -q; echo $? >&2) \(output)")
    #expect(erased.errors.contains("#311  erased the payload of #307"), "\(erased)")
  }

  /// A file that is opened in place of a closed stream would be written to.
  @Test func closedStreamsAreNotTakenByFiles() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let outcome = try await program.shell(
      "annals show USA ukraine-integrity <&- >&- 2>&-; echo $?; annals verify | head -c 8")
    #expect(outcome.lines == ["74", "verified"], "\(outcome)")
  }

  // MARK: Positions

  @Test func aRecordThatIsShorterThanExpectedIsReportedAsThat() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let short = try await program.shell(Self.append + " actor=A name=A --expect 400")
    #expect(short.status == 3, "\(short)")
    #expect(short.errors.contains("error[E1302]: the record ends at #306, before #400"), "\(short)")
    let long = try await program.shell(Self.append + " actor=A name=A --expect 300")
    #expect(long.errors.contains("events were appended since"), "\(long)")
    let range = try await program.run("export", "--since", "10", "--until", "5")
    #expect(range.status == 64 && range.errors.contains("--until 5 comes before --since 10"))
  }

  // MARK: Little memory, few descriptors

  /// Below what the system's loader needs (127), no program of ours runs yet.
  @Test func littleMemoryIsAnErrorOfTheSystem() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let outcome = try await program.shell(
      """
      for n in 60000 80000 100000 120000 150000 180000 220000 300000 1000000; do
      (ulimit -v $n; annals verify -s demo.annals) > out 2> err
      echo "$? $(head -1 err)"
      done
      """)
    for line in outcome.lines {
      #expect(line.hasPrefix("0 ") || line.hasPrefix("127 ") || line.hasPrefix("74 error[E1409]"))
    }
    #expect(outcome.lines.last == "0 " && outcome.lines.contains { $0.hasPrefix("74") })
  }

  /// With every limit there is an answer or an error; the record is never called damaged or altered.
  @Test(arguments: ["show USA ukraine-integrity", "verify", "backup copy.annals", "doctor"])
  func fewDescriptorsAreAnErrorOfTheSystem(_ command: String) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let outcome = try await program.shell(
      """
      for n in 4 5 6 8 10 12 15 20 30 36 40 48; do
      rm -f copy.annals
      (ulimit -n $n; annals \(command) -s demo.annals) > out 2> err
      echo "$n $? $(head -1 err)"
      done
      annals verify -s demo.annals | head -c 8
      """)
    #expect(outcome.lines.last == "verified" && outcome.lines.count == 13, "\(outcome.lines)")
    for line in outcome.lines.dropLast() {
      let words = line.split(separator: " ", maxSplits: 2)
      #expect(words[1] == "0" || words[1] == "74", "\(line)")
      if words[1] == "74" { #expect(line.contains("error[E1409]"), "\(line)") }
    }
    #expect(outcome.lines.contains { $0.hasPrefix("48 0") }, "\(outcome.lines)")
  }
}
