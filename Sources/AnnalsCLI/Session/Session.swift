import Annals
import AnnalsAnswers
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
  /// something is written, or where `views` says that the views themselves are asked about. Notes
  /// which of them what was written has stopped.
  func withStore<Result>(
    writing: Bool = false, serving: Bool = false, views: Bool = false, checksEnd: Bool = true,
    acceptsClock: Bool = false,
    _ body: (Store) async throws -> Result
  ) async throws -> Result {
    let path = try storePath()
    let vocabulary = try vocabulary()
    return try await StoreAccess.open(
      path, writing: writing || serving, serving: serving, checksEnd: checksEnd,
      acceptsClock: acceptsClock, vocabulary: vocabulary,
      projections: writing || serving || views ? try projections(vocabulary) : []
    ) { store in
      try await noteRollback(store, path)
      guard writing else { return try await body(store) }
      let before = try await store.stoppedViews()
      let result = try await body(store)
      // What was written is written, also where this cannot be found out.
      let after = (try? await store.stoppedViews()) ?? [:]
      for (name, failure) in after.sorted(by: { $0.key < $1.key }) where before[name] != failure {
        terminal.note(
          "The view \(name) has stopped at \(failure.position): \(failure.reason)"
            + "  (annals explain \(ErrorCode.poisonEvent.rawValue))")
      }
      return result
    }
  }

  /// Notes that the record is shorter than it was when it was verified last.
  private func noteRollback(_ store: Store, _ path: String) async throws {
    guard let size = VerifiedHead(store: path).size else { return }
    let head = try await store.log.head().position
    if size > head.rawValue {
      terminal.note(
        "The record ends at \(head), but \(Position(size)) was verified once (\(path).verified): an"
          + " older copy may have been put in its place  (annals help verify)")
    }
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
    ending: String, in folder: String, ofWhat what: String, help: Help
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

  // MARK: The question

  /// Reads the parameters of a question as the command line writes them. Answers are not bounded.
  func asking(_ question: Question, _ items: Items) throws -> Question.Ask {
    try question.asking(items.list, isBounded: false, face: .commandLine)
  }

  // MARK: The answer

  /// Writes an answer in the format that was asked for.
  func print(_ answer: some Layout) {
    if let text = text(of: answer) { System.emit(text, to: System.standardOutput) }
  }

  /// Writes the answer to a command that has changed something. Where it cannot be written, the error
  /// says what was done.
  func print(_ answer: some Layout, done: String?) throws {
    guard let text = text(of: answer) else { return }
    System.failOnBrokenPipe()
    do throws(SystemError) {
      try System.write(text, to: System.standardOutput)
    } catch {
      let message = "cannot write the answer: \(error.text)"
      throw Problem(.storeIO, [message, done].compactMap(\.self).joined(separator: "; "))
    }
  }

  /// The answer as bytes; nil when a pager has shown it.
  private func text(of answer: some Layout) -> [UInt8]? {
    let lines: [String]
    // Lines for people are safe for a terminal as they come.
    var content: Terminal.Content?
    switch format {
    case .json: (lines, content) = ([JSONWriter.pretty(answer.document.json)], .json)
    case .ndjson: (lines, content) = (answer.document.records.map(JSONWriter.compact), .json)
    case .csv: (lines, content) = (answer.document.sheet.csv(), .text)
    case .csvExact: (lines, content) = (answer.document.sheet.csv(isExact: true), .text)
    case .tsv: (lines, content) = (answer.document.sheet.tsv, .text)
    case nil:
      lines = answer.lines(on: terminal)
      if globals.usesPager, let height = terminal.height, lines.count >= height,
        Pager.show(lines)
      {
        return nil
      }
    }
    var bytes: [UInt8] = []
    for line in lines {
      bytes += line.utf8
      bytes.append(UInt8(ascii: "\n"))
    }
    return content.map { terminal.shown(bytes, $0) } ?? bytes
  }

  /// Writes an answer that is a list; people are told when it is empty.
  func print(_ answer: some Layout, emptyNote: String) {
    print(answer)
    if format == nil, answer.document.sheet.rows.isEmpty { terminal.note(emptyNote) }
  }

  /// Writes what a write did: the receipts, then on a screen the command that shows why.
  func print(_ report: WriteReport) throws {
    let answer = ReceiptsAnswer(report: report)
    try print(answer, done: answer.done)
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
      answer.remarkLines.forEach(terminal.note)
    }
  }
}
