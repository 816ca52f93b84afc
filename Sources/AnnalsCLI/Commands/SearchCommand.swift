import Annals
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
    if limit < 1 { throw Failure.usage("-n \(limit): at least one must be wanted") }
    let knownBy = try record.moment()
    let words = text.joined(separator: " ")
    try await session.withStore { store in
      let entries = try await store.search(words, knownBy: knownBy, limit: limit)
      session.print(
        EntriesAnswer(
          schema: "annals.search.v1", entries: entries,
          knownBy: try await store.recordState(knownBy), question: ["text": .string(words)],
          isFacts: false),
        emptyNote: "nothing found for \"\(words)\"")
    }
  }
}
