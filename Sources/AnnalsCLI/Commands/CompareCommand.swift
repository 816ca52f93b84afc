import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals compare`
struct CompareCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Where several actors stand on a topic, side by side.",
    usage: "annals compare ACTOR … TOPIC [--bloc GROUP] [--every year] [--rule RULE] [--on DATE]",
    discussion: """
      The last argument is the topic. With --every, how it was at the end of each year, quarter or \
      month; under a rule of shares, the share of each. --bloc takes in the members that a group \
      had on that very day.

      Examples:
        annals compare USA RUS UKR ukraine-integrity
        annals compare USA RUS ukraine-integrity --every year
        annals compare --bloc european-union ukraine-integrity --on 2022-10-12
        annals compare USA RUS ukraine-integrity --rule record/1 -o csv
      """)

  @Argument(help: "Actors, and last the topic.", completion: .subjects)
  var subjects: [String]

  @Option(
    help: ArgumentHelp("The members of this group on that day as well.", valueName: "group"),
    completion: .actors)
  var bloc: String?

  @OptionGroup var rules: RuleOptions
  @OptionGroup var moments: MomentOptions
  @OptionGroup var leaveOut: LeaveOutOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    guard subjects.count > (bloc == nil ? 1 : 0), let topic = subjects.last else {
      throw Failure.usage(
        "compare needs actors and a topic", help: "annals compare USA RUS ukraine-integrity")
    }
    let ask = try session.asking(
      .comparison,
      ["actor": Array(subjects.dropLast()), "topic": topic, "bloc": bloc] + moments.items
        + leaveOut.items + rules.items)
    try await session.withStore { store in
      session.print(CompareTable(answer: try await ask(store).expected()))
    }
  }
}
