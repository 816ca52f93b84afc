import Annals
import AnnalsAnswers
import ArgumentParser

/// `annals revisions`
struct RevisionsCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "revisions",
    abstract: "The events that changed what the record says of an actor's stance on a topic.",
    usage: "annals revisions ACTOR TOPIC [--on DATE] [--known-by MOMENT] [--limit N] [-o FORMAT]",
    discussion: """
      One row for each event that changed the line of steps, and for each correction, dispute or \
      withdrawal of one of its facts. To see the line as it was after an event, ask with its \
      position:  annals audit ACTOR TOPIC --known-by '#N'

      Examples:
        annals revisions USA ukraine-integrity
        annals revisions USA ukraine-integrity --on 2025-02-22
        annals revisions USA ukraine-integrity -o json
      """)

  @Argument(help: "The actor, by id or by any of its names.", completion: .actors)
  var actor: String

  @Argument(help: "The topic's id.", completion: .topics)
  var topic: String

  @Option(
    help: ArgumentHelp("At most so many states, the last ones. Default: 40.", valueName: "count"))
  var limit: Int?

  @OptionGroup var moments: MomentOptions
  @OptionGroup var rules: LineRuleOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(
      .revisions,
      ["actor": actor, "topic": topic, "limit": limit] + moments.items + rules.items)
    try await session.withStore { store in
      session.print(RevisionsTable(known: try await ask(store).expected()))
    }
  }
}
