import Annals
import EventLog

/// A private key in its file, and beside it in `FILE.signed` what the key has signed last.
///
/// The file is locked for as long as this object lives: two programs that sign with one key would
/// otherwise both look at what was signed before, and then sign two histories.
final class SignerFile: CheckpointSigner {
  let key: SignerKey
  private let path: String
  private let descriptor: Int32

  /// Opens a key; waits while another process signs with it.
  init(_ path: String) throws {
    self.path = path
    do {
      descriptor = try System.open(path)
    } catch {
      throw Problem(
        .inputMissing, "cannot read the key \(path): \(error.text)",
        help: error.isMissing ? "make one with  annals key new \(path) --name NAME" : nil)
    }
    do {
      try System.lock(descriptor)
      key = try ProofInput.signerKey(System.contents(of: descriptor), file: path)
    } catch {
      System.closeFile(descriptor)
      guard let failure = error as? SystemError else { throw error }
      throw Problem(.storeIO, "cannot lock and read \(path): \(failure.text)")
    }
  }

  deinit { System.closeFile(descriptor) }

  private static func memoryPath(_ path: String) -> String { path + ".signed" }

  func memory() throws -> SignerMemory {
    let memory = Self.memoryPath(path)
    do {
      let bytes = try System.contents(of: memory)
      return try SignerMemory(parsing: bytes, key: key.verifier, file: memory)
    } catch let error as SystemError {
      throw Problem(
        .signerMemory, "cannot read \(memory), what the key has signed last: \(error.text)",
        help: "annals explain \(ErrorCode.signerMemory.rawValue)")
    }
  }

  func keep(_ memory: SignerMemory) throws {
    try OutputFile.write(
      memory.bytes, to: Self.memoryPath(path), replacing: true, isDurable: true)
  }

  /// Writes a new key, and the memory of one that has signed nothing. Throws where either stands.
  static func create(_ key: SignerKey, at path: String) throws {
    for path in [path, memoryPath(path)] where System.exists(path) {
      throw Problem(
        .outputExists, "\(path) exists already",
        help: "keys are never replaced: choose another name")
    }
    // The memory first: a key without it would be of no use.
    try OutputFile.write([], to: memoryPath(path), replacing: false, isDurable: true)
    try OutputFile.write(
      Array((key.privateText + "\n").utf8), to: path, replacing: false, isDurable: true)
  }
}
