import Annals
import ArgumentParser
import EventLog

/// `annals list`
struct ListCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "What the record holds: actors, topics, event types, sources, roll calls, stances.",
    usage: "annals list WHAT [--topic TOPIC] [--known-by MOMENT]",
    discussion: """
      WHAT is actors, topics, types, sources, rollcalls, motions or stances (where every actor \
      stands today).

      Examples:
        annals list actors
        annals list rollcalls --topic ukraine-integrity
        annals list types -o json
      """)

  @Argument(
    help: "actors, topics, types, sources, rollcalls, motions or stances.",
    completion: .list(ListKind.allCases.map(\.rawValue)), transform: Self.kind)
  var what: ListKind

  @Option(
    help: ArgumentHelp("Only roll calls or motions linked to this topic.", valueName: "topic"),
    completion: .topics)
  var topic: String?

  @OptionGroup var record: KnownByOption
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let knownBy = try record.moment()
    try await session.withStore { store in
      let entries = try await store.list(what, topic: topic, knownBy: knownBy)
      session.print(ListAnswer(kind: what, entries: entries), emptyNote: "no \(what.rawValue)")
    }
  }

  private static func kind(_ text: String) throws -> ListKind {
    // The earlier name of this list.
    if text == "positions" { return .stances }
    if let kind = ListKind(rawValue: text) { return kind }
    let names = ListKind.allCases.map(\.rawValue)
    let nearest = Suggestion.nearest(to: text, among: names).map { " Did you mean \"\($0)\"?" }
    throw ValidationError(
      "There is no list of \"\(text)\", but of \(names.joined(separator: ", ")).\(nearest ?? "")")
  }
}

/// Ids with their names.
struct ListAnswer: Answer {
  let kind: ListKind
  let entries: [ListEntry]

  var json: JSON {
    .members([
      "schema": "annals.list.v1", "kind": .string(kind.rawValue), "entries": .array(records),
    ])
  }

  var records: [JSON] {
    entries.map { entry in
      .members([
        "id": .string(entry.id), "name": .string(entry.name), "detail": .string(entry.detail),
        "seq": entry.position.map { .integer($0.rawValue) },
      ])
    }
  }

  var sheet: Sheet {
    Sheet(
      columns: ["id", "name", "detail", "seq"],
      rows: entries.map { entry in
        [
          .string(entry.id), .string(entry.name), .string(entry.detail),
          .whole(entry.position?.rawValue),
        ]
      })
  }

  func lines(on terminal: Terminal) -> [String] {
    var table = Table([
      .init(kind == .stances ? "actor" : "id"),
      .init(kind == .stances ? "topic" : "name", give: 1), .init("detail", give: 1),
      .init("event", right: true),
    ])
    for entry in entries {
      table.add(entry.id, entry.name, entry.detail, entry.position?.description ?? "")
    }
    return table.lines(width: terminal.width, palette: terminal.output)
  }
}
