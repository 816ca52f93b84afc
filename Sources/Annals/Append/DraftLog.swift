import EventLog

/// A log with a few events after its head that are not written: what would follow if they were.
///
/// Reads see them, as if appended in one batch; everything that writes is refused.
final class DraftLog: EventLog {
  private let base: any EventLog
  private let start: Position
  private let drafts: [RecordedEvent]
  private let indices: [EventID: Int]
  private let draftNames: DraftNames

  /// Events that are in `base` already must not be among `events`.
  init(base: any EventLog, head: Position, events: [NewEvent]) {
    self.base = base
    start = head
    let batch = Batch(first: head.advanced(by: 1), recorded: .now(), recorder: "draft")
    var seen: Set<EventID> = []
    let fresh = events.filter { seen.insert($0.id).inserted }
    drafts = fresh.enumerated().map { index, event in
      RecordedEvent(
        position: head.advanced(by: index + 1), batch: batch, event: event, salt: [],
        leafHash: [])
    }
    indices = Dictionary(uniqueKeysWithValues: fresh.indices.map { (fresh[$0].id, $0) })
    draftNames = DraftNames(drafts)
  }

  func head() async throws(EventLogError) -> LogHead {
    guard let last = drafts.last else { return try await base.head() }
    return LogHead(position: last.position, recorded: last.batch.recorded)
  }

  func position(recordedBy instant: Instant) async throws(EventLogError) -> Position {
    if let last = drafts.last, last.batch.recorded <= instant { return last.position }
    return min(try await base.position(recordedBy: instant), start)
  }

  func read(
    _ query: EventQuery, in range: EventRange
  ) async throws(EventLogError) -> [RecordedEvent] {
    let below = try await base.read(query, in: stored(range))
    let above = matching(query, range)
    let all = range.order == .oldestFirst ? below + above : above.reversed() + below
    return range.limit.map { Array(all.prefix($0)) } ?? all
  }

  func export(in range: EventRange, _ body: (RecordedEvent) throws -> Void) async throws {
    throw Self.refusal
  }

  func events(at positions: [Position]) async throws(EventLogError) -> [RecordedEvent?] {
    var events = try await base.events(at: positions)
    for (index, position) in positions.enumerated() where position > start {
      let draft = Int(position.rawValue - start.rawValue) - 1
      events[index] = drafts.indices.contains(draft) ? drafts[draft] : nil
    }
    return events
  }

  func events(ids: [EventID]) async throws(EventLogError) -> [RecordedEvent?] {
    var events = try await base.events(ids: ids)
    for (index, id) in ids.enumerated() {
      if let draft = indices[id] { events[index] = drafts[draft] }
    }
    return events
  }

  func positions(of ids: [EventID]) async throws(EventLogError) -> [Position?] {
    var positions = try await base.positions(of: ids)
    for (index, id) in ids.enumerated() where positions[index] == nil {
      positions[index] = indices[id].map { drafts[$0].position }
    }
    return positions
  }

  /// Of the log below: drafts have no hashes yet.
  func positions(
    beginning digits: String, limit: Int
  ) async throws(EventLogError) -> [Position] {
    try await base.positions(beginning: digits, limit: limit)
  }

  func fold<State: Sendable>(
    _ query: EventQuery, in range: EventRange, into state: State,
    _ step: @Sendable (inout State, borrowing EventRow, any LogNames) throws -> Bool
  ) async throws -> State {
    // Only ever used for questions about stances, which read oldest first.
    let names = draftNames
    var state = state
    var (count, isDone) = (0, false)
    if range.after < start {
      (state, count, isDone) = try await base.fold(
        query, in: stored(range), into: (state, count, isDone)
      ) { state, row, base in
        names.base = base
        state.1 += 1
        state.2 = try !step(&state.0, row, names)
        return !state.2
      }
    }
    if isDone { return state }
    if names.base == nil {
      _ = try await base.fold(.all, in: EventRange(limit: 1), into: 0) { _, _, base in
        names.base = base
        return false
      }
    }
    for draft in matching(query, range).prefix(max(0, (range.limit ?? .max) - count)) {
      let ids = draft.event.targets
      let targets = ids.isEmpty ? [] : try await positions(of: ids)
      guard try step(&state, row(draft, targets.compactMap { $0 }), names) else { break }
    }
    return state
  }

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

  func settle() async throws(EventLogError) { try await base.settle() }

  func storageFaults() async throws(EventLogError) -> [String] { try await base.storageFaults() }

