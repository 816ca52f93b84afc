import EventLog

/// Goes through a log from one end to the other, and holds each part of it against what it follows
/// from: hashes against events, the tree against hashes, batches, the tag index and the list of
/// erased payloads against events. Within one read transaction: it verifies one state of the log.
struct LogVerifier {
  private static let selectNodes =
    "SELECT level, number, hash FROM main.tree ORDER BY level, number"
  private static let selectErased = "SELECT seq, by FROM main.erased"
  private static let selectLoneBatch = """
    SELECT first FROM main.batch LEFT JOIN main.event ON event.seq = first
    WHERE (first > ?1 OR first < 1) AND event.batch IS NOT first ORDER BY first LIMIT 1
    """
  private static let countBatches =
    "SELECT count(*) FROM main.batch WHERE first > ?1 OR first < 1"

  private static let selectLeaf = "SELECT leaf FROM main.event WHERE seq = ?1"

  private static let chunkSize = 1024
  /// Events that are looked at, at most, for the first one behind a damaged page.
  private static let damagedEvents: Int64 = 100_000

  private let reader: LogReader
  private let request: LogVerificationRequest
  private let connection: Connection
  private var lookup: EventLookup
  private var result: LogVerification

  /// Positions of the events that say that a payload was erased, by the erased event's.
  private var erasures: [Position: Position] = [:]
  /// Erased events that an event is yet to speak of, by that event's position.
  private var announced: [Position: Set<Position>] = [:]
  private var chunk = RehashChunk()
  /// The batch at hand, and what writes the headers of its events.
  private var batch: Batch?
  private var header: HeaderWriter?
  private var batchCount: Int64 = 0

  init(_ reader: LogReader, _ request: LogVerificationRequest) {
    self.reader = reader
    self.request = request
    connection = reader.connection
    lookup = EventLookup(reader.connection, reader.names)
    result = LogVerification(head: LogHead(position: .start, recorded: nil), root: [])
  }

  mutating func run() throws(EventLogError) -> LogVerification {
    // So that the event in a damaged cell is named, and not the first of its page.
    try connection.setCheckingCells(false)
    defer { try? connection.setCheckingCells(!connection.isSalvage) }
    let kinds = try reader.begin()
    lookup = EventLookup(connection, reader.names)
    defer { reader.end() }
    let (head, end) = try reader.readableHead()
    result.head = head
    result.isPurgeDue = (try? Purge(connection).isDue()) ?? false
    let size = head.position.rawValue
    let after = min(max(request.after, .start), head.position)
    try noteDamage(.erasure, "The list of erased payloads") { (verifier) throws(EventLogError) in
      try verifier.readErasures()
    }
    var nodes: [[UInt8]]?
    try noteDamage(.tree, "The stored tree") { (verifier) throws(EventLogError) in
      nodes = try verifier.storedNodes()
    }
    // What is passed over is taken from the stored tree; where that does not reach, nothing is.
    let blocks = after.rawValue / TreeTable.blockSize
    let first = TreeCheck.covers(blocks, nodes ?? []) ? blocks * TreeTable.blockSize : 0
    let feed = RehashFeed(TreeCheck(nodes: nodes ?? [], hasNodes: nodes != nil, from: first))
    var index = IndexCheck(after: first, through: size)
    let cursor = try EventCursor(
      .all, in: EventRange(after: Position(first), through: head.position), names: reader.names,
      kinds: kinds, on: connection)
    var row = EventRow()
    var at = first
    var isWhole = end == nil
    while at < size {
      do throws(EventLogError) {
        guard try cursor.next() else { break }
      } catch  where error.code == .cancelled {
        throw error
      } catch {
        noteUnreadable(from: at + 1, through: size, error)
        isWhole = false
        break
      }
      at += 1
      take(cursor, &row, isTrusted: at <= after.rawValue, &index)
      if chunk.count == Self.chunkSize {
        feed.add(chunk)
        chunk = RehashChunk()
        try EventLogError.checkCancellation()
        request.progress?(at - first, size - first)
      }
    }
    cursor.finish()
    if let end, at == size {
      note(
        .unreadable, Position(size + 1),
        "From \(Position(size + 1)) on nothing can be read. \(end.message)")
    }
    feed.add(chunk)
    let hashed = feed.finish(isWhole: isWhole)
    for fault in hashed.faults { result.add(fault) }
    if isWhole {
      result.root = hashed.root
      try checkWhole(index, first)
    }
    // What could not be read because the task was cancelled is no fault. Neither are pages of two
    // states of the file, which do not fit each other.
    try EventLogError.checkCancellation()
    try reader.checkNotOvertaken()
    return result
  }

