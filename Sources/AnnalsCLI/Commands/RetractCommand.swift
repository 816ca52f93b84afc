import Annals
import ArgumentParser

/// `annals retract`
struct RetractCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "retract",
    abstract: "Withdraw a recorded event, by a new event that says why.",
    usage: "annals retract EVENT --reason TEXT [OPTIONS]",
    discussion: """
      The old event stays in the log and in --known-by. Retracting a retraction restores what it \
      withdrew.

      Examples:
        annals retract 44 --reason "recorded twice from the same page"
        annals retract 44 --reason "the source took it back" --source ap-correction:1
        annals retract 44 --reason "recorded twice" --dry-run
      """)

  @Argument(help: "The event, by position (44 or #44) or id.")
  var event: String

  @Option(help: ArgumentHelp("Why it is withdrawn. Required.", valueName: "text"))
  var reason: String

  @OptionGroup var sources: SourceOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let reference = try Arguments.reference(event)
    let options = AppendOptions(
      recorder: try session.recorder(writing.recorder), dryRun: writing.dryRun)
    try await session.withStore(writing: true, acceptsClock: writing.acceptClock) { store in
      let report = try await ArgumentFaults.shown([]) {
        try await store.retract(
          reference, sources: sources.source.map(SourceArgument.source), reason: reason,
          options: options)
      }
      try session.print(report)
    }
  }
}
