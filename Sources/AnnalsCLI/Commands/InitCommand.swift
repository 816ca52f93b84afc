import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog
import SQLiteEventLog

/// `annals init`
struct InitCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Create a store; with --demo, one that holds the record shipped with the program.",
    usage: "annals init [FILE] [--demo] [--recorder NAME]",
    discussion: """
      A store is one file. It is never overwritten.

      Examples:
        annals init un.annals
        annals init un.annals --demo
        annals -s un.annals init --recorder ana --demo
      """)

  @Argument(
    help: "The file to create. Default: the store's name as for every command, else record.annals.",
    completion: .file(extensions: ["annals"]))
  var file: String?

  @Flag(help: "Append the shipped record, so that the first question has an answer.")
  var demo = false

  @Option(
    help: ArgumentHelp(
      "Who records the demo. Default: ANNALS_RECORDER, annals.yaml, the login name.",
      valueName: "name"))
  var recorder: String?

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    let path = file ?? session.namedStore ?? "record\(StoreLocator.suffix)"
    let recorder = demo ? try session.recorder(recorder) : ""
    let vocabulary = try session.vocabulary()
    let projections = try session.projections(vocabulary)
    let log = try await SQLiteEventLog.create(at: path, options: StoreAccess.options(projections))
    let store = Store(log: log, vocabulary: vocabulary, projections: projections)
    var events = 0
    if demo {
      events = try await Progress.during("Loading the record …", on: session.terminal) { _ in
        let inputs = ShippedRecord.files.map { MemoryInput($0.bytes, name: $0.name) }
        let options = AppendOptions(recorder: recorder, note: "shipped with annals")
        return try await Interrupt.cancelling { try await store.append(inputs, options: options) }
          .appended
      }
    }
    let actors = try await store.list(.actors).count
    let topics = try await store.list(.topics).count
    await log.close()
    try session.print(
      CreationAnswer(store: path, events: events, actors: actors, topics: topics),
      done: "the store was created: \(path)")
    if demo {
      session.terminal.hint("Try:  annals show USA ukraine-integrity -s \(path)")
    } else {
      session.terminal.hint("Next:  annals import FILE -s \(path)   or   annals help append")
    }
  }
}
