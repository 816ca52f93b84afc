import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals swings`
struct SwingsCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "swings",
    abstract:
      "Who moved most from one roll call to the next, on what evidence, and whether it held.",
    usage: "annals swings [--topic TOPIC] [--actor ACTOR] [--since DATE] [--until DATE] [-n COUNT]",
    discussion: """
      A series is the roll calls linked to one topic, or those of one body with the same title. \
      Yes against no is a step of 2, an abstention is half way (annals explain rule swing/2). \
      Changes of stance, whatever they rest on, are listed by annals changes.

      Examples:
        annals swings
        annals swings --actor USA --since 2025
        annals swings --topic ukraine-integrity -o csv
      """)

  @Option(
    help: ArgumentHelp(
      "Only the series of this topic. May be given several times.", valueName: "topic"),
    completion: .topics)
  var topic: [String] = []

  @Option(
    help: ArgumentHelp("Only of this actor. May be given several times.", valueName: "actor"),
    completion: .actors)
  var actor: [String] = []

  @Option(
    help: ArgumentHelp("Only steps to a vote on this date or later.", valueName: "date"))
  var since: String?

  @Option(
    help: ArgumentHelp("Only steps to a vote on this date or before.", valueName: "date"))
  var until: String?

  @Option(
    name: [.customShort("n"), .long], help: ArgumentHelp("At most so many.", valueName: "count"))
  var limit = 20

  @Option(
    help: ArgumentHelp("By which rule: swing/2 or swing/1.", valueName: "rule"),
    completion: .list(Rule.ofSwings.map(\.rawValue)))
  var rule: String?

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(
      .swings,
      [
        "topic": topic, "actor": actor, "since": since, "until": until, "limit": limit,
        "rule": rule,
      ] + record.items)
    try await session.withStore { store in
      session.print(SwingsTable(answer: try await ask(store).expected()))
    }
  }
}

/// Swings as a table.
private struct SwingsTable: Layout {
  let answer: SwingList
  var document: SwingList { answer }

  func lines(on terminal: Terminal) -> [String] {
    var table = Table([
      .init("size", right: true), .init("on"), .init("actor", give: 1), .init("step"),
      .init("held", right: true), .init("kept", right: true), .init("then"), .init("roll calls"),
      .init("events"), .init("series", give: 2),
    ])
    for swing in answer.swings {
      let events = [swing.before.position, swing.after.position].compactMap { $0?.description }
      table.add(
        "\(swing.size)", swing.after.on ?? "undated", swing.actor.name,
        "\(swing.before.choice) → \(swing.after.choice)", swing.held.grouped, swing.kept.grouped,
        swing.persistence.rawValue, "\(swing.before.rollcall) → \(swing.after.rollcall)",
        events.joined(separator: " "), swing.series.name)
    }
    var lines = table.lines(width: terminal.width, palette: terminal.output)
    if !lines.isEmpty { lines.append("") }
    let left = answer.count - answer.swings.count
    lines.append(
      "\(answer.count.counted("swing")) of \(answer.voters.counted("actor")) in "
        + "\(answer.rollcalls.counted("roll call")) that stand in \(answer.series.grouped) series, "
        + "rule \(answer.rule), known by \(answer.knownBy.text)"
        + (left > 0 ? "; \(left.grouped) not shown (-n)." : "."))
    var aside: [String] = []
    if answer.alone > 0 { aside.append("\(answer.alone.counted("roll call")) in no series") }
    if answer.undated > 0 { aside.append("\(answer.undated.grouped) without a date") }
    if !aside.isEmpty { lines.append("note  left out: \(aside.joined(separator: ", "))") }
    return lines
  }
}
