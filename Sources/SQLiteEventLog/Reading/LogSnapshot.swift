import EventLog

/// The log as a transaction sees it that has been begun already: a reader's, or the writer's with
/// what it has added.
struct LogSnapshot: LogPast {
  let connection: Connection
  let names: NameTable
  let kinds: [UInt8]
  let lookup: EventLookup

  /// The matching events of a range that does not go past the head.
  func events(
    _ query: EventQuery, in range: EventRange
  ) throws(EventLogError) -> [RecordedEvent] {
    let cursor = try EventCursor(query, in: range, names: names, kinds: kinds, on: connection)
    var events: [RecordedEvent] = []
    while events.count < range.limit ?? .max, try cursor.next() {
      events.append(try cursor.event(lookup))
    }
    return events
  }

  func event(at position: Position) throws(EventLogError) -> RecordedEvent {
    try LogReader(connection, names).event(at: position, kinds: kinds, lookup)
  }

  /// The same as a fold sees it.
  func row(at position: Position) throws(EventLogError) -> EventRow {
    let range = EventRange(after: position.advanced(by: -1), through: position)
    let cursor = try EventCursor(.all, in: range, names: names, kinds: kinds, on: connection)
    guard try cursor.next() else {
      throw EventLogError(.outOfRange, "The log has no event \(position).")
    }
    var row = EventRow()
    try cursor.read(into: &row)
    return row
  }

  func position(of id: EventID) throws(EventLogError) -> Position? {
    try lookup.position(of: id)
  }
}
