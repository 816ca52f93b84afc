public import EventLog

/// Opens the log of this name with inline projections; makes it when it is opened for the first
/// time. Several may be open at once.
public typealias InlineLogFactory =
  @Sendable (_ name: String, _ projections: [any InlineProjection]) async throws -> any EventLog

/// What every implementation of `EventLog` must hold about inline projections. Run like
/// `ConformanceCheck`.
public enum InlineCheck: String, CaseIterable, Sendable {
  case rowsMoveWithTheHead, refusedAppendsLeaveNoRows, sameEventsAreTakenOnce
  case checkpointPassesOtherTypes, changedDefinition, writerWithoutTheProjection
  case poisonEvents, poisonSparesTheGroup, poisonIsGotOver, statementsAreConfined
  case defaultsAreConfined
  case pastIsLookedUp, rebuildWhileAppending, slowEventsLeaveNoLag, allWaysGiveTheSameRows

  public func run(_ open: @escaping InlineLogFactory) async throws {
    let checks = InlineChecks(open)
    switch self {
    case .rowsMoveWithTheHead: try await checks.rowsMoveWithTheHead()
    case .refusedAppendsLeaveNoRows: try await checks.refusedAppendsLeaveNoRows()
    case .sameEventsAreTakenOnce: try await checks.sameEventsAreTakenOnce()
    case .checkpointPassesOtherTypes: try await checks.checkpointPassesOtherTypes()
    case .changedDefinition: try await checks.changedDefinition()
    case .writerWithoutTheProjection: try await checks.writerWithoutTheProjection()
    case .poisonEvents: try await InlinePoisonChecks(open).poisonEvents()
    case .poisonSparesTheGroup: try await InlinePoisonChecks(open).poisonSparesTheGroup()
    case .poisonIsGotOver: try await InlinePoisonChecks(open).poisonIsGotOver()
    case .statementsAreConfined: try await InlinePoisonChecks(open).statementsAreConfined()
    case .defaultsAreConfined: try await InlinePoisonChecks(open).defaultsAreConfined()
    case .pastIsLookedUp: try await checks.pastIsLookedUp()
    case .rebuildWhileAppending: try await checks.rebuildWhileAppending()
    case .slowEventsLeaveNoLag: try await checks.slowEventsLeaveNoLag()
    case .allWaysGiveTheSameRows: try await InlineRandomChecks(open).allWaysGiveTheSameRows()
    }
  }
}

/// A projection made of a closure.
struct SampleProjection: InlineProjection {
  var definition: ProjectionDefinition
  var types: [String] = []
  var make: @Sendable (RecordedEvent, any LogPast) throws -> [ProjectionStatement]

  func statements(
    for event: RecordedEvent, past: any LogPast
  ) throws -> [ProjectionStatement] {
    try make(event, past)
  }

  /// One row per event: so many rows as the checkpoint says, or they do not belong together.
  static func everyEvent(
    name: String = "seen", version: Int = 1, types: [String] = []
  ) -> SampleProjection {
    SampleProjection(definition: .seen(name, version: version), types: types) { event, _ in
      [.seen(event, in: name)]
    }
  }
}

extension ProjectionDefinition {
  /// One table of the projection's own name.
  static func seen(_ name: String, version: Int = 1) -> ProjectionDefinition {
    ProjectionDefinition(
      name: name, version: version, tables: [name],
      schema: "CREATE TABLE \(name) (seq INTEGER PRIMARY KEY, type TEXT NOT NULL) STRICT")
  }
}

extension ProjectionStatement {
  static func seen(_ event: RecordedEvent, in table: String) -> ProjectionStatement {
    ProjectionStatement(
      "INSERT INTO \(table) VALUES (?1, ?2)",
      rows: [[.integer(event.position.rawValue), .text(event.type.name)]])
  }
}

extension EventLog {
  /// The sequence numbers in a projection's table, with its state, from one snapshot.
  func seen(
    by projection: any InlineProjection
  ) async throws -> (state: ProjectionState, rows: [Int64])? {
    try await seen(by: projection.definition)
  }

  func seen(
    by definition: ProjectionDefinition
  ) async throws -> (state: ProjectionState, rows: [Int64])? {
    let tables = definition.tables.map { (table: $0, columns: ["seq"]) }
    guard let contents = try await contents(of: definition, tables) else { return nil }
    let rows = contents.rows[0].compactMap { row -> Int64? in
      if case .integer(let seq) = row[0] { seq } else { nil }
    }
    return (contents.state, rows.sorted())
  }
}
