import Annals
import AnnalsAnswers
import EventLog

/// What the page of the log was asked for.
struct LogQuestion {
  /// How firmly a source puts something, as an event of the log has it.
  enum Confidence: String, CaseIterable, Sendable { case asserted, reported, alleged, disputed }

  let asked: RecordQuestion
  let text: String?
  let confidence: Confidence?
  let isReversed: Bool
  /// Where the page begins: behind this event, in the order of the list.
  let start: Position?

  private let subjects: [String]
  private let types: [String]
  private let source: String?
  let recorder: String?
  let batch: Position?
  /// On the axis of the world, in seconds since 1970, half open.
  private let since: Int64?
  private let until: Int64?

  /// What the page has beside the parameters of the question `log`.
  private static let own = [
    Parameter("text", .text, "Only events in which this text occurs."),
    Parameter(
      "confidence", .choice(Confidence.allCases.map(\.rawValue)),
      "Only events that were recorded with this confidence."),
    Parameter("recorded", .date, "Begin with what was recorded on this day."),
  ]

  init(_ items: [RecordQuestion.Item], _ context: PageContext) async throws {
    // What the reader finds, to be taken out of the closure.
    var confidence: Confidence?
    var days: (first: Int64?, last: Int64?)
    var bounds: (since: Int64?, until: Int64?)
    var (subjects, types): ([String], [String]) = ([], [])
    var (batch, after): (Position?, Position?)
    var isReversed = false
    asked = try await RecordQuestion(
      .log, items, own: Self.own, hiding: ["limit", "on", "possibly"], context
    ) { read in
      confidence = read.choice("confidence", "level of confidence", among: Confidence.allCases)
      days = (read.firstDay("recorded"), read.isGiven("recorded") ? read.lastDay("recorded") : nil)
      bounds = (
        read.date("since")?.local.earliest, read.date("until")?.local.latest
      )
      (subjects, types) = (read.texts("subject"), read.texts("type"))
      (batch, after) = (read.position("batch"), read.position("after"))
      isReversed = read.flag("reverse")
    }
    self.confidence = confidence
    self.isReversed = isReversed
    (self.subjects, self.types, self.batch) = (subjects, types, batch)
    (since, until) = bounds
    text = asked.value("text")
    source = asked.value("source")
    recorder = asked.value("recorder")
    let jump = try await Self.jump(days, isReversed: isReversed, context)
    start = after ?? jump
  }

  /// Behind which event the list begins, to begin with what was recorded on some days.
  private static func jump(
    _ days: (first: Int64?, last: Int64?), isReversed: Bool, _ context: PageContext
  ) async throws -> Position? {
    guard let first = days.first, let last = days.last else { return nil }
    let second =
      isReversed ? CalendarDay(number: first).firstSecond : CalendarDay(number: last).endSecond
    let (microseconds, overflow) = second.multipliedReportingOverflow(by: 1_000_000)
    let end = Instant(microseconds: overflow ? (second < 0 ? .min : .max) : microseconds - 1)
    let position = try await context.store.log.position(recordedBy: end)
    return isReversed ? position : position.advanced(by: 1)
  }

  var state: RecordState { asked.state }
  /// Whether the list is narrowed by days of the world.
  var isDated: Bool { since != nil || until != nil }

  /// What the log is read for: all but the recorder, the batch, the days, the text and the confidence.
  func query(_ context: PageContext) async throws -> EventQuery {
    var query = try await context.store.eventQuery(
      subjects, types: types, through: state.position
    ).query
    guard let source else { return query }
    for index in query.items.indices {
      query.items[index].tags.append(Tag(kind: "source", value: source))
    }
    return query
  }

  /// Whether an event that holds the text matches the rest too. The days are those that the event
  /// reads with now.
  func matches(_ entry: TimelineEntry, _ query: EventQuery) -> Bool {
    let event = entry.fact.root
    let tags = Set(event.event.tags)
    let isMeant = query.items.contains { item in
      (item.types.isEmpty || item.types.contains(event.type.name))
        && item.tags.allSatisfy(tags.contains)
    }
    guard isMeant, recorder == nil || event.batch.recorder == recorder,
      batch == nil || event.batch.first == batch
    else { return false }
    if isDated {
      guard let time = entry.fact.time else { return false }
      if let since, time.latest <= since { return false }
      if let until, time.earliest >= until { return false }
    }
    return true
  }
}
