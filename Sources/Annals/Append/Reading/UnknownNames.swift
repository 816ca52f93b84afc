/// Names in a data set that belong to no recorded actor. Each name stands once, with the number of its
/// rows and the place of the first.
struct UnknownNames: Sendable {
  struct Entry {
    var rows: Int
    var first: InputLocation?
    var excerpt: Problem.Excerpt?
  }

  private(set) var entries: [[UInt8]: Entry] = [:]
  private(set) var order: [[UInt8]] = []

  var isEmpty: Bool { order.isEmpty }

  mutating func add(
    _ name: [UInt8], at place: () -> (position: InputLocation, excerpt: Problem.Excerpt?)
  ) {
    guard entries[name] == nil else {
      entries[name]?.rows += 1
      return
    }
    // Of more names than are reported only their number counts.
    let place = order.count < ProblemList.inputLimit ? place() : nil
    order.append(name)
    entries[name] = Entry(rows: 1, first: place?.position, excerpt: place?.excerpt)
  }

  mutating func add(_ other: UnknownNames) {
    for name in other.order {
      guard let entry = other.entries[name] else { continue }
      if entries[name] == nil {
        order.append(name)
        entries[name] = Entry(rows: 0, first: entry.first, excerpt: entry.excerpt)
      }
      entries[name]?.rows += entry.rows
    }
  }
}
