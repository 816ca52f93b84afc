/// A view folded from the log into tables of its own, whenever somebody asks for it.
public protocol Projection: Sendable {
  /// Name, version and tables. Any change of it makes stored rows stale.
  var definition: ProjectionDefinition { get }
  /// The columns of each table in the order of `rows`.
  var columns: [(table: String, columns: [String])] { get }
  /// All rows of each table as they follow from the events up to `through`.
  func rows(of log: any EventLog, through: Position) async throws -> [[[SQLValue]]]
}

/// A view that can follow the log: it says which rows the newest events change.
///
/// `rows` and `changes` must agree: the rows after any sequence of changes are those of a fresh
/// fold. `Projector.check` proves it on the stored rows.
public protocol FollowingProjection: Projection {
  /// What the events after `after`, up to `through`, change in the rows.
  func changes(
    in log: any EventLog, after: Position, through: Position
  ) async throws -> [ProjectionStatement]
}

/// An event that a projection cannot fold: it stops there, and says why.
public struct PoisonEvent: Error, Sendable {
  public var position: Position
  public var reason: String

  public init(position: Position, reason: String) {
    self.position = position
    self.reason = reason
  }

  init(_ failure: ProjectionState.Failure) {
    self.init(position: failure.position, reason: failure.reason)
  }
}

/// Runs projections: catches up, rebuilds beside the old rows and swaps, checks.
///
/// Rows and checkpoint move in one transaction, so a crash leaves both or neither. A rebuild folds
/// while readers go on with the old rows and appends go on too, and replaces all rows in one
/// transaction.
///
/// An event that cannot be taken in stops a projection before it, with position and reason. From
/// then on catching up throws that `PoisonEvent`, until a rebuild gets past it.
public struct Projector: Sendable {
  let log: any EventLog

  public init(log: any EventLog) { self.log = log }

  /// How a projection stands to the log.
  public struct Status: Sendable {
    /// When a projection runs.
    public enum Mode: Sendable {
      /// In the transaction of an append.
      case inline
      /// After an append.
      case following
      /// When somebody rebuilds it.
      case onDemand
    }

    public var definition: ProjectionDefinition
    public var mode: Mode
    /// Up to where it was run; nil when never, or under another definition.
    public var position: Position?
    public var lag: Int64
    public var failure: ProjectionState.Failure?
  }

  /// What a rebuild made.
  public struct Rebuilt: Sendable {
    /// Where the projection stands now.
    public var position: Position
    /// Whether the rows that were replaced were those of a fresh fold; nil when they were of
    /// another definition or far behind, or when there were none.
    public var wasEqual: Bool?
    /// The event that it could not get past.
    public var failure: ProjectionState.Failure?
  }

  /// What a check found.
  public struct Checked: Sendable {
    /// Where the rows stand that were compared.
    public var state: ProjectionState
    /// The first rows that differ; empty when all are equal.
    public var differences: [Difference]
  }

  /// Where two sets of rows differ.
  public struct Difference: Sendable {
    public var table: String
    public var stored: [SQLValue]?
    public var expected: [SQLValue]?
  }

  public func status(of projection: any Projection) async throws -> Status {
    try await status(of: projection.definition, .onDemand)
  }

  public func status(of projection: any FollowingProjection) async throws -> Status {
    try await status(of: projection.definition, .following)
  }

  /// Brings a projection to the head, or as far as `position` where that is given; rebuilds it when it
  /// was never run under this definition. Returns the position it stands at.
  @discardableResult
  public func catchUp(
    _ projection: any FollowingProjection, through position: Position? = nil
  ) async throws -> Position {
    for _ in 0..<Self.attempts {
      guard let state = try await state(of: projection.definition) else {
        return try Self.position(of: try await rebuild(projection))
      }
      if let failure = state.failure { throw PoisonEvent(failure) }
      let head = if let position { position } else { try await log.head().position }
      if state.position >= head { return state.position }
      if Self.isFar(state.position, from: head) {
        return try Self.position(of: try await rebuild(projection))
      }
      do {
        do {
          let erasures = try await log.erasures()
          let statements = try await projection.changes(
            in: log, after: state.position, through: head)
          try await write(projection, expected: state, at: head, statements, erasures)
          return head
        } catch let poison as PoisonEvent {
          let failure = ProjectionState.Failure(position: poison.position, reason: poison.reason)
          try await write(
            projection, expected: state, at: state.position, failure: failure, [], nil)
          throw poison
        }
      } catch let error as EventLogError where error.code == .projectionMoved {
        continue
      }
    }
    throw Self.busy(projection.definition)
  }

