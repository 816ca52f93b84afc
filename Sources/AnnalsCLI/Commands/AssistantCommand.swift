#if Serve
import Annals
import AnnalsAnswers
import AnnalsServer
import ArgumentParser
import EventLog

/// `annals mcp`
struct AssistantCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract: "Answer an assistant over standard input and output (Model Context Protocol).",
    usage: "annals mcp [-s FILE]",
    discussion: """
      Eight tools, none of which writes: find, stance, steps, difference, rollcall, agreement, event \
      and record. Each answer names the state of the record and the rule. The same tools are served \
      over HTTP by  annals serve, at /mcp.

      Examples:
        annals mcp -s un.annals
      """)

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    try await session.withStore(views: true) { store in
      let assistant = Assistant(store: store, program: Version.program, address: nil)
      var lines = InputLines()
      while let line = try lines.next() {
        if line.isEmpty { continue }
        let reply: JSON?
        if let message = try? JSON(parsing: line) {
          reply = await assistant.answer(message).reply
        } else {
          reply = Assistant.parseError
        }
        if let reply {
          System.emit(
            Array((JSONWriter.compact(reply) + "\n").utf8), to: System.standardOutput)
        }
      }
    }
  }
}
#endif
