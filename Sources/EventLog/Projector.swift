import Crypto

/// A view folded from the log into tables of its own.
///
/// `rows` and `changes` must agree: the rows after any sequence of changes are those of a fresh
/// fold. `Projector.check` proves it on the stored rows.
public protocol Projection: Sendable {
  /// Name, version and tables. Any change of it makes stored rows stale.
  var definition: ProjectionDefinition { get }
  /// The columns of each table in the order of `rows`.
  var columns: [(table: String, columns: [String])] { get }
  /// All rows of each table as they follow from the events up to `through`.
  func rows(of log: any EventLog, through: Position) async throws -> [[[SQLValue]]]
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
}

/// Runs projections: catches up, rebuilds beside the old rows and swaps, checks.
///
/// Rows and checkpoint move in one transaction, so a crash leaves both or neither. A rebuild folds
/// while readers go on with the old rows and appends go on too, and replaces all rows in one
/// transaction.
public struct Projector: Sendable {
  private let log: any EventLog

  public init(log: any EventLog) { self.log = log }

  /// How a projection stands to the log.
  public struct Status: Sendable {
    public var name: String
    public var version: Int
    /// Up to where it was run; nil when never, or under another definition.
    public var position: Position?
    public var lag: Int64
    public var failure: ProjectionState.Failure?
  }

  /// Where two sets of rows differ.
  public struct Difference: Sendable {
    public var table: String
    public var stored: [SQLValue]?
    public var expected: [SQLValue]?
  }

  public func status(of projection: any Projection) async throws -> Status {
    let state = try await state(of: projection)
    let head = try await log.head().position
    return Status(
      name: projection.definition.name, version: projection.definition.version,
      position: state?.position,
      lag: head.rawValue - (state?.position.rawValue ?? 0), failure: state?.failure)
  }

  /// Brings a projection to the head; rebuilds it when it was never run under this definition.
  /// Returns the position it stands at.
  @discardableResult
  public func catchUp(_ projection: any Projection) async throws -> Position {
    for _ in 0..<Self.attempts {
      guard let state = try await state(of: projection) else {
        return try await rebuild(projection).position
      }
      let head = try await log.head().position
      if state.position >= head { return state.position }
      let lag = head.rawValue - state.position.rawValue
      if lag > Self.longLag, lag > head.rawValue / 2 {
        return try await rebuild(projection).position
      }
      do {
        let statements = try await projection.changes(
          in: log, after: state.position, through: head)
        try await write(projection, expected: state, at: head, rebuild: false, statements)
        return head
      } catch let poison as PoisonEvent {
        try await stop(projection, state, poison)
        throw poison
      } catch let error as EventLogError where error.code == .projectionMoved {
        continue
      }
    }
    throw EventLogError(.busy, "other processes keep running \(projection.definition.name)")
  }

  /// What a rebuild made.
  public struct Rebuilt: Sendable {
    /// Where the projection stands now.
    public var position: Position
    /// Whether the rows that were replaced were the same; nil when they were of another position
    /// or another definition, or when there were none.
    public var wasEqual: Bool?
  }

  /// Folds the whole log anew and replaces the stored rows.
  @discardableResult
  public func rebuild(_ projection: any Projection) async throws -> Rebuilt {
    for _ in 0..<Self.attempts {
      let stored = try await log.projection(projection.definition.name)
      let head = try await log.head().position
      do {
        let rows = try await projection.rows(of: log, through: head)
        var wasEqual: Bool?
        if let stored, stored.position == head, stored.definitionHash == projection.definition.hash
        {
          wasEqual = try await differences(of: projection, from: rows).isEmpty
        }
        let statements = zip(projection.columns, rows).map { table, rows in
          Self.insert(into: table.table, table.columns, rows)
        }
        try await write(projection, expected: stored, at: head, rebuild: true, statements)
        return Rebuilt(position: head, wasEqual: wasEqual)
      } catch let error as EventLogError where error.code == .projectionMoved {
        continue
      }
    }
    throw EventLogError(.busy, "other processes keep running \(projection.definition.name)")
  }

  /// Compares the stored rows with a fresh fold up to where they stand; empty when they are equal.
  /// Nil when the projection was never run under this definition.
  public func check(
    _ projection: any Projection, limit: Int = 20
  ) async throws -> [Difference]? {
    guard let state = try await state(of: projection) else { return nil }
    let expected = try await projection.rows(of: log, through: state.position)
    return Array(try await differences(of: projection, from: expected).prefix(limit))
  }

  private func differences(
    of projection: any Projection, from expected: [[[SQLValue]]]
  ) async throws -> [Difference] {
    var differences: [Difference] = []
    for (table, rows) in zip(projection.columns, expected) {
      let columns = table.columns.joined(separator: ", ")
      let stored = Set(try await log.rows("SELECT \(columns) FROM \(table.table)", []))
      let fresh = Set(rows)
      differences += stored.subtracting(fresh).map {
        Difference(table: table.table, stored: $0, expected: nil)
      }
      differences += fresh.subtracting(stored).map {
        Difference(table: table.table, stored: nil, expected: $0)
      }
    }
    return differences
  }

  /// `INSERT` of rows whose values stand in the order of the columns.
  public static func insert(
    into table: String, _ columns: [String], _ rows: [[SQLValue]]
  ) -> ProjectionStatement {
    let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    return ProjectionStatement(
      "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))", rows: rows)
  }

  private static let attempts = 20
  /// Behind by more events than this, and by more than half the log, folding it anew is cheaper
  /// than following: after a first large import.
  private static let longLag: Int64 = 10_000

  /// The stored state, if it is of this very definition.
  private func state(of projection: any Projection) async throws -> ProjectionState? {
    guard let state = try await log.projection(projection.definition.name),
      state.definitionHash == projection.definition.hash
    else { return nil }
    return state
  }

  private func write(
    _ projection: any Projection, expected: ProjectionState?, at position: Position, rebuild: Bool,
    _ statements: [ProjectionStatement]
  ) async throws {
    let definition = projection.definition
    try await log.write(
      ProjectionChange(
        definition: definition, expected: expected,
        state: ProjectionState(
          name: definition.name, version: definition.version, definitionHash: definition.hash,
          position: position),
        rebuild: rebuild, statements: statements))
  }

  private func stop(
    _ projection: any Projection, _ state: ProjectionState, _ poison: PoisonEvent
  ) async throws {
    var stopped = state
    stopped.failure = .init(position: poison.position, reason: poison.reason)
    try await log.write(
      ProjectionChange(
        definition: projection.definition, expected: state, state: stopped, rebuild: false,
        statements: []))
  }
}

extension ProjectionDefinition {
  /// SHA-256 over name, version and schema; 32 bytes.
  public var hash: [UInt8] {
    Array(SHA256.hash(data: Array("\(name)\n\(version)\n\(schema)".utf8)))
  }
}
