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
  private(set) var largestID: EventID?
  /// Positions of the targets of those events that have any, by index.
  private(set) var targets: [Int: [Position]] = [:]

  private let head: Position
  /// Index of each new event by its id; made when it is first needed, as ids that rise cannot
  /// repeat.
  private var indices: [EventID: Int]?

  init(head: Position, largestID: EventID?) {
    self.head = head
    self.largestID = largestID
  }

  /// Gives the next event its position; answers where it is when it is not new.
  mutating func place(
    _ event: NewEvent, at index: Int, in events: [NewEvent], _ lookup: EventLookup
  ) throws(EventLogError) -> Known? {
    if let largestID, event.id <= largestID {
      if let first = indexOfNew(event.id, in: events) {
        entries.append(.init(position: entries[first].position, isNew: false))
        return .sameAppend(first)
      }
      if let position = try lookup.position(of: event.id), position <= head {
        entries.append(.init(position: position, isNew: false))
        return .stored(position)
      }
    } else {
      largestID = event.id
    }
    newCount += 1
    entries.append(.init(position: head.advanced(by: newCount), isNew: true))
    indices?[event.id] = index
    return nil
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
