import EventLog

/// Runs an inline projection event by event on one connection, within transactions that others
/// begin and commit. The same for stored tables and for scratch tables.
final class InlineRun {
  let projection: any InlineProjection
  let definition: ProjectionDefinition
  let hash: [UInt8]

  private let connection: Connection
  /// For the statements of one event.
  private let timeLimit: Duration
  private let policy: StatementPolicy
  /// Statements of this projection alone: they were compiled under its own policy.
  private var statements: [String: Statement] = [:]
  /// Events whose statements failed in such a way that SQLite ended the whole transaction (those
  /// that took too long, or say ROLLBACK themselves), with the reason.
  private var fatal: [EventID: String] = [:]
  private var mustRepeat = false

  /// Events read at a time.
  private static let eventsAtOnce = 256
  private static let keptStatements = 256
  /// After so long no further event is taken in within the same transaction.
  private static let turn = Duration.seconds(2)
  /// Bytes that a value may have in statements, unless the event itself has longer ones.
  private static let valueLimit = 1 << 20

  init(
    _ projection: any InlineProjection, on connection: Connection, timeLimit: Duration
  ) throws(EventLogError) {
    self.projection = projection
    definition = projection.definition
    hash = definition.hash
    self.connection = connection
    self.timeLimit = timeLimit
    policy = .filling(tables: Set(definition.tables))
    try connection.readyForProjections()
  }

  /// The state ahead of the first event.
  var beginning: ProjectionState {
    ProjectionState(
      name: definition.name, version: definition.version, definitionHash: hash, position: .start)
  }

  /// Takes in the events behind `state` up to `through`, as many as `count` of those that concern
  /// the projection. Stops before one that cannot be taken in, and says so in the state returned;
  /// stops also when its turn is over, because others wait for the lock, unless it must arrive.
  func advance(
    _ state: ProjectionState, through: Position, by count: Int, in log: LogSnapshot,
    mustArrive: Bool = false
  ) throws(EventLogError) -> ProjectionState {
    var state = state
    var left = count
    let end = ContinuousClock.now + Self.turn
    func isOver() -> Bool { !mustArrive && ContinuousClock.now > end }
    while state.failure == nil, state.position < through, left > 0 {
      let limit = min(left, Self.eventsAtOnce)
      let events = try log.events(
        EventQuery(types: projection.types),
        in: EventRange(after: state.position, through: through, limit: limit))
      for event in events {
        if let reason = try take(event, log) {
          state.position = event.position.advanced(by: -1)
          state.failure = .init(position: event.position, reason: reason)
          return state
        }
        state.position = event.position
        if event.position != events.last?.position, isOver() { return state }
      }
      // The other events up to `through` do not concern the projection, so it has arrived.
      if events.count < limit { state.position = through }
      left -= events.count
      if isOver() { return state }
    }
    return state
  }

  /// True, once, when the transaction was ended by an event that the projection cannot take in: if
  /// it is run again, the projection stops before that event.
  func takeRepeat() -> Bool {
    defer { mustRepeat = false }
    return mustRepeat
  }

  /// Runs the statements for one event, all or nothing. Returns why it cannot be taken in.
  private func take(
    _ event: RecordedEvent, _ log: LogSnapshot
  ) throws(EventLogError) -> String? {
    // Nothing is left of it that a view could take in.
    if event.isErased { return nil }
    if let reason = fatal[event.id] { return reason }
    let statements: [ProjectionStatement]
    do {
      statements = try projection.statements(for: event, past: log)
    } catch let poison as PoisonEvent {
      return poison.reason
    } catch let error as EventLogError {
      throw error
    } catch {
      return "\(error)"
    }
    if statements.isEmpty { return nil }
    try connection.prepared("SAVEPOINT event").run()
    if let reason = try run(statements) {
      guard connection.isInTransaction else {
        fatal[event.id] = reason
        mustRepeat = true
        throw EventLogError(.badStatement, reason)
      }
      try connection.prepared("ROLLBACK TO event").run()
      try connection.prepared("RELEASE event").run()
      return reason
    }
    try connection.prepared("RELEASE event").run()
    return nil
  }

  private func run(_ statements: [ProjectionStatement]) throws(EventLogError) -> String? {
    let usual = connection.hooks.policy
    connection.hooks.policy = policy
    connection.hooks.deadline = .now + timeLimit
    defer {
      connection.hooks.policy = usual
      connection.hooks.deadline = nil
    }
    for statement in statements {
      do throws(EventLogError) {
        // Twice the longest value leaves room for what a statement makes of it.
        let longest = statement.rows.joined().map(\.byteCount).max() ?? 0
        try connection.projecting(valueLimit: max(Self.valueLimit, 2 * longest)) {
          () throws(EventLogError) in
          try run(statement)
        }
      } catch {
        // What the event or the statement is to blame for; anything else is the disk's or the log's.
        guard [.badStatement, .tampered, .invalidEvent].contains(error.code) else { throw error }
        return "\(reason(error)), in: \(Self.excerpt(of: statement.sql))"
      }
    }
    return nil
  }

  private func run(_ change: ProjectionStatement) throws(EventLogError) {
    let statement = try statement(change.sql)
    for row in change.rows {
      try statement.bind(row)
      try statement.run()
    }
  }

  private func statement(_ sql: String) throws(EventLogError) -> Statement {
    if let statement = statements[sql] { return statement }
    let statement = try connection.prepare(sql)
    // Values belong into parameters; where they stand in the text, each is another statement.
    if statements.count == Self.keptStatements { statements.removeAll() }
    statements[sql] = statement
    return statement
  }

  /// In SQLite's words, where they are not about our own limits.
  private func reason(_ error: EventLogError) -> String {
    let fault = connection.lastFault.message
    switch fault {
    case "interrupted": return "took longer than \(timeLimit)"
    case "not an error": return error.message
    default: return fault
    }
  }

  /// The statement's beginning, on one line.
  private static func excerpt(of sql: String) -> String {
    let words = sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count > 80 ? words.prefix(79) + "…" : words
  }
}

extension SQLValue {
  fileprivate var byteCount: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .blob(let bytes): bytes.count
    default: 8
    }
  }
}
