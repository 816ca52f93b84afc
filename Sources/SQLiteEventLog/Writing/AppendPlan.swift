import EventLog

/// Where each event of a request stands, or will stand.
struct AppendPlan {
  /// Where an event is that has been seen before.
  enum Known {
    case stored(Position)
    /// Index of an earlier event of the same append.
    case sameAppend(Int)
  }

  private(set) var entries: [AppendReceipt.Entry] = []
  private(set) var newCount = 0
  /// Positions of the targets of those events that have any, by index.
  private(set) var targets: [Int: [Position]] = [:]

  private let head: Position
  /// By index, what is known of an event's id.
  private var known: [Int: Known] = [:]
  /// Index of each event by its id, the first of equals; made when a target is looked for.
  private var indices: [EventID: Int]?

  /// Looks up which ids are known.
  init(
    head: Position, events: [NewEvent], _ lookup: EventLookup
  ) throws(EventLogError) {
    self.head = head
    entries.reserveCapacity(events.count)
    let places = SortedIDs(events.map(\.id))
    let positions = try lookup.positions(of: places)
    var first: Int?
    for index in places.order {
      if let first, events[first].id == events[index].id {
        known[index] = known[first] ?? .sameAppend(first)
      } else {
        first = index
        if let position = positions[index] { known[index] = .stored(position) }
      }
    }
  }

  /// Gives the next event its position; answers where it is when it is not new.
  mutating func place(_ index: Int) -> Known? {
    switch known[index] {
    case .stored(let position):
      entries.append(.init(position: position, isNew: false))
    case .sameAppend(let first):
      entries.append(.init(position: entries[first].position, isNew: false))
    case nil:
      newCount += 1
      entries.append(.init(position: head.advanced(by: newCount), isNew: true))
    }
    return known[index]
  }

  /// Looks up the targets of an event; answers the first that does not stand ahead of it.
  mutating func resolveTargets(
    of event: NewEvent, at index: Int, in events: [NewEvent], _ lookup: EventLookup
  ) throws(EventLogError) -> EventID? {
    guard entries[index].isNew else { return nil }
    var positions: [Position] = []
    for target in event.targets {
      if let position = try lookup.position(of: target) {
        positions.append(position)
      } else if let first = indexOfNew(target, in: events), first < index {
        positions.append(entries[first].position)
      } else {
        return target
      }
    }
    targets[index] = positions
    return nil
  }

  /// The index of the event of this id among those placed as new.
  private mutating func indexOfNew(_ id: EventID, in events: [NewEvent]) -> Int? {
    if let indices { return indices[id] }
    var indices: [EventID: Int] = [:]
    for (index, entry) in entries.enumerated() where entry.isNew {
      indices[events[index].id] = index
    }
    self.indices = indices
    return indices[id]
  }
}
