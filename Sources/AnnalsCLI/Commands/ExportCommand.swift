import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals export`
struct ExportCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Every event of the log in the import format, with what the log added beside it.",
    usage: "annals export [--since SEQ] [--until SEQ] [OPTIONS]",
    discussion: """
      One JSON object per line, in log order: seq, recorded, recorder and batch stand beside the \
      fields of the import format, and are ignored by import.

      Examples:
        annals export > un.ndjson
        annals export --since 412 --until 500
        annals export | annals import - -s copy.annals
      """)

  @Option(help: ArgumentHelp("Start with this position.", valueName: "seq"))
  var since: String?

  @Option(help: ArgumentHelp("End with this position.", valueName: "seq"))
  var until: String?

  @OptionGroup var globals: GlobalOptions

  /// Bytes written at once.
  private static let chunk = 1 << 16

  func run(_ session: Session) async throws {
    if let format = session.format, format != .ndjson {
      throw Failure.usage(
        "export writes ndjson, not \(format.rawValue)",
        help: "annals log -o \(format.rawValue)  has the facts of the log")
    }
    let first = try since.map { try Value.position($0, of: "--since") } ?? Position(1)
    let through = try until.map { try Value.position($0, of: "--until") }
    if let through, through < first {
      throw Failure.usage(
        "--until \(through.rawValue) comes before --since \(first.rawValue)",
        help: "positions rise:  annals export --since \(through.rawValue) --until \(first.rawValue)"
      )
    }
    let after = first > .start ? first.advanced(by: -1) : .start
    try await session.withStore { store in
      var pending: [UInt8] = []
      try await store.export(after: after, through: through ?? Position(.max)) { line in
        pending += line
        if pending.count >= Self.chunk {
          session.terminal.emit(pending, .json)
          pending.removeAll(keepingCapacity: true)
        }
      }
      session.terminal.emit(pending, .json)
    }
  }
}
