import EventLog

extension RecordReader {
  /// A query without its order, which means nothing, and the part of the log.
  struct RowKey: Hashable, Sendable {
    let items: Set<EventQuery.Item>
    let range: EventRange

    init(_ query: EventQuery, _ range: EventRange) {
      items = Set(query.items)
      self.range = range
    }
  }

  /// More rows than these are not kept: a question about all votes would hold them twice.
  private static let mostKept = 5000

  /// The events that match, as a fold sees them. The questions of one page are about the same lines, so
  /// the same rows are asked for again and again.
  func rows(
    _ query: EventQuery, _ range: EventRange
  ) async throws -> (rows: [EventRow], names: (any LogNames)?) {
    let key = RowKey(query, range)
    if let known = foundRows[key] { return (known, rowNames) }
    typealias State = (rows: [EventRow], names: (any LogNames)?)
    let state = try await log.fold(query, in: range, into: State([], nil)) { state, row, names in
      state.rows.append(copy row)
      state.names = names
      return true
    }
    rowNames = state.names ?? rowNames
    if !isSingleLook, state.rows.count <= Self.mostKept { foundRows[key] = state.rows }
    return (state.rows, rowNames)
  }

  /// Where the events stand that match any of the items.
  func positions(of items: [EventQuery.Item]) async throws -> [Position] {
    try await log.fold(
      EventQuery(items: items), in: EventRange(through: through), into: [Position]()
    ) { positions, row, _ in
      positions.append(row.position)
      return true
    }
  }
}
