import Annals
import AnnalsAnswers
import ArgumentParser

/// `annals source`
struct SourceCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "source",
    abstract: "A source: its captures and what differs, what rests on it, who contradicts it.",
    usage: "annals source SOURCE [--known-by MOMENT] [--history] [-o FORMAT]",
    discussion: """
      Each capture of a source is a version of it. A fact rests on the version that was the newest \
      when it was recorded.

      Examples:
        annals source kremlin-praises-us
        annals source un-digital-library --known-by 2025-03-01
        annals source kremlin-praises-us --history -o json
      """)

  @Argument(help: "The source's id, in any case.", completion: .sources)
  var source: String

  @Flag(help: "Show captures that were retracted too, and what corrected each of them.")
  var history = false

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(.source, ["source": source, "history": history] + record.items)
    try await session.withStore { store in
      session.print(SourceTable(answer: try await ask(store).expected()))
    }
  }
}
