import EventLog

extension EventLog {
  /// The events that match any of some items, in log order.
  ///
  /// A store may need time that grows with the square of the items of one query, so many items are
  /// asked for in several queries.
  func events(
    matching items: [EventQuery.Item], through: Position
  ) async throws -> [RecordedEvent] {
    let range = EventRange(through: through)
    let size = RecordReader.itemsPerQuery
    if items.isEmpty { return [] }
    if items.count <= size { return try await read(EventQuery(items: items), in: range) }
    var found: [Position: RecordedEvent] = [:]
    for start in stride(from: 0, to: items.count, by: size) {
      let some = Array(items[start..<min(start + size, items.count)])
      for event in try await read(EventQuery(items: some), in: range) {
        found[event.position] = event
      }
    }
    return found.values.sorted { $0.position < $1.position }
  }
}
