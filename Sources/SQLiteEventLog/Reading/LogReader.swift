import EventLog

/// Reads the log on one connection.
final class LogReader {
  private static let selectHead = "SELECT max(seq) FROM main.event"
  private static let selectPositions = "SELECT seq FROM main.event ORDER BY seq"
  private static let selectLastBatch =
    "SELECT first, recorded FROM main.batch ORDER BY first DESC LIMIT 1"
  private static let selectBatchOf =
    "SELECT first, recorded FROM main.batch WHERE first <= ?1 ORDER BY first DESC LIMIT 1"
  private static let selectTargeted =
    "SELECT DISTINCT id FROM main.tag JOIN main.event ON event.seq = -tag.name WHERE tag.name < 0"

  private(set) var connection: Connection
  private(set) var names: NameTable
  /// How long a transaction of a long read may be; see `LongRead`.
  var eventsPerTransaction = 20_000
  private let reopen: (() throws(EventLogError) -> Connection)?

  init(_ connection: Connection, _ names: NameTable) {
    self.connection = connection
    self.names = names
    reopen = nil
  }

  /// A reader that can open its connection again.
  init(
    _ names: NameTable, opening open: @escaping () throws(EventLogError) -> Connection
  ) throws(EventLogError) {
    connection = try open()
    self.names = names
    reopen = open
  }

  /// True when a new transaction sees what is in the log by now.
  var isCurrent: Bool { connection.unlocked?.isCurrent ?? true }

  /// True when the log was read without locks and was written meanwhile: what failed may be done again.
  var isOvertaken: Bool { !(connection.unlocked?.isUnchanged ?? true) }

  /// Throws `.busy` when the log was read without locks and was written meanwhile.
  func checkNotOvertaken() throws(EventLogError) {
    if let files = connection.unlocked, !files.isUnchanged { throw files.error }
  }

  /// Opens the connection again after that; false when there is no way to.
  fileprivate func recover() throws(EventLogError) -> Bool {
    guard isOvertaken, let reopen else { return false }
    connection = try reopen()
    return true
  }

  /// Starts a read of one snapshot; returns the kinds of the names in it.
  func begin() throws(EventLogError) -> [UInt8] {
    try connection.prepared("BEGIN").run()
    if try !names.isCurrent(on: connection) {
      names = NameTable()
      _ = try names.isCurrent(on: connection)
    }
    let kinds = try names.load(from: connection)
    try connection.checkFiles()
    return kinds
  }

  func end() { connection.rollBack() }

  func head() throws(EventLogError) -> LogHead {
    let statement = try connection.prepared(Self.selectHead)
    defer { statement.reset() }
    guard try statement.step(), let position = statement.optionalInteger(0) else {
      return LogHead(position: .start, recorded: nil)
    }
    let batch = try connection.prepared(Self.selectLastBatch)
    defer { batch.reset() }
    guard try batch.step(), batch.integer(0) <= position else {
      throw EventLogError(.tampered, "The last batch of the log has no events.")
    }
    return LogHead(
      position: Position(position), recorded: Instant(microseconds: batch.integer(1)))
  }

  /// The head; where a damaged log does not say it, the last event that can be reached, and why not
  /// more.
  func readableHead() throws(EventLogError) -> (head: LogHead, failure: EventLogError?) {
    do throws(EventLogError) {
      return (try head(), nil)
    } catch {
      guard connection.isDamage(error) else { throw error }
      var last = Position.start
      if let statement = try? connection.prepared(Self.selectPositions) {
        defer { statement.reset() }
        while (try? statement.step()) == true { last = Position(statement.integer(0)) }
      }
      return (LogHead(position: last, recorded: nil), error)
    }
  }