  /// Folds the whole log anew and replaces the stored rows. What is appended meanwhile is left to the
  /// next rebuild.
  @discardableResult
  public func rebuild(_ projection: any Projection) async throws -> Rebuilt {
    try await rebuild(projection, changes: nil)
  }

  /// Folds the whole log anew and replaces the stored rows.
  @discardableResult
  public func rebuild(_ projection: any FollowingProjection) async throws -> Rebuilt {
    try await rebuild(projection) { [log] after, through in
      try await projection.changes(in: log, after: after, through: through)
    }
  }

  private func rebuild(
    _ projection: any Projection,
    changes: ((Position, Position) async throws -> [ProjectionStatement])?
  ) async throws -> Rebuilt {
    let erasures = try await log.erasures()
    let stored = try await log.contents(of: projection.definition, projection.columns)
    // Where the stored rows stand, so that old and new can be compared; the rest is added below.
    var position = try await log.head().position
    if let stored, !Self.isFar(stored.state.position, from: position) {
      position = stored.state.position
    }
    var fold = try await fold(projection, through: position)
    var wasEqual: Bool?
    if let stored, stored.state.position == position {
      wasEqual =
        fold.position == position
        && Self.differences(projection.columns, stored.rows, fold.rows).isEmpty
    }
    if changes == nil, fold.failure == nil {
      let head = try await log.head().position
      if head > position { fold = try await self.fold(projection, through: head) }
    }
    var statements = zip(projection.columns, fold.rows).map { table, rows in
      Self.insert(into: table.table, table.columns, rows)
    }
    fold.rows = []
    for _ in 0..<Self.attempts {
      let expected = try await log.projection(projection.definition.name)
      let head = try await log.head().position
      if let changes, fold.failure == nil, fold.position < head {
        do {
          statements += try await changes(fold.position, head)
          fold.position = head
        } catch let poison as PoisonEvent {
          fold.failure = .init(position: poison.position, reason: poison.reason)
        }
      }
      do {
        try await write(
          projection, expected: expected, at: fold.position, failure: fold.failure, rebuild: true,
          statements, erasures)
        return Rebuilt(position: fold.position, wasEqual: wasEqual, failure: fold.failure)
      } catch let error as EventLogError where error.code == .projectionMoved {
        // What was folded may hold what was erased since.
        if try await log.erasures() != erasures {
          return try await rebuild(projection, changes: changes)
        }
      }
    }
    throw Self.busy(projection.definition)
  }

  /// Compares the stored rows with a fresh fold up to where they stand. Nil when the projection was
  /// never run under this definition.
  public func check(
    _ projection: any Projection, limit: Int = 20
  ) async throws -> Checked? {
    let erasures = try await log.erasures()
    guard let stored = try await log.contents(of: projection.definition, projection.columns) else {
      return try await damage(of: projection.definition)
    }
    let expected = try await projection.rows(of: log, through: stored.state.position)
    let differences = Self.differences(projection.columns, stored.rows, expected)
    // One of the two was read before a payload was erased, the other after.
    if !differences.isEmpty, try await log.erasures() != erasures {
      return try await check(projection, limit: limit)
    }
    return Checked(state: stored.state, differences: Array(differences.prefix(limit)))
  }

  /// What is wrong with a projection whose rows cannot be had although it was run; nil when it was not,
  /// or under another definition.
  func damage(of definition: ProjectionDefinition) async throws -> Checked? {
    guard let state = try await log.projection(definition.name) else { return nil }
    let head = try await log.head().position
    let fault: String
    if state.position > head {
      fault = "it is said to stand at \(state.position), past the head"
    } else if state.definitionHash == definition.hash {
      fault = "its tables are not those of its definition"
    } else {
      return nil
    }
    let difference = Difference(
      table: definition.tables.first ?? definition.name, stored: [.text(fault)], expected: nil)
    return Checked(state: state, differences: [difference])
  }

