import Annals
import AnnalsAnswers
import ArgumentParser

/// `annals agreement`
struct AgreementCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "agreement",
    abstract: "How far actors voted alike: a pair, one against all, or all pairs.",
    usage: "annals agreement [ACTOR [ACTOR]] [--period PERIOD | --session SESSION] [--every UNIT]",
    discussion: """
      Over the roll calls in which both chose yes, abstain or no; absences are counted apart \
      (annals explain rule agreement/1). With two actors: the figures of the pair. With one: all \
      others, the most alike first. With none: all pairs.

      Examples:
        annals agreement USA RUS --period 2022 --body un-ga
        annals agreement USA RUS --every year -o csv
        annals agreement USA --top 10 --bottom 10 --period 2024
        annals agreement USA RUS --topic ukraine-integrity --facts
        annals agreement --every year -o csv
      """)

  @Argument(help: "One actor or two; none for all pairs.", completion: .actors)
  var actors: [String] = []

  @OptionGroup var scope: ScopeOptions

  @Flag(
    help: "Leave out roll calls in which everybody who chose yes, abstain or no chose the same.")
  var contested = false

  @Option(
    help: ArgumentHelp("A row for each year or session.", valueName: "unit"),
    completion: .list(RollCallScope.Unit.allCases.map(\.rawValue)))
  var every: String?

  @Option(help: ArgumentHelp("Of all others, so many of the most alike.", valueName: "count"))
  var top: Int?

  @Option(help: ArgumentHelp("Of all others, so many of the least alike.", valueName: "count"))
  var bottom: Int?

  @Option(
    help: ArgumentHelp(
      "Leave out pairs with fewer common roll calls than this.", valueName: "count"))
  var minN = 1

  @Flag(
    name: [.customShort("v"), .long],
    help: "For two actors: the roll calls behind the figures, with both votes.")
  var facts = false

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(
      .agreement,
      [
        "actor": actors, "contested": contested, "every": every, "top": top, "bottom": bottom,
        "min_n": minN == 1 ? nil : minN, "facts": facts,
      ] + scope.items + record.items)
    try await session.withStore { store in
      switch try await ask(store) {
      case let pair as AgreementAnswer: session.print(AgreementTable(answer: pair))
      case let ranking as AgreementRanking:
        session.print(AgreementRankingTable(answer: ranking))
      case let matrix as AgreementMatrix: await print(matrix, session)
      default: break
      }
    }
  }

  /// There may be a million pairs: their rows are written as they are worked out.
  private func print(_ matrix: AgreementMatrix, _ session: Session) async {
    let format: AgreementRows.Format? =
      switch session.format {
      case .csv: .csv(isExact: false)
      case .csvExact: .csv(isExact: true)
      case .tsv: .tsv
      case .ndjson: .ndjson
      case .json, nil: nil
      }
    guard let format else { return session.print(AgreementMatrixTable(answer: matrix)) }
    let content: Terminal.Content = session.format == .ndjson ? .json : .text
    await AgreementRows(matrix, format).write { session.terminal.emit($0, content) }
  }
}
