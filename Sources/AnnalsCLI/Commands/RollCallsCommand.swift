import Annals
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
    let scope = try scope.scope(contestedOnly: contested)
    let limit = try ScopeOptions.count(limit, option: "-n")
    let knownBy = try record.moment()
    if differing && conflicts {
      throw Failure.usage("--differing and --conflicts: one of them at a time")
    }
    let filter: RollCallList.Filter =
      differing ? .differing : conflicts ? .conflicting : .all
    try await session.withStore { store in
      let answer = try await store.rollcalls(in: scope, filter, last: limit, knownBy: knownBy)
      session.print(RollCallsTable(answer: answer, filter: filter))
    }
  }
}

/// Roll calls as a table.
private struct RollCallsTable: Answer {
  let answer: RollCallList
  let filter: RollCallList.Filter

  var json: JSON {
    var object: JSONObject = ["schema": "annals.rollcalls.v1"]
    for (key, value) in answer.selection.members { object[key] = value }
    object["knownBy"] = answer.knownBy.json
    object["n"] = .whole(answer.rows.count)
    object["coverage"] = .members([
      "rollcalls": .whole(answer.selection.rollcalls), "agenda": .whole(answer.selection.agenda),
      "differing": .whole(answer.differing), "conflicting": .whole(answer.conflicting),
      "conflicts": .whole(answer.conflicts), "undated": .whole(answer.selection.undated),
      "unanimousLeftOut": .whole(answer.selection.unanimous),
    ])
    object["rollcalls"] = .array(records)
    return .object(object)
  }

  var records: [JSON] {
    answer.rows.map { row in
      .members([
        "rollcall": .string(row.rollcall), "on": .text(row.on), "title": .text(row.title),
        "motion": .text(row.motion), "body": .text(row.body), "session": .text(row.session),
        "method": .text(row.method), "result": .text(row.result),
        "members": .whole(row.members), "recorded": .whole(row.recorded),
        "conflicts": .whole(row.conflicts),
        "official": .keyed(row.official.map { ($0.choice, .whole($0.votes)) }),
        "counted": .keyed(row.counted.map { ($0.choice, .whole($0.low)) }),
        "range": .keyed(
          row.counted.filter { $0.low != $0.high }
            .map { ($0.choice, .array([.whole($0.low), .whole($0.high)])) }),
        "difference": .keyed(
          row.differences.map { difference in
            let (low, high) = (difference.low, difference.high)
            return (
              difference.choice, low == high ? .whole(low) : .array([.whole(low), .whole(high)])
            )
          }),
        "reasons": .array(row.reasons.map(JSON.string)),
      ])
    }
  }

  var sheet: Sheet {
    let choices = Tally.choices
    return Sheet(
      columns: ["rollcall", "on", "body", "session", "result"]
        + choices.map { "official_\($0)" } + choices.map { "counted_\($0)" }
        + ["recorded", "conflicts", "reasons", "title"],
      rows: answer.rows.map { row in
        [
          .string(row.rollcall), .text(row.on), .text(row.body), .text(row.session),
          .text(row.result),
        ]
          + choices.map { choice in
            .whole(row.official.first { $0.choice == choice }.flatMap(\.votes))
          }
          + choices.map { .string(Self.text(row.counted($0))) }
          + [
            .whole(row.recorded), .whole(row.conflicts),
            .string(row.reasons.joined(separator: "; ")), .text(row.title),
          ]
      })
  }

  private static func text(_ count: (low: Int, high: Int)) -> String {
    count.low == count.high ? "\(count.low)" : "\(count.low)-\(count.high)"
  }

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
    return lines + answer.selection.notes.map { "note  \($0)" }
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
