import EventLog

/// Gives shapes their numbers in the log. A shape is taken in once it has been seen twice: most
/// texts have no like.
final class ShapeInserter {
  private static let insertShape =
    "INSERT OR ROLLBACK INTO main.shape (id, text) VALUES (?1, ?2)"
  /// Shapes that a log takes in, and that are remembered as seen once.
  private static let limit = 4096

  private let connection: Connection
  private let shapes: ShapeTable
  private var seenOnce: Set<[UInt8]> = []

  init(_ connection: Connection, _ shapes: ShapeTable) {
    self.connection = connection
    self.shapes = shapes
  }

  /// The number of a shape that some events of an append have; nil when it is to stay without.
  func number(of text: [UInt8], times: Int) throws(EventLogError) -> Int64? {
    if let known = shapes.id(of: text) { return Int64(known) }
    if times < 2, seenOnce.remove(text) == nil {
      if seenOnce.count < Self.limit { seenOnce.insert(text) }
      return nil
    }
    let id = Int64(shapes.count) + 1
    guard id <= Self.limit else { return nil }
    let insert = try connection.prepared(Self.insertShape)
    insert.bind(id, at: 1)
    insert.bind(text: text, at: 2)
    try insert.run()
    try shapes.add(text, id)
    return id
  }
}
