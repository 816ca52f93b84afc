import EventLog

/// Turns a query into the positions to read.
struct QueryPlan {
  let names: NameTable
  let connection: Connection
  let order: EventRange.Order

  private static let selectByID = "SELECT seq FROM main.event WHERE id = ?1"

  func source(_ query: EventQuery) throws(EventLogError) -> any PositionSource {
    var sources: [any PositionSource] = []
    for item in query.items { sources.append(try source(item)) }
    if let everything = sources.first(where: { $0 is AllPositions }) { return everything }
    return merged(sources)
  }

  private func source(_ item: EventQuery.Item) throws(EventLogError) -> any PositionSource {
    var sources: [any PositionSource] = []
    for tag in item.tags {
      guard let number = try number(of: tag) else { return NoPositions() }
      sources.append(try TaggedPositions(number, order: order, on: connection))
    }
    if !item.types.isEmpty {
      var types: [any PositionSource] = []
      for number in Set(item.types.flatMap(names.ids(ofType:))).sorted() {
        types.append(try TaggedPositions(Int64(number), order: order, on: connection))
      }
      sources.append(merged(types))
    }
    switch sources.count {
    case 0: return AllPositions()
    case 1: return sources[0]
    default: return CommonPositions(sources)
    }
  }

  private func merged(_ sources: [any PositionSource]) -> any PositionSource {
    switch sources.count {
    case 0: NoPositions()
    case 1: sources[0]
    default: MergedPositions(sources, order: order)
    }
  }

  /// The number under which the index knows a tag: its own, or minus the position of a target.
  private func number(of tag: Tag) throws(EventLogError) -> Int64? {
    guard tag.kind == Tag.targetKind else { return names.id(of: tag).map(Int64.init) }
    guard let id = EventID(tag.value) else { return nil }
    let statement = try connection.prepared(Self.selectByID)
    defer { statement.reset() }
    statement.bind(id: id, at: 1)
    return try statement.step() ? -statement.integer(0) : nil
  }
}
