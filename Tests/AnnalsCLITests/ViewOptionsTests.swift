import Foundation
import Testing

/// What `diff`, `compare`, `changes`, `health` and the rules take for an argument, and what they say
/// to anything else.
@Suite(.sharedDemo) struct ViewOptionsTests {
  private let program: Program

  init() throws { program = try SharedDemo.program }

  struct Refusal: Sendable {
    var command: String
    var status: Int32
    var says: String

    init(_ command: String, _ status: Int32, _ says: String) {
      (self.command, self.status, self.says) = (command, status, says)
    }
  }

  private static let pair = "USA ukraine-integrity"

  static let refusals: [Refusal] = [
    .init("diff", 64, "nothing to compare"),
    .init("diff \(pair)", 64, "--on A..B  or  --known-by A..B"),
    .init("diff \(pair) --on 2022", 64, "nothing to compare"),
    .init("diff USA --on 2022..2023", 64, "an actor and a topic"),
    .init("diff USA RUS ukraine-integrity --on 2022..2023", 64, "an actor and a topic"),
    .init("diff --on 2022..2023", 64, "annals changes --since A --until B"),
    .init("diff \(pair) --on 2023..2022", 64, "did you mean \"2022..2023\"?"),
    .init("diff \(pair) --known-by '#9..#2'", 64, "did you mean \"#2..#9\"?"),
    .init("diff \(pair) --known-by '#9..2001'", 64, "runs backwards"),
    .init("diff --known-by '#9..2001'", 64, "runs backwards"),
    .init("diff \(pair) --on 2022..", 64, "write two moments as A..B"),
    .init("diff \(pair) --on ..2022", 64, "write two moments as A..B"),
    .init("diff \(pair) --on 2022..x", 64, "\"x\" is not an ISO date"),
    .init("diff \(pair) --on 2022..2023-02-30", 64, "does not exist"),
    .init("diff \(pair) --known-by 1..2", 64, "written with #"),
    .init("diff \(pair) --on 2022..2023 --known-by '#1..#2'", 64, "cannot both be a range"),
    .init("diff \(pair) --on 2022..2023 --known-by yesterdayish", 64, "not an ISO date"),
    .init("diff \(pair) --known-by '#1..#2' --on 2022-13", 64, "there is no month 13"),
    .init("diff --known-by '#1..#2' --on 2022", 64, "need an actor and a topic"),
    .init("diff --known-by '#1..#2' --possibly", 64, "need an actor and a topic"),
    .init("diff --known-by '#1..#2' --strong-only", 64, "need an actor and a topic"),
    .init("diff Nowhere ukraine-integrity --on 2022..2023", 4, "no actor \"Nowhere\""),
    .init("diff USA ukrane-integrity --on 2022..2023", 4, "did you mean \"ukraine-integrity\"?"),
    .init("compare", 64, "subjects"), .init("compare USA", 64, "needs actors and a topic"),
    .init("compare USA RUS", 4, "no topic \"RUS\""),
    .init("compare USA Nowhere ukraine-integrity", 4, "no actor \"Nowhere\""),
    .init("compare \(pair) --every decade", 64, "year, quarter, month"),
    .init("compare \(pair) --every yaer", 64, "did you mean \"year\"?"),
    .init("compare \(pair) --rule latest", 64, "did you mean \"latest/2\"?"),
    .init("show \(pair) --rule record/2", 64, "did you mean \"record/1\"?"),
    .init("show \(pair) --rule ''", 64, "latest/2, latest/1, record/1, classic/1"),
    .init("show \(pair) --every year", 64, "--rule record/1"),
    .init("show \(pair) --period 2022", 64, "--rule record/1"),
    .init("show \(pair) --rule record/1 --history", 64, "--history goes with latest/2"),
    .init("show \(pair) --rule record/1 --period 2022/..", 64, "no certain beginning and end"),
    .init("show \(pair) --rule record/1 --period 2023/2022", 64, "did you mean \"2022/2023\"?"),
    .init(
      "show \(pair) --rule record/1 --period '[2022,2024]'", 64, "no certain beginning and end"),
    .init("show \(pair) --rule record/1 --period 2022~", 64, "no certain beginning and end"),
    .init("show \(pair) --rule record/1 --period soon", 64, "not an ISO date"),
    .init("show \(pair) --evidence=-3", 64, "0 or more"),
    .init("show \(pair) --exclude-type vote", 64, "did you mean \"vote.cast\"?"),
    .init("audit \(pair) --exclude-type topic.linked", 64, "no type of evidence"),
    .init("compare \(pair) --exclude-source nope", 4, "no source \"nope\""),
    .init("changes --exclude-source jerusalem-pots", 4, "did you mean \"jerusalem-post\"?"),
    .init("changes --topic nope", 4, "no topic \"nope\""),
    .init("changes --actor nope", 4, "no actor \"nope\""),
    .init("changes --since 2025-13", 64, "--since 2025-13"),
    .init("changes --until then", 64, "not an ISO date"),
    .init("changes -n 0", 64, "at least one"), .init("changes --limit=-4", 64, "at least one"),
    .init("health --fail-on nope", 64, "late, thin, single-source"),
    .init("health --fail-on latte", 64, "did you mean \"late\"?"),
    .init("health --limit=-1", 64, "0 or more"), .init("health -n x", 64, "invalid"),
    .init("health Nowhere", 4, "no actor or topic \"Nowhere\""),
    .init("health --known-by x", 64, "not an ISO date"),
    .init("explain rule nope", 64, "latest/2, latest/1, record/1, classic/1"),
    .init("explain E1001 more", 64, "unexpected argument"),
    .init("log --on 2022-02-30", 64, "February 2022 has 28 days"),
    .init("log --on 2022..2023", 64, "--on 2022..2023"),
    .init("search text -n 0", 64, "at least one"),
  ]

