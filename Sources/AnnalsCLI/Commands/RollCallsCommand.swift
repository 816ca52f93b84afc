import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals rollcalls`
struct RollCallsCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollcalls",
    abstract: "A series of roll calls: date, title, tallies official and counted, result.",
    usage: "annals rollcalls [--topic TOPIC] [--body BODY] [--session SESSION] [--period PERIOD]",
    discussion: """
      In order of date. With --differing those whose counted votes are not what the official \
      account says, and why, as far as the numbers tell.

      Examples:
        annals rollcalls --topic ukraine-integrity
        annals rollcalls --body un-ga --session 77 -n 20
        annals rollcalls --period 2024 --differing -o csv
      """)

  @OptionGroup var scope: ScopeOptions

  @Flag(help: "Only those whose count differs from the official tally, with the reason.")
  var differing = false

  @Flag(help: "Only those in which sources give contradicting accounts of a vote.")
  var conflicts = false

  @Flag(
    help: "Leave out roll calls in which everybody who chose yes, abstain or no chose the same.")
  var contested = false

  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Only so many of the latest.", valueName: "count"))
  var limit: Int?

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(
      .rollcalls,
      [
        "differing": differing, "conflicts": conflicts, "contested": contested, "limit": limit,
      ] + scope.items + record.items)
    let filter: RollCallList.Filter =
      differing ? .differing : conflicts ? .conflicting : .all
    try await session.withStore { store in
      session.print(RollCallsTable(answer: try await ask(store).expected(), filter: filter))
    }
  }
}

/// Roll calls as a table.
private struct RollCallsTable: Layout {
  let answer: RollCallList
  let filter: RollCallList.Filter
  var document: RollCallList { answer }

  private static let shownCasting = 5

  func lines(on terminal: Terminal) -> [String] {
    var columns: [Table.Column] = [
      .init("on"), .init("roll call"), .init("official", right: true),
      .init("counted", right: true), .init("result"), .init("title", give: 2),
    ]
    if filter != .all { columns.append(.init("why", give: 1)) }
    var table = Table(columns)
    for row in answer.rows {
      var cells = [
        row.on ?? "undated", row.rollcall, Self.official(row), Self.counted(row),
        row.result ?? "", row.title ?? "",
      ]
      if filter != .all { cells.append(row.reasons.joined(separator: "; ")) }
      table.rows.append(cells.map(\.printable))
    }
    var lines = table.lines(width: terminal.width, palette: terminal.output)
    if !lines.isEmpty { lines.append("") }
    let all = answer.selection.rollcalls
    lines.append(
      "\(answer.rows.count.counted("roll call")) of \(all.grouped), "
        + "\(answer.selection.text.printable), known by \(answer.knownBy.text); tallies are yes-no-abstain. "
        + "The count of \(answer.differing.grouped) differs from the official one"
        + (filter == .differing || answer.differing == 0 ? "." : " (--differing)."))
    if answer.conflicts > 0 {
      lines.append(
        "\(answer.conflicts.counted("vote")) in \(answer.conflicting.counted("roll call")) "
          + "\(answer.conflicts == 1 ? "has" : "have") accounts that contradict each other"
          + (filter == .conflicting ? "." : " (--conflicts)."))
    }
    let casting = answer.rows.flatMap { row in row.casting.map { "\(row.rollcall): \($0)" } }
    var notes = answer.selection.notes + casting.prefix(Self.shownCasting)
    if casting.count > Self.shownCasting {
      notes.append("casting votes in \((casting.count - Self.shownCasting).counted("more count"))")
    }
    return lines + notes.map { "note  \($0.printable)" }
  }

  /// `93-18-65`.
  private static func official(_ row: RollCallList.Row) -> String {
    if row.official.isEmpty { return row.method == "consensus" ? "consensus" : "–" }
    return ["yes", "no", "abstain"].map { choice in
      guard let figure = row.official.first(where: { $0.choice == choice }) else { return "–" }
      return figure.votes.map { String($0) } ?? "contested"
    }.joined(separator: "-")
  }

  private static func counted(_ row: RollCallList.Row) -> String {
    if row.recorded == 0 { return "–" }
    return ["yes", "no", "abstain"].map { choice in
      let count = row.counted(choice)
      return count.low == count.high ? "\(count.low)" : "\(count.low)…\(count.high)"
    }.joined(separator: "-")
  }
}

extension RollCallList.Row {
  /// The votes of a choice, with those that may be.
  fileprivate func counted(_ choice: String) -> (low: Int, high: Int) {
    let count = counted.first { $0.choice == choice }
    return (count?.low ?? 0, count?.high ?? 0)
  }
}
