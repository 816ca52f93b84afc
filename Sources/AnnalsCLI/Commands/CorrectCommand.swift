import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog

/// `annals correct`
struct CorrectCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct",
    abstract: "Correct a recorded fact, by a new event that names the old one and says why.",
    usage: "annals correct EVENT --set FIELD=VALUE … --reason TEXT [OPTIONS]",
    discussion: """
      Nothing is overwritten: the old event stays, and --known-by shows the record as it was.

      Examples:
        annals correct 17 --set choice=abstain --reason "wrong row in the source's table"
        annals correct 17 --on 2025-02-24 --basis explicit --reason "date printed in the minutes"
        annals correct 17 --set raw= --reason "not in the source" --dry-run
      """)

  @Argument(help: "The event, by position (17 or #17) or id.")
  var event: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A field as it should be; FIELD= without a value removes it. May be given several times.",
      valueName: "field=value"), completion: .fields)
  var changes: [String] = []

  @Option(help: ArgumentHelp("The date as it should be, in EDTF.", valueName: "date"))
  var on: String?

  @Option(
    help: ArgumentHelp(
      "How the date is known: explicit, derived, inferred or unknown.", valueName: "basis"),
    completion: .list(["explicit", "derived", "inferred", "unknown"]))
  var basis: String?

  @Option(
    help: ArgumentHelp(
      "How firmly the source puts it: asserted, reported, alleged or disputed.", valueName: "word"),
    completion: .list(["asserted", "reported", "alleged", "disputed"]))
  var confidence: String?

  @Option(help: ArgumentHelp("Why it is corrected. Required.", valueName: "text"))
  var reason: String

  @OptionGroup var sources: SourceOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let reference = try Value.event(event)
    let arguments = try changes.map(FieldArgument.init)
    guard !(arguments.isEmpty && on == nil && basis == nil && confidence == nil) else {
      throw Failure.usage(
        "the correction changes nothing",
        help: "say what is to change:  --set choice=no  or  --on 2025-02-24")
    }
    let options = AppendOptions(
      recorder: try session.recorder(writing.recorder), dryRun: writing.dryRun)
    try await session.withStore(writing: true, acceptsClock: writing.acceptClock) { store in
      let fact = try await store.event(reference).entry.fact
      let type = fact.root.type
      guard let definition = store.vocabulary.definition(type.name, version: type.version) else {
        throw Problem(
          .schemaMissing, "no schema for \(type)", help: "name the folder with  --schemas FOLDER")
      }
      let shape = FieldShape(definition)
      let report = try await ArgumentFaults.shown(arguments) {
        try await store.correct(
          reference, changes: try await values(arguments, shape, store),
          sources: sources.source.map { CitationText.source($0) }, reason: reason, options: options)
      }
      try session.print(report)
    }
  }

  /// Paths and values in the order typed; a field without a value is to be removed.
  private func values(
    _ arguments: [FieldArgument], _ shape: FieldShape, _ store: Store
  ) async throws -> [(path: String, value: JSON)] {
    var values: [(path: String, value: JSON)] = []
    var names = NamedFields(store)
    for field in arguments.map(\.field) {
      if field.value.isEmpty {
        values.append((field.name, .null))
        continue
      }
      let data = try await names.resolved(try FieldText.data([field], shape), shape)
      let value = field.path.reduce(data) { $0.member(String($1)) ?? .null }
      values.append((field.name, value))
    }
    for (path, value) in [("on", on), ("basis", basis), ("confidence", confidence)] {
      if let value { values.append((path, .string(value))) }
    }
    return values
  }
}

extension JSON {
  /// The member of an object; nil for anything else.
  fileprivate func member(_ name: String) -> JSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }
}
