import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals replay`
struct ReplayCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Rebuild the stored views from the log, or check that they equal it.",
    usage: "annals replay [VIEW …] [--check | --list | --forget] [OPTIONS]",
    discussion: """
      A view is rebuilt beside the old one and swapped in at once. Appends update the view votes and \
      your own views; only this command updates stances and timeline. --check changes nothing: it \
      folds the log afresh and compares; exit code 1 when a stored view differs or has stopped. \
      Views of your own, from the folder --projections, are treated like the built-in ones. \
      --forget removes the rows of one whose file was renamed or removed.

      Examples:
        annals replay
        annals replay stances
        annals replay --check
        annals replay --list --projections views
        annals replay --forget old-name
      """)

  @Argument(help: "Names of views. Default: all of them.")
  var views: [String] = []

  @Flag(help: "Compare the stored views with a fresh replay; change nothing.")
  var check = false

  @Flag(help: "Only list the views and how far they are; change nothing.")
  var list = false

  @Flag(help: "Remove the rows of the views named, which no file describes any more.")
  var forget = false

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    if [check, list, forget].count(where: { $0 }) > 1 {
      throw Failure.usage("--check, --list and --forget exclude each other")
    }
    if forget && views.isEmpty {
      throw Failure.usage(
        "--forget needs the name of a view", help: "annals replay --list  shows them")
    }
    try await session.withStore(writing: !check && !list, views: true) { store in
      if list {
        session.print(
          ViewsAnswer(
            views: try await store.views(), undescribed: try await store.undescribedViews()))
      } else if forget {
        try await store.forget(views)
        session.terminal.note("Forgot \(views.joined(separator: ", "))")
      } else if check {
        try await compare(store, session)
      } else {
        let reports = try await Progress.during("Replaying …", on: session.terminal) { _ in
          try await Interrupt.cancelling { [views] in try await store.replay(views) }
        }
        try session.print(ReplayAnswer(reports: reports), done: "the views were rebuilt")
        let stopped = reports.compactMap { Self.stop($0.name, $0.failure) }
        if !stopped.isEmpty { throw Failure(stopped) }
      }
    }
  }

  /// The error of a view that has stopped.
  private static func stop(_ name: String, _ failure: ProjectionState.Failure?) -> Problem? {
    guard let failure else { return nil }
    let seq = failure.position
    return Problem(
      .poisonEvent, "\(name) has stopped at \(seq): \(failure.reason)",
      help: "annals event \(seq.rawValue)  shows the event, annals explain E1504  what to do")
  }

  private func compare(_ store: Store, _ session: Session) async throws {
    let reports = try await Progress.during("Comparing …", on: session.terminal) { _ in
      try await store.check(views)
    }
    session.print(CheckAnswer(reports: reports))
    let different = reports.filter { !$0.differences.isEmpty }.map(\.name)
    var problems = reports.compactMap { Self.stop($0.name, $0.failure) }
    if !different.isEmpty {
      problems.append(
        Problem(
          .viewDiffers, "not what the log gives: \(different.joined(separator: ", "))",
          help: "rebuild:  annals replay \(different.joined(separator: " "))"))
    }
    if !problems.isEmpty { throw Failure(problems, exitCode: ErrorCode.viewDiffers.exitCode) }
  }
}
