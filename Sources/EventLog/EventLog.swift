/// An append-only log of immutable events at dense positions.
///
/// Guarantees, which `EventLogConformance` (in Tests/) checks on every implementation:
/// * an append is all or nothing, and durable when it returns (survives `kill -9` and power loss);
/// * positions are 1, 2, 3 … without gaps, and the order of positions is the order of commits;
/// * `recorded` never runs backwards, whatever the clock does;
/// * an id is stored once: the same content again is acknowledged with its first position (tags,
///   which are derived, are no part of the content);
/// * a condition is checked in the same transaction as the insert;
/// * a read sees whole batches only;
/// * no call keeps a thread of Swift's own busy, however long it reads, writes or waits;
/// * every call but `close` and `releaseMemory` throws `.cancelled` when its task is cancelled: a
///   read within the rows that it scans, an append or any other change only until its transaction
///   has begun. From then on it is finished, and answered.
public protocol EventLog: Sendable {
  /// Validates the events without touching the log, and computes their hashes. A bulk writer can
  /// prepare one batch while the previous one is being written. Throws `.invalidEvent`: for a body
  /// that is not canonical JSON of one object, for the type of erasures, for a tag without a kind or
  /// a value.
  func prepare(
    _ events: [NewEvent], recorder: String, note: String?
  ) throws(EventLogError) -> any PreparedAppend

  /// Prepares events of another log to be appended as they stand there: at the same positions, with
  /// the same instants, recorder, salts and hashes. They must be of one batch, without gaps; what is
  /// appended must continue the log. Throws `.invalidEvent` also when an event does not match its
  /// hash.
  func prepare(restoring events: [RecordedEvent]) throws(EventLogError) -> any PreparedAppend

