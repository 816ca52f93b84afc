/// Names and values in a data set that nothing in the record or in the mapping explains. Each stands
/// once, with the number of its rows and the place of the first.
struct UnknownNames: Sendable {
  struct Key: Hashable, Sendable {
    var text: [UInt8]
    /// Of a value: what is wrong with it; nil of the name of an actor.
    var value: Value?
  }

  /// A value that the mapping does not explain.
  struct Value: Hashable, Sendable {
    var message: String
    var help: Help?
    /// The table of the mapping that does not have it.
    var table: String?
    var suggestion: String?
  }

  struct Entry {
    var rows: Int
    var first: InputLocation?
    var excerpt: Problem.Excerpt?
  }

  private(set) var entries: [Key: Entry] = [:]
  private(set) var order: [Key] = []

  var isEmpty: Bool { order.isEmpty }

  mutating func add(
    _ key: Key, at place: () -> (position: InputLocation, excerpt: Problem.Excerpt?)
  ) {
    guard entries[key] == nil else {
      entries[key]?.rows += 1
      return
    }
    // Of more of them than are reported only their number counts.
    let place = order.count < ProblemList.inputLimit ? place() : nil
    order.append(key)
    entries[key] = Entry(rows: 1, first: place?.position, excerpt: place?.excerpt)
  }

  mutating func add(_ other: UnknownNames) {
    for key in other.order {
      guard let entry = other.entries[key] else { continue }
      if entries[key] == nil {
        order.append(key)
        entries[key] = Entry(rows: 0, first: entry.first, excerpt: entry.excerpt)
      }
      entries[key]?.rows += entry.rows
    }
  }
}
