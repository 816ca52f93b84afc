import Annals
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
    let scope = try scope.scope(contestedOnly: contested)
    let unit = try ScopeOptions.unit(every)
    let knownBy = try record.moment()
    let (top, bottom) = (
      try ScopeOptions.count(top, option: "--top"),
      try ScopeOptions.count(bottom, option: "--bottom")
    )
    let least = try ScopeOptions.count(minN, option: "--min-n") ?? 1
    try checkOptions()
    try await session.withStore { [actors, facts] store in
      switch actors.count {
      case 2:
        session.print(
          AgreementTable(
            answer: try await store.agreement(
              actors[0], actors[1], in: scope, every: unit, listingFacts: facts,
              knownBy: knownBy)))
      case 1:
        session.print(
          AgreementRankingTable(
            answer: try await store.agreements(
              of: actors[0], in: scope, every: unit, top: top, bottom: bottom, least: least,
              knownBy: knownBy)))
      default:
        let matrix = AgreementMatrixTable(
          answer: try await store.agreements(
            in: scope, every: unit, least: least, knownBy: knownBy))
        switch session.format {
        case .csv: await matrix.write(.csv(isExact: false), on: session.terminal)
        case .csvExact: await matrix.write(.csv(isExact: true), on: session.terminal)
        case .tsv: await matrix.write(.tsv, on: session.terminal)
        case .ndjson: await matrix.write(.ndjson, on: session.terminal)
        case .json, nil: session.print(matrix)
        }
      }
    }
  }

  /// What does not fit the number of actors is said, not passed over.
  private func checkOptions() throws {
    if actors.count > 2 {
      throw Failure.usage(
        "agreement compares two actors, and \(actors.count) were named",
        help: "all pairs:  annals agreement")
    }
    if actors.count != 1, top != nil || bottom != nil {
      throw Failure.usage(
        "--top and --bottom are about one actor against all others",
        help: "annals agreement \(actors.first ?? "ACTOR") --top 10")
    }
    if actors.count != 2, facts {
      throw Failure.usage(
        "--facts lists the roll calls behind the figures of two actors",
        help: "annals agreement \(actors.first ?? "ACTOR") ACTOR --facts")
    }
    if actors.count == 2, minN != 1 {
      throw Failure.usage(
        "--min-n leaves pairs out of a list, and here is one pair",
        help: "n stands beside its figures")
    }
  }
}