  /// `INSERT` of rows whose values stand in the order of the columns.
  public static func insert(
    into table: String, _ columns: [String], _ rows: [[SQLValue]]
  ) -> ProjectionStatement {
    let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    return ProjectionStatement(
      "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))", rows: rows)
  }

  // MARK: Parts

  private typealias Fold = (
    rows: [[[SQLValue]]], position: Position, failure: ProjectionState.Failure?
  )

  /// All rows up to a position, or to the event before it that cannot be folded.
  private func fold(
    _ projection: any Projection, through: Position
  ) async throws -> Fold {
    do {
      return (try await projection.rows(of: log, through: through), through, nil)
    } catch let poison as PoisonEvent {
      let last = poison.position.advanced(by: -1)
      let rows = try await projection.rows(of: log, through: last)
      return (rows, last, .init(position: poison.position, reason: poison.reason))
    }
  }

  private func write(
    _ projection: any Projection, expected: ProjectionState?, at position: Position,
    failure: ProjectionState.Failure? = nil, rebuild: Bool = false,
    _ statements: [ProjectionStatement], _ erasures: Int64?
  ) async throws {
    let definition = projection.definition
    try await log.write(
      ProjectionChange(
        definition: definition, expected: expected,
        state: ProjectionState(
          name: definition.name, version: definition.version, definitionHash: definition.hash,
          position: position, failure: failure),
        rebuild: rebuild, statements: statements, erasures: erasures))
  }

  // MARK: For both kinds of projection

  /// How often somebody else may get in between.
  private static let attempts = 100
  private static let longLag: Int64 = 10_000

  /// Behind by many events, and by more than half the log, folding it anew is cheaper than
  /// following: after a first large import.
  static func isFar(_ position: Position, from head: Position) -> Bool {
    let lag = head.rawValue - position.rawValue
    return lag > longLag && lag > head.rawValue / 2
  }

  static func busy(_ definition: ProjectionDefinition) -> EventLogError {
    EventLogError(.busy, "Other processes keep running \(definition.name).")
  }

  /// Where a rebuild got to, if it got past everything.
  static func position(of rebuilt: Rebuilt) throws -> Position {
    if let failure = rebuilt.failure { throw PoisonEvent(failure) }
    return rebuilt.position
  }

  /// The stored state, if it is of this very definition.
  func state(of definition: ProjectionDefinition) async throws -> ProjectionState? {
    guard let state = try await log.projection(definition.name),
      state.definitionHash == definition.hash
    else { return nil }
    return state
  }

  func status(
    of definition: ProjectionDefinition, _ mode: Status.Mode
  ) async throws -> Status {
    let state = try await state(of: definition)
    let head = try await log.head().position
    return Status(
      definition: definition, mode: mode, position: state?.position,
      lag: max(0, head.rawValue - (state?.position.rawValue ?? 0)), failure: state?.failure)
  }

  /// Rows that are stored and should not be, then rows that are missing, in their order.
  static func differences(
    _ tables: [(table: String, columns: [String])], _ stored: [[[SQLValue]]],
    _ expected: [[[SQLValue]]]
  ) -> [Difference] {
    zip(tables, zip(stored, expected)).flatMap { table, rows in
      surplus(rows.0, over: rows.1).map {
        Difference(table: table.table, stored: $0, expected: nil)
      }
        + surplus(rows.1, over: rows.0).map {
          Difference(table: table.table, stored: nil, expected: $0)
        }
    }
  }

  /// The rows of one list that the other lacks, counting repeated ones.
  private static func surplus(_ rows: [[SQLValue]], over others: [[SQLValue]]) -> [[SQLValue]] {
    var counts: [[SQLValue]: Int] = [:]
    for row in others { counts[row, default: 0] += 1 }
    return rows.filter { row in
      guard let count = counts[row], count > 0 else { return true }
      counts[row] = count - 1
      return false
    }
  }
}
