import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals erase`
struct EraseCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Remove what an event says for good, by law; every proof still holds.",
    usage: "annals erase EVENT --reason TEXT [--dry-run] [OPTIONS]",
    discussion: """
      The payload goes from the log, the views, the index and the file's free pages, with those of \
      the corrections, retractions and disputes of the event; of several events, with the last of \
      them. A new event says that it was erased, and on what ground. The event's place, type, date, \
      id and hash stay. Corrections and retractions are not erased by themselves: that would change \
      what the record says.

      This cannot be undone: look first with --dry-run. To take something back that was recorded in \
      error, use  annals retract,  which loses nothing. Backups, exports and proof files that were \
      made earlier still hold what was erased.

      Examples:
        annals erase 44 --reason "GDPR Art. 17(1)(d)" --dry-run
        annals erase 44 --reason "GDPR Art. 17(1)(d)"
      """)

  @Argument(help: "The event, by position (44 or #44) or id.")
  var event: String

  @Option(help: ArgumentHelp("The legal ground, kept for good. Required.", valueName: "text"))
  var reason: String

  @OptionGroup var writing: WriteOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let reference = try Value.event(event)
    guard reason.contains(where: { !$0.isWhitespace }) else {
      throw Failure.usage("--reason is empty", help: "it is the legal ground, and is kept for good")
    }
    let options = AppendOptions(
      recorder: try session.recorder(writing.recorder), dryRun: writing.dryRun)
    let report = try await session.withStore(writing: true, acceptsClock: writing.acceptClock) {
      store in
      try await Progress.during("Erasing …", on: session.terminal) { _ in
        try await store.erase(reference, ground: reason, options: options)
      }
    }
    let answer = ErasureAnswer(report: report)
    try session.print(answer, done: writing.dryRun ? nil : answer.outcome)
    if !writing.dryRun {
      session.terminal.note(
        "Backups, exports and proof files made before still hold it: make them anew.")
    }
  }
}

/// `erase`: what is gone, and what is not.
private struct ErasureAnswer: Layout {
  let report: ErasureReport
  var document: ErasureReport { report }

  func lines(on terminal: Terminal) -> [String] {
    var lines = [outcome]
    if !report.mentions.isEmpty {
      lines.append("Named by \(Self.text(report.mentions)), which keep what they say.")
    }
    if report.dependents > 0 {
      lines.append(
        "\(report.dependents.grouped) facts name what it defines; without it they cannot be asked for"
          + " by that name.")
    }
    return lines
  }

  /// What was erased, in one line.
  var outcome: String {
    let fresh = report.erased.filter { !report.alreadyErased.contains($0) }
    if report.isDryRun {
      return fresh.isEmpty
        ? "Nothing to erase: the payload is gone already."
        : "Would erase the payload of \(Self.text(fresh)). Nothing was written."
    }
    guard let by = report.by else {
      return "The payload had been erased; the file was cleaned once more."
    }
    return "\(by)  erased the payload of \(Self.text(fresh)): \(report.ground)"
  }

  private static func text(_ positions: [Position]) -> String {
    positions.map(\.description).joined(separator: ", ")
  }
}
