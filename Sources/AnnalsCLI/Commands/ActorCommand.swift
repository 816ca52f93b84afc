import Annals
import AnnalsAnswers
import ArgumentParser

/// `annals actor`
struct ActorCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "actor",
    abstract: "Who an actor is: names, and on a day roles, memberships, for whom it spoke.",
    usage: "annals actor ACTOR [--on DATE] [--possibly] [--known-by MOMENT] [--history]",
    discussion: """
      Roles and memberships are those that certainly held at the end of the day; with --possibly \
      also those whose dates leave it open, which positions count too. An id that was merged leads \
      to the actor that it was merged into.

      Examples:
        annals actor Peskov --on 2025-02-25
        annals actor USA --on 2022-10-13
        annals actor un-sc --on 2025-02-24 --known-by=#200
      """)

  @Argument(help: "The actor, by id or by any of its names.", completion: .actors)
  var actor: String

  @OptionGroup var moments: MomentOptions

  @Flag(help: "Its members on that day; always shown for a body or a bloc.")
  var members = false

  @Flag(help: "Show roles and memberships of all days, and what was corrected or retracted.")
  var history = false

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(
      .actor, ["actor": actor, "members": members, "history": history] + moments.items)
    try await session.withStore { store in
      session.print(ActorTable(answer: try await ask(store).expected()))
    }
  }
}
