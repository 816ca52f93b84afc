import Annals
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
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    var filter = StanceMoveFilter()
    filter.actors = actor
    filter.topics = topic
    filter.since = try since.map {
      Instant.day(ofSecond: try Arguments.date($0, option: "--since").earliest)
    }
    filter.until = try until.map {
      Instant.day(ofSecond: try Arguments.date($0, option: "--until").latest &- 1)
    }
    filter.includesFirsts = first
    if let limit, limit < 1 { throw Failure.usage("-n \(limit): at least one must be wanted") }
    filter.limit = limit
    let viewpoint = try moments.viewpoint(on: moments.givenMoment(), leaveOut)
    try await session.withStore { [filter] store in
      session.print(ChangesAnswer(answer: try await store.moves(filter, from: viewpoint)))
    }
  }
}

extension Instant {
  fileprivate static func day(ofSecond second: Int64) -> Int64 {
    CalendarDay(containing: second).number
  }
}

/// Changes of stance as a table.
private struct ChangesAnswer: Answer {
  let answer: StanceMoves

  var json: JSON {
    .members([
      "schema": "annals.changes.v1", "on": .string(answer.on), "knownBy": answer.knownBy.json,
      "rule": .string(answer.rule), "leftOut": answer.leavingOut.json,
      "topics": .array(answer.topics.map { .string($0.id) }),
      "n": .integer(Int64(answer.count)), "actors": .integer(Int64(answer.actors)),
      "firsts": .integer(Int64(answer.firsts)), "changes": .array(records),
    ])
  }

  var records: [JSON] {
    answer.moves.map { move in
      .members([
        "actor": .string(move.actor.id), "actorName": .string(move.actor.name),
        "topic": .string(move.topic.id), "day": .text(DateText.day(move.day)),
        "before": .string(move.before.label), "after": .string(move.after.label),
        "size": move.size.map { .number($0) } ?? .null, "trigger": move.trigger.evidenceJSON,
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: [
        "actor", "topic", "day", "before", "after", "size", "event", "type", "source", "summary",
      ],
      rows: answer.moves.map { move in
        [
          .string(move.actor.id), .string(move.topic.id), .text(DateText.day(move.day)),
          .string(move.before.label), .string(move.after.label),
          move.size.map { .number($0) } ?? .null,
          .integer(move.trigger.fact.position.rawValue), .string(move.trigger.fact.type),
          .text(move.trigger.fact.source), .string(move.trigger.summary),
        ]
      })
  }

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
