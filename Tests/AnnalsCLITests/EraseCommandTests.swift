import Foundation
import Testing

/// `annals erase`: what is gone, from everywhere, and what stays.
@Suite struct EraseCommandTests {
  /// A demo record with a statement (#307) that was corrected (#308), and a fact behind them (#309);
  /// nothing else in it holds this word.
  private static let secret = "quokkafish"

  private func record() async throws -> Program {
    let program = try await demo()
    try program.write(
      #"{"type":"statement.made","on":"2025-03","data":{"speaker":"dmitry-peskov","#
        + #""kind":"quote","text":"The \#(Self.secret) swims","about":{"topics":"#
        + #"["ukraine-integrity"]},"stance":{"topic":"ukraine-integrity","level":-1}},"#
        + #""sources":[{"source":"kremlin-praises-us","locator":"\#(Self.secret)-1"}]}"# + "\n",
      to: "said.ndjson")
    for command in [
      "import said.ndjson",
      "correct 307 --set 'text=The \(Self.secret) sleeps' --reason 'not \(Self.secret) swims'",
      "append statement.made speaker=Peskov kind=quote text=after --on 2025-04",
    ] {
      let told = try await program.shell("annals \(command)")
      try #require(told.status == 0, "\(command): \(told.errors)")
    }
    return program
  }

  private struct Erased: Decodable {
    var by: Int?
    var erased: [Int]
    var alreadyErased: [Int]
    var mentions: [Int]
    var dryRun: Bool
  }

