import EventLog
import Synchronization

/// The shapes of a log under their numbers, in memory. Shared by all connections, like `NameTable`:
/// only what has been committed gets in, and what is in never changes.
final class ShapeTable: Sendable {
  private struct Shapes {
    /// By number, from 1 on.
    var all: [PayloadShape] = [PayloadShape(text: [])]
    var ids: [[UInt8]: NameID] = [:]
  }

  private let shapes = Mutex(Shapes())

  private static let selectAfter = "SELECT id, text FROM main.shape WHERE id > ?1 ORDER BY id"

  /// Reads what has been added since; a log of the first format has none.
  func load(from connection: Connection) throws(EventLogError) {
    guard try connection.has(table: "shape") else { return }
    let statement = try connection.prepared(Self.selectAfter)
    defer { statement.reset() }
    statement.bind(Int64(count), at: 1)
    while try statement.step() { try add(statement.bytes(1), statement.integer(0)) }
  }

  /// Takes in a shape that has been committed.
  func add(_ text: [UInt8], _ id: Int64) throws(EventLogError) {
    try shapes.withLock { shapes throws(EventLogError) in
      if id < shapes.all.count { return }
      guard id == shapes.all.count else {
        throw EventLogError(.corrupt, "Shape \(id) is out of order.")
      }
      shapes.all.append(PayloadShape(text: text))
      shapes.ids[text] = NameID(id)
    }
  }

  var count: Int { shapes.withLock { $0.all.count - 1 } }

  func id(of text: [UInt8]) -> NameID? { shapes.withLock { $0.ids[text] } }

  /// Whether there is such a shape, and values and tags are as many as it needs.
  func fits(_ id: Int, _ values: UnsafeRawBufferPointer, tagCount: Int) -> Bool {
    shapes.withLock { shapes in
      id > 0 && id < shapes.all.count && shapes.all[id].fits(values, tagCount: tagCount)
    }
  }

  /// The shape of a number; one without text where there is none.
  subscript(id: NameID) -> PayloadShape {
    shapes.withLock { $0.all.indices.contains(Int(id)) ? $0.all[Int(id)] : $0.all[0] }
  }
}

extension NameTable: PayloadSource {
  func appendPayload(of row: borrowing EventRow, to bytes: inout [UInt8]) {
    let tags = row.tags
    row.storedBody.withUnsafeBytes { values in
      shapes[row.shape].join(values, to: &bytes) { text(tags[$0]) }
    }
  }
}
