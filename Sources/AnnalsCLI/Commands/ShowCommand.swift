import Annals
import ArgumentParser

/// `annals show`
struct ShowCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Where an actor stands on a topic, since when, and why.",
    usage: "annals show ACTOR TOPIC [--on DATE] [--known-by MOMENT] [-o FORMAT]",
    discussion: """
      An actor is known by all its names. The position follows from the evidence by a published \
      rule, and names the events that it rests on.

      Examples:
        annals show USA ukraine-integrity
        annals show "the United States" ukraine-integrity --on 2025-02-23
        annals show US ukraine-integrity --known-by=#40 -o json
      """)

  @Argument(help: "The actor, by id or by any of its names.", completion: .actors)
  var actor: String

  @Argument(help: "The topic's id.", completion: .topics)
  var topic: String

  @OptionGroup var moments: MomentOptions

  @Option(help: ArgumentHelp("Lines of evidence to print for people.", valueName: "count"))
  var evidence = 5

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let on = try moments.moment()
    let knownBy = try moments.knownBy()
    try await session.withStore { store in
      let answer = try await store.show(
        actor: actor, topic: topic,
        from: Viewpoint(on: on, possibly: moments.possibly, knownBy: knownBy))
      session.print(ShowAnswer(position: answer, day: on.lastDay, evidenceLimit: evidence))
      session.terminal.hint(
        "See how it changed:  annals audit \(answer.actor.id) \(answer.topic.id)")
    }
  }
}
