import EventLog

extension SchemaValidator {
  func checkAlternatives(_ schema: Int, _ node: JSONTape.Node, _ report: inout SchemaReport) {
    let alternatives = nodes[schema].anyOf
    var least = Int.max
    for alternative in alternatives {
      least = min(least, distance(alternative, node, &report))
      if least == 0 { return }
    }
    if report.isTrying {
      // Within a field, a value of the wrong type does not speak against the type of the whole.
      let isInside = node != report.tried
      report.weigh(
        isInside && least >= SchemaReport.Weight.type ? SchemaReport.Weight.value : least)
    } else if least >= SchemaReport.Weight.type {
      let types = alternatives.reduce(JSONSchema.Types()) { $0.union(nodes[$1].possibleTypes) }
      report.addType(types, tape, node)
    } else {
      reportNearest(alternatives.filter { distance($0, node, &report) == least }, node, &report)
    }
  }

  /// How far a value is from what an alternative allows; reports nothing.
  private func distance(
    _ alternative: Int, _ node: JSONTape.Node, _ report: inout SchemaReport
  ) -> Int {
    let outer = (report.isTrying, report.weight, report.tried)
    defer { (report.isTrying, report.weight, report.tried) = outer }
    (report.isTrying, report.weight, report.tried) = (true, 0, node)
    check(alternative, node, &report)
    return report.weight
  }

  /// So many further alternatives are named in a help: each is checked once more.
  private static let namedAlternatives = 20

  /// Reports what is wrong with the first of the alternatives that came nearest. Where each lacks
  /// one thing of the same value, the help names the others, up to a limit.
  private func reportNearest(
    _ nearest: [Int], _ node: JSONTape.Node, _ report: inout SchemaReport
  ) {
    let start = report.faults.count
    check(nearest[0], node, &report)
    guard report.faults.count == start + 1, !report.isComparing else { return }
    for alternative in nearest.dropFirst().prefix(Self.namedAlternatives) {
      var other = SchemaReport(faults: [], limit: 2)
      (other.isComparing, other.steps) = (true, report.steps)
      other.suggester = report.suggester
      check(alternative, node, &other)
      report.steps = other.steps
      report.suggester = other.suggester
      guard other.faults.count == 1, other.faults[0].range == report.faults[start].range else {
        continue
      }
      let (message, help) = (other.faults[0].message, other.faults[0].help)
      let also: Help = help.map { "\(message): \($0)" } ?? Help(message)
      report.faults[start].help = report.faults[start].help.map { "\($0); or \(also)" } ?? also
    }
  }
}
