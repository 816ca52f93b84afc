import Annals
import AnnalsAnswers
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

  @Option(
    help: ArgumentHelp(
      "The version of the type. Default: the newest, which annals help TYPE shows.",
      valueName: "number"))
  var version: Int?

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
    guard let newest = vocabulary.definition(type) else {
      let names = vocabulary.types.map(\.type.name)
      throw Failure.usage(
        "no event type \"\(type)\"", help: "annals list types  shows them all",
        suggestion: Suggestion.nearest(to: type, among: names))
    }
    guard let definition = vocabulary.definition(type, version: version) else {
      throw Failure.usage(
        "the event type \(type) has no version \(version ?? 0)",
        help: "its newest version is \(newest.type.version)")
    }
    let arguments = try fields.map(FieldArgument.init)
    let fact = fact(definition, arguments)
    let options = AppendOptions(
      recorder: try session.recorder(writing.recorder), dryRun: writing.dryRun,
      expectedHead: try expect.map { try Value.position($0, of: "--expect") })
    try await session.withStore(writing: true, acceptsClock: writing.acceptClock) { store in
      let report = try await ArgumentFaults.shown(arguments) {
        try await store.append(
          Array(JSONWriter.compact(try await fact.line(store)).utf8), options: options)
      }
      try session.print(report)
    }
  }

  /// The fact as it was typed.
  private func fact(_ definition: EventTypeDefinition, _ arguments: [FieldArgument]) -> FactText {
    var fact = FactText(definition)
    fact.fields = arguments.map(\.field)
    (fact.id, fact.on, fact.basis, fact.confidence) = (id, on, basis, confidence)
    (fact.note, fact.reason, fact.targets) = (note, reason, target)
    (fact.sources, fact.via) = (sources.source, via)
    return fact
  }
}
