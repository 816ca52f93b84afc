import Annals
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
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let range = try range()
    guard subjects.isEmpty || subjects.count == 2 else {
      throw Failure.usage(
        "diff takes an actor and a topic, or neither", help: "annals diff USA ukraine-integrity …")
    }
    try await session.withStore { store in
      switch range {
      case .world(let days):
        guard subjects.count == 2 else {
          throw Failure.usage(
            "--on A..B needs an actor and a topic",
            help: "annals changes --since A --until B  has the changes of all")
        }
        try finish(
          WorldDiffAnswer(
            diff: try await store.diff(
              actor: subjects[0], topic: subjects[1], on: days, from: try viewpoint())), session)
      case .record(let states) where subjects.isEmpty:
        guard on == nil, !possibly, leaveOut.leaveOut.isEmpty else {
          throw Failure.usage(
            "--on, --possibly and what is left out need an actor and a topic",
            help: "annals diff USA ukraine-integrity --known-by A..B --on DATE")
        }
        try finish(RecordDiffAnswer(diff: try await store.diff(knownBy: states)), session)
      case .record(let states):
        try finish(
          RevisionDiffAnswer(
            diff: try await store.diff(
              actor: subjects[0], topic: subjects[1], knownBy: states, from: try viewpoint())),
          session)
      }
    }
  }

  private func finish(_ answer: some DiffingAnswer, _ session: Session) throws {
    session.print(answer)
    if exitCode && answer.differs { throw Failure([], exitCode: 1) }
  }

  private enum Range {
    case world((from: OnMoment, to: OnMoment))
    case record((from: KnownBy, to: KnownBy))
  }

  private func range() throws -> Range {
    switch (Self.isRange(on), Self.isRange(knownBy)) {
    case (true, true):
      throw Failure.usage(
        "--on and --known-by cannot both be a range", help: "ask for one of them, then the other")
    case (false, false):
      throw Failure.usage(
        "nothing to compare", help: "give two moments:  --on A..B  or  --known-by A..B")
    case (true, false):
      let days = try Arguments.checked(on ?? "", option: "--on") { text throws(EDTFError) in
        try Moment.onRange(text, now: .now())
      }
      return .world(days)
    case (false, true):
      let states = try Arguments.checked(knownBy ?? "", option: "--known-by") {
        text throws(EDTFError) in
        try Moment.knownByRange(text, now: .now())
      }
      return .record(states)
    }
  }

  /// The moment that is no range.
  private func viewpoint() throws -> Viewpoint {
    var viewpoint = Viewpoint(possibly: possibly, leavingOut: leaveOut.leaveOut)
    if !Self.isRange(on) { viewpoint.on = try Arguments.moment(on ?? "today", option: "--on") }
    if let knownBy, !Self.isRange(knownBy) {
      viewpoint.knownBy = try Arguments.checked(knownBy, option: "--known-by") {
        text throws(EDTFError) in
        try Moment.knownBy(text, now: .now())
      }
    }
    return viewpoint
  }

  private static func isRange(_ text: String?) -> Bool { text?.contains("..") ?? false }
}