  @Test func what_was_erased_is_shown_nowhere() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let before = try await program.run("search", Self.secret)
    #expect(before.output.contains("#307") && before.output.contains("#308"))
    let report: Erased = try await program.ask("erase 307 --reason 'GDPR Art. 17'")
    #expect(report.by == 310 && report.erased == [307, 308] && report.alreadyErased == [])
    #expect(report.mentions == [] && !report.dryRun)
    for command in [
      "event 307", "event 308", "event 310", "event 307 --known-by '#309'", "log --limit 400",
      "log dmitry-peskov", "search swims", "search \(Self.secret)", "timeline dmitry-peskov",
      "timeline ukraine-integrity", "timeline dmitry-peskov --known-by '#307'",
      "show dmitry-peskov ukraine-integrity", "audit dmitry-peskov ukraine-integrity",
      "show dmitry-peskov ukraine-integrity --known-by '#309'", "diff --known-by '#306..#309'",
      "diff --known-by '#306..#310'", "actor dmitry-peskov", "source kremlin-praises-us",
      "health -n 400", "report dmitry-peskov ukraine-integrity", "list types", "export", "changes",
    ] {
      let hasFormats = !["report", "export"].contains(command.prefix(6))
      for format in hasFormats ? ["", " -o json"] : [""] {
        let told = try await program.shell("annals \(command)\(format)")
        #expect([0, 4].contains(told.status), "\(command): \(told.errors)")
        let all = told.output + told.errors
        let asked = command.contains(Self.secret) ? "\"\(Self.secret)\"" : "\u{0}"
        let isShown = all.replacing(asked, with: "").contains(Self.secret)
        #expect(!isShown, "\(command)\(format)")
      }
    }
    let event = try await program.run("event", "307")
    #expect(event.output.hasPrefix("#307  payload erased, see #310\n"))
    #expect(event.output.contains("statement.made.v1") && event.output.contains("2025-03"))
    let check = try await program.run("replay", "--check")
    #expect(check.status == 0 && check.output.contains("equals a fresh replay"))
    let verified = try await program.run("verify")
    #expect(verified.status == 0 && verified.output.contains("2 payloads erased"))
    try expectNoBytes(of: program)
  }

  /// Neither in the store nor in what SQLite keeps beside it.
  private func expectNoBytes(of program: Program) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    where name.hasPrefix("demo.annals") {
      let bytes = try Data(contentsOf: program.folder.appendingPathComponent(name))
      #expect(bytes.range(of: Data(Self.secret.utf8)) == nil, "\(name)")
    }
  }

  @Test func a_dry_run_erases_nothing() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let before = try await program.run("export")
    let dry: Erased = try await program.ask("erase 307 --reason law --dry-run")
    #expect(dry.by == nil && dry.erased == [307, 308] && dry.dryRun)
    let isUnchanged = try await program.run("export").output == before.output
    #expect(isUnchanged && before.output.contains(Self.secret))
  }

  @Test func it_does_not_come_back() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    _ = try await program.run("erase", "307", "--reason", "law")
    let again = try await program.run("import", "said.ndjson", "-o", "json")
    #expect(again.status == 0 && again.output.contains(#""already_present": 1"#))
    #expect(try await program.run("event", "307").output.hasPrefix("#307  payload erased"))
    // Once more says nothing anew, and names no erasure as what still speaks of it.
    let twice: Erased = try await program.ask("erase 307 --reason law")
    #expect(twice.by == nil && twice.alreadyErased == [307] && twice.mentions == [])
    for (arguments, status, code) in [
      ("erase 310 --reason law", 65, "E1120"), ("erase 999 --reason law", 4, "E1203"),
      ("erase 249", 64, "E1001"), ("erase 249 --reason ''", 64, "E1001"),
      ("correct 307 --set text=x --reason y", 3, "E1306"), ("retract 307 --reason y", 3, "E1306"),
    ] as [(String, Int32, String)] {
      let told = try await program.shell("annals \(arguments)")
      #expect(told.status == status, "\(arguments): \(told.errors)")
      let codes = told.errors.split(separator: "\n").filter { $0.hasPrefix("error[") }
      #expect(codes.count == 1 && codes[0].hasPrefix("error[\(code)]"), "\(told.errors)")
    }
    #expect(try await program.run("verify").output.hasPrefix("verified  310 events"))
    try expectNoBytes(of: program)
  }

  /// A settlement and a statement that only name it keep what they say, and are told of.
  @Test func others_that_name_it_are_told_of() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    for number in [249, 250] {
      let both = try await program.shell(
        "annals retract \(number) --reason 'x' && annals erase \(number) --reason law -o json")
      #expect(both.status == 0, "\(both.errors)")
    }
    let retraction = try await program.run("event", "310", "-o", "json")
    #expect(retraction.output.contains(#""erased""#))
    let show = try await program.run("show", "USA", "ukraine-integrity")
    #expect(show.status == 0 && !show.output.contains("#249"))
  }

  /// A dispute of two facts and its settlement keep what they say until both facts are erased.
  @Test func what_is_about_several_facts_goes_with_the_last() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let made = try await program.shell(
      Program.idOf + #" word=\#(Self.secret); for type in fact.disputed dispute.settled; do "#
        + #"printf '{"type":"%s","reason":"%s","target":["%s","%s"],"data":{}}\n' "#
        + "$type $word $(id 307) $(id 309); done | annals import -")
    #expect(made.status == 0, "\(made.errors)")
    let first: Erased = try await program.ask("erase 307 --reason law")
    #expect(first.erased == [307, 308] && first.mentions == [310, 311])
    let refused = try await program.run("erase", "310", "--reason", "law")
    #expect(refused.status == 65 && refused.errors.contains("#310 is a dispute of #309,"))
    #expect(try await program.run("event", "311").output.contains(Self.secret))
    let last: Erased = try await program.ask("erase 309 --reason law")
    #expect(last.erased == [309, 310, 311] && last.mentions == [])
    try expectNoBytes(of: program)
    #expect(try await program.run("verify").status == 0)
  }

  @Test func proofs_made_before_still_hold() async throws {
    let program = try await record()
    defer { program.cleanUp() }
    let key = try await program.run("key", "new", "k.key", "--name", "example.org/un").lines[0]
    _ = try await program.shell(
      "annals checkpoint --key k.key --out before && annals prove 307 --checkpoint before --out old"
        + " && annals prove 249 --checkpoint before --out other")
    _ = try await program.run("erase", "307", "--reason", "law")
    for proof in ["old", "other"] {
      let check = try await program.run("check-proof", proof, "--key", key)
      #expect(check.status == 0 && check.output.contains("Proved"), "\(check.errors)")
    }
    // The same proof made now shows the header alone; the old checkpoint still holds.
    let anew = try await program.shell(
      "annals prove 307 --checkpoint before --out new && annals check-proof new --key \(key)")
    #expect(anew.status == 0 && anew.output.contains("Proved"), "\(anew.errors)")
    #expect(!anew.output.contains(Self.secret))
    let verified = try await program.run("verify", "--checkpoint", "before", "--key", key)
    #expect(verified.status == 0, "\(verified.errors)")
  }
}
