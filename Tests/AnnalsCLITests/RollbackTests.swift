import Foundation
import Testing

/// An older file in the place of the store, and answers whose evidence was erased since.
@Suite struct RollbackTests {
  private static let append = "annals append actor.registered kind=state --recorder tester"

  @Test(arguments: ["verify", "verify --fast", "verify --new"])
  func anOlderCopyIsNoticedAndTheEvidenceKept(_ command: String) async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let made = try await program.shell(
      """
      export ANNALS_STORE=demo.annals
      annals backup copy.annals && \(Self.append) actor=A name=A && annals verify --fast &&
      cp copy.annals demo.annals && cp demo.annals.verified kept
      """)
    try #require(made.status == 0, "\(made)")
    let found = try await program.shell("annals \(command) -s demo.annals")
    #expect(found.status == 1 && found.output.hasPrefix("NOT VERIFIED  306 events"), "\(found)")
    #expect(
      found.errors.contains("demo.annals.verified covers #307, and the record ends at #306"),
      "\(found)")
    #expect(try program.read("demo.annals.verified") == program.read("kept"))
    // Every other command says so too.
    let shown = try await program.shell("annals show USA ukraine-integrity -s demo.annals")
    #expect(shown.status == 0 && shown.errors.contains("#307 was verified once"), "\(shown)")
    let accepted = try await program.shell("annals verify --forget -s demo.annals")
    #expect(accepted.status == 0, "\(accepted)")
    #expect(try program.read("demo.annals.verified") != program.read("kept"))
    let again = try await program.shell("annals verify -s demo.annals")
    #expect(again.status == 0 && !again.errors.contains("verified once"), "\(again)")
  }

  /// The same length, another history.
  @Test func anotherHistoryIsNoticed() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let made = try await program.shell(
      """
      annals verify --fast && annals init other.annals --demo --recorder t &&
      cp other.annals demo.annals && cp demo.annals.verified kept
      """)
    try #require(made.status == 0, "\(made)")
    let found = try await program.shell("annals verify -s demo.annals")
    #expect(found.status == 1, "\(found)")
    #expect(found.errors.contains("not those that demo.annals.verified covers"), "\(found)")
    #expect(try program.read("demo.annals.verified") == program.read("kept"))
  }

  @Test func aDamagedMemoryIsReportedAsThat() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    try program.write("nonsense", to: "demo.annals.verified")
    let found = try await program.run("verify")
    #expect(found.status == 65 && found.output.hasPrefix("verified  306 events"), "\(found)")
    #expect(found.errors.contains("error[E1702]: demo.annals.verified is damaged"), "\(found)")
    #expect(!found.errors.contains("E1413"))
    #expect(try program.read("demo.annals.verified") == "nonsense")
    #expect(try await program.run("verify", "--forget").status == 0)
    #expect(try await program.run("verify").status == 0)
  }

  @Test func aPinnedAnswerSaysThatPayloadsWereErasedSince() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let question = "annals show USA ukraine-integrity --on 2025-02-24 --known-by '#300'"
    let report = "annals report USA ukraine-integrity --on 2025-02-24 --known-by '#300' --format md"
    let before = try await program.shell(question)
    let printed = try await program.shell(report)
    #expect(printed.status == 0, "\(printed)")
    #expect(!before.output.contains("erased") && !printed.output.contains("erased"))
    // What was appended later does not show in it.
    let later = try await program.shell(Self.append + " actor=A name=A")
    #expect(later.status == 0)
    let erasedLater = try await program.shell("annals erase 307 --reason law --recorder t")
    #expect(erasedLater.status == 0, "\(erasedLater)")
    #expect(try await program.shell(question).output == before.output)
    #expect(try await program.shell(report).output == printed.output)
    let erased = try await program.shell("annals erase 249 --reason law --recorder t")
    #expect(erased.status == 0, "\(erased)")
    let after = try await program.shell(question)
    #expect(after.output.contains("1 payload erased since: an earlier answer may differ"))
    let json = try await program.shell(question + " -o json")
    #expect(json.output.contains(#""erased_since": 1"#), "\(json.output)")
    let again = try await program.shell(report)
    #expect(again.output.contains("1 payload was erased since"), "\(again.output)")
    // Nothing was erased after the head.
    #expect(
      try await !program.shell("annals show USA ukraine-integrity").output.contains("erased since"))
  }
}
