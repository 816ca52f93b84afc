/// A value of a projection's table.
public enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

/// One statement over a projection's tables, run once per row of values (`?1`, `?2` …).
public struct ProjectionStatement: Hashable, Sendable {
  public var sql: String
  public var rows: [[SQLValue]]

  public init(_ sql: String, rows: [[SQLValue]] = [[]]) {
    self.sql = sql
    self.rows = rows
  }
}

/// What a projection is: any difference makes stored rows stale.
public struct ProjectionDefinition: Hashable, Sendable {
  public var name: String
  public var version: Int
  /// The names of the tables that `schema` creates.
  public var tables: [String]
  /// `CREATE TABLE` and `CREATE INDEX` statements.
  public var schema: String

  public init(name: String, version: Int, tables: [String], schema: String) {
    self.name = name
    self.version = version
    self.tables = tables
    self.schema = schema
  }
}

/// Up to where a projection has read, under which definition.
public struct ProjectionState: Hashable, Sendable {
  public var name: String
  public var version: Int
  /// SHA-256 of the definition; 32 bytes.
  public var definitionHash: [UInt8]
  public var position: Position
  /// Where and why it stopped, when an event could not be folded.
  public var failure: Failure?

  public struct Failure: Hashable, Sendable {
    public var position: Position
    public var reason: String
    public init(position: Position, reason: String) {
      self.position = position
      self.reason = reason
    }
  }

  public init(
    name: String, version: Int, definitionHash: [UInt8], position: Position,
    failure: Failure? = nil
  ) {
    self.name = name
    self.version = version
    self.definitionHash = definitionHash
    self.position = position
    self.failure = failure
  }
}

/// One transaction over a projection's tables.
public struct ProjectionChange: Sendable {
  public var definition: ProjectionDefinition
  /// The state that the change was computed from; nil for "never run".
  public var expected: ProjectionState?
  /// The state afterwards.
  public var state: ProjectionState
  /// True drops the tables and creates them anew before the statements run.
  public var rebuild: Bool
  public var statements: [ProjectionStatement]

  public init(
    definition: ProjectionDefinition, expected: ProjectionState?, state: ProjectionState,
    rebuild: Bool, statements: [ProjectionStatement]
  ) {
    self.definition = definition
    self.expected = expected
    self.state = state
    self.rebuild = rebuild
    self.statements = statements
  }
}
