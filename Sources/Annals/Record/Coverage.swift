import EventLog

/// What an import says it covers.
struct CoverageStatement: Sendable {
  var fact: Fact
  var dataset: String
  /// What it covers, in words, where it says so.
  var what: String?
  var from: String?
  var to: String?

  init?(_ fact: Fact) {
    guard fact.holds, fact.type == "import.completed", let coverage = fact.data["coverage"] else {
      return nil
    }
    self.fact = fact
    dataset = fact.data["dataset"]?.string ?? ""
    what = coverage["what"]?.string
    from = coverage["from"]?.string
    to = coverage["to"]?.string
  }

  /// Whether all of the time lies between its first and its last date; open where it has none.
  func covers(_ time: ValidTime) -> Bool {
    let start = from.flatMap { try? EDTF($0).local.earliest } ?? .min
    let end = to.flatMap { try? EDTF($0).local.latest } ?? .max
    return start <= time.earliest && time.latest <= end
  }
}

extension Store {
  /// What imports say they cover, in log order.
  func coverageStatements(through: Position) async throws -> [CoverageStatement] {
    try await reader(through).facts(["import.completed"], under: [[]])
      .compactMap(CoverageStatement.init)
  }
}
