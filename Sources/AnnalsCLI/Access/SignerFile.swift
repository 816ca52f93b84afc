import Annals
import AnnalsAnswers
import EventLog
import SQLiteEventLog

/// A private key in its file, and beside it in `FILE.signed` what the key has signed last.
///
/// The file is locked for as long as this object lives: two programs that sign with one key would
/// otherwise both look at what was signed before, and then sign two histories.
final class SignerFile: CheckpointSigner {
  let key: SignerKey
  private let path: String
  private let descriptor: Int32

  /// How long a command waits for another process that signs with the same key: as long as an append
  /// waits for the store.
  private static let patience = SQLiteEventLog.Options().busyTimeout

  /// Opens a key; waits while another process signs with it, and throws a `.busy` problem when that
  /// takes too long. Prints a note when other users can read the file.
  init(_ path: String, _ terminal: Terminal) throws {
    self.path = path
    do throws(UnreadableFile) {
      descriptor = try RegularFile.open(path).descriptor
    } catch {
      throw error.problem(
        .inputMissing, "the key",
        help: error.isMissing ? "make one with  annals key new \(path) --name NAME" : nil)
    }
    do {
      guard try System.lock(descriptor, within: Self.patience) else {
        throw Problem(
          .busy,
          "another process has held the key \(path) for over "
            + "\(Self.patience.components.seconds) seconds; nothing was signed",
          help: "try again; a process that hangs shows in  lsof \(path)")
      }
      key = try ProofInput.signerKey(
        RegularFile.contents(of: descriptor, path, limit: FileLimit.text), file: path)
    } catch {
      System.closeFile(descriptor)
      if let unreadable = error as? UnreadableFile { throw unreadable.problem }
      guard let failure = error as? SystemError else { throw error }
      throw Problem(.storeIO, "cannot lock and read \(path): \(failure.text)")
    }
    if System.isOpenToOthers(descriptor) {
      terminal.note("Others may read or write \(path), and so sign as you:  chmod 600 \(path)")
    }
  }

  deinit { System.closeFile(descriptor) }

  /// Beside the file itself, not beside a link to it: one key has one memory. Where a link stands in
  /// its place, what that leads to.
  private static func memoryPath(_ path: String) -> String {
    System.absolute(System.absolute(path) + ".signed")
  }

  func memory() throws -> SignerMemory {
    let memory = Self.memoryPath(path)
    let bytes: [UInt8]
    do throws(UnreadableFile) {
      bytes = try RegularFile.contents(of: memory, limit: FileLimit.list)
    } catch {
      throw Problem(
        .signerMemory, "cannot read \(memory), what the key has signed last: \(error.reason)",
        help: "annals explain \(ErrorCode.signerMemory.rawValue)")
    }
    return try SignerMemory(parsing: bytes, key: key.verifier, file: memory)
  }

  func keep(_ memory: SignerMemory) throws {
    try OutputFile.write(
      memory.bytes, to: Self.memoryPath(path), replacing: true, isDurable: true)
  }

  /// Writes a new key, and the memory of one that has signed nothing. Throws where either stands.
  static func create(_ key: SignerKey, at path: String) throws {
    for path in [path, memoryPath(path)] where System.exists(path) { throw exists(path) }
    // The memory first: a key without it would be of no use.
    let memory = memoryPath(path)
    try create(memory, SignerMemory().bytes)
    do {
      try create(path, Array((key.privateText + "\n").utf8))
    } catch {
      System.remove(memory)
      throw error
    }
  }

  /// Writes a private file under its own name, so that no other is ever replaced.
  private static func create(_ path: String, _ bytes: [UInt8]) throws {
    let descriptor: Int32
    do {
      descriptor = try System.create(path, isPrivate: true)
    } catch {
      throw error.isExisting ? exists(path) : unwritten(path, error)
    }
    defer { System.closeFile(descriptor) }
    do {
      try System.write(bytes, to: descriptor)
      try System.synchronize(descriptor)
      try System.synchronizeFolder(of: path)
    } catch {
      System.remove(path)
      throw unwritten(path, error)
    }
  }

  private static func unwritten(_ path: String, _ reason: SystemError) -> any Error {
    Failure(
      [Problem(.storeIO, "cannot write \(path): \(reason.text)")],
      exitCode: ErrorCode.outputExists.exitCode)
  }

  private static func exists(_ path: String) -> any Error {
    Problem(
      .outputExists, "\(path) exists already",
      help: "keys are never replaced: choose another name")
  }
}
