import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals timeline`
struct TimelineCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline",
    abstract: "The facts about actors and topics, in the order of the world.",
    usage: "annals timeline SUBJECT … [--on DATE] [--known-by MOMENT] [--history]",
    discussion: """
      A subject is an actor or a topic. With several, the facts that are about all of them.

      Examples:
        annals timeline USA ukraine-integrity
        annals timeline Zelenskyy --on 2023-12
        annals timeline ukraine-integrity --history -o ndjson
      """)

  @Argument(help: "Actors and topics.", completion: .subjects)
  var subjects: [String]

  @Option(
    help: ArgumentHelp("Only facts of this type. May be given several times.", valueName: "type"),
    completion: .eventTypes)
  var type: [String] = []

  @OptionGroup var moments: MomentOptions

  @Flag(help: "Show what was corrected, retracted or disputed, below each fact.")
  var history = false

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(
      .timeline, ["subject": subjects, "type": type, "history": history] + moments.items)
    try await session.withStore { store in
      let timeline: EntriesAnswer = try await ask(store).expected()
      session.print(
        EntriesTable(document: timeline, showsHistory: history),
        emptyNote: "no facts about \(subjects.joined(separator: " and "))")
      if timeline.leftOut > 0, session.format == nil {
        session.terminal.note(
          "\(timeline.leftOut.grouped) facts are undated, or not certain by \(timeline.on ?? "then"), "
            + "and left out")
      }
    }
  }
}