  @Test func refusalsSayWhatToDo() async throws {
    for refusal in Self.refusals {
      let told = try await program.shell("annals \(refusal.command)")
      #expect(told.status == refusal.status, "\(refusal.command): \(told.errors)")
      #expect(told.errors.contains(refusal.says), "\(refusal.command): \(told.errors)")
      #expect(told.errors.hasPrefix("error[E") && told.output.isEmpty, "\(refusal.command)")
    }
  }

  @Test func exitCodesTellWhetherThereIsADifference() async throws {
    for (command, status) in [
      ("diff \(Self.pair) --on 2024..2025 --exit-code", 1),
      ("diff \(Self.pair) --on 2024..2025", 0),
      ("diff \(Self.pair) --on 2024..2024 --exit-code", 0),
      ("diff \(Self.pair) --known-by '#1..#9999' --exit-code", 1),
      ("diff \(Self.pair) --known-by '#9999..#9999' --exit-code", 0),
      ("diff --known-by '#1..#2' --exit-code", 1), ("diff --known-by '#2..#2' --exit-code", 0),
      ("health --fail-on late", 0), ("health --fail-on corrected", 0), ("health", 0),
      ("health --fail-on corrected --fail-on thin", 1),
      ("health --fail-on thin --known-by '#0'", 0),
    ] as [(String, Int32)] {
      let told = try await program.shell("annals \(command)")
      #expect(told.status == status && told.errors.isEmpty, "\(command): \(told.errors)")
      #expect(!told.output.isEmpty, "\(command)")
    }
  }

  @Test func everyFormatOfEveryView() async throws {
    let views = [
      "diff \(Self.pair) --on 2022..2025-03", "diff \(Self.pair) --known-by '#100..#306'",
      "diff --known-by '#100..#306'", "compare USA RUS ukraine-integrity",
      "compare USA RUS ukraine-integrity --every year --rule record/1", "changes", "health",
      "show \(Self.pair) --rule record/1", "show \(Self.pair) --rule classic/1 --every month",
      "explain rule", "audit \(Self.pair) --history",
    ]
    for view in views {
      for format in ["json", "ndjson"] {
        let told = try await program.shell("annals \(view) -o \(format)")
        #expect(told.status == 0, "\(view): \(told.errors)")
        for text in format == "json" ? [told.output] : told.lines {
          #expect(throws: Never.self) {
            try JSONSerialization.jsonObject(with: Data(text.utf8))
          }
        }
      }
      let csv = try await program.shell("annals \(view) -o csv")
      #expect(csv.status == 0 && csv.output.contains(","), "\(view): \(csv.errors)")
    }
  }
}

/// The worked history of the design through the program.
@Suite struct WorkedHistoryProgramTests {
  private struct Audit: Decodable {
    struct Step: Decodable {
      var from: String
      var to: String?
      var stance: StanceJSON
      var restsOn: String
    }
    var steps: [Step]
  }

  @Test func everyRowOfTheTable() async throws {
    let program = try Program()
    defer { program.cleanUp() }
    try program.write(
      """
      {"type":"actor.registered","data":{"actor":"USA","kind":"state","name":"United States"}}
      {"type":"topic.defined","data":{"topic":"t","proposition":"T should be."}}
      """, to: "record.ndjson")
    let made = try await program.shell(
      """
      annals init a.annals && annals import record.ndjson \
      && annals append stance.changed actor=USA topic=t level=2 basis=declared --on 2022-02-24 \
      && annals append stance.changed actor=USA topic=t level=-2 basis=declared --on 2025-02-24 \
      && annals append stance.changed actor=USA topic=t level=0 basis=declared until=2025-03-10 \
      --on 2025-03-03 && annals correct 4 --set on=2025-02-12 --reason 'it was earlier' \
      && annals retract 5 --reason 'it was somebody else'
      """)
    try #require(made.status == 0, "\(made.errors)")
    let table = [
      "", "2022-02-24/ 2", "2022-02-24/2025-02-23 2, 2025-02-24/ -2",
      "2022-02-24/2025-02-23 2, 2025-02-24/2025-03-02 -2, 2025-03-03/2025-03-10 0, 2025-03-11/ -2",
      "2022-02-24/2025-02-11 2, 2025-02-12/2025-03-02 -2, 2025-03-03/2025-03-10 0, 2025-03-11/ -2",
      "2022-02-24/2025-02-11 2, 2025-02-12/ -2",
    ]
    for (index, line) in table.enumerated() {
      let audit: Audit = try await program.ask("audit USA t --known-by '#\(index + 2)'")
      let steps = audit.steps.map { "\($0.from)/\($0.to ?? "") \($0.stance.level ?? 9)" }
      #expect(steps.joined(separator: ", ") == line, "known by #\(index + 2)")
      #expect(audit.steps.allSatisfy { $0.restsOn == "a single declared change" })
    }
    // C held on that day, as far as was known then; not as far as is known now.
    let question = "show USA t --on 2025-03-05"
    let then: ShowJSON = try await program.ask("\(question) --known-by '#6'")
    #expect(then.level == 0 && then.since == "2025-03-03")
    let now: ShowJSON = try await program.ask(question)
    #expect(now.level == -2 && now.since == "2025-02-12")
    let diff = try await program.shell("annals diff USA t --known-by '#6..#7' --on 2025-03-05")
    #expect(diff.output.contains("neutral → opposes") && diff.output.contains("1 removed"))
  }
}
