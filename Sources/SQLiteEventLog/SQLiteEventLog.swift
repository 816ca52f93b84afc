public import EventLog

/// An event log in one SQLite file.
///
/// Any number of tasks and processes may use the same file. Appends of all of them go through one
/// lock; within a process those that wait share a commit. See `EventLog` for what it guarantees.
///
/// Beside the file stand, while it is open, SQLite's write-ahead log (`-wal`, `-shm`), and for good
/// an empty file `.lock`. Never copy or move the file alone while it is open.
public final class SQLiteEventLog: EventLog {
  /// Whether a log is opened to add to it.
  public enum Mode: Hashable, Sendable { case readWrite, readOnly }

  public typealias Options = SQLiteLogOptions

  /// The file, with symbolic links resolved.
  public let path: String
  public let mode: Mode

  let writer: Writer?
  let readers: ReaderPool
  let watch: HeadWatch
  let options: Options

  /// Makes an empty log; throws `.exists` where there is a file.
  public static func create(
    at path: String, options: Options = Options()
  ) async throws(EventLogError) -> SQLiteEventLog {
    try await BlockingQueue.run { () throws(EventLogError) in
      try LogFile.create(LogPath(new: path))
      return try SQLiteEventLog(LogPath(existing: path), .readWrite, options)
    }
  }

  /// Creates a log and fills it under a temporary name: if `fill` throws or the process is killed, no
  /// file has the name `path`. The file has the rights of `other` from its first byte on, if that is
  /// given.
  public static func create<Result: Sendable>(
    at path: String, like other: String? = nil, options: Options = Options(),
    filling fill: (SQLiteEventLog) async throws -> Result
  ) async throws -> Result {
    let target = try await BlockingQueue.run { () throws(EventLogError) in try LogPath(new: path) }
    let temporary = target.temporary()
    do {
      let log = try await BlockingQueue.run { () throws(EventLogError) in
        try LogFile.create(LogPath(new: temporary), like: other)
        return try SQLiteEventLog(LogPath(existing: temporary), .readWrite, options)
      }
      let result: Result
      do {
        result = try await fill(log)
      } catch {
        await log.close()
        throw error
      }
      await log.close()
      try await BlockingQueue.run {
        // What is still in the write-ahead log would not go along.
        guard try !LogPath(existing: temporary).hasLog else {
          throw EventLogError(.io, "The write-ahead log of \(temporary) was not emptied.")
        }
        _ = try LogPath.synchronize(temporary)
        try target.take(over: temporary)
        target.discardCompanions(of: temporary)
      }
      return result
    } catch {
      await BlockingQueue.run { target.discard(temporary) }
      throw error
    }
  }

  /// Opens a log that is there. The file is checked as one that anybody may have made.
  public static func open(
    at path: String, mode: Mode = .readWrite, options: Options = Options()
  ) async throws(EventLogError) -> SQLiteEventLog {
    try await BlockingQueue.run(blocksCaller: options.blocksCaller) { () throws(EventLogError) in
      try SQLiteEventLog(LogPath(existing: path), mode, options)
    }
  }

  private init(_ path: LogPath, _ mode: Mode, _ options: Options) throws(EventLogError) {
    self.path = path.file
    self.mode = mode
    self.options = options
    let names = NameTable()
    let log = LeftoverLog(path, options)
    let readers = ReaderPool(
      limit: options.readers, blocksCaller: options.blocksCaller
    ) { () throws(EventLogError) in
      try LogReader(names) { () throws(EventLogError) in
        try LogFile.openForReading(path, options)
      }
    }
    self.readers = readers
    let watch = HeadWatch(every: options.pollInterval) { () async throws(EventLogError) in
      try await readers.head()
    }
    self.watch = watch
    writer = try log.explained { () throws(EventLogError) in
      mode == .readWrite ? try Writer(path, options, watch, names) : nil
    }
    // What is wrong with the file is reported now, not at the first read.
    let checksEnd = writer == nil && options.checksEnd
    guard writer == nil || log.isPossible else { return }
    try log.explained { () throws(EventLogError) in
      try readers.openFirst { reader throws(EventLogError) in
        if checksEnd { try LogFile.checkEnd(reader.connection, reader.names) }
        try log.check(reader.connection)
      }
    }
  }

  // MARK: Appending

