import Annals
import AnnalsAnswers
import ArgumentParser

/// `annals rollcall`
struct RollCallCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollcall",
    abstract: "A roll call: official tally beside counted votes, and who is not recorded.",
    usage: "annals rollcall ROLLCALL [--bloc GROUP] [--known-by MOMENT] [-o FORMAT]",
    discussion: """
      Votes are counted from the recorded ballots, as corrected. A vote of which the source leaves \
      several choices open is counted as a range; accounts that contradict each other stand side \
      by side. With --bloc only the members of a group on the very day of the vote are counted.

      Examples:
        annals rollcall un-ga/ES-11/7
        annals rollcall un-ga/ES-11/1 --bloc european-union
        annals rollcall un-ga/ES-11/8 --known-by=#262 -o json
      """)

  @Argument(
    help: "The roll call's id, or the id or symbol of its motion, in any case.",
    completion: .rollcalls)
  var rollcall: String

  @Option(
    help: ArgumentHelp(
      "Only members of this group on the day of the roll call.", valueName: "group"),
    completion: .actors)
  var bloc: String?

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(.rollcall, ["id": rollcall, "bloc": bloc] + record.items)
    try await session.withStore { store in
      session.print(RollCallTable(answer: try await ask(store).expected()))
    }
  }
}
