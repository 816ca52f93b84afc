import Annals
import AnnalsAnswers
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

      Other facts may hang on the event: votes hang on the roll call, and a roll call on its motion. \
      The receipt says how many do. They stay as they are, but votes in a roll call of which every \
      account was retracted count nowhere. --with-dependents retracts them too, by the same event.

      Examples:
        annals retract 44 --reason "recorded twice from the same page"
        annals retract 44 --reason "the source took it back" --source ap-correction:1
        annals retract 44 --reason "the vote was never taken" --with-dependents
        annals retract 44 --reason "recorded twice" --dry-run
      """)

  @Argument(help: "The event, by position (44 or #44) or id.")
  var event: String

  @Option(help: ArgumentHelp("Why it is withdrawn. Required.", valueName: "text"))
  var reason: String

  @Flag(help: "Retract the facts that hang on it too: the votes in a roll call.")
  var withDependents = false

  @OptionGroup var sources: SourceOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let reference = try Value.event(event)
    let options = AppendOptions(
      recorder: try session.recorder(writing.recorder), dryRun: writing.dryRun)
    try await session.withStore(writing: true, acceptsClock: writing.acceptClock) { store in
      let report = try await ArgumentFaults.shown([]) {
        try await store.retract(
          reference, withDependents: withDependents,
          sources: sources.source.map { CitationText.source($0) }, reason: reason,
          options: options)
      }
      try session.print(report)
      if let note = note(report) { session.terminal.note(note) }
    }
  }

  /// How many facts hang on what was retracted, and what became of them.
  private func note(_ report: WriteReport) -> String? {
    if report.dependents == 0 { return nil }
    let facts = report.dependents == 1 ? "1 fact hangs" : "\(report.dependents) facts hang"
    if withDependents {
      return
        "\(facts) on it and \(report.isDryRun ? "would be" : report.dependents == 1 ? "was" : "were")"
        + " retracted with it"
    }
    return "\(facts) on it, and \(report.dependents == 1 ? "stays" : "stay") in the record"
      + "  (--with-dependents retracts them too)"
  }
}
