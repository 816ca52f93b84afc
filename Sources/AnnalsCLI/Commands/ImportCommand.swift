import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog
import Synchronization

/// `annals import`
struct ImportCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Record many facts from NDJSON or CSV files, or from standard input.",
    usage: "annals import FILE … | - [--map MAPPING] [--rejects FILE] [--dry-run] [OPTIONS]",
    discussion: """
      Everything is checked before anything is written; one wrong event keeps all of them out, \
      unless --rejects is given. What is recorded already is not recorded again, so an import that \
      was cut off can simply be run again. The format: annals help formats

      CSV files need a mapping, which says what their columns mean: annals help mapping

      Popolo JSON (persons, organizations, memberships, motions, vote events, votes) is read with \
      --from popolo; several files are one data set, --source names it.

      A whole export is restored exactly with --exact: positions, ids, instants and hashes as they \
      were, payloads that were erased included. It says whether all came out the same.

      Examples:
        annals import Events/*.ndjson
        annals export -s un.annals | annals import - --exact -s copy.annals
        annals import votes.ndjson --rejects bad.ndjson --dry-run
        annals import ballots.csv rollcalls.csv --map un-votes
        annals import parliament.json --from popolo --source parliament
      """)

  @Argument(
    help: "Files of events, one JSON object per line, or of rows; - reads standard input.",
    completion: .file(extensions: ["ndjson", "jsonl", "json", "csv"]))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "Append the good events, and write the lines that are refused to this file.",
      valueName: "file"), completion: .file())
  var rejects: String?

  @Option(
    name: [.customLong("note"), .customLong("batch-name")],
    help: ArgumentHelp("A remark on the whole batch, kept with it.", valueName: "text"))
  var note: String?

  @Option(
    help: ArgumentHelp(
      "What the columns of CSV files mean: \(Mapping.shippedNames.joined(separator: ", ")), or a file.",
      valueName: "mapping"), completion: .file(extensions: ["yaml"]))
  var map: String?

  @Option(
    help: ArgumentHelp(
      "Format of the files, csv, popolo or ndjson; by default from --map.", valueName: "format"))
  var from: InputFormat?

  @Option(
    help: ArgumentHelp(
      "CSV file with the columns name and actor: who is meant by names that are not known.",
      valueName: "file"), completion: .file(extensions: ["csv"]))
  var aliases: String?

  @Option(help: ArgumentHelp("Read only the first rows of each CSV file.", valueName: "rows"))
  var limit: Int?

  @Option(
    help: ArgumentHelp("Id of the source that a Popolo data set is.", valueName: "source"))
  var source: String?

  @Option(
    help: ArgumentHelp("Put before the ids of a Popolo data set.", valueName: "text"))
  var prefix: String?

  @Flag(help: "Make the log of a whole export again as it was, in an empty store.")
  var exact = false

  @OptionGroup var writing: WriteOptions
  @OptionGroup var globals: GlobalOptions

  /// What the files hold.
  enum InputFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, popolo, ndjson
  }

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1 on") }
    if map == nil, limit != nil || aliases != nil {
      throw ValidationError("--limit and --aliases need --map")
    }
    if from != .popolo, source != nil || prefix != nil {
      throw ValidationError("--source and --prefix need --from popolo")
    }
    if from == .popolo, rejects != nil {
      throw ValidationError("--rejects is about lines and rows: a Popolo data set is taken whole")
    }
    if exact, map != nil || from != nil && from != .ndjson || rejects != nil || note != nil {
      throw ValidationError("--exact takes a whole export, and nothing but --dry-run beside it")
    }
    if map != nil, let from, from != .csv { throw ValidationError("--map is about CSV files") }
  }

  func run(_ session: Session) async throws {
    let inputs = try openInputs()
    if exact { return try await restore(inputs, session) }
    let mapping = try mapping(session)
    let aliases = try aliases.map { try Aliases.read(FileInput(path: $0)) } ?? [:]
    let refused = try rejects.map { try RejectsFile(path: writing.dryRun ? nil : $0) }
    let recorder = try session.recorder(writing.recorder)
    try await session.withStore(writing: true, acceptsClock: writing.acceptClock) { store in
      let report = try await Progress.during("Importing …", on: session.terminal) { progress in
        let pace = ImportPace(unit: mapping == nil ? "events" : "rows")
        let options = AppendOptions(
          recorder: recorder, note: note, dryRun: writing.dryRun,
          reject: refused.map { file in { @Sendable in try file.add($0, $1) } },
          progress: { progress.update(pace.text($0)) })
        return try await Interrupt.cancelling {
          if from == .popolo {
            let popolo = PopoloOptions(source: source, prefix: prefix)
            return try await store.append(popolo: inputs, popolo, options: options)
          }
          if let mapping {
            return try await store.append(
              inputs, mapping: mapping, aliases: aliases, limit: limit, options: options)
          }
          return try await store.append(inputs, options: options)
        }
      }
      try session.print(report)
      if let refused, report.rejected > 0, let path = rejects {
        ErrorPrinter(palette: session.terminal.messages, isJSON: false)
          .report(
            Failure(
              refused.problems.problems + report.unknownNames, more: refused.problems.more))
        session.terminal.note(
          "\(report.rejected.grouped) rejected \(mapping == nil ? "lines" : "rows") "
            + (writing.dryRun ? "would be in \(path)" : "are in \(path)"))
      }
    }
  }

  private func restore(_ inputs: [any EventInput], _ session: Session) async throws {
    let recorder = try session.recorder(writing.recorder)
    let report = try await session.withStore(writing: true, acceptsClock: writing.acceptClock) {
      store in
      try await Progress.during("Restoring …", on: session.terminal) { progress in
        let pace = ImportPace(unit: "events")
        let options = AppendOptions(
          recorder: recorder, dryRun: writing.dryRun,
          progress: { progress.update(pace.text($0)) })
        return try await Interrupt.cancelling { try await store.restore(inputs, options: options) }
      }
    }
    let end = report.isDryRun ? nil : "the export is restored up to \(report.head)"
    try session.print(RestoreAnswer(report: report), done: end)
    guard report.isSame else {
      let what =
        report.misfiled.map { "the export files \($0) under what it does not say" }
        ?? "the root of the store is not that of the export"
      throw Problem(
        .notRestorable, what,
        help: "the export was altered; remove the store, and start anew with an empty one")
    }
  }

  /// The mapping for the files; nil for NDJSON.
  private func mapping(_ session: Session) throws -> Mapping? {
    guard let map else {
      guard let table = files.first(where: { $0.lowercased().hasSuffix(".csv") }) ?? csvName,
        from == nil || from == .csv
      else { return nil }
      throw Problem(
        .unknownTable, "what the columns of \(table) mean is not said",
        help: "name a mapping:  annals import \(table) --map NAME,  one of "
          + "\(Mapping.shippedNames.joined(separator: ", ")), or a file of your own: "
          + "annals help mapping")
    }
    let vocabulary = try session.vocabulary()
    guard map.contains("/") || map.hasSuffix(".yaml") || map.hasSuffix(".yml") else {
      return try Mapping(shipped: map, vocabulary: vocabulary)
    }
    let bytes = try Session.contents(of: map, limit: FileLimit.mapping)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem(.notUTF8, "\(map) is not UTF-8 text")
    }
    return try Mapping(parsing: text, file: map, vocabulary: vocabulary)
  }

  private var csvName: String? { from == .csv ? files.first ?? "standard input" : nil }

  private func openInputs() throws -> [any EventInput] {
    let names = files.isEmpty ? ["-"] : files
    if names.contains("-"), System.isTerminal(System.standardInput) {
      throw Problem(
        .nothingToImport, "nothing to import",
        help: "give a file, or pipe events:  curl … | annals import -")
    }
    let copies = InputCopies()
    return try names.map { name in
      name == "-"
        ? try FileInput(draining: System.standardInput, name: "-", copies: copies)
        : try FileInput(path: name, copies: copies)
    }
  }
}

/// How fast an import is, and how long it will still take.
private final class ImportPace: Sendable {
  let unit: String
  private let phases = Mutex<[ImportProgress.Phase: ContinuousClock.Instant]>([:])

  init(unit: String) { self.unit = unit }

  /// "Importing  81%  822,400 rows  510,000/s  0:04 left".
  func text(_ progress: ImportProgress) -> String {
    let now = ContinuousClock.now
    let start = phases.withLock { phases in
      let start = phases[progress.phase] ?? now
      phases[progress.phase] = start
      return start
    }
    let verb = progress.phase == .checking ? "Checking" : "Importing"
    let share = progress.totalBytes > 0 ? "\(progress.bytes * 100 / progress.totalBytes)%" : ""
    var text = "\(verb)  \(share)  \(progress.events.grouped) \(unit)"
    let elapsed = (now - start) / .seconds(1)
    if elapsed > 0.5, progress.bytes > 0 {
      text += "  \(Int(Double(progress.events) / elapsed).grouped)/s"
      let left = elapsed * Double(progress.totalBytes - progress.bytes) / Double(progress.bytes)
      let seconds = Int(left.rounded(.up))
      text += "  \(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60) left"
    }
    return text
  }
}
