/// The same for projections whose rows follow from one event at a time. The log moves them: it
/// alone can end at the head, whoever else is appending.
extension Projector {
  /// Events taken in at a time: appends wait for as long when it is the stored rows that move.
  private static let step = 1_000
  /// How often a rebuild runs after a log that grows, at most.
  private static let rounds = 10

  public func status(of projection: any InlineProjection) async throws -> Status {
    try await status(of: projection.definition, .inline)
  }

  /// Brings a projection to the head; rebuilds it when it was never run under this definition.
  /// Returns the position it stands at.
  @discardableResult
  public func catchUp(_ projection: any InlineProjection) async throws -> Position {
    let head = try await log.head().position
    guard var state = try await state(of: projection.definition),
      state.failure != nil || !Self.isFar(state.position, from: head)
    else { return try Self.position(of: try await rebuild(projection)) }
    while state.failure == nil, state.position < head {
      guard let next = try await log.advance(projection, by: Self.step) else {
        throw Self.busy(projection.definition)
      }
      state = next
      try EventLogError.checkCancellation()
    }
    if let failure = state.failure { throw PoisonEvent(failure) }
    return state.position
  }

  /// Folds the whole log anew and replaces the stored rows.
  @discardableResult
  public func rebuild(_ projection: any InlineProjection) async throws -> Rebuilt {
    let erasures = try await log.erasures()
    let scratch = try await log.scratch(for: projection)
    var wasEqual: Bool?
    if let stored = try await contents(of: projection) {
      let position = try await fill(scratch, through: stored.state.position)
      let differences = Self.differences(
        projection.tables, stored.rows, try await scratch.rows())
      wasEqual = position == stored.state.position && differences.isEmpty
    }
    // Appends wait while the rest is taken in, so there must be little of it.
    for _ in 1...Self.rounds {
      let position = try await fill(scratch, through: try await log.head().position)
      let head = try await log.head().position
      if head.rawValue - position.rawValue <= Self.step { break }
    }
    let state: ProjectionState
    do throws(EventLogError) {
      state = try await scratch.swapIn()
    } catch {
      // What was folded may hold what was erased since.
      guard error.code == .projectionMoved, try await log.erasures() != erasures else {
        throw error
      }
      return try await rebuild(projection)
    }
    return Rebuilt(position: state.position, wasEqual: wasEqual, failure: state.failure)
  }

  /// Compares the stored rows with a fresh fold up to where they stand. Nil when the projection was
  /// never run under this definition.
  public func check(
    _ projection: any InlineProjection, limit: Int = 20
  ) async throws -> Checked? {
    let erasures = try await log.erasures()
    guard let stored = try await contents(of: projection) else {
      return try await damage(of: projection.definition)
    }
    let scratch = try await log.scratch(for: projection)
    try await fill(scratch, through: stored.state.position)
    let expected = try await scratch.rows()
    let differences = Self.differences(projection.tables, stored.rows, expected)
    // One of the two was read before a payload was erased, the other after.
    if !differences.isEmpty, try await log.erasures() != erasures {
      return try await check(projection, limit: limit)
    }
    return Checked(state: stored.state, differences: Array(differences.prefix(limit)))
  }

  private func contents(
    of projection: any InlineProjection
  ) async throws -> ProjectionContents? {
    try await log.contents(of: projection.definition, projection.tables)
  }

  /// Fills tables up to a position, or to the event before it that cannot be taken in.
  @discardableResult
  private func fill(
    _ scratch: any ProjectionScratch, through: Position
  ) async throws -> Position {
    while true {
      let state = try await scratch.advance(by: Self.step, through: through)
      if state.failure != nil || state.position >= through { return state.position }
      try EventLogError.checkCancellation()
    }
  }
}

extension InlineProjection {
  /// Its tables with all their columns.
  fileprivate var tables: [(table: String, columns: [String])] {
    definition.tables.map { ($0, ["*"]) }
  }
}
