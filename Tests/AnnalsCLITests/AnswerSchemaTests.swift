import EventLog
import Foundation
import Testing

@Suite struct AnswerSchemaTests {
  /// A line in the shell for each kind of answer; `Program` checks each answer against its schema.
  private static let lines = [
    "append membership.held actor=USA group=un-sc period=1945-10-24/.. -o json",
    "init new.annals -o json", "doctor -o json", "show USA ukraine-integrity -o json",
    "show USA ukraine-integrity --history -o json",
    "show USA ukraine-integrity --on 1900 --exclude-type vote.cast -o json",
    "show USA ukraine-integrity --rule record/1 -o json", "audit USA ukraine-integrity -o json",
    "audit USA ukraine-integrity --history --possibly -o json",
    "compare USA RUS UKR ukraine-integrity -o json",
    "compare --bloc un-sc ukraine-integrity --on 2025-02-24 --every year -o json",
    "compare USA RUS ukraine-integrity --rule record/1 -o json",
    "diff USA ukraine-integrity --on 2022-01-01..2025-03-01 -o json",
    "diff USA ukraine-integrity --known-by '#100..#306' -o json",
    "diff --known-by '#0..#306' -o json", "changes --first -o json", "swings -o json",
    "rollcall un-ga/ES-11/7 -o json", "rollcall un-ga/ES-11/7 --bloc un-sc -o json",
    "rollcalls -o json", "agreement USA RUS --every year -o json",
    "agreement USA RUS --facts -o json", "agreement USA -o json", "agreement -o json",
    "timeline USA ukraine-integrity --history -o json", "log -n 20 -o json",
    "search Peskov -o json", "event 264 -o json", "actor USA -o json",
    "actor un-sc --on 2025-02-24 -o json", "source kremlin-praises-us -o json",
    "list actors -o json", "list types -o json", "list stances -o json", "health -o json",
    "append actor.named actor=USA name=America --dry-run -o json",
    "append actor.named actor=USA name=America -o json",
    "correct 264 --set choice=yes --reason 'A test.' --dry-run -o json",
    "retract 264 --reason 'A test.' --dry-run -o json",
    "erase 250 --reason 'A test.' --dry-run -o json", "replay -o json", "replay --check -o json",
    "replay --list -o json", "verify -o json", "backup copy.annals -o json",
    "export > export.ndjson; annals init whole.annals >&2; "
      + "annals import export.ndjson --exact -s whole.annals -o json",
    "doctor --salvage saved.annals -o json", "key new log.key --name example.org/log -o json",
    "checkpoint --key log.key --out check.txt -o json",
    "prove 264 --checkpoint check.txt --out fact.proof -o json",
    "check-proof fact.proof --key \"$(annals key show log.key)\" -o json", "explain rule -o json",
    "explain E1201 -o json", "explain -o json", "report USA ukraine-integrity -o json",
    "report USA RUS ukraine-integrity --every quarter -o json",
    "revisions USA ukraine-integrity -o json",
    "publish site --topic us-russia-ties -o json",
  ]

  @Test func every_answer_is_as_its_schema_promises_and_every_schema_has_an_answer() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    var seen: Set<String> = ["annals.problem.v2"]
    for line in Self.lines {
      let told = try await program.shell("export ANNALS_STORE=demo.annals; annals " + line)
      guard let id = AnswerSchemas.id(of: told.output) else {
        Issue.record("\(line): \(told.status) \(told.output.prefix(300))\(told.errors)")
        continue
      }
      seen.insert(id)
    }
    // Those that only the server answers are asked for in the tests of the server.
    let served = ["find", "head", "inclusion", "token"].map { "annals.\($0).v2" }
    #expect(seen.union(served) == Set(AnswerSchemas.all.keys))
    let wrong = try await program.shell("annals show Nobody x -s demo.annals -o json")
    #expect(wrong.status == 4 && wrong.errors.hasPrefix("{"))
  }

  @Test func names_in_every_schema_are_in_snake_case() throws {
    for id in AnswerSchemas.all.keys {
      let file = AnswerSchemas.folder.appendingPathComponent(
        id.dropFirst("annals.".count) + ".json")
      for name in Self.names(in: try JSON(parsing: [UInt8](try Data(contentsOf: file)))) {
        #expect(name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(id): \(name)")
      }
    }
  }

  /// The names of all properties.
  private static func names(in json: JSON) -> [String] {
    switch json {
    case .object(let members):
      members.flatMap { name, value in
        guard name == "properties", case .object(let properties) = value else {
          return names(in: value)
        }
        return properties.flatMap { [$0] + names(in: $1) }
      }
    case .array(let elements): elements.flatMap(names)
    default: []
    }
  }
}