  func tags(kind: String) async throws(EventLogError) -> [Tag] {
    let own = drafts.flatMap(\.event.tags).filter { $0.kind == kind }
    return Array(Set(try await base.tags(kind: kind) + own))
  }

  func follow(after position: Position) -> AsyncThrowingStream<LogHead, any Error> {
    base.follow(after: position)
  }

  func projection(_ name: String) async throws(EventLogError) -> ProjectionState? { nil }

  func rows(_ sql: String, _ values: [SQLValue]) async throws(EventLogError) -> [[SQLValue]] {
    throw Self.refusal
  }

  func contents(
    of definition: ProjectionDefinition, _ columns: [(table: String, columns: [String])]
  ) async throws(EventLogError) -> ProjectionContents? { nil }

  func write(_ change: ProjectionChange) async throws(EventLogError) { throw Self.refusal }

  func forgetProjection(_ name: String) async throws(EventLogError) -> Bool { throw Self.refusal }

  func advance(
    _ projection: any InlineProjection, by count: Int
  ) async throws(EventLogError) -> ProjectionState? { throw Self.refusal }

  func scratch(
    for projection: any InlineProjection
  ) async throws(EventLogError) -> any ProjectionScratch { throw Self.refusal }

  func prepare(
    _ events: [NewEvent], recorder: String, note: String?
  ) throws(EventLogError) -> any PreparedAppend { throw Self.refusal }

  func prepare(
    restoring events: [RecordedEvent]
  ) throws(EventLogError) -> any PreparedAppend { throw Self.refusal }

  func append(
    _ prepared: any PreparedAppend, if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt { throw Self.refusal }

  func erase(
    _ ids: [EventID], saying event: NewEvent, recorder: String, note: String?,
    if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt { throw Self.refusal }

  func erasures() async throws(EventLogError) -> Int64 { try await base.erasures() }

  func releaseMemory() async {}

  func close() async {}

  private static let refusal = EventLogError(
    .readOnly, "a draft of a log is neither written nor exported")

  // MARK: the drafts

  private func stored(_ range: EventRange) -> EventRange {
    var range = range
    range.through = min(range.through, start)
    return range
  }

  private func matching(_ query: EventQuery, _ range: EventRange) -> [RecordedEvent] {
    drafts.filter { draft in
      draft.position > range.after && draft.position <= range.through
        && query.items.contains { item in
          let tags = draft.event.tags + draft.event.targets.map(Tag.target)
          return (item.types.isEmpty || item.types.contains(draft.type.name))
            && item.tags.allSatisfy(tags.contains)
        }
    }
  }

  private func row(_ draft: RecordedEvent, _ targets: [Position]) -> EventRow {
    var row = EventRow()
    row.position = draft.position
    row.id = draft.id
    row.type = draftNames.number(draft.type)
    row.tags = draft.event.tags.compactMap { draftNames.id(of: $0) }
    row.bounds = draft.event.time.map { ($0.earliest, $0.latest) }
    row.timeText = Array((draft.event.time?.text ?? "").utf8)
    row.targets = targets
    row.batch = draft.batch.first
    row.body = draft.event.body
    return row
  }
}

/// Numbers for the types and tags that only drafts carry, below zero; the rest is the log's.
private final class DraftNames: LogNames, @unchecked Sendable {
  // Set before any use, by the fold that it is handed to; a DraftLog is used by one task.
  var base: (any LogNames)?
  private let types: [EventType]
  private let tags: [Tag]
  private let numbers: [Tag: NameID]

  init(_ drafts: [RecordedEvent]) {
    types = Array(Set(drafts.map(\.type)))
    tags = Array(Set(drafts.flatMap(\.event.tags)))
    numbers = Dictionary(uniqueKeysWithValues: tags.enumerated().map { ($1, NameID(-1 - $0)) })
  }

  func number(_ type: EventType) -> NameID {
    NameID(-1 - (types.firstIndex(of: type) ?? 0))
  }

  func type(_ id: NameID) -> EventType {
    id < 0 ? types[Int(-1 - id)] : base?.type(id) ?? EventType("unknown")
  }

  func tag(_ id: NameID) -> Tag {
    id < 0 ? tags[Int(-1 - id)] : base?.tag(id) ?? Tag(kind: "unknown", value: "tag")
  }

  func id(of tag: Tag) -> NameID? {
    if let known = base?.id(of: tag) { return known }
    return numbers[tag]
  }
}