  /// Appends what this log has prepared, in order, as one batch.
  ///
  /// Throws `.conflict` (with the events that conflict) when `condition` does not hold, `.outOfRange`
  /// when it speaks of a position past the head, `.idConflict` when an id is stored with other content, `.unknownTarget`, `.invalidEvent`,
  /// `.busy`, `.full`, `.io`. Nothing is stored when it throws, except after `.commitUnknown`.
  func append(
    _ prepared: any PreparedAppend, if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt

  /// The last position and when it was recorded.
  func head() async throws(EventLogError) -> LogHead

  /// The last position recorded at or before `instant`.
  func position(recordedBy instant: Instant) async throws(EventLogError) -> Position

  /// The events of `range` that match `query`.
  func read(_ query: EventQuery, in range: EventRange) async throws(EventLogError)
    -> [RecordedEvent]

  /// Hands every event of `range` to `body`, in order, each once, from one snapshot of the log: an
  /// erasure in between changes nothing. All that is handed out is durable. For copies of the log;
  /// for as long as `body` takes, storage that the snapshot needs cannot be used again.
  func export(in range: EventRange, _ body: (RecordedEvent) throws -> Void) async throws

  /// The events at these positions, in the order given; nil for a position past the head.
  func events(at positions: [Position]) async throws(EventLogError) -> [RecordedEvent?]

  /// The events with these ids, in the order given; nil for an id that is not stored.
  func events(ids: [EventID]) async throws(EventLogError) -> [RecordedEvent?]

  /// Where events with these ids stand, nil for those that are not stored; in the order given.
  func positions(of ids: [EventID]) async throws(EventLogError) -> [Position?]

  /// The events whose id or leaf hash begins with these hexadecimal digits, the first `limit` of them.
  /// None where the text has no digit, or another character. Looks at the hashes of all events.
  func positions(
    beginning digits: String, limit: Int
  ) async throws(EventLogError) -> [Position]

  /// Hands every matching event of `range` to `step`, in order, from one snapshot of the log.
  /// The bulk reader: no event object is made. `step` returns false to stop. When a payload is erased
  /// during a long fold, the fold begins again with `state`, so `step` must change nothing else.
  /// Returns the state after the last step.
  func fold<State: Sendable>(
    _ query: EventQuery, in range: EventRange, into state: State,
    _ step: @Sendable (inout State, borrowing EventRow, any LogNames) throws -> Bool
  ) async throws -> State

  /// Root of the Merkle tree over the first `size` events: 32 bytes. Throws `.outOfRange` when there
  /// are fewer.
  func root(ofSize size: Int64) async throws(EventLogError) -> [UInt8]

  /// The hashes that lead from an event to the root of the first `size` events; see
  /// `MerkleTree.verifyInclusion`. Throws `.outOfRange` when the event is not among them.
  func inclusionProof(
    of position: Position, size: Int64
  ) async throws(EventLogError) -> [[UInt8]]

  /// The hashes that show that the first `newSize` events continue the first `oldSize`; see
  /// `MerkleTree.verifyConsistency`. None when `oldSize` is 0.
  func consistencyProof(
    from oldSize: Int64, to newSize: Int64
  ) async throws(EventLogError) -> [[UInt8]]

  /// Verifies the log: recomputes hashes, tree and index, and compares them with what is stored; see
  /// `LogVerification`. Throws where the log cannot be read at all.
  func verify(_ request: LogVerificationRequest) async throws -> LogVerification

  /// Removes the payloads and salts of events for good, with all that was derived from them: tags,
  /// places in the index, projections, and what older rows of them left in free pages. In the same
  /// transaction appends an event, about the events of these ids, that says so.
  ///
  /// `event` is of the type `Erasure.typeName`, targets all `ids`, and is appended under the
  /// condition.
  /// Their place, header and hash stay, and with them every proof. Events whose payload was erased
  /// before are passed over; when all were, nothing is appended, but what may be left of them is
  /// removed once more. Throws `.unknownTarget` for an id that is not stored, and what appending
  /// throws; `.busy` and `.full` also when the payloads are gone from the log, but traces of them
  /// are still in its storage: a later append removes those, as does erasing the payloads again.
  func erase(
    _ ids: [EventID], saying event: NewEvent, recorder: String, note: String?,
    if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt

  /// How many payloads have been erased. What was folded before one was, and is written after, would
  /// bring it back: such a change or swap throws `.projectionMoved`.
  func erasures() async throws(EventLogError) -> Int64

  /// Makes durable what can be read by now, whoever has written it: a program that was killed may
  /// have left events that a power cut would still take. For who promises more than its own appends,
  /// which are durable when they are acknowledged.
  func settle() async throws(EventLogError)

  /// What the log's storage finds wrong with itself, whatever it holds: damaged pages, indexes that do
  /// not fit their tables. Empty when it is whole.
  func storageFaults() async throws(EventLogError) -> [String]

  /// Every tag of one kind that stands in the log, in no order. For suggestions and lists.
  func tags(kind: String) async throws(EventLogError) -> [Tag]

  /// The head whenever it has moved past `position`: at once if it has already. Appends of this log
  /// are handed on as they are committed; those of other processes are polled. The stream ends when
  /// its task is cancelled, and after the newest head when the log closes.
  func follow(after position: Position) -> AsyncThrowingStream<LogHead, any Error>

  /// Where a projection stands; nil when it was never run in this log.
  func projection(_ name: String) async throws(EventLogError) -> ProjectionState?

  /// Writes a projection's rows and its new state in one transaction.
  ///
  /// Throws `.projectionMoved` when `change.expected` is no longer its state: somebody else ran it.
  func write(_ change: ProjectionChange) async throws(EventLogError)

  /// Removes a projection's tables and where it stands; false when it was never run in this log.
  /// Nothing is lost: its rows follow from the log.
  func forgetProjection(_ name: String) async throws(EventLogError) -> Bool

  /// Where a projection stands, with the rows of its tables, from one snapshot of the log; nil
  /// when it was never run under this definition.
  func contents(
    of definition: ProjectionDefinition, _ columns: [(table: String, columns: [String])]
  ) async throws(EventLogError) -> ProjectionContents?

  /// Runs a projection over the events behind its checkpoint, as many as `count` of those that
  /// concern it, in one transaction with the checkpoint. At the head, appends of a log that was
  /// opened with the projection take it along from then on.
  ///
  /// Returns where it stands now, a failure included; one that has failed is left where it is. Nil
  /// when it was never run under this definition.
  func advance(
    _ projection: any InlineProjection, by count: Int
  ) async throws(EventLogError) -> ProjectionState?

  /// Empty tables of a projection, to be filled where nobody sees it.
  func scratch(
    for projection: any InlineProjection
  ) async throws(EventLogError) -> any ProjectionScratch

  /// Rows of a projection's tables, read in one statement.
  func rows(_ sql: String, _ values: [SQLValue]) async throws(EventLogError) -> [[SQLValue]]

  /// Gives back the memory that much appending has taken, where it is held for more of the same.
  func releaseMemory() async

  /// Finishes what has been asked for, and closes; later calls throw `.closed`. May be called any
  /// number of times, also at once: each call returns when the log is closed.
  func close() async
}

extension EventLog {
  /// Returns the event with this id, or nil if the log does not hold it.
  public func event(id: EventID) async throws(EventLogError) -> RecordedEvent? {
    try await events(ids: [id])[0]
  }

  /// Appends `events` in order as one batch; throws what preparing and appending throw.
  public func append(
    _ events: [NewEvent], recorder: String, note: String?, if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    try await append(prepare(events, recorder: recorder, note: note), if: condition)
  }
}

/// Events that a log has made ready to be appended.
public protocol PreparedAppend: Sendable {
  var events: [NewEvent] { get }
}

/// The end of the log.
public struct LogHead: Hashable, Sendable {
  public var position: Position
  /// When the last event was recorded; nil in an empty log.
  public var recorded: Instant?

  public init(position: Position, recorded: Instant?) {
    self.position = position
    self.recorded = recorded
  }
}

/// What an append answers: where each event stands.
public struct AppendReceipt: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var position: Position
    /// False when the event had been stored before, with the same content.
    public var isNew: Bool

    public init(position: Position, isNew: Bool) {
      self.position = position
      self.isNew = isNew
    }
  }

  /// One per event, in the order given.
  public var entries: [Entry]
  /// When the batch was recorded; nil when every event had been stored before.
  public var recorded: Instant?

  public init(entries: [Entry], recorded: Instant?) {
    self.entries = entries
    self.recorded = recorded
  }
}
