import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals diff`
struct DiffCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "What changed between two moments: in the world (--on), or in what was known.",
    usage: "annals diff [ACTOR TOPIC] --on A..B | --known-by A..B [--exit-code]",
    discussion: """
      --on A..B says what the world changed: the steps that the stance made after A and by B. \
      --known-by A..B says what was learned or put right: how the stance on one day reads \
      otherwise, and by which events. Without an actor and a topic: all that the record took in, \
      and which facts and stances read otherwise since.

      Examples:
        annals diff USA ukraine-integrity --on 2022-12-31..2025-03-01
        annals diff USA ukraine-integrity --known-by '#400..#520'
        annals diff --known-by 2024-12-31..today
      """)

  @Argument(help: "The actor and the topic; none for the whole record.", completion: .subjects)
  var subjects: [String] = []

  @Option(
    help: ArgumentHelp(
      "Two moments in the world, or with --known-by A..B the one that both are asked for.",
      valueName: "A..B"))
  var on: String?

  @Option(
    help: ArgumentHelp(
      "Two states of the record, or with --on A..B the one that is asked.", valueName: "A..B"))
  var knownBy: String?

  @Flag(help: "Count facts that may have happened by then, not only those that certainly had.")
  var possibly = false

  @Flag(help: "End with exit code 1 when there is a difference.")
  var exitCode = false

  @OptionGroup var leaveOut: LeaveOutOptions
  @OptionGroup var rules: LineRuleOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    guard subjects.isEmpty || subjects.count == 2 else {
      throw Failure.usage(
        "diff takes an actor and a topic, or neither", help: "annals diff USA ukraine-integrity …")
    }
    let ask = try session.asking(
      .difference,
      [
        "actor": subjects.first, "topic": subjects.dropFirst().first, "on": on,
        "known_by": knownBy, "possibly": possibly,
      ] + leaveOut.items + rules.items)
    try await session.withStore { store in
      switch try await ask(store) {
      case let world as WorldDiff: try finish(WorldDiffAnswer(diff: world), session)
      case let stance as RevisionDiff: try finish(RevisionDiffAnswer(diff: stance), session)
      case let record as RecordDiff: try finish(RecordDiffAnswer(diff: record), session)
      default: break
      }
    }
  }

  private func finish<Difference: Layout>(_ difference: Difference, _ session: Session) throws
  where Difference.Document: DifferenceAnswer {
    session.print(difference)
    if exitCode && difference.document.differs { throw Failure([], exitCode: 1) }
  }
}
