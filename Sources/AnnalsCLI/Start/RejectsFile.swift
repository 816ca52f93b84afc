import Annals
import Synchronization

/// The lines that an import refused, as they stood in the input.
final class RejectsFile: Sendable {
  private let descriptor: Int32
  private let kept = Mutex<[Problem]>([])

  /// What was wrong with the lines.
  var problems: [Problem] { kept.withLock { $0 } }

  /// Creates the file; throws where one stands already, because nothing is ever overwritten.
  init(path: String) throws {
    do {
      descriptor = try System.create(path)
    } catch {
      throw Failure(
        [Problem(.storeExists, "cannot create \(path): \(error.text)")],
        exitCode: ErrorCode.storeExists.exitCode)
    }
  }

  func add(_ line: [UInt8], _ problems: [Problem]) {
    System.emit(line + [UInt8(ascii: "\n")], to: descriptor)
    kept.withLock { $0 += problems }
  }

  func close() { System.closeFile(descriptor) }
}
