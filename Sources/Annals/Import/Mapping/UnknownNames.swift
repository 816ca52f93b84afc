/// Names in a data set that nobody is known by: each once, with how often and where it came first.
struct UnknownNames: Sendable {
  private struct Entry {
    var rows: Int
    var first: SourcePosition
    var excerpt: Problem.Excerpt?
  }

  private var entries: [[UInt8]: Entry] = [:]
  private var order: [[UInt8]] = []

  var isEmpty: Bool { order.isEmpty }

  mutating func add(
    _ name: [UInt8], at place: (position: SourcePosition, excerpt: Problem.Excerpt?)
  ) {
    if entries[name] == nil {
      order.append(name)
      entries[name] = Entry(rows: 0, first: place.position, excerpt: place.excerpt)
    }
    entries[name]?.rows += 1
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

  /// One problem per name, in the order of the input.
  func problems(_ directory: ActorDirectory) -> [Problem] {
    order.map { name in
      let text = String(decoding: name, as: UTF8.self)
      let entry = entries[name]
      let rows = entry?.rows ?? 0
      let near = directory.nearest(to: text)
      return Problem(
        .unknownName, "nobody is known as \"\(text)\" (\(rows) row\(rows == 1 ? "" : "s"))",
        position: entry?.first,
        help:
          "say who is meant, in a file for --aliases:  \(String(decoding: CSVFormat().cell(text), as: UTF8.self)),\(near ?? "ID")",
        suggestion: near, excerpt: entry?.excerpt)
    }
  }
}
