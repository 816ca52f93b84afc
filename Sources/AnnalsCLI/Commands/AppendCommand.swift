import Annals
import ArgumentParser
import EventLog

/// `annals append`
struct AppendCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "append",
    abstract: "Record one fact.",
    usage: "annals append TYPE FIELD=VALUE … [--on DATE] [--source SOURCE] [OPTIONS]",
    discussion: """
      Fields are those of the type's schema (annals help vote.cast): about.topics=a,b for lists and \
      fields in fields, numbers and yes/no as the schema says. Fields that hold an actor take any of its names. The \
      same fact appended twice is recorded once.

      Examples:
        annals append vote.cast rollcall=un-ga/ES-11/7 voter=USA choice=no --on 2025-02-24 \\
          --source kremlin-praises-us:p6
        annals append statement.made speaker=Peskov onBehalfOf=RUS kind=paraphrase \\
          text="Such a vote was hard to imagine." about.topics=ukraine-integrity --on 2025-02-25
        annals append stance.changed actor=USA topic=ukraine-integrity level=-1 --dry-run
      """)

  @Argument(help: "The event type; annals list types shows them.", completion: .eventTypes)
  var type: String

  @Argument(
    help: ArgumentHelp("Fields of the payload.", valueName: "field=value"), completion: .fields)
  var fields: [String] = []

  @Option(help: ArgumentHelp("When it was so, in EDTF: see annals help time.", valueName: "date"))
  var on: String?

  @Option(
    help: ArgumentHelp(
      "How the date is known: explicit, derived, inferred or unknown.", valueName: "basis"),
    completion: .list(["explicit", "derived", "inferred", "unknown"]))
  var basis: String?

  @OptionGroup var sources: SourceOptions

  @Option(
    help: ArgumentHelp(
      "Who passed it on, nearest first, as KIND:NAME with a kind of outlet, agency, person, "
        + "anonymous, document. May be given several times.", valueName: "kind:name"))
  var via: [String] = []

  @Option(
    help: ArgumentHelp(
      "How firmly the source puts it: asserted, reported, alleged or disputed.", valueName: "word"),
    completion: .list(["asserted", "reported", "alleged", "disputed"]))
  var confidence: String?

  @Option(help: ArgumentHelp("A remark of the recorder's, kept with the event.", valueName: "text"))
  var note: String?

  @Option(
    help: ArgumentHelp("The event's id, a UUID. Default: made from the content.", valueName: "uuid")
  )
  var id: String?

  @Option(
    help: ArgumentHelp(
      "Append only if the head of the log is still at this position.", valueName: "seq"))
  var expect: String?

  @Option(
    help: ArgumentHelp(
      "The earlier event that this one is about, by position or id. May be given several times.",
      valueName: "event"))
  var target: [String] = []

  @Option(help: ArgumentHelp("Why, for events about events.", valueName: "text"))
  var reason: String?

  @OptionGroup var writing: WriteOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let vocabulary = try session.vocabulary()
    guard let definition = vocabulary.definition(type) else {
      let names = vocabulary.types.map(\.type.name)
      throw Failure.usage(
        "no event type \"\(type)\"", help: "annals list types  shows them all",
        suggestion: Suggestion.nearest(to: type, among: names))
    }
    let shape = FieldShape(definition)
    let arguments = try fields.map(FieldArgument.init)
    let options = AppendOptions(
      recorder: try session.recorder(writing.recorder), dryRun: writing.dryRun,
      expectedHead: try expect.map { try Arguments.position($0, option: "--expect") })
    try await session.withStore(writing: true, acceptsClock: writing.acceptClock) { store in
      let report = try await ArgumentFaults.shown(arguments) {
        let data = try await NamedFields.resolved(
          try Fields.data(arguments, shape), shape, store)
        return try await store.append(
          Array(JSONWriter.compact(try await line(data, store)).utf8), options: options)
      }
      try session.print(report)
    }
  }

  /// The event as a line of the import format.
  private func line(_ data: JSON, _ store: Store) async throws -> JSON {
    var targets: [JSON] = []
    for text in target {
      let event = try await store.event(Arguments.reference(text), knownBy: nil)
      targets.append(.string(event.event.id.description))
    }
    var line: JSONObject = ["type": .string(type), "data": data]
    let texts = [
      ("id", id), ("on", on), ("basis", basis), ("confidence", confidence), ("note", note),
      ("reason", reason),
    ]
    for (name, text) in texts { line[name] = text.map(JSON.string) }
    let lists = [
      ("sources", sources.source.map(SourceArgument.source)),
      ("via", via.map(SourceArgument.via)), ("target", targets),
    ]
    for (name, elements) in lists where !elements.isEmpty { line[name] = .array(elements) }
    return .object(line)
  }
}