  /// Something beside the events that is damaged is a fault of none of them.
  private mutating func noteDamage(
    _ kind: LogVerification.Fault.Kind, _ what: String,
    _ body: (inout LogVerifier) throws(EventLogError) -> Void
  ) throws(EventLogError) {
    do throws(EventLogError) {
      try body(&self)
    } catch {
      guard connection.isDamage(error) else { throw error }
      note(kind, .start, "\(what) cannot be read. \(error.message)")
    }
  }

  private mutating func note(
    _ kind: LogVerification.Fault.Kind, _ position: Position, _ message: String
  ) {
    result.add(LogVerification.Fault(kind, at: position...position, message))
  }

  /// A damaged page hides all events that stand on it, or on the pages that it leads to.
  private mutating func noteUnreadable(
    from first: Int64, through size: Int64, _ error: EventLogError
  ) {
    let end = min(size, first + Self.damagedEvents)
    var last = first
    while last < end, !isReadable(last + 1) { last += 1 }
    let range = Position(first)...Position(last)
    let message =
      first == last
      ? error.message
      : "\(range.lowerBound) to \(range.upperBound) cannot be read. \(error.message)"
    result.add(LogVerification.Fault(.unreadable, at: range, message))
  }

  private func isReadable(_ seq: Int64) -> Bool {
    guard let statement = try? connection.prepared(Self.selectLeaf) else { return false }
    defer { statement.reset() }
    statement.bind(seq, at: 1)
    return (try? statement.step()) == true
  }

  // MARK: One event

  private mutating func take(
    _ cursor: EventCursor, _ row: inout EventRow, isTrusted: Bool, _ index: inout IndexCheck
  ) {
    let position = cursor.position
    chunk.positions.append(position)
    if !cursor.appendLeaf(to: &chunk.leaves) {
      note(.unreadable, position, "The hash of event \(position) is not 32 bytes long.")
      chunk.leaves += [UInt8](repeating: 0, count: MerkleTree.hashLength)
    }
    do throws(EventLogError) {
      try cursor.read(into: &row)
      index.add(row)
      try checkErasure(of: row, cursor)
      try checkBatch(of: row)
      if !isTrusted {
        try appendForHashing(row, cursor)
        result.rehashed += 1
      }
    } catch {
      note(.unreadable, position, error.message)
    }
    chunk.payloadEnds.append(chunk.payloads.count)
    chunk.headerEnds.append(chunk.headers.count)
    if chunk.gaps.count < chunk.count { chunk.gaps.append(0) }
  }

  private mutating func appendForHashing(
    _ row: borrowing EventRow, _ cursor: EventCursor
  ) throws(EventLogError) {
    var targets: [EventID] = []
    for target in row.targets { targets.append(try lookup.id(at: target)) }
    chunk.headers.append(0)
    let gap = chunk.headers.count + (header?.commitmentOffset ?? 0)
    header?.append(
      id: row.id, type: reader.names.type(row.type),
      time: row.bounds == nil ? nil : row.timeText, targets: targets, at: row.position,
      to: &chunk.headers)
    chunk.gaps.append(gap)
    if row.isErased {
      HeaderWriter.write(commitment: row.storedBody, at: gap, into: &chunk.headers)
    } else {
      guard cursor.appendSalt(to: &chunk.payloads) else {
        throw EventLogError(.corrupt, "The salt of event \(row.position) is damaged.")
      }
      row.appendBody(to: &chunk.payloads)
    }
  }

  /// Makes the event's batch the one at hand. It must begin where it says, and none may overlap.
  private mutating func checkBatch(of row: borrowing EventRow) throws(EventLogError) {
    if batch?.first == row.batch { return }
    let before = self.batch
    let batch = try lookup.batch(row.batch)
    self.batch = batch
    header = HeaderWriter(batch: batch)
    // A verification may begin within a batch.
    if before == nil && row.position > Position(1) && batch.first < row.position { return }
    if batch.first == row.position {
      batchCount += 1
    } else {
      note(.batch, row.position, "Event \(row.position) says it is of the batch at \(row.batch).")
    }
    if let before, before.recorded >= batch.recorded {
      note(
        .batch, row.position,
        "The batch at \(row.position) was recorded at \(batch.recorded), not after the one before"
          + " it (\(before.recorded)).")
    }
  }

