import CSQLite
import EventLog

/// Appends to the log within a transaction: looks whether a request may be stored, then stores it.
///
/// A request is refused before anything of it is written, so that one that is refused leaves no
/// trace in a transaction that it shares with others.
final class Appender {
  /// From so many events on the file's guards are not asked about each row; see `withoutGuards`.
  private static let manyEvents = 256
  private static let selectEnd = "SELECT count(*), max(seq) FROM main.event WHERE seq >= ?1"
  /// Events whose index rows are held back, to be inserted in the order of the index.
  private static let eventsPerIndexing = 16_384
  /// As many conflicting events are reported.
  private static let reportedConflicts = 16

  private let connection: Connection
  private let clock: @Sendable () -> Instant
  private let clockBounds: SQLiteLogOptions.ClockBounds?
  /// The writer's own: holds names that are not committed yet.
  private var names = NameTable()
  private var lookup: EventLookup
  private var inserter: EventInserter?
  private let tree: TreeGrowth

  private(set) var head = LogHead(position: .start, recorded: nil)

  init(_ connection: Connection, _ options: SQLiteLogOptions) {
    self.connection = connection
    clock = options.clock
    clockBounds = options.clockBounds
    lookup = EventLookup(connection, names)
    tree = TreeGrowth(connection)
  }

  /// Reads where the log stands, at the beginning of a transaction.
  func begin() throws(EventLogError) {
    if try !names.isCurrent(on: connection) {
      rolledBack()
      _ = try names.isCurrent(on: connection)
    }
    try names.load(from: connection)
    head = try LogReader(connection, names).head()
  }

  /// Begins a transaction after this connection's own commit, when no other connection has written
  /// since. Reads the names that the commit added.
  func beginAgain() throws(EventLogError) { try names.load(from: connection) }

  /// Forgets what a transaction that was rolled back had added.
  func rolledBack() {
    names = NameTable()
    lookup = EventLookup(connection, names)
    inserter = nil
    tree.forget()
  }

  /// Stores a request. An error that is thrown has spoilt the transaction; one that is returned
  /// has refused the request alone.
  func append(
    _ request: AppendRequest, if condition: AppendCondition?
  ) throws(EventLogError) -> Result<AppendReceipt, EventLogError> {
    let plan: AppendPlan
    switch try self.plan(request, condition) {
    case .failure(let refusal): return .failure(refusal)
    case .success(let accepted): plan = accepted
    }
    guard plan.newCount > 0 else {
      return .success(AppendReceipt(entries: plan.entries, recorded: nil))
    }
    let batch: Batch
    if let origin = request.origin {
      if let refusal = refusal(of: origin, plan) { return .failure(refusal) }
      batch = origin.batch
    } else {
      let now = clock()
      if let refusal = clockBounds?.refusal(of: now, after: head.recorded) {
        return .failure(refusal)
      }
      batch = Batch(
        first: head.position.advanced(by: 1),
        recorded: max(now, head.recorded.map { Instant(microseconds: $0.microseconds + 1) } ?? now),
        recorder: request.recorder, note: request.note)
    }
    try store(request, plan, batch)
    head = LogHead(
      position: head.position.advanced(by: plan.newCount), recorded: batch.recorded)
    return .success(AppendReceipt(entries: plan.entries, recorded: batch.recorded))
  }

  /// Why events cannot be restored here; nil when they continue the log.
  private func refusal(of origin: AppendRequest.Origin, _ plan: AppendPlan) -> EventLogError? {
    let next = head.position.advanced(by: 1)
    guard origin.first == next, origin.batch.first == next, plan.newCount == plan.entries.count
    else {
      return EventLogError(
        .invalidEvent,
        "Event \(origin.first) of another log cannot be restored at \(next) of this one.")
    }
    if let recorded = head.recorded, recorded >= origin.batch.recorded {
      return EventLogError(
        .invalidEvent,
        "The batch at \(next) was recorded at \(origin.batch.recorded), not after \(recorded).")
    }
    return nil
  }

  // MARK: May it be stored?

  private func plan(
    _ request: AppendRequest, _ condition: AppendCondition?
  ) throws(EventLogError) -> Result<AppendPlan, EventLogError> {
    var plan = try AppendPlan(head: head.position, events: request.events, lookup)
    for (index, event) in request.events.enumerated() {
      if let known = plan.place(index),
        let conflict = try conflict(event, index, with: known, request)
      {
        return .failure(conflict)
      }
    }
    // All of it stored already: the answer to this very append was lost. Whether its condition
    // still holds no longer matters.
    if plan.newCount == 0 { return .success(plan) }
    if let condition, let conflict = try conflict(with: condition) {
      return .failure(conflict)
    }
    for (index, event) in request.events.enumerated() where !event.targets.isEmpty {
      if let unknown = try plan.resolveTargets(of: event, at: index, in: request.events, lookup) {
        return .failure(
          EventLogError(
            .unknownTarget, "Event \(event.id) targets \(unknown), which is not in the log.",
            index: index))
      }
    }
    return .success(plan)
  }

