/// Which events are meant: those that match any of the items (Dynamic Consistency Boundary style). A
/// query without items matches no event; an item without types and tags matches every event.
public struct EventQuery: Hashable, Sendable {
  /// Types are alternatives (empty: any type), tags must all be there (empty: any tags).
  public struct Item: Hashable, Sendable {
    public var types: [String]
    public var tags: [Tag]

    public init(types: [String] = [], tags: [Tag] = []) {
      self.types = types
      self.tags = tags
    }
  }

  public var items: [Item]

  public init(items: [Item]) { self.items = items }
  public init(types: [String] = [], tags: [Tag] = []) {
    items = [Item(types: types, tags: tags)]
  }

  /// Every event.
  public static let all = EventQuery(items: [Item()])
}

/// A part of the log, in one of both orders.
public struct EventRange: Hashable, Sendable {
  public enum Order: Hashable, Sendable { case oldestFirst, newestFirst }

  /// Events after this position …
  public var after: Position
  /// … up to and with this one.
  public var through: Position
  public var order: Order
  /// How many at most; nil for all.
  public var limit: Int?

  public init(
    after: Position = .start, through: Position = Position(.max),
    order: Order = .oldestFirst, limit: Int? = nil
  ) {
    self.after = after
    self.through = through
    self.order = order
    self.limit = limit
  }
}

/// What must not be in the log for an append to go through.
///
/// "No event that matches `query` stands after `position`." The expected-version check of other
/// event stores is the special case `.head(_:)`. A position past the head is out of range: the log
/// says nothing about it.
public struct AppendCondition: Hashable, Sendable {
  public var query: EventQuery
  public var after: Position

  public init(noneMatching query: EventQuery, after: Position = .start) {
    self.query = query
    self.after = after
  }

  /// The log's head is still at `position`: nothing has been appended since.
  public static func head(_ position: Position) -> AppendCondition {
    AppendCondition(noneMatching: .all, after: position)
  }
}
