import Annals
import AnnalsAnswers
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
    let ask = try session.asking(.list, ["kind": what.rawValue, "topic": topic] + record.items)
    try await session.withStore { store in
      let answer: ListAnswer = try await ask(store).expected()
      session.print(answer, emptyNote: "no \(what.rawValue)")
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
extension ListAnswer: Layout {
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
