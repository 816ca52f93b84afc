/// Names in a data set that nobody is known by: each once, with how often and where it came first.
struct UnknownNames: Sendable {
  private struct Entry {
    var rows: Int
    var first: InputLocation?
    var excerpt: Problem.Excerpt?
  }

  private var entries: [[UInt8]: Entry] = [:]
  private var order: [[UInt8]] = []

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

  /// One problem per name, in the order of the input.
  func problems(_ directory: ActorDirectory) -> ProblemList {
    var problems = ProblemList()
    var suggester = Suggester()
    for name in order {
      problems.append(problem(name, directory, &suggester))
    }
    return problems
  }

  private func problem(
    _ name: [UInt8], _ directory: ActorDirectory, _ suggester: inout Suggester
  ) -> Problem {
    let text = String(decoding: name, as: UTF8.self)
    let entry = entries[name]
    let rows = entry?.rows ?? 0
    let near = suggester.nearest(to: text, among: directory.names).flatMap(directory.actor)
    return Problem(
      .unknownName, "nobody is known as \"\(text)\" (\(rows) row\(rows == 1 ? "" : "s"))",
      position: entry?.first,
      help:
        "say who is meant, in a file for --aliases:  \(String(decoding: CSVFormat().cell(text), as: UTF8.self)),\(near ?? "ID")",
      suggestion: near, excerpt: entry?.excerpt)
  }
}
