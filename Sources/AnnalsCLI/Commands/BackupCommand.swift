import Annals
import AnnalsAnswers
import ArgumentParser
import EventLog
import SQLiteEventLog

/// `annals backup`
struct BackupCommand: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "A verified copy of the store in one file, while others go on writing.",
    usage: "annals backup FILE [-s STORE] [OPTIONS]",
    discussion: """
      The copy is one state of the record. It is verified whole, and on the disk, before it gets its \
      name; a file that is there is never replaced. Never copy the store's file by other means while \
      it is in use: what is still in the write-ahead log would be missing.

      To go back to a backup, put it in the store's place while nobody has that open, without the \
      files STORE-wal and STORE-shm. What was recorded in between is lost then, and the next \
      checkpoint says so.

      Examples:
        annals backup /backups/un-2026-11-26.annals
        annals backup copy.annals -s un.annals -o json
      """)

  @Argument(help: "The new file.", completion: .file(extensions: ["annals"]))
  var file: String

  @OptionGroup var globals: GlobalOptions

  func run(_ session: Session) async throws {
    try NewStore.check(file)
    let log = try await SQLiteEventLog.open(at: try session.storePath(), mode: .readOnly)
    let backup = try await Progress.during("Copying …", on: session.terminal) { progress in
      try await Interrupt.cancelling { [file] in
        try await log.backup(to: file) { done, all in
          progress.update("Verifying the copy  \(all > 0 ? done * 100 / all : 100)%")
        }
      }
    }
    await log.close()
    try session.print(
      BackupAnswer(
        file: file, head: backup.head, root: backup.root, bytes: backup.bytes),
      done: "the backup was made: \(file)")
  }
}

/// The name of a store that a command is to make.
enum NewStore {
  /// Throws for what names no new file in a folder that is there.
  static func check(_ path: String) throws {
    guard !path.isEmpty, path != "-", !path.hasSuffix("/") else {
      throw Failure.usage("\"\(path)\" names no file", help: "a store is a file of its own")
    }
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    let folder = String(path[..<slash])
    if !System.exists(folder) {
      throw Failure(
        [Problem(.storeIO, "cannot write \(path): there is no folder \(folder)")],
        exitCode: ErrorCode.outputExists.exitCode)
    }
  }
}

/// `backup`: what the copy holds.
extension BackupAnswer: Layout {
  func lines(on terminal: Terminal) -> [String] {
    let count = head.position.rawValue
    return [
      "\(file): \(count.grouped) \(count == 1 ? "event" : "events"), \(bytes.grouped) bytes, "
        + "verified, root \(root.hexDigits)"
    ]
  }
}