  public func prepare(
    _ events: [NewEvent], recorder: String, note: String?
  ) throws(EventLogError) -> any PreparedAppend {
    try AppendRequest(events, recorder: recorder, note: note, randomBytes: options.randomBytes)
  }

  public func prepare(
    restoring events: [RecordedEvent]
  ) throws(EventLogError) -> any PreparedAppend {
    try AppendRequest(restoring: events)
  }

  public func append(
    _ prepared: any PreparedAppend, if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    guard let writer else { throw EventLogError(.readOnly, "The log is open for reading only.") }
    guard let request = prepared as? AppendRequest else {
      throw EventLogError(.invalidEvent, "The events were prepared by another log.")
    }
    return try await writer.append(request, if: condition)
  }

  public func erase(
    _ ids: [EventID], saying event: NewEvent, recorder: String, note: String?,
    if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    guard event.type.name == Erasure.typeName else {
      throw EventLogError(.invalidEvent, "An event of type \(event.type) erases nothing.")
    }
    guard Set(event.targets).isSuperset(of: ids) else {
      throw EventLogError(
        .invalidEvent, "The event does not name all that is erased as its targets.")
    }
    guard let writer else { throw EventLogError(.readOnly, "The log is open for reading only.") }
    let request = try AppendRequest(
      [event], recorder: recorder, note: note, isErasure: true, randomBytes: options.randomBytes)
    let receipt = try await writer.erase(ids, request, if: condition)
    if let recorded = receipt.recorded, let last = receipt.entries.last {
      watch.publish(LogHead(position: last.position, recorded: recorded))
    }
    do throws(EventLogError) {
      try await writer.purge()
    } catch {
      throw EventLogError(
        error.code,
        "The payload is gone from the log, but the file still holds traces of it; the next append"
          + " removes them. \(error.message)")
    }
    return receipt
  }

  public func erasures() async throws(EventLogError) -> Int64 {
    try await read { (reader) throws(EventLogError) in try reader.connection.erasures() }
  }

  public func settle() async throws(EventLogError) {
    if let writer { return try await writer.settle() }
    let patience = options.busyTimeout / .seconds(1)
    try await read { (reader) throws(EventLogError) in
      _ = try reader.begin()
      try reader.settle(within: patience)
    }
  }

  // MARK: Reading

  public func head() async throws(EventLogError) -> LogHead {
    try await readers.head()
  }

  public func position(recordedBy instant: Instant) async throws(EventLogError) -> Position {
    try await read { (reader) throws(EventLogError) in
      _ = try reader.begin()
      return try reader.position(recordedBy: instant)
    }
  }

  public func read(
    _ query: EventQuery, in range: EventRange
  ) async throws(EventLogError) -> [RecordedEvent] {
    try await read { (reader) throws(EventLogError) in try reader.events(query, in: range) }
  }

  public func events(
    at positions: [Position]
  ) async throws(EventLogError) -> [RecordedEvent?] {
    try await read { (reader) throws(EventLogError) in try reader.events(at: positions) }
  }

  public func events(ids: [EventID]) async throws(EventLogError) -> [RecordedEvent?] {
    try await read { (reader) throws(EventLogError) in try reader.events(ids: ids) }
  }

  public func positions(of ids: [EventID]) async throws(EventLogError) -> [Position?] {
    try await read { (reader) throws(EventLogError) in try reader.positions(of: ids) }
  }

  public func positions(
    beginning digits: String, limit: Int
  ) async throws(EventLogError) -> [Position] {
    try await read { (reader) throws(EventLogError) in
      try reader.positions(beginning: digits, limit: limit)
    }
  }

  public func fold<State: Sendable>(
    _ query: EventQuery, in range: EventRange, into state: State,
    _ step: @Sendable (inout State, borrowing EventRow, any LogNames) throws -> Bool
  ) async throws -> State {
    try await readers.read { reader in
      try reader.get().fold(query, in: range, into: state, step)
    }
  }

  public func root(ofSize size: Int64) async throws(EventLogError) -> [UInt8] {
    try await tree(ofSize: size) { (tree) throws(EventLogError) in try tree.root(ofSize: size) }
  }

  public func inclusionProof(
    of position: Position, size: Int64
  ) async throws(EventLogError) -> [[UInt8]] {
    guard position > .start, position.rawValue <= size else {
      throw EventLogError(.outOfRange, "Event \(position) is not among the first \(size).")
    }
    return try await tree(ofSize: size) { (tree) throws(EventLogError) in
      try MerkleTree.inclusionProof(index: position.rawValue - 1, size: size, node: tree.hash)
    }
  }

