import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals watch`
struct WatchCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Print events as they are appended, until Ctrl-C.",
    usage: "annals watch [SUBJECT …] [--type TYPE] [--after SEQ] [--until head]",
    discussion: """
      Begins at the head, or behind the event named with --after. Other programs may append \
      meanwhile. With -o ndjson each event is one line of the import format.

      Examples:
        annals watch
        annals watch USA --type vote.cast
        annals watch --after 300 --until head -o ndjson
      """)

  @Argument(help: "Actors and topics: only events about all of them.", completion: .subjects)
  var subjects: [String] = []

  @Option(
    help: ArgumentHelp("Only events of this type. May be given several times.", valueName: "type"),
    completion: .eventTypes)
  var type: [String] = []

  @Option(
    help: ArgumentHelp("Begin behind the event with this position.", valueName: "seq"))
  var after: String?

  @Option(
    help: ArgumentHelp("head: end at the last event that is there now.", valueName: "end"),
    completion: .list(["head"]))
  var until: String?

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    if let until, until != "head" {
      throw Failure.usage("--until \"\(until)\" is no end of a watch", help: "--until head")
    }
    let given = try after.map { try Value.position($0, of: "--after") }
    try await session.withStore { store in
      let head = try await store.log.head().position
      var position = given ?? (until == nil ? head : .start)
      if until != nil {
        return try await show(store, after: &position, through: head, session)
      }
      for try await moved in store.log.follow(after: position) {
        try await show(store, after: &position, through: moved.position, session)
      }
    }
  }

  private func show(
    _ store: Store, after position: inout Position, through head: Position, _ session: Session
  ) async throws {
    var filter = LogFilter()
    filter.types = type
    filter.newestFirst = false
    filter.after = position
    let answer = try await EntriesAnswer.log(
      about: subjects, filter, knownBy: .position(head), in: store)
    for entry in answer.entries {
      let event = entry.fact.root
      let line =
        switch session.format {
        case .json, .ndjson: JSONWriter.compact(.object(Store.exportObject(event)))
        default:
          "\(event.position)  \(event.batch.recorded)  \(event.batch.recorder)  \(entry.summary)"
            .printable
        }
      System.emit(Array((line + "\n").utf8), to: System.standardOutput)
    }
    position = head
  }
}
