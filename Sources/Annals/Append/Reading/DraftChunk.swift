import EventLog

/// Some lines of one input, as read.
struct DraftChunk: Sendable {
  /// Which of the inputs.
  var input: Int
  var drafts: [EventReader.Draft] = []
  /// Those that are no valid events in themselves.
  var unreadable: [RejectedLine] = []
  /// What those would have defined: lines that refer to it are not wrong on that account.
  var refusedDefinitions: [Tag] = []
  /// How many steps schemas took. Above the limit for the whole input the chunk is not complete.
  var steps = 0
  /// How many names were compared to make suggestions.
  var comparisons = 0
  /// Lines and rows that were skipped, by reason.
  var skipped: [String: Int] = [:]
  /// For a table: the number of its rows, and the names in it that the record does not know.
  var rowCount = 0
  var unknown = UnknownNames()
  var dates = DateSpan()
  /// Drafts that only the first row of several gives.
  var once: [Once] = []

  struct Once: Sendable {
    /// Index of the draft.
    var draft: Int
    var key: OnceKey
    /// The key's number with the reader of the row.
    var number: Int
    /// True when the draft stays, but others with the key are not wanted.
    var isClaim = false
  }

  /// All bad lines in input order, given what was wrong with drafts.
  func rejected(
    adding refused: [(line: Int, problems: ProblemList)], from inputs: [any EventInput]
  ) throws -> [RejectedLine] {
    guard !refused.isEmpty else { return unreadable }
    let places = Dictionary(drafts.map { ($0.line, $0.place) }) { first, _ in first }
    var bad = unreadable
    for (line, problems) in refused {
      if bad.last?.line == line {
        bad[bad.count - 1].problems.append(contentsOf: problems)
      } else {
        let text = try places[line].flatMap { try inputs[input].text(at: $0) } ?? []
        bad.append(RejectedLine(input: input, line: line, text: text, problems: problems))
      }
    }
    return bad.sorted { $0.line < $1.line }
  }
}

/// A line with what is wrong in it.
struct RejectedLine: Sendable {
  var input: Int
  var line: Int
  var text: [UInt8]
  var problems = ProblemList(limit: ProblemList.eventLimit)
}

/// Names something that is given once in a whole import.
struct OnceKey: Hashable, Sendable {
  var kind: String
  var event: Int
  var value: [UInt8]
}
