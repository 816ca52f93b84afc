import EventLog
import Synchronization

/// A log that keeps a note of each call that reads or writes it.
final class CountingLog: ForwardingLog, @unchecked Sendable {
  private let made = Mutex<[String]>([])

  /// The calls since the last time, in order.
  func takeCalls() -> [String] {
    made.withLock { calls in
      defer { calls = [] }
      return calls
    }
  }

  private func note(_ call: String) { made.withLock { $0.append(call) } }

  private func note(_ call: String, _ query: EventQuery, _ range: EventRange) {
    let items = query.items.map { item in
      (item.types + item.tags.map(\.description)).joined(separator: "+")
    }
    let first = items.first ?? "nothing"
    let more = items.count > 1 ? " and \(items.count - 1) more" : ""
    note("\(call) \(first)\(more) in \(range.after)...\(range.through)")
  }

  override func append(
    _ prepared: any PreparedAppend, if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    note("append")
    return try await base.append(prepared, if: condition)
  }
  override func head() async throws(EventLogError) -> LogHead {
    note("head")
    return try await base.head()
  }
  override func position(recordedBy instant: Instant) async throws(EventLogError) -> Position {
    note("position")
    return try await base.position(recordedBy: instant)
  }
  override func read(
    _ query: EventQuery, in range: EventRange
  ) async throws(EventLogError) -> [RecordedEvent] {
    note("read", query, range)
    return try await base.read(query, in: range)
  }
  override func events(
    at positions: [Position]
  ) async throws(EventLogError) -> [RecordedEvent?] {
    note("events at \(positions.count)")
    return try await base.events(at: positions)
  }
  override func events(ids: [EventID]) async throws(EventLogError) -> [RecordedEvent?] {
    note("events of \(ids.count)")
    return try await base.events(ids: ids)
  }
  override func positions(of ids: [EventID]) async throws(EventLogError) -> [Position?] {
    note("positions of \(ids.count)")
    return try await base.positions(of: ids)
  }
  override func positions(
    beginning digits: String, limit: Int
  ) async throws(EventLogError) -> [Position] {
    note("positions beginning \(digits)")
    return try await base.positions(beginning: digits, limit: limit)
  }
  override func fold<State: Sendable>(
    _ query: EventQuery, in range: EventRange, into state: State,
    _ step: @Sendable (inout State, borrowing EventRow, any LogNames) throws -> Bool
  ) async throws -> State {
    note("fold", query, range)
    return try await base.fold(query, in: range, into: state, step)
  }
  override func erasures() async throws(EventLogError) -> Int64 {
    note("erasures")
    return try await base.erasures()
  }
  override func tags(kind: String) async throws(EventLogError) -> [Tag] {
    note("tags \(kind)")
    return try await base.tags(kind: kind)
  }
  override func projection(_ name: String) async throws(EventLogError) -> ProjectionState? {
    note("projection \(name)")
    return try await base.projection(name)
  }
  override func write(_ change: ProjectionChange) async throws(EventLogError) {
    note("write")
    try await base.write(change)
  }
  override func contents(
    of definition: ProjectionDefinition, _ columns: [(table: String, columns: [String])]
  ) async throws(EventLogError) -> ProjectionContents? {
    note("contents of \(definition.name)")
    return try await base.contents(of: definition, columns)
  }
  override func rows(_ sql: String, _ values: [SQLValue]) async throws(EventLogError)
    -> [[SQLValue]]
  {
    note("rows \(sql)")
    return try await base.rows(sql, values)
  }
}
