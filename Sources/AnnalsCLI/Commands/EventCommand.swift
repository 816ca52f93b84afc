import Annals
import AnnalsAnswers
import ArgumentParser

/// `annals event`
struct EventCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "event",
    abstract: "One event in full, with all that was said about it later.",
    usage: "annals event EVENT [--known-by MOMENT] [-o FORMAT]",
    discussion: """
      Examples:
        annals event 17
        annals event 0198b6a0-2f4e-8c1d-9a3b-5d6e7f809112
        annals event 17 -o json
      """)

  @Argument(help: "The event, by position (17 or #17) or id.")
  var event: String

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(.event, ["event": event] + record.items)
    try await session.withStore { store in
      session.print(EventAnswer(detail: try await ask(store).expected()))
    }
  }
}
