/// A view whose rows follow from one event at a time.
///
/// A log that was opened with it runs it inline: in the transaction that stores the events, so that
/// rows and log are never apart. Where it has fallen behind (an append by a program that does not
/// know it), it catches up; where its definition has changed, it is rebuilt. All three run the same
/// statements for the same events.
public protocol InlineProjection: Sendable {
  /// Name, version and tables. Any change of it makes stored rows stale.
  var definition: ProjectionDefinition { get }
  /// The types of the events that concern it; empty for all.
  var types: [String] { get }
  /// What an event changes in the rows, run in this order, all or nothing.
  ///
  /// Must follow from the event and from what stands before it in the log, and from nothing else.
  /// The statements insert, update and delete in the projection's own tables, and read no others.
  /// Throws `PoisonEvent` for an event that it cannot take in. One whose statements fail is the
  /// same: the projection stops before it, the append goes through.
  func statements(
    for event: RecordedEvent, past: any LogPast
  ) throws -> [ProjectionStatement]
}

/// What stands in the log before an event, for a projection to look up what the event is about.
public protocol LogPast {
  /// Where the event with this id stands; nil when it is not in the log.
  func position(of id: EventID) throws(EventLogError) -> Position?
  /// The event at a position of the log.
  func event(at position: Position) throws(EventLogError) -> RecordedEvent
}

/// Tables of an inline projection that nobody sees, filled from the beginning of the log. For one
/// task.
public protocol ProjectionScratch: Sendable {
  /// Takes in the next events, as many as `count` of those that concern the projection, up to
  /// `through`. Returns where the tables stand now; they stay where an event could not be taken in.
  func advance(
    by count: Int, through: Position
  ) async throws(EventLogError) -> ProjectionState

  /// The rows, by table.
  func rows() async throws(EventLogError) -> [[[SQLValue]]]

  /// Puts these tables in the place of the stored ones, in one transaction, with what was appended
  /// in the meantime. Returns where they stand: at the head, unless an event could not be taken in.
  func swapIn() async throws(EventLogError) -> ProjectionState
}

/// Something wrong with the SQL of a projection, found before it is run.
public struct StatementFault: Error, Hashable, Sendable {
  /// Index of the statement: those of the schema first.
  public var statement: Int
  /// Where in it, in bytes, if that is known.
  public var offset: Int?
  public var message: String

  public init(statement: Int, offset: Int?, message: String) {
    self.statement = statement
    self.offset = offset
    self.message = message
  }
}
