import Annals
import EventLog
import SQLiteEventLog

/// What a command has beside its arguments: the terminal, the project file, the store.
struct Session: Sendable {
  let terminal: Terminal
  let format: OutputFormat?
  private let globals: Globals
  private let project: ProjectFile

  /// The options as values; ParsableArguments itself cannot be sent to another task.
  private struct Globals: Sendable {
    var store: String?
    var schemas: String?
    var projections: String?
    var usesPager: Bool
  }

  init(_ options: GlobalOptions) throws {
    format = options.output
    terminal = Terminal(colour: options.color, isQuiet: options.quiet)
    globals = Globals(
      store: options.store, schemas: options.schemas, projections: options.projections,
      usesPager: !options.noPager && options.output == nil)
    project = try ProjectFile.load()
  }

  // MARK: The store

  /// Opens the store, and closes it whatever happens. The user's own projections come with it where
  /// something is written, or where `views` says that the views themselves are asked about.
  func withStore<Result>(
    writing: Bool = false, views: Bool = false, checksEnd: Bool = true,
    _ body: (Store) async throws -> Result
  ) async throws -> Result {
    let vocabulary = try vocabulary()
    return try await StoreAccess.open(
      try storePath(), writing: writing, checksEnd: checksEnd, vocabulary: vocabulary,
      projections: writing || views ? try projections(vocabulary) : [], body)
  }

  func storePath() throws -> String {
    try StoreLocator.path(option: globals.store, project: project)
  }

  /// The store as named by option, environment or project file; nil where it must be looked for.
  var namedStore: String? {
    globals.store ?? System.environment("ANNALS_STORE") ?? project.store
  }

  /// `--recorder`, `ANNALS_RECORDER`, annals.yaml, or the login name.
  func recorder(_ option: String?) throws -> String {
    let configured = option ?? System.environment("ANNALS_RECORDER") ?? project.recorder
    guard let name = configured ?? System.loginName(), !name.isEmpty else {
      throw Failure.usage(
        "nobody is named as recorder", help: "say who records this:  --recorder NAME")
    }
    return name
  }

  /// The built-in event types, and the user's own.
  func vocabulary() throws -> Vocabulary {
    try Self.vocabulary(schemas: globals.schemas, project: project)
  }

  /// The same, where no command has been parsed yet.
  static func vocabulary(schemas: String?, project: ProjectFile) throws -> Vocabulary {
    let folder = schemas ?? System.environment("ANNALS_SCHEMAS") ?? project.schemas
    guard let folder else { return .builtIn }
    let contents = try files(
      ending: ".json", in: folder, ofWhat: "schemas", help: "name a folder with TYPE.vN.json files")
    do {
      return try Vocabulary.builtIn.adding(contents)
    } catch let faults as Problems {
      throw Failure(
        faults.problems, more: faults.more, exitCode: ErrorCode.badSchema.exitCode)
    }
  }

  /// The user's own views.
  func projections(_ vocabulary: Vocabulary) throws -> [SQLProjection] {
    let folder =
      globals.projections ?? System.environment("ANNALS_PROJECTIONS") ?? project.projections
    guard let folder else { return [] }
    let contents = try Self.files(
      ending: ".sql", in: folder, ofWhat: "projections", help: "name a folder with .sql files")
    return try StoreAccess.projections(contents, vocabulary)
  }

  private static func files(
    ending: String, in folder: String, ofWhat what: String, help: String
  ) throws -> [(name: String, bytes: [UInt8])] {
    guard let names = System.names(in: folder) else {
      throw Problem(
        .badConfiguration, "cannot read the folder of \(what) \"\(folder)\"", help: help)
    }
    let files = names.filter { $0.hasSuffix(ending) }
    guard files.count <= FileLimit.filesInFolder else {
      throw Problem(
        .badConfiguration,
        "the folder of \(what) \"\(folder)\" has \(files.count.grouped) files, more than "
          + FileLimit.filesInFolder.grouped, help: help)
    }
    return try files.map { (name: $0, bytes: try contents(of: "\(folder)/\($0)")) }
  }

  /// A file that the user named; throws when it cannot be read, or is too large.
  static func contents(of path: String, limit: Int = FileLimit.text) throws -> [UInt8] {
    do throws(UnreadableFile) {
      return try RegularFile.contents(of: path, limit: limit)
    } catch {
      throw error.problem
    }
  }

  // MARK: The answer

  /// Writes an answer in the format that was asked for.
  func print(_ answer: some Answer) {
    switch format {
    case .json: emit([JSONWriter.pretty(answer.json)], as: .json)
    case .ndjson: emit(answer.records.map(JSONWriter.compact), as: .json)
    case .csv: emit(answer.sheet.csv(), as: .text)
    case .csvExact: emit(answer.sheet.csv(isExact: true), as: .text)
    case .tsv: emit(answer.sheet.tsv, as: .text)
    case nil:
      let lines = answer.lines(on: terminal)
      if globals.usesPager, let height = terminal.height, lines.count >= height,
        Pager.show(lines)
      {
        return
      }
      emit(lines)
    }
  }

  /// Writes an answer that is a list; people are told when it is empty.
  func print(_ answer: some Answer, emptyNote: String) {
    print(answer)
    if format == nil, answer.sheet.rows.isEmpty { terminal.note(emptyNote) }
  }

  /// Writes what a write did: the receipts, then on a screen the command that shows why.
  func print(_ report: WriteReport) {
    let answer = ReceiptsAnswer(report: report)
    print(answer)
    if terminal.isInteractive {
      if !report.isDryRun, let command = answer.followUp { terminal.hint("See why:  \(command)") }
    } else if format == nil {
      let isOne = report.appended + report.alreadyPresent == 1 && report.rejected == 0
      if !isOne || report.isDryRun { terminal.note(answer.sentence) }
      let shown = report.receipts.count
      if shown > 0, report.appended + report.alreadyPresent > shown {
        terminal.note("Receipts: the first \(shown.grouped) only.")
      }
      if report.isDryRun { answer.stanceLines.forEach(terminal.note) }
    }
  }

  /// Lines of an answer; those for people are safe for a terminal as they come.
  private func emit(_ lines: [String], as content: Terminal.Content? = nil) {
    let text = lines.joined(separator: "\n") + (lines.isEmpty ? "" : "\n")
    if let content {
      terminal.emit(Array(text.utf8), content)
    } else {
      System.emit(Array(text.utf8), to: System.standardOutput)
    }
  }
}
