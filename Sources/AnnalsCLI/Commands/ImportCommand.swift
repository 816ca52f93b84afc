import Annals
import ArgumentParser
import EventLog

/// `annals import`
struct ImportCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Record many facts from NDJSON files or from standard input.",
    usage: "annals import FILE … | - [--rejects FILE] [--dry-run] [OPTIONS]",
    discussion: """
      Everything is checked before anything is written; one wrong event keeps all of them out, \
      unless --rejects is given. What is recorded already is not recorded again, so an import that \
      was cut off can simply be run again. The format: annals help formats

      Examples:
        annals import Events/*.ndjson
        annals export -s un.annals | annals import - -s copy.annals
        annals import votes.ndjson --rejects bad.ndjson --dry-run
      """)

  @Argument(
    help: "Files of events, one JSON object per line; - reads standard input.",
    completion: .file(extensions: ["ndjson", "jsonl", "json"]))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      "Append the good events, and write the lines that are refused to this file.",
      valueName: "file"), completion: .file())
  var rejects: String?

  @Option(help: ArgumentHelp("A remark on the whole batch, kept with it.", valueName: "text"))
  var note: String?

  @OptionGroup var writing: WriteOptions
  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let inputs = try openInputs()
    let refused = try rejects.map { try RejectsFile(path: writing.dryRun ? nil : $0) }
    let recorder = try session.recorder(writing.recorder)
    try await session.withStore(writing: true) { store in
      let report = try await Progress.during("Importing …", on: session.terminal) { progress in
        var options = AppendOptions(
          recorder: recorder, note: note, dryRun: writing.dryRun,
          reject: refused.map { file in { @Sendable in file.add($0, $1) } },
          progress: { progress.update($0.text) })
        options.keepsSecondAccounts = true
        return try await Interrupt.cancelling { try await store.append(inputs, options: options) }
      }
      session.print(report)
      if let refused, !refused.problems.isEmpty, let path = rejects {
        ErrorPrinter(palette: session.terminal.messages, isJSON: false)
          .report(Failure(refused.problems))
        session.terminal.note(
          "\(report.rejected.grouped) rejected lines "
            + (writing.dryRun ? "would be in \(path)" : "are in \(path)"))
      }
    }
  }

  private func openInputs() throws -> [any EventInput] {
    let names = files.isEmpty ? ["-"] : files
    if names.contains("-"), System.isTerminal(System.standardInput) {
      throw Problem(
        .nothingToImport, "nothing to import",
        help: "give a file, or pipe events:  curl … | annals import -")
    }
    return try names.map { name in
      name == "-"
        ? try FileInput(draining: System.standardInput, name: "-") : try FileInput(path: name)
    }
  }
}

extension ImportProgress {
  /// "Importing  81%  822,400 events".
  fileprivate var text: String {
    let verb = phase == .checking ? "Checking" : "Importing"
    let share = totalBytes > 0 ? "\(bytes * 100 / totalBytes)%" : ""
    return "\(verb)  \(share)  \(events.grouped) events"
  }
}
