import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals changes`
struct ChangesCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "changes",
    abstract: "Every change of stance, the largest first, with what caused it.",
    usage: "annals changes [--topic TOPIC] [--actor ACTOR] [--since DATE] [--until DATE]",
    discussion: """
      The size of a change counts levels: 4 from supports to opposes. A confirmation is no change, \
      and neither is a first stance (--first shows those too).

      Examples:
        annals changes
        annals changes --topic ukraine-integrity --since 2025
        annals changes --actor USA --exclude-type statement.made -o csv
      """)

  @Option(
    help: ArgumentHelp("Only on this topic. May be given several times.", valueName: "topic"),
    completion: .topics)
  var topic: [String] = []

  @Option(
    help: ArgumentHelp("Only of this actor. May be given several times.", valueName: "actor"),
    completion: .actors)
  var actor: [String] = []

  @Option(help: ArgumentHelp("Only changes on this date or later.", valueName: "date"))
  var since: String?

  @Option(help: ArgumentHelp("Only changes on this date or before.", valueName: "date"))
  var until: String?

  @Flag(help: "First stances too, which have no size.")
  var first = false

  @Option(
    name: [.customShort("n"), .long], help: ArgumentHelp("At most so many.", valueName: "count"))
  var limit: Int?

  @OptionGroup var moments: MomentOptions
  @OptionGroup var leaveOut: LeaveOutOptions
  @OptionGroup var rules: LineRuleOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let ask = try session.asking(
      .changes,
      [
        "topic": topic, "actor": actor, "since": since, "until": until, "first": first,
        "limit": limit,
      ] + moments.items + leaveOut.items + rules.items)
    try await session.withStore { store in
      session.print(ChangesAnswer(answer: try await ask(store).expected()))
    }
  }
}

/// Changes of stance as a table.
private struct ChangesAnswer: Layout {
  let answer: StanceMoves
  var document: StanceMoves { answer }

  func lines(on terminal: Terminal) -> [String] {
    var table = Table([
      .init("size", right: true), .init("on"), .init("actor", give: 2), .init("topic", give: 2),
      .init("change"), .init("event", right: true), .init("what", give: 1),
    ])
    for move in answer.moves {
      table.add(
        move.size.map(Self.text) ?? "—", DateText.day(move.day) ?? "…", move.actor.name,
        move.topic.id, "\(move.before.label) → \(move.after.label)",
        move.trigger.fact.position.description, move.trigger.summary)
    }
    var lines = table.lines(width: terminal.width, palette: terminal.output)
    if !lines.isEmpty { lines.append("") }
    let left = answer.count - answer.moves.count
    lines.append(
      "\(answer.count.counted("change")) of \(answer.actors.counted("actor")), rule \(answer.rule), "
        + "known by \(answer.knownBy.text)" + (left > 0 ? "; \(left.grouped) not shown." : "."))
    if answer.firsts > 0, !answer.moves.contains(where: \.isFirst) {
      lines.append(
        "note  \(answer.firsts.counted("first stance")) left out (--first shows them)")
    }
    for note in answer.leavingOut.notes { lines.append("note  \(note.printable)") }
    return lines
  }

  private static func text(_ size: Double) -> String {
    let halves = Int(size * 2)
    return halves.isMultiple(of: 2) ? "\(halves / 2)" : "\(halves / 2).5"
  }
}
