import Annals
import Synchronization

/// The lines that an import refused, as they stood in the input, and what was wrong with them.
final class RejectsFile: Sendable {
  /// Nil for a dry run.
  private let descriptor: Int32?
  private let kept = Mutex<[Problem]>([])

  var problems: [Problem] { kept.withLock { $0 } }

  /// Creates the file; throws where one stands already, because nothing is ever overwritten.
  init(path: String?) throws {
    guard let path else {
      descriptor = nil
      return
    }
    do {
      descriptor = try System.create(path)
    } catch {
      throw Problem(.storeExists, "cannot create \(path): \(error.text)")
    }
  }

  deinit {
    if let descriptor { System.closeFile(descriptor) }
  }

  func add(_ line: [UInt8], _ problems: [Problem]) {
    if let descriptor { System.emit(line + [UInt8(ascii: "\n")], to: descriptor) }
    kept.withLock { $0 += problems }
  }
}
