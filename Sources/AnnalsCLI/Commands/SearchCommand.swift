import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals search`
struct SearchCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Events in which a text occurs.",
    usage: "annals search TEXT [-n COUNT] [--known-by MOMENT]",
    discussion: """
      The text as a whole, upper and lower case alike, anywhere in an event's payload; newest \
      first.

      Examples:
        annals search "joint vote"
        annals search minerals -n 5
        annals search Peskov -o ndjson
      """)

  @Argument(help: "The text to look for.")
  var text: [String]

  @Option(
    name: [.customShort("n"), .long], help: ArgumentHelp("At most so many.", valueName: "count"))
  var limit = 50

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let words = text.joined(separator: " ")
    let ask = try session.asking(.search, ["text": words, "limit": limit] + record.items)
    try await session.withStore { store in
      session.print(
        EntriesTable(document: try await ask(store).expected()),
        emptyNote: "nothing found for \"\(words)\"")
    }
  }
}
