import Annals
import AnnalsAnswers
import EventLog

/// One page of the list of events, the way to the pages beside it, and the facets of the whole list.
struct LogListing {
  /// So many events stand on a page.
  static let size = 50
  /// So many events are looked at where the log itself cannot narrow the list.
  static let mostFound = 1000

  let entries: [TimelineEntry]
  let facets: LogFacets
  /// Behind which events the pages before and after this one begin; `.some(nil)` for the first page.
  let previous: Position??
  let next: Position?
  /// Whether the question `log` gives the list: else no file has exactly these rows.
  let isOfLog: Bool

  /// Where the events of the list come from.
  private enum Supply {
    case log
    /// Newest first.
    case found([TimelineEntry])
    case positions([Position])
  }

  init(_ question: LogQuestion, _ context: PageContext) async throws {
    let (supply, facets) = try await Self.supply(question, context)
    self.facets = facets
    isOfLog = question.text == nil && question.confidence == nil
    func list(_ after: Position?, _ isReversed: Bool) async throws -> [TimelineEntry] {
      try await Self.entries(supply, question, after, isReversed, context)
    }
    let ahead = try await list(question.start, question.isReversed)
    entries = Array(ahead.prefix(Self.size))
    next = ahead.count > Self.size ? entries.last?.fact.position : nil
    // The page before this one holds the events that come next in the other direction.
    guard let start = question.start else {
      previous = nil
      return
    }
    let edge = entries.first?.fact.position
    let behind = try await list(
      edge ?? start.advanced(by: question.isReversed ? 1 : -1), !question.isReversed)
    if behind.isEmpty {
      previous = nil
    } else if behind.count <= Self.size {
      previous = .some(nil)
    } else {
      let first = behind[Self.size - 1].fact.position
      previous = first.advanced(by: question.isReversed ? -1 : 1)
    }
  }

  private static func supply(
    _ question: LogQuestion, _ context: PageContext
  ) async throws -> (Supply, LogFacets) {
    guard question.text != nil || question.isDated else {
      let (facets, positions) = try await LogTally.count(question, context)
      // The log would read all other batches too, to find one.
      let isOfOneBatch = question.batch != nil && facets.bound == nil
      let isFound = question.confidence != nil || isOfOneBatch
      return (isFound ? .positions(positions) : .log, facets)
    }
    var entries: [TimelineEntry]
    let isCut: Bool
    if let text = question.text {
      entries = try await RecordQuestion.ask(
        .search,
        [
          ("text", text), ("limit", "\(mostFound)"),
          ("known_by", RecordQuestion.text(question.state.position)),
        ],
        as: EntriesAnswer.self, context
      ).entries
      isCut = entries.count == mostFound
      let query = try await question.query(context)
      entries = entries.filter { question.matches($0, query) }
    } else {
      entries = try await log(question, nil, false, mostFound, context)
      isCut = entries.count == mostFound
    }
    if let confidence = question.confidence?.rawValue {
      entries = entries.filter {
        ConfidenceReader.confidence(of: $0.fact.root.event.body) == confidence
      }
    }
    var facets = LogFacets()
    for entry in entries { facets.add(entry) }
    if isCut { facets.bound = mostFound }
    // Of a list of days that was cut, the log has the rest.
    let hasPage = !isCut || (question.start == nil && !question.isReversed)
    let isOfLog = question.text == nil && question.confidence == nil
    return (isOfLog && !hasPage ? .log : .found(entries), facets)
  }

  /// Up to one event more than a page holds.
  private static func entries(
    _ supply: Supply, _ question: LogQuestion, _ after: Position?, _ isReversed: Bool,
    _ context: PageContext
  ) async throws -> [TimelineEntry] {
    /// Those behind `after`, in the order asked for, of a list that has the newest first.
    func part<Item>(_ newestFirst: [Item], _ position: (Item) -> Position) -> [Item] {
      let ordered = isReversed ? newestFirst.reversed() : newestFirst
      guard let after else { return Array(ordered.prefix(size + 1)) }
      return Array(
        ordered.filter { isReversed ? position($0) > after : position($0) < after }
          .prefix(size + 1))
    }
    switch supply {
    case .log: return try await log(question, after, isReversed, size + 1, context)
    case .found(let entries): return part(entries) { $0.fact.position }
    case .positions(let positions):
      var entries: [TimelineEntry] = []
      for position in part(positions, { $0 }) {
        entries.append(
          try await context.store.event(
            .position(position), knownBy: .position(question.state.position)
          ).entry)
      }
      return entries
    }
  }

  /// The answer to the question `log`.
  private static func log(
    _ question: LogQuestion, _ after: Position?, _ isReversed: Bool, _ limit: Int,
    _ context: PageContext
  ) async throws -> [TimelineEntry] {
    var items = question.asked.items.filter { !["after", "reverse"].contains($0.name) }
    items.append(("limit", "\(limit)"))
    if let after { items.append(("after", "\(max(0, after.rawValue))")) }
    if isReversed { items.append(("reverse", "true")) }
    return try await RecordQuestion.ask(.log, items, as: EntriesAnswer.self, context).entries
  }
}
