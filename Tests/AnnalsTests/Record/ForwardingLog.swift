import EventLog

/// A log that hands every call on to another one; the base of logs that change or watch some calls.
class ForwardingLog: EventLog, @unchecked Sendable {
  let base: any EventLog

  init(_ base: any EventLog) { self.base = base }

  func append(
    _ prepared: any PreparedAppend, if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    try await base.append(prepared, if: condition)
  }
  func erase(
    _ ids: [EventID], saying event: NewEvent, recorder: String, note: String?,
    if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    try await base.erase(ids, saying: event, recorder: recorder, note: note, if: condition)
  }
  func prepare(
    _ events: [NewEvent], recorder: String, note: String?
  ) throws(EventLogError) -> any PreparedAppend {
    try base.prepare(events, recorder: recorder, note: note)
  }
  func prepare(
    restoring events: [RecordedEvent]
  ) throws(EventLogError) -> any PreparedAppend { try base.prepare(restoring: events) }
  func head() async throws(EventLogError) -> LogHead { try await base.head() }
  func position(recordedBy instant: Instant) async throws(EventLogError) -> Position {
    try await base.position(recordedBy: instant)
  }
  func read(
    _ query: EventQuery, in range: EventRange
  ) async throws(EventLogError) -> [RecordedEvent] { try await base.read(query, in: range) }
  func export(in range: EventRange, _ body: (RecordedEvent) throws -> Void) async throws {
    try await base.export(in: range, body)
  }
  func events(at positions: [Position]) async throws(EventLogError) -> [RecordedEvent?] {
    try await base.events(at: positions)
  }
  func events(ids: [EventID]) async throws(EventLogError) -> [RecordedEvent?] {
    try await base.events(ids: ids)
  }
  func positions(of ids: [EventID]) async throws(EventLogError) -> [Position?] {
    try await base.positions(of: ids)
  }
  func positions(
    beginning digits: String, limit: Int
  ) async throws(EventLogError) -> [Position] {
    try await base.positions(beginning: digits, limit: limit)
  }
  func fold<State: Sendable>(
    _ query: EventQuery, in range: EventRange, into state: State,
    _ step: @Sendable (inout State, borrowing EventRow, any LogNames) throws -> Bool
  ) async throws -> State { try await base.fold(query, in: range, into: state, step) }
  func root(ofSize size: Int64) async throws(EventLogError) -> [UInt8] {
    try await base.root(ofSize: size)
  }
  func inclusionProof(
    of position: Position, size: Int64
  ) async throws(EventLogError) -> [[UInt8]] {
    try await base.inclusionProof(of: position, size: size)
  }
  func consistencyProof(
    from oldSize: Int64, to newSize: Int64
  ) async throws(EventLogError) -> [[UInt8]] {
    try await base.consistencyProof(from: oldSize, to: newSize)
  }
  func verify(_ request: LogVerificationRequest) async throws -> LogVerification {
    try await base.verify(request)
  }
  func erasures() async throws(EventLogError) -> Int64 { try await base.erasures() }
  func settle() async throws(EventLogError) { try await base.settle() }
  func storageFaults() async throws(EventLogError) -> [String] { try await base.storageFaults() }
  func tags(kind: String) async throws(EventLogError) -> [Tag] { try await base.tags(kind: kind) }
  func follow(after position: Position) -> AsyncThrowingStream<LogHead, any Error> {
    base.follow(after: position)
  }
  func projection(_ name: String) async throws(EventLogError) -> ProjectionState? {
    try await base.projection(name)
  }
  func write(_ change: ProjectionChange) async throws(EventLogError) {
    try await base.write(change)
  }
  func forgetProjection(_ name: String) async throws(EventLogError) -> Bool {
    try await base.forgetProjection(name)
  }
  func contents(
    of definition: ProjectionDefinition, _ columns: [(table: String, columns: [String])]
  ) async throws(EventLogError) -> ProjectionContents? {
    try await base.contents(of: definition, columns)
  }
  func advance(
    _ projection: any InlineProjection, by count: Int
  ) async throws(EventLogError) -> ProjectionState? {
    try await base.advance(projection, by: count)
  }
  func scratch(
    for projection: any InlineProjection
  ) async throws(EventLogError) -> any ProjectionScratch { try await base.scratch(for: projection) }
  func rows(_ sql: String, _ values: [SQLValue]) async throws(EventLogError) -> [[SQLValue]] {
    try await base.rows(sql, values)
  }
  func releaseMemory() async { await base.releaseMemory() }
  func close() async { await base.close() }
}
