import Crypto

/// A value of a projection's table. Texts are equal when their bytes are.
public enum SQLValue: Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

extension SQLValue: Hashable {
  public static func == (a: SQLValue, b: SQLValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.integer(let a), .integer(let b)): a == b
    case (.real(let a), .real(let b)): a == b
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.blob(let a), .blob(let b)): a == b
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .integer(let value): hasher.combine(value)
    case .real(let value): hasher.combine(value)
    case .text(let value): hasher.combine(utf8: value)
    case .blob(let value): hasher.combine(value)
    }
  }
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
  /// What else the rows follow from, where that is a text: the statements of an SQL projection.
  public var rules: String

  public init(name: String, version: Int, tables: [String], schema: String, rules: String = "") {
    self.name = name
    self.version = version
    self.tables = tables
    self.schema = schema
    self.rules = rules
  }

  /// SHA-256 over all of it; 32 bytes.
  public var hash: [UInt8] {
    var text = "\(name)\n\(version)\n\(schema)"
    if !rules.isEmpty { text += "\0" + rules }
    return Array(SHA256.hash(data: Array(text.utf8)))
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

/// The rows of a projection, and where they stand.
public struct ProjectionContents: Sendable {
  public var state: ProjectionState
  /// By table, in the order asked for.
  public var rows: [[[SQLValue]]]

  public init(state: ProjectionState, rows: [[[SQLValue]]]) {
    self.state = state
    self.rows = rows
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
  /// How many payloads had been erased when the statements were begun to be made, see
  /// `EventLog.erasures`; nil where they do not follow from payloads.
  public var erasures: Int64?

  public init(
    definition: ProjectionDefinition, expected: ProjectionState?, state: ProjectionState,
    rebuild: Bool, statements: [ProjectionStatement],
    erasures: Int64? = nil
  ) {
    self.erasures = erasures

    self.definition = definition
    self.expected = expected
    self.state = state
    self.rebuild = rebuild
    self.statements = statements
  }
}
