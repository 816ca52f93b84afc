import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals show`
struct ShowCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Where an actor stands on a topic, since when, and why.",
    usage: "annals show ACTOR TOPIC [--on DATE] [--known-by MOMENT] [--rule RULE] [-o FORMAT]",
    discussion: """
      An actor is known by all its names. The position follows from the evidence by a published \
      rule (annals explain rule), and names the events that it rests on. Under record/1 and \
      classic/1 it is a share of votes, per year or in a period of your own.

      Examples:
        annals show USA ukraine-integrity
        annals show "the United States" ukraine-integrity --on 2025-02-23
        annals show US ukraine-integrity --known-by=#40 -o json
        annals show USA ukraine-integrity --exclude-type statement.made
        annals show USA ukraine-integrity --rule record/1 --period 2022/2024
      """)

  @Argument(help: "The actor, by id or by any of its names.", completion: .actors)
  var actor: String

  @Argument(help: "The topic's id.", completion: .topics)
  var topic: String

  @OptionGroup var moments: MomentOptions

  @Option(help: ArgumentHelp("Lines of evidence to print for people.", valueName: "count"))
  var evidence = 5

  @OptionGroup var leaveOut: LeaveOutOptions
  @OptionGroup var rules: RuleOptions

  @Option(help: ArgumentHelp("For a rule of shares: only this time.", valueName: "date"))
  var period: String?

  @Flag(help: "Show what became of the facts that bear on it: corrections, retractions, disputes.")
  var history = false

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    if evidence < 0 { throw Failure.usage("--evidence \(evidence): a number of lines, 0 or more") }
    let items: Items =
      ["actor": actor, "topic": topic] + moments.items + leaveOut.items + rules.items
    let rule = try rules.named()
    if !rule.givesLine {
      if history { throw Failure.usage("--history goes with \(Rule.latest2.name)") }
      let ask = try session.asking(.shares, items + ["period": period])
      return try await session.withStore { store in
        session.print(SharesAnswerView(answer: try await ask(store).expected()))
      }
    }
    if period != nil || rules.every != nil {
      throw Failure.usage(
        "\(rule.name) gives a stance on a day, not a share of a period",
        help: "name a rule of shares:  --rule \(Rule.record1.name)")
    }
    let ask = try session.asking(.stance, items + ["history": history])
    try await session.withStore { store in
      let answer: StanceAnswer = try await ask(store).expected()
      session.print(ShowAnswer(stance: answer, evidenceLimit: evidence))
      session.terminal.hint(
        "See how it changed:  annals audit \(answer.actor.id) \(answer.topic.id)")
    }
  }
}
