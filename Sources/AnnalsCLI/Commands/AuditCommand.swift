import Annals
import AnnalsAnswers
import ArgumentParser

/// `annals audit`
struct AuditCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "How an actor's stance on a topic changed: each step, its event, and remarks.",
    usage: "annals audit ACTOR TOPIC [--on DATE] [--known-by MOMENT] [--rule RULE] [-o FORMAT]",
    discussion: """
      One row per step: from when to when, the event that made it, when and by whom that was \
      recorded, and its source. Below it what a careful reader should know: late, thin, disputed, \
      corrected and unsourced evidence.

      Examples:
        annals audit USA ukraine-integrity
        annals audit Washington ukraine-integrity --known-by 2025-03-01
        annals audit USA ukraine-integrity -o csv > steps.csv
      """)

  @Argument(help: "The actor, by id or by any of its names.", completion: .actors)
  var actor: String

  @Argument(help: "The topic's id.", completion: .topics)
  var topic: String

  @OptionGroup var moments: MomentOptions
  @OptionGroup var leaveOut: LeaveOutOptions
  @OptionGroup var rules: LineRuleOption

  @Flag(help: "Show what became of the facts that bear on it: corrections, retractions, disputes.")
  var history = false

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(
      .audit,
      ["actor": actor, "topic": topic, "history": history] + moments.items + leaveOut.items
        + rules.items)
    try await session.withStore { store in
      session.print(AuditTable(audit: try await ask(store).expected()))
    }
  }
}
