import Annals
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
      Yes against no is a step of 2, an abstention is half way (annals explain rule swing/1). \
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

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    var filter = SwingFilter()
    filter.topics = topic
    filter.actors = actor
    filter.since = try since.map {
      CalendarDay(containing: try Arguments.date($0, option: "--since").earliest).number
    }
    filter.until = try until.map {
      CalendarDay(containing: try Arguments.date($0, option: "--until").latest &- 1).number
    }
    filter.limit = try ScopeOptions.count(limit, option: "-n") ?? limit
    let knownBy = try record.moment()
    try await session.withStore { [filter] store in
      session.print(SwingsTable(answer: try await store.swings(filter, knownBy: knownBy)))
    }
  }
}

/// Swings as a table.
private struct SwingsTable: Answer {
  let answer: SwingList

  var json: JSON {
    .members([
      "schema": "annals.swings.v1", "rule": .string(answer.rule),
      "knownBy": answer.knownBy.json, "topics": .array(answer.topics.map { .string($0.id) }),
      "actors": .array(answer.actors.map { .string($0.id) }), "n": .whole(answer.count),
      "coverage": .members([
        "series": .whole(answer.series), "rollcalls": .whole(answer.rollcalls),
        "voters": .whole(answer.voters), "alone": .whole(answer.alone),
        "undated": .whole(answer.undated),
      ]),
      "swings": .array(records),
    ])
  }

  var records: [JSON] {
    answer.swings.map { swing in
      .members([
        "actor": .string(swing.actor.id), "actorName": .string(swing.actor.name),
        "size": .whole(swing.size),
        "series": .members([
          "kind": .string(swing.series.kind.rawValue), "name": .string(swing.series.name),
          "rollcalls": .whole(swing.series.rollcalls),
        ]),
        "before": Self.json(swing.before), "after": Self.json(swing.after),
        "held": .whole(swing.held), "kept": .whole(swing.kept),
        "persistence": .string(swing.persistence.rawValue),
        "next": swing.next.map(Self.json) ?? .null,
      ])
    }
  }

  private static func json(_ vote: Swing.Vote) -> JSON {
    .members([
      "rollcall": .string(vote.rollcall), "on": .text(vote.on), "choice": .string(vote.choice),
      "effect": vote.effect.map(JSON.string), "seq": .whole(vote.position?.rawValue),
    ])
  }

  var sheet: Sheet {
    Sheet(
      columns: [
        "actor", "size", "kind", "series", "before", "before_on", "before_rollcall", "before_seq",
        "after", "after_on", "after_rollcall", "after_seq", "held", "kept", "persistence",
      ],
      rows: answer.swings.map { swing in
        [
          .string(swing.actor.id), .whole(swing.size), .string(swing.series.kind.rawValue),
          .string(swing.series.name), .string(swing.before.choice), .text(swing.before.on),
          .string(swing.before.rollcall), .whole(swing.before.position?.rawValue),
          .string(swing.after.choice), .text(swing.after.on), .string(swing.after.rollcall),
          .whole(swing.after.position?.rawValue), .whole(swing.held), .whole(swing.kept),
          .string(swing.persistence.rawValue),
        ]
      })
  }

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
