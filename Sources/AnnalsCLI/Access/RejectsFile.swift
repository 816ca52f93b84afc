import Annals
import Synchronization

/// The lines that an import refused, as they stood in the input, and what was wrong with them.
///
/// Rows of a table stand below their first line, so that they can be imported once they are mended.
/// Rows of a second table of the same import go to a second file.
final class RejectsFile: Sendable {
  private struct Current {
    /// Nil for a dry run.
    var descriptor: Int32?
    var tables = 0
  }

  private let path: String?
  private let current: Mutex<Current>
  private let kept = Mutex(ProblemList())

  var problems: ProblemList { kept.withLock { $0 } }

  /// Creates the file; throws where one stands already, because nothing is ever overwritten.
  init(path: String?) throws {
    self.path = path
    current = Mutex(Current(descriptor: try path.map(Self.create)))
  }

  private static func create(_ path: String) throws -> Int32 {
    do {
      return try System.create(path)
    } catch {
      throw Problem(.storeExists, "cannot create \(path): \(error.text)")
    }
  }

  deinit {
    current.withLock { if let descriptor = $0.descriptor { System.closeFile(descriptor) } }
  }

  /// Adds a line; one without problems is the first line of a table.
  func add(_ line: [UInt8], _ problems: [Problem]) throws {
    let descriptor = try current.withLock { current in
      if problems.isEmpty { try begin(&current) }
      return current.descriptor
    }
    if let descriptor { System.emit(line + [UInt8(ascii: "\n")], to: descriptor) }
    // Names without a place are told of together, when the import is over.
    let told = problems.filter { $0.code != .unknownName || $0.position != nil }
    kept.withLock { $0.append(contentsOf: told) }
  }

  private func begin(_ current: inout Current) throws {
    current.tables += 1
    guard current.tables > 1, let path, let descriptor = current.descriptor else { return }
    let next = try Self.create("\(path).\(current.tables)")
    System.closeFile(descriptor)
    current.descriptor = next
  }
}
