extension UnknownNames {
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
