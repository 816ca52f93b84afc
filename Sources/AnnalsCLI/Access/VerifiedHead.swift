import Annals
import EventLog

/// The head that was verified last, in a file beside the store: the record must contain it the next
/// time, and only what came after it need be hashed.
struct VerifiedHead {
  let path: String
  private let store: String

  init(store: String) {
    self.store = store
    path = store + ".verified"
  }

  /// How many events were verified; nil where that cannot be read.
  var size: Int64? { try? readIfPresent()?.size }

  func read() throws -> Checkpoint {
    guard let head = try readIfPresent() else {
      throw Problem(
        .inputMissing, "nothing was verified before: there is no \(path)",
        help: "verify all of it once:  annals verify")
    }
    return head
  }

  /// Nil where nothing was verified before.
  func readIfPresent() throws -> Checkpoint? {
    let bytes: [UInt8]
    do throws(UnreadableFile) {
      bytes = try RegularFile.contents(of: path, limit: FileLimit.text)
    } catch {
      if error.isMissing { return nil }
      throw Problem(error.code, "cannot read \(path): \(error.reason)")
    }
    do {
      return try ProofInput.head(bytes, file: path)
    } catch {
      throw Problem(
        .badCheckpoint, "\(path) is damaged: it is not what a verification leaves there",
        help: "the record was not compared with it; write it anew:  annals verify --forget")
    }
  }

  /// Where it cannot be written, the next verification looks at everything once more. A user who may
  /// not write the store leaves nothing beside it: its owner could not replace that file.
  func write(_ found: Verification) {
    guard System.isWritable(store),
      let head = try? Checkpoint(
        origin: "last-verification", size: found.head.position.rawValue, root: found.root)
    else { return }
    try? OutputFile.write(head.text, to: path, replacing: true, like: store)
  }
}