  /// The last position recorded at or before `instant`. Positions and instants rise together, so
  /// halving finds it.
  func position(recordedBy instant: Instant) throws(EventLogError) -> Position {
    let head = try head()
    guard let recorded = head.recorded else { return .start }
    if recorded <= instant { return head.position }
    let statement = try connection.prepared(Self.selectBatchOf)
    defer { statement.reset() }
    // `known` was recorded by then, `later` was not.
    var known: Int64 = 0
    var later = head.position.rawValue
    while known + 1 < later {
      let middle = known + (later - known) / 2
      statement.reset()
      statement.bind(middle, at: 1)
      guard try statement.step() else {
        throw EventLogError(.corrupt, "The batch of event \(middle) is missing.")
      }
      if statement.integer(1) <= instant.microseconds {
        known = middle
      } else {
        later = statement.integer(0)
      }
    }
    return Position(known)
  }

  /// Makes durable what this connection can read. A user who may not write to the log cannot write
  /// its frames again, and syncs them as they are.
  func settle(within patience: Double) throws(EventLogError) {
    if let files = connection.unlocked { return try files.synchronize() }
    // Another program may have given the file another kind of journal, in which nothing is left.
    guard let files = connection.files, files.journal != nil, connection.usesWriteAheadLog
    else { return }
    let lock = try FileLock(files.path)
    try lock.acquire(within: patience)
    defer { lock.release() }
    try Journal(connection, isNew: false).settle(lock, head: head().position)
  }

  func events(at positions: [Position]) throws(EventLogError) -> [RecordedEvent?] {
    let kinds = try begin()
    defer { end() }
    return try events(at: positions, kinds: kinds)
  }

  func events(ids: [EventID]) throws(EventLogError) -> [RecordedEvent?] {
    let kinds = try begin()
    defer { end() }
    return try events(
      at: EventLookup(connection, names).positions(of: SortedIDs(ids)), kinds: kinds)
  }

  private func events(
    at positions: [Position?], kinds: [UInt8]
  ) throws(EventLogError) -> [RecordedEvent?] {
    let lookup = EventLookup(connection, names)
    let head = try head().position
    var events: [RecordedEvent?] = []
    events.reserveCapacity(positions.count)
    for position in positions {
      if events.count.isMultiple(of: 1024) { try EventLogError.checkCancellation() }
      guard let position, position > .start, position <= head else {
        events.append(nil)
        continue
      }
      events.append(try event(at: position, kinds: kinds, lookup))
    }
    return events
  }

  func positions(of ids: [EventID]) throws(EventLogError) -> [Position?] {
    _ = try begin()
    defer { end() }
    return try EventLookup(connection, names).positions(of: SortedIDs(ids))
  }

  func positions(beginning digits: String, limit: Int) throws(EventLogError) -> [Position] {
    _ = try begin()
    defer { end() }
    return try EventLookup(connection, names).positions(beginning: digits, limit: limit)
  }

  /// The event at a position that is in the log.
  func event(
    at position: Position, kinds: [UInt8], _ lookup: EventLookup
  ) throws(EventLogError) -> RecordedEvent {
    let range = EventRange(after: Position(position.rawValue - 1), through: position)
    let cursor = try EventCursor(.all, in: range, names: names, kinds: kinds, on: connection)
    guard try cursor.next() else {
      throw EventLogError(.corrupt, "The event at \(position) is missing.")
    }
    return try cursor.event(lookup)
  }

  func events(
    _ query: EventQuery, in range: EventRange
  ) throws(EventLogError) -> [RecordedEvent] {
    try whole(query, in: range) { (read) throws(EventLogError) in
      var events: [RecordedEvent] = []
      while let cursor = try read.next() { events.append(try cursor.event(read.lookup)) }
      return events
    }
  }

  func fold<State>(
    _ query: EventQuery, in range: EventRange, into state: State,
    _ step: (inout State, borrowing EventRow, any LogNames) throws -> Bool
  ) throws -> State {
    try whole(query, in: range) { read in
      var state = state
      var row = EventRow()
      while let cursor = try read.next() {
        try cursor.read(into: &row)
        if !(try step(&state, row, names)) { break }
      }
      return state
    }
  }

