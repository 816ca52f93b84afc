import Foundation
import Testing

/// What writers print, and that they write exactly that.
@Suite struct WritingTests {
  @Test func a_receipt_per_line_on_a_pipe() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let arguments = "append vote.cast rollcall=un-ga/ES-11/8 voter=France choice=yes"
    let first = try await program.shell("annals \(arguments) --on 2025-02-24")
    #expect(first.status == 0 && first.errors.isEmpty)
    let fields = first.output.split(separator: "\n")[0].split(separator: "\t")
    #expect(fields.count == 3 && fields[2] == "FRA voted yes on un-ga/ES-11/8")
    let again = try await program.shell("annals \(arguments) --on 2025-02-24")
    #expect(again.output == first.output)
    let events = try await program.run("log", "FRA", "--type", "vote.cast", "-o", "ndjson")
    #expect(events.lines.filter { $0.contains("ES-11/8") }.count == 1)
  }

  @Test(.enabled(if: Program.hasTerminal, "needs script(1) of util-linux"))
  func a_screen_is_told_which_stance_changed() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let result = try await program.terminal(
      "correct 249 --set choice=abstain --reason 'read the wrong row' --color never")
    #expect(result.status == 0)
    #expect(result.output.contains("Stance changed:  opposes → neutral"))
    #expect(result.output.contains("rule latest/2, from 2025-02-24"))
    #expect(result.output.contains("annals audit USA ukraine-integrity"))
  }

  @Test func a_dry_run_says_the_same_and_writes_nothing() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let before = try await program.run("export")
    for command in [
      "correct 249 --set choice=abstain --reason x", "retract 249 --reason x",
      "append stance.changed actor=USA topic=ukraine-integrity level=2 basis=declared --on 2025-06",
      "import more.ndjson",
    ] {
      try program.write(
        #"{"type":"statement.made","data":{"speaker":"dmitry-peskov","kind":"quote","text":"x"}}"#,
        to: "more.ndjson")
      let dry = try await program.shell("annals \(command) --dry-run")
      #expect(dry.status == 0, "\(command): \(dry.errors)")
      #expect(dry.errors.contains("Nothing was written (--dry-run)."), "\(command)")
      let after = try await program.run("export")
      let isUnchanged = after.output == before.output
      #expect(isUnchanged, "\(command)")
      let real = try await program.shell(
        "cp demo.annals copy; annals \(command) -s copy; rm copy*")
      #expect(real.output == dry.output, "\(command)")
    }
    let change = try await program.run(
      "correct", "249", "--set", "choice=abstain", "--reason", "x", "--dry-run")
    #expect(change.errors.contains("Stance would change:  opposes → neutral"))
  }

  @Test func fields_are_typed_by_the_schema() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let made = try await program.run(
      "append", "statement.made", "speaker=Peskov", "onBehalfOf=Russia", "kind=paraphrase",
      "text=one, two", "about.topics=ukraine-integrity,us-russia-ties", "about.actors=US",
      "stance.topic=ukraine-integrity", "stance.level=-1", "conditional=yes", "--on", "2025-03~",
      "--basis", "inferred", "--source", "kremlin-praises-us:p3", "--source", "https://x.org/a:b",
      "--via", "outlet:AP", "--confidence", "reported", "--note", "n")
    #expect(made.status == 0, "\(made.errors)")
    let seq = String(made.output.prefix { $0 != "\t" })
    let event = try await program.run("event", seq, "-o", "json")
    let object =
      try JSONSerialization.jsonObject(with: Data(event.output.utf8)) as? [String: Any] ?? [:]
    let data = object["data"] as? [String: Any] ?? [:]
    #expect(data["speaker"] as? String == "dmitry-peskov")
    #expect(data["onBehalfOf"] as? String == "RUS")
    #expect(data["text"] as? String == "one, two")
    #expect(data["conditional"] as? Bool == true)
    let about = data["about"] as? [String: [String]] ?? [:]
    #expect(about["topics"] == ["ukraine-integrity", "us-russia-ties"])
    #expect(about["actors"] == ["USA"])
    #expect((data["stance"] as? [String: Any])?["level"] as? Int == -1)
    #expect(object["on"] as? String == "2025-03~" && object["basis"] as? String == "inferred")
    let sources = object["sources"] as? [[String: String]] ?? []
    #expect(sources.map { $0["source"] } == ["kremlin-praises-us", "https://x.org/a:b"])
    #expect(sources[0]["locator"] == "p3")
    let via = object["via"] as? [[String: String]] ?? []
    #expect(via == [["kind": "outlet", "name": "AP"]])
    #expect(object["recorder"] as? String == "tester")
    #expect(object["chain"] is [Any])
  }

  @Test func corrections_and_retractions_stand_in_the_chain() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let made = try await program.run(
      "correct", "249", "--set", "choice=abstain", "--on", "2025-02-24", "--reason", "why not",
      "--recorder", "ben")
    #expect(made.status == 0, "\(made.errors)")
    let correction = String(made.output.prefix { $0 != "\t" })
    let taken = try await program.run("retract", "#\(correction)", "--reason", "it was right")
    #expect(taken.status == 0, "\(taken.errors)")
    let event = try await program.run("event", "249", "-o", "json")
    let object =
      try JSONSerialization.jsonObject(with: Data(event.output.utf8)) as? [String: Any] ?? [:]
    let chain = object["chain"] as? [[String: Any]] ?? []
    #expect(chain.first?["type"] as? String == "fact.corrected")
    #expect(chain.first?["reason"] as? String == "why not")
    #expect(chain.first?["recorder"] as? String == "ben")
    let show = try await program.run("show", "USA", "ukraine-integrity", "-o", "csv")
    #expect(show.output.contains("opposes"))
  }

  @Test func an_export_imported_elsewhere_says_the_same() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let copied = try await program.shell(
      "annals init copy.annals && annals export -s demo.annals | annals import - -s copy.annals")
    #expect(copied.status == 0, "\(copied.errors)")
    let question = ["audit", "USA", "ukraine-integrity", "-o", "tsv", "-s"]
    let first = try await program.shell("annals \(question.joined(separator: " ")) demo.annals")
    let second = try await program.shell("annals \(question.joined(separator: " ")) copy.annals")
    #expect(columns(first) == columns(second))
    let again = try await program.shell(
      "annals export -s demo.annals | annals import - -s copy.annals -o json")
    #expect(again.output.contains("\"appended\": 0"))
  }

  /// All but when and by whom it was recorded.
  private func columns(_ outcome: Program.Outcome) -> [[Substring]] {
    outcome.lines.map { Array($0.split(separator: "\t", omittingEmptySubsequences: false)[0..<9]) }
  }

  @Test func control_c_ends_an_import_between_batches() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    var events = ""
    for number in 1...60_000 {
      events += #"{"type":"statement.made","data":{"speaker":"dmitry-peskov","kind":"quote","#
      events += #""text":"number \#(number)"}}"# + "\n"
    }
    try program.write(events, to: "many.ndjson")
    let result = try await program.interrupt(after: 0.3, "import", "many.ndjson")
    #expect(result.status == 130, "\(result.errors)")
    let doctor = try await program.run("doctor")
    #expect(doctor.status == 0)
    // The demo alone, or with whole batches of 10,000.
    let head = doctor.lines.first { $0.hasPrefix("head") }?.split(separator: "#").last ?? ""
    let position = Int(head.prefix { $0.isNumber }) ?? 0
    #expect(position % 10_000 < 1000, "\(position)")
  }

  @Test func a_view_can_be_replayed_and_checked() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    #expect(try await program.run("replay").status == 0)
    let check = try await program.run("replay", "--check")
    #expect(check.status == 0 && check.output.contains("equals a fresh replay"))
  }

  /// Each field was looked for in a list that was made anew each time.
  @Test func a_type_may_have_thousands_of_fields() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let fields = (0..<9_000).map { "\"f\($0)\":{\"type\":\"string\"}" }.joined(separator: ",")
    try program.write("{\"type\":\"object\",\"properties\":{\(fields)}}", to: "own/a.b.v1.json")
    let added = try await program.run("append", "a.b", "f8999=x", "--schemas", "own")
    #expect(added.status == 0, "\(added.errors)")
  }
}
