import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog
import SQLiteEventLog

/// `annals doctor`
struct DoctorCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Versions, the store's health, settings and terminal: to paste into a report.",
    usage: "annals doctor [-s FILE] [--salvage NEW] [-o FORMAT]",
    discussion: """
      Opens the store for reading and checks every page and index of it; nothing is changed. Prints \
      no facts of the record. Exit code 0 when all is well.

      --salvage writes what still verifies of a store that was damaged or altered, up to the first \
      fault, to a new store: positions, instants and hashes as they were. The old file stays as it is.

      Examples:
        annals doctor
        annals doctor -s un.annals
        annals doctor -o json
        annals doctor -s damaged.annals --salvage saved.annals
      """)

  @Option(
    help: ArgumentHelp("Save what verifies to this new store.", valueName: "file"),
    completion: .file(extensions: ["annals"]))
  var salvage: String?

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    if let salvage { return try await save(to: salvage, session) }
    var report = DoctorAnswer()
    report.add("annals", Version.text)
    report.add("system", System.description)
    report.add("sqlite", SQLiteEventLog.libraryVersion)
    let failure = await examine(session, into: &report)
    report.add("recorder", (try? session.recorder(nil)) ?? "none")
    report.add("settings", settings)
    report.add("locale", System.environment("LC_ALL") ?? System.environment("LANG") ?? "not set")
    report.add("terminal", session.terminal.description)
    session.print(report)
    if let failure { throw failure }
  }

  private func save(to path: String, _ session: Session) async throws {
    try NewStore.check(path)
    var options = SQLiteEventLog.Options()
    (options.checksEnd, options.isSalvage) = (false, true)
    let damaged = try await SQLiteEventLog.open(
      at: session.storePath(), mode: .readOnly, options: options)
    let recorder = try session.recorder(nil)
    let salvage = try await Progress.during("Saving …", on: session.terminal) { progress in
      try await Interrupt.cancelling {
        try await SQLiteEventLog.create(at: path, like: damaged.path) { new in
          try await Salvage.run(from: damaged, to: new, recorder: recorder) { done, all in
            progress.update("Saving  \(all > 0 ? done * 100 / all : 100)%")
          }
        }
      }
    }
    await damaged.close()
    try session.print(
      SalvageAnswer(salvage: salvage, file: path), done: "the new store was made: \(path)")
  }

  /// Looks at the store; answers with what is wrong with it.
  private func examine(_ session: Session, into report: inout DoctorAnswer) async -> Failure? {
    let path: String
    do {
      path = try session.storePath()
    } catch {
      report.add("store", "none: \(Failure(error).problems.first?.message ?? "")")
      return nil
    }
    report.add("store", System.absolute(path))
    do {
      return try await Progress.during("Checking …", on: session.terminal) { _ in
        try await examine(path, session, into: &report)
      }
    } catch {
      let failure = Failure(error)
      report.add("state", failure.problems.first?.message ?? "cannot be read")
      return failure
    }
  }

  private func examine(
    _ path: String, _ session: Session, into report: inout DoctorAnswer
  ) async throws -> Failure? {
    let vocabulary = try session.vocabulary()
    let projections = try session.projections(vocabulary)
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    report.add("fingerprint", "ok")
    report.add("size", System.size(of: path).map { "\($0.grouped) bytes" } ?? "unknown")
    let faults = try await log.storageFaults()
    report.add("integrity", faults.isEmpty ? "ok" : faults.joined(separator: "; "))
    if try await log.isPurgeDue() { report.add("purge", "due: \(VerificationAnswer.purgeDue)") }
    let store = Store(log: log, vocabulary: vocabulary, projections: projections)
    let head = try await log.head()
    report.add("head", head.position.description + (head.recorded.map { ", \($0)" } ?? ", empty"))
    let jumps = try await log.clockJumps(now: .now())
    if !jumps.isEmpty { report.add("clock", jumps.joined(separator: "; ")) }
    let own = store.vocabulary.types.count { !$0.isBuiltIn }
    report.add("types", "\(store.vocabulary.types.count - own) built in, \(own) of your own")
    for view in try await store.views() {
      report.add("view \(view.definition.name)", view.state)
    }
    await log.close()
    guard !faults.isEmpty else { return nil }
    return Failure([
      Problem(.corrupt, "the file is damaged: \(faults[0])", help: "annals explain E1405")
    ])
  }

  private var settings: String {
    var found = [
      "ANNALS_STORE", "ANNALS_RECORDER", "ANNALS_SCHEMAS", "ANNALS_PROJECTIONS",
    ].filter { System.environment($0) != nil }
    if System.exists(ProjectFile.name) { found.append(ProjectFile.name) }
    return found.isEmpty ? "none" : found.joined(separator: ", ")
  }
}

extension Terminal {
  fileprivate var description: String {
    let kind = System.environment("TERM") ?? "no TERM"
    let size = width.map { "\($0) columns" } ?? "not a screen"
    return "\(kind), \(size), colours \(output.isOn ? "on" : "off")"
  }
}

/// Names and values, in order.
extension DoctorAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    var table = Table([.init("name"), .init("value")], hasHeading: false)
    for row in rows { table.add(row.name, row.value) }
    return table.lines(width: nil, palette: terminal.output)
  }
}