  /// Runs `body` on a long read; again from the beginning, in one transaction of any length, when a
  /// payload was erased between two of its transactions.
  private func whole<Value, Failure: Error>(
    _ query: EventQuery, in range: EventRange, _ body: (LongRead) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let read = LongRead(
      query, in: range, of: self, eventsPerTransaction: eventsPerTransaction)
    do throws(Failure) {
      return try body(read)
    } catch {
      guard read.isOvertaken else { throw error }
      read.stop()
      return try body(LongRead(query, in: range, of: self, eventsPerTransaction: .max))
    }
  }

  func tags(kind: String) throws(EventLogError) -> [Tag] {
    _ = try begin()
    defer { end() }
    guard kind == Tag.targetKind else { return names.tags(kind: kind) }
    let statement = try connection.prepared(Self.selectTargeted)
    defer { statement.reset() }
    var tags: [Tag] = []
    while try statement.step() {
      if let id = statement.id(0) { tags.append(.target(id)) }
    }
    return tags
  }
}

/// A read of any length, cut into transactions of a bounded one: a longer one would keep
/// checkpoints from reusing the write-ahead log.
///
/// It still reads as one snapshot: the range ends at the head of its beginning, and events at given
/// positions stay as they are. When one of them was erased in between, the read fails.
final class LongRead {
  private let eventsPerTransaction: Int

  private let query: EventQuery
  private let reader: LogReader
  /// What is still to be read.
  private var rest: EventRange
  private var cursor: EventCursor?
  /// With the names as they are in the transaction at hand.
  private(set) var lookup: EventLookup
  /// Events since the transaction began.
  private(set) var count = 0
  private var isStarted = false
  private var isInTransaction = false
  /// How many payloads had been erased at the beginning.
  private var erasures: Int64 = 0
  /// Whether the read has failed because a payload was erased.
  private(set) var isOvertaken = false

  init(
    _ query: EventQuery, in range: EventRange, of reader: LogReader, eventsPerTransaction: Int
  ) {
    self.eventsPerTransaction = eventsPerTransaction
    self.query = query
    self.reader = reader
    lookup = EventLookup(reader.connection, reader.names)
    rest = range
    rest.after = max(range.after, .start)
  }

  deinit { stop() }

  /// The next event, at hand in the cursor; nil at the end.
  func next() throws(EventLogError) -> EventCursor? {
    while true {
      do throws(EventLogError) {
        return try step()
      } catch {
        stop()
        guard try reader.recover() else { throw error }
      }
    }
  }

  private func step() throws(EventLogError) -> EventCursor? {
    if let limit = rest.limit, limit <= 0 { return nil }
    if count == eventsPerTransaction { stop() }
    let cursor = if let cursor { cursor } else { try start() }
    guard try cursor.next() else {
      rest.limit = 0
      return nil
    }
    count += 1
    rest.limit = rest.limit.map { $0 - 1 }
    switch rest.order {
    case .oldestFirst: rest.after = cursor.position
    case .newestFirst: rest.through = Position(cursor.position.rawValue - 1)
    }
    return cursor
  }

  private func start() throws(EventLogError) -> EventCursor {
    let kinds = try reader.begin()
    isInTransaction = true
    lookup = EventLookup(reader.connection, reader.names)
    let erasures = try reader.connection.erasures()
    if isStarted {
      isOvertaken = erasures != self.erasures
      if isOvertaken { throw EventLogError(.conflict, "A payload was erased during the read.") }
    } else {
      self.erasures = erasures
      // Who saves what can be read of a damaged log has found out before up to where that is.
      let head =
        try reader.connection.isSalvage
        ? (try? reader.head().position) ?? rest.through : reader.head().position
      rest.after = min(rest.after, head)
      rest.through = min(rest.through, head)
      isStarted = true
    }
    let cursor = try EventCursor(
      query, in: rest, names: reader.names, kinds: kinds, on: reader.connection)
    self.cursor = cursor
    count = 0
    return cursor
  }

  /// Ends the transaction at hand.
  func stop() {
    cursor?.finish()
    cursor = nil
    if isInTransaction { reader.end() }
    isInTransaction = false
  }
}