  public func consistencyProof(
    from oldSize: Int64, to newSize: Int64
  ) async throws(EventLogError) -> [[UInt8]] {
    guard oldSize >= 0, oldSize <= newSize else {
      throw EventLogError(.outOfRange, "\(newSize) events do not continue \(oldSize).")
    }
    return try await tree(ofSize: newSize) { (tree) throws(EventLogError) in
      oldSize == 0
        ? []
        : try MerkleTree.consistencyProof(oldSize: oldSize, newSize: newSize, node: tree.hash)
    }
  }

  /// Runs `body` on the tree as it stands, which has `size` leaves at least.
  private func tree<Value: Sendable>(
    ofSize size: Int64, _ body: (TreeTable) throws(EventLogError) -> Value
  ) async throws(EventLogError) -> Value {
    try await read { (reader) throws(EventLogError) in
      _ = try reader.begin()
      let head = try reader.head().position
      guard size >= 0, size <= head.rawValue else {
        throw EventLogError(.outOfRange, "The log has \(head.rawValue) events, not \(size).")
      }
      return try body(TreeTable(reader.connection))
    }
  }

  public func tags(kind: String) async throws(EventLogError) -> [Tag] {
    try await read { (reader) throws(EventLogError) in try reader.tags(kind: kind) }
  }

  public func follow(after position: Position) -> AsyncThrowingStream<LogHead, any Error> {
    watch.follow(after: position)
  }

  // MARK: Projections

  public func projection(_ name: String) async throws(EventLogError) -> ProjectionState? {
    try await read { (reader) throws(EventLogError) in
      try ProjectionStore(reader.connection).state(name)
    }
  }

  public func write(_ change: ProjectionChange) async throws(EventLogError) {
    guard let writer else { throw EventLogError(.readOnly, "The log is open for reading only.") }
    try await writer.write(change)
  }

  public func forgetProjection(_ name: String) async throws(EventLogError) -> Bool {
    guard let writer else { throw EventLogError(.readOnly, "The log is open for reading only.") }
    return try await writer.forgetProjection(name)
  }

  public func contents(
    of definition: ProjectionDefinition, _ columns: [(table: String, columns: [String])]
  ) async throws(EventLogError) -> ProjectionContents? {
    try await read { (reader) throws(EventLogError) in
      _ = try reader.begin()
      return try ProjectionStore(reader.connection).contents(of: definition, columns)
    }
  }

  public func advance(
    _ projection: any InlineProjection, by count: Int
  ) async throws(EventLogError) -> ProjectionState? {
    guard let writer else { throw EventLogError(.readOnly, "The log is open for reading only.") }
    return try await writer.advance(projection, by: count)
  }

  public func scratch(
    for projection: any InlineProjection
  ) async throws(EventLogError) -> any ProjectionScratch {
    try await ScratchTables.make(projection, options, readers, writer)
  }

  public func rows(
    _ sql: String, _ values: [SQLValue]
  ) async throws(EventLogError) -> [[SQLValue]] {
    let deadline = ContinuousClock.now + options.statementTimeout
    return try await read { (reader) throws(EventLogError) in
      let hooks = reader.connection.hooks
      hooks.policy = .querying
      hooks.deadline = deadline
      defer {
        hooks.policy = .reading
        hooks.deadline = nil
      }
      return try ProjectionStore(reader.connection).rows(sql, values)
    }
  }

  // MARK: Closing

  public func releaseMemory() async { await writer?.releaseMemory() }

  public func close() async {
    await readers.close()
    await writer?.close()
    watch.close()
  }

  func read<Value: Sendable>(
    _ body: (LogReader) throws(EventLogError) -> Value
  ) async throws(EventLogError) -> Value {
    // A read without locks begins again when the log was written meanwhile; see `UnlockedFiles`.
    for _ in 1..<LogFile.unlockedAttempts {
      let value = try await readers.read { (reader) throws(EventLogError) -> Value? in
        let reader = try reader.get()
        do throws(EventLogError) {
          return try body(reader)
        } catch {
          guard reader.isOvertaken else { throw error }
          return nil
        }
      }
      if let value { return value }
    }
    return try await readers.read { (reader) throws(EventLogError) in try body(try reader.get()) }
  }
}
