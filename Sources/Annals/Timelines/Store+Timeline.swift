public import EventLog

/// A timeline: facts in the order of the world.
public struct Timeline: Sendable {
  public var subjects: [Entity]
  public var on: String?
  public var knownBy: RecordState
  /// Oldest first; undated facts at the end.
  public var entries: [TimelineEntry]
  /// Facts that were left out because they are not dated, or not certain by `on`.
  public var leftOut: Int
}

/// Which events `log` shows.
public struct LogFilter: Sendable {
  public var types: [String] = []
  public var source: String?
  public var recorder: String?
  /// First position of a batch.
  public var batch: Position?
  /// On the axis of the world, in seconds since 1970, half open.
  public var since: Int64?
  public var until: Int64?
  /// Only what had certainly happened by the end of this; with `possibly`, what may have.
  public var on: OnMoment?
  public var possibly = false
  public var newestFirst = true
  /// Continues behind this event, in the order of the list.
  public var after: Position?
  public var limit: Int?

  public init() {}
}

extension Store {
  /// The facts about all of the subjects (actors by any name, topics), in the order of the world.
  ///
  /// A topic takes in the facts about the motions and roll calls that are linked to it. With
  /// `history`, facts that were retracted stay in, marked as such.
  public func timeline(
    _ names: [String], types: [String] = [], on: OnMoment? = nil, possibly: Bool = false,
    knownBy: KnownBy? = nil, history: Bool = false
  ) async throws -> Timeline {
    let recordState = try await recordState(knownBy)
    return try await asking(at: recordState.position)
      .timeline(names, types, on, possibly, recordState, history)
  }

  private func timeline(
    _ names: [String], _ types: [String], _ on: OnMoment?, _ possibly: Bool,
    _ recordState: RecordState, _ history: Bool
  ) async throws -> Timeline {
    let subjects = try await subjects(names, through: recordState.position)
    let events = try await log.events(
      matching: subjects.query.items, through: recordState.position)
    var facts = try await facts(of: events, through: recordState.position).filter {
      ($0.isLive || history) && subjects.cover(tags(of: $0))
        && (types.isEmpty || types.contains($0.type))
    }
    var displayNames = DisplayNames(through: recordState.position)
    try await displayNames.load(facts, store: self)
    facts = try await reader(recordState.position).dated(facts)
    var leftOut = 0
    if let end = on?.endOfMoment {
      let all = facts.count
      facts = facts.filter { fact in
        guard let time = fact.time else { return false }
        return possibly ? time.earliest < end : time.latest <= end
      }
      leftOut = all - facts.count
    }
    facts.sort(by: Self.worldOrder)
    var entries: [TimelineEntry] = []
    for fact in facts { entries.append(try await entry(fact, &displayNames)) }
    return Timeline(
      subjects: subjects.entities, on: on?.text, knownBy: recordState, entries: entries,
      leftOut: leftOut)
  }

  /// By date, then by precedence; what is undated comes last.
  static func worldOrder(_ a: Fact, _ b: Fact) -> Bool {
    switch (a.time, b.time) {
    case (let x?, let y?):
      return x.precedes(y) ?? (a.position < b.position)
    case (_?, nil): return true
    case (nil, _?): return false
    case (nil, nil): return a.position < b.position
    }
  }

  /// Events as they stand in the log, corrections and retractions among them.
  public func log(
    _ names: [String] = [], filter: LogFilter = LogFilter(), knownBy: KnownBy? = nil
  ) async throws -> (entries: [TimelineEntry], knownBy: RecordState) {
    let recordState = try await recordState(knownBy)
    let entries = try await asking(at: recordState.position).logEntries(names, filter, recordState)
    return (entries, recordState)
  }

  /// The events about all of the subjects (actors by any name, topics), of these types; and the
  /// subjects.
  package func eventQuery(
    _ names: [String], types: [String], through: Position
  ) async throws -> (query: EventQuery, subjects: [Entity]) {
    let subjects = try await subjects(names, through: through)
    var query = names.isEmpty ? EventQuery.all : subjects.query
    if !types.isEmpty {
      query.items = query.items.map { item in
        var item = item
        item.types = types
        return item
      }
    }
    return (query, subjects.entities)
  }

  private func logEntries(
    _ names: [String], _ filter: LogFilter, _ recordState: RecordState
  ) async throws -> [TimelineEntry] {
    let subjects = try await subjects(names, through: recordState.position)
    var query = names.isEmpty ? EventQuery.all : subjects.query
    query.items = query.items.map { item in
      var item = item
      item.types = filter.types
      if let source = filter.source { item.tags.append(Tag(kind: "source", value: source)) }
      return item
    }
    var entries: [TimelineEntry] = []
    var range = EventRange(
      through: recordState.position, order: filter.newestFirst ? .newestFirst : .oldestFirst,
      limit: 500)
    if let after = filter.after {
      if filter.newestFirst {
        range.through = min(range.through, after.advanced(by: -1))
      } else {
        range.after = after
      }
    }
    var displayNames = DisplayNames(through: recordState.position)
    while filter.limit.map({ entries.count < $0 }) ?? true {
      let page = try await log.read(query, in: range)
      let dated = try await dated(page, filter, recordState.position)
      let wanted = dated.filter { matches($0, filter) }.map(\.event)
        .prefix(filter.limit.map { $0 - entries.count } ?? page.count)
      entries += try await logEntries(
        Array(wanted), through: recordState.position, &displayNames, asRecorded: true)
      guard let last = page.last, page.count == 500 else { break }
      if filter.newestFirst {
        range.through = last.position.advanced(by: -1)
      } else {
        range.after = last.position
      }
    }
    return entries
  }

  private typealias DatedEvent = (event: RecordedEvent, time: ValidTime?)

  /// Events with their dates, where a filter asks for dates: that of a vote may be that of its roll call.
  private func dated(
    _ page: [RecordedEvent], _ filter: LogFilter, _ through: Position
  ) async throws -> [DatedEvent] {
    let raw = page.map { ($0, time: $0.event.time?.local) }
    if filter.since == nil, filter.until == nil, filter.on == nil { return raw }
    let votes = page.filter { $0.type.name == "vote.cast" && !$0.isErased }
    let facts = try await reader(through).dated(votes.map(rawFact))
    let times = Dictionary(facts.map { ($0.position, $0.time) }) { first, _ in first }
    return raw.map { event, time in (event, times[event.position] ?? time) }
  }

  private func matches(_ dated: DatedEvent, _ filter: LogFilter) -> Bool {
    let (event, time) = dated
    if let recorder = filter.recorder, event.batch.recorder != recorder { return false }
    if let batch = filter.batch, event.batch.first != batch { return false }
    if let since = filter.since {
      guard let time, time.latest > since else { return false }
    }
    if let end = filter.on?.endOfMoment {
      guard let time,
        filter.possibly ? time.earliest < end : time.latest <= end
      else { return false }
    }
    if let until = filter.until {
      guard let time, time.earliest < until else { return false }
    }
    return true
  }
}