  // MARK: Erased payloads

  private mutating func readErasures() throws(EventLogError) {
    guard try connection.has(table: "erased") else { return }
    let statement = try connection.prepared(Self.selectErased)
    defer { statement.reset() }
    while try statement.step() {
      let (seq, by) = (Position(statement.integer(0)), Position(statement.integer(1)))
      erasures[seq] = by
      announced[by, default: []].insert(seq)
    }
    result.erased = Int64(erasures.count)
  }

  private mutating func checkErasure(
    of row: borrowing EventRow, _ cursor: EventCursor
  ) throws(EventLogError) {
    let position = row.position
    if row.isErased {
      var salt: [UInt8] = []
      if !cursor.appendSalt(to: &salt) || salt.contains(where: { $0 != 0 }) {
        note(.erasure, position, "The salt of \(position) was not erased with its payload.")
      }
    }
    if row.isErased != (erasures[position] != nil) {
      note(
        .erasure, position,
        row.isErased
          ? "The payload of \(position) was erased, and nothing says why."
          : "The payload of \(position) is said to be erased, and is there.")
    }
    if let said = announced.removeValue(forKey: position),
      !said.isSubset(of: row.targets) || reader.names.type(row.type).name != Erasure.typeName
    {
      note(.erasure, position, "\(position) does not say what was erased by it.")
    }
  }

  // MARK: The whole

  private mutating func checkWhole(_ index: IndexCheck, _ first: Int64) throws(EventLogError) {
    for (by, positions) in announced {
      // What stands ahead of the part that is verified was not looked at; but nothing can have been
      // erased ahead of itself.
      for position in positions where by.rawValue > first || by <= position {
        note(.erasure, position, "\(position) was erased by \(by), which does not follow it.")
      }
    }
    for position in erasures.keys where position <= .start || position > result.head.position {
      note(.erasure, position, "The list of erased payloads names \(position), which is no event.")
    }
    try noteDamage(.batch, "The list of batches") { (verifier) throws(EventLogError) in
      try verifier.countBatches(first)
    }
    // Of events that cannot be read nobody knows what they should stand under.
    if result.faultCounts[.unreadable] != nil { return }
    try noteDamage(.index, "The index") { (verifier) throws(EventLogError) in
      if let fault = try index.fault(verifier.connection, verifier.reader.names) {
        verifier.result.add(fault)
      }
    }
  }

  private mutating func countBatches(_ first: Int64) throws(EventLogError) {
    let statement = try connection.prepared(Self.countBatches)
    defer { statement.reset() }
    statement.bind(first, at: 1)
    guard try statement.step(), statement.integer(0) != batchCount else { return }
    let lone = try connection.prepared(Self.selectLoneBatch)
    defer { lone.reset() }
    lone.bind(first, at: 1)
    // There is none when the first event of a batch cannot be read, which has been told of.
    if try lone.step() {
      let position = Position(lone.integer(0))
      note(.batch, position, "There is a batch at \(position) that no event belongs to.")
    }
  }

  /// The stored nodes of the tree, by level from the lowest on; nil where the log has no tree yet.
  private mutating func storedNodes() throws(EventLogError) -> [[UInt8]]? {
    guard try connection.has(table: "tree") else { return nil }
    var levels: [[UInt8]] = []
    let statement = try connection.prepared(Self.selectNodes)
    defer { statement.reset() }
    while try statement.step() {
      let level = statement.integer(0) - Int64(TreeTable.lowestLevel)
      guard level >= 0, level < 56 else {
        let last = max(result.head.position, Position(1))
        note(.tree, last, "The stored tree has a node of level \(statement.integer(0)).")
        continue
      }
      while levels.count <= level { levels.append([]) }
      let (number, expected) = (statement.integer(1), Int64(levels[Int(level)].count / 32))
      if number != expected {
        note(
          .tree, min(result.head.position, Position(expected << statement.integer(0) + 1)),
          "Node \(number) of level \(statement.integer(0)) of the stored tree stands where node"
            + " \(expected) should.")
      }
      // A node out of its place makes all that follow differ.
      levels[Int(level)] += statement.bytes(2)
    }
    return levels
  }
}