  /// The error when an id is known with other content.
  private func conflict(
    _ event: NewEvent, _ index: Int, with known: AppendPlan.Known, _ request: AppendRequest
  ) throws(EventLogError) -> EventLogError? {
    switch known {
    case .sameAppend(let first):
      if request.events[first].hasContent(of: event) { return nil }
      return EventLogError(
        .idConflict, "Events \(first) and \(index) of the append share the id \(event.id).",
        index: index)
    case .stored(let position):
      let stored = try self.event(at: position)
      // What was erased is not stored again, and nobody can say any more what it was.
      if stored.isErased || stored.event.hasContent(of: event) { return nil }
      return EventLogError(
        .idConflict, "The id \(event.id) is stored at \(position) with other content.",
        index: index, conflicts: [stored])
    }
  }

  /// The error when a condition does not hold, or speaks of what is not there.
  private func conflict(with condition: AppendCondition) throws(EventLogError) -> EventLogError? {
    if condition.after == head.position { return nil }
    guard condition.after < head.position else {
      return EventLogError(
        .outOfRange,
        "The condition speaks of \(condition.after), but the log ends at \(head.position).")
    }
    let range = EventRange(
      after: max(condition.after, .start), through: head.position)
    let cursor = try EventCursor(
      condition.query, in: range, names: names, kinds: names.kinds, on: connection)
    var conflicts: [RecordedEvent] = []
    while conflicts.count < Self.reportedConflicts, try cursor.next() {
      conflicts.append(try cursor.event(lookup))
    }
    guard let first = conflicts.first else { return nil }
    return EventLogError(
      .conflict,
      "Events were appended after \(condition.after) that break the condition, the first at"
        + " \(first.position).", conflicts: conflicts)
  }

  private func event(at position: Position) throws(EventLogError) -> RecordedEvent {
    try snapshot.event(at: position)
  }

  /// The log with what this transaction has added.
  var snapshot: LogSnapshot {
    LogSnapshot(connection: connection, names: names, kinds: names.kinds, lookup: lookup)
  }

  // MARK: Storing

  private func store(
    _ request: AppendRequest, _ plan: AppendPlan, _ batch: Batch
  ) throws(EventLogError) {
    let inserter = if let inserter { inserter } else { try EventInserter(connection, names) }
    self.inserter = inserter
    try inserter.insert(batch)
    let names = try inserter.resolve(request)
    if plan.newCount < Self.manyEvents {
      try insert(request, plan, batch, names, inserter)
    } else {
      try withoutGuards { () throws(EventLogError) in
        try insert(request, plan, batch, names, inserter)
      }
      try checkEnd(batch.first, plan.newCount)
    }
  }

  /// The guards keep other programs from breaking the log; they look at each row by itself, which
  /// takes as long as storing it. What they hold against a row is settled here for all rows at once:
  /// the positions follow from the head, the ids have been looked up, a number that stands already
  /// is refused by its index, and nothing but insertion is allowed on this connection anyway.
  private func withoutGuards(
    _ body: () throws(EventLogError) -> Void
  ) throws(EventLogError) {
    try connection.setSwitch(SQLITE_DBCONFIG_ENABLE_TRIGGER, false)
    let result = Result { () throws(EventLogError) in try body() }
    try connection.setSwitch(SQLITE_DBCONFIG_ENABLE_TRIGGER, true)
    try result.get()
  }

  /// Counts what a batch has added.
  private func checkEnd(_ first: Position, _ count: Int) throws(EventLogError) {
    let statement = try connection.prepared(Self.selectEnd)
    defer { statement.reset() }
    statement.bind(first.rawValue, at: 1)
    guard try statement.step(), statement.integer(0) == Int64(count),
      statement.integer(1) == first.rawValue + Int64(count) - 1
    else { throw EventLogError(.corrupt, "The events of a batch are not where they should be.") }
  }

  private func insert(
    _ request: AppendRequest, _ plan: AppendPlan, _ batch: Batch,
    _ names: EventInserter.Numbers, _ inserter: EventInserter
  ) throws(EventLogError) {
    var leaves = LeafSource(request, plan.entries, batch)
    for (index, entry) in plan.entries.enumerated() {
      if entry.isNew {
        let leaf = leaves.next(of: index)
        try inserter.insert(
          request, index, names, at: entry.position, in: batch.first,
          targets: plan.targets[index], leaf: leaf)
        try tree.add(leaf, at: entry.position.rawValue)
      }
      if (index + 1).isMultiple(of: Self.eventsPerIndexing) { try inserter.insertTags() }
    }
    try inserter.insertTags()
  }
}
