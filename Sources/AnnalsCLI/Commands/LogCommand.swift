import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals log`
struct LogCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "The events of the record as they were appended, newest first.",
    usage: "annals log [SUBJECT …] [--type TYPE] [--since DATE] [--until DATE] [-n COUNT]",
    discussion: """
      A subject is an actor or a topic; with several, the events that are about all of them. For \
      the order of the world see  annals timeline

      Examples:
        annals log -n 20
        annals log USA --type vote.cast --since 2022 --until 2024
        annals log --source kremlin-praises-us --reverse
      """)

  @Argument(help: "Actors and topics.", completion: .subjects)
  var subjects: [String] = []

  @Option(
    help: ArgumentHelp("Only events of this type. May be given several times.", valueName: "type"),
    completion: .eventTypes)
  var type: [String] = []

  @Option(
    help: ArgumentHelp("Only events that cite this source.", valueName: "source"),
    completion: .sources)
  var source: String?

  @Option(help: ArgumentHelp("Only events that this recorder appended.", valueName: "name"))
  var recorder: String?

  @Option(help: ArgumentHelp("Only events of the batch with this position.", valueName: "seq"))
  var batch: String?

  @Option(
    help: ArgumentHelp("Only what may have been so on this date or later.", valueName: "date"))
  var since: String?

  @Option(
    help: ArgumentHelp("Only what may have been so on this date or before.", valueName: "date"))
  var until: String?

  @Flag(help: "Oldest first.")
  var reverse = false

  @Option(
    name: [.customShort("n"), .long], help: ArgumentHelp("At most so many.", valueName: "count"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "Continue behind the event with this position, in the order of the list.", valueName: "seq"))
  var after: String?

  @OptionGroup var moments: MomentOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(
      .log,
      [
        "subject": subjects, "type": type, "source": source, "recorder": recorder, "batch": batch,
        "since": since, "until": until, "reverse": reverse, "limit": limit, "after": after,
      ] + moments.items)
    try await session.withStore { store in
      session.print(
        EntriesTable(document: try await ask(store).expected()), emptyNote: "no events")
    }
  }
}
