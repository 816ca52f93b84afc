extension UnknownNames {
  /// One problem for each name and each value, in the order of the input.
  func problems(_ directory: ActorDirectory, _ tables: [String: [String: String]]) -> ProblemList {
    var problems = ProblemList()
    var suggester = Suggester()
    for key in order {
      let rows = entries[key]?.rows ?? 0
      let count = "(\(rows) row\(rows == 1 ? "" : "s"))"
      let text = String(decoding: key.text, as: UTF8.self)
      var problem =
        key.value.map { value in
          Problem(
            .unknownValue, "\(value.message) \(count)", help: value.help,
            suggestion: value.table.map { table in
              suggester.nearest(
                to: text, among: suggester.isSpent ? [] : (tables[table] ?? [:]).keys.sorted())
            } ?? value.suggestion)
        } ?? Self.unknownActor(text, count, directory, &suggester)
      (problem.position, problem.excerpt) = (entries[key]?.first, entries[key]?.excerpt)
      problems.append(problem)
    }
    return problems
  }

  private static func unknownActor(
    _ text: String, _ count: String, _ directory: ActorDirectory, _ suggester: inout Suggester
  ) -> Problem {
    let several = directory.actors(named: text)
    let near =
      several.isEmpty
      ? suggester.nearest(to: text, among: directory.names).flatMap(directory.onlyActor) : nil
    let line = "\(String(decoding: CSVFormat().cell(text), as: UTF8.self)),\(near ?? "ID")"
    return Problem(
      .unknownName,
      several.isEmpty
        ? "nobody is known as \"\(text)\" \(count)"
        : "\(several.count) actors are known as \"\(text)\": \(several.listed) \(count)",
      help: "say who is meant, in a file for \(option: "aliases"):  \(line)", suggestion: near)
  }
}
