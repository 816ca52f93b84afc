public import EventLog

/// The record: a log of events, read and written with the meaning that the vocabulary gives them.
///
/// Every reader takes two moments. `on` asks how the world was at the end of that day;
/// `knownBy` asks what the record contained by then: later events are ignored, corrections and
/// retractions included. Both are exact for any past state.
public struct Store: Sendable {
  public let log: any EventLog
  public let vocabulary: Vocabulary
  /// Views beside the built-in ones. A log that was opened with them too keeps them current in the
  /// transaction of each append; else they catch up after it.
  public let projections: [any InlineProjection]

  public init(
    log: any EventLog, vocabulary: Vocabulary = .builtIn,
    projections: [any InlineProjection] = []
  ) {
    self.log = log
    self.vocabulary = vocabulary
    self.projections = projections
  }

  /// The state of the record that `knownBy` means: the head when nil. A position past the head
  /// is the head.
  public func knowledge(_ knownBy: KnownBy? = nil) async throws -> Knowledge {
    let head = try await log.head()
    let position: Position
    switch knownBy {
    case nil: return Knowledge(position: head.position, recorded: head.recorded)
    case .position(let asked): position = min(asked, head.position)
    case .instant(let instant): position = try await log.position(recordedBy: instant)
    }
    guard position > .start else { return Knowledge(position: .start, recorded: nil) }
    let event = try await event(at: position)
    return Knowledge(
      position: position, recorded: event?.batch.recorded,
      erasedSince: try await payloadsErased(since: position))
  }

  /// How many payloads of events up to a position were erased by later events.
  private func payloadsErased(since position: Position) async throws -> Int {
    let query = EventQuery(types: [Erasure.typeName])
    let erasures = try await log.read(query, in: EventRange(after: position))
    let targets = Set(erasures.flatMap(\.event.targets))
    if targets.isEmpty { return 0 }
    return try await log.positions(of: Array(targets)).count { $0.map { $0 <= position } ?? false }
  }

  /// The event at a position; nil past the head.
  func event(at position: Position) async throws -> RecordedEvent? {
    guard position > .start else { return nil }
    return try await log.read(
      .all, in: EventRange(after: position.advanced(by: -1), through: position)
    ).first
  }

  func events(at positions: some Sequence<Position>) async throws -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    for position in positions {
      if let event = try await event(at: position) { events.append(event) }
    }
    return events
  }

  /// The event that a user named; throws `.unknownEvent` when it is not in the log by `through`.
  func event(_ reference: EventReference, through: Position) async throws -> RecordedEvent {
    let found: RecordedEvent? =
      switch reference {
      case .position(let position): try await event(at: position)
      case .id(let id): try await log.event(id: id)
      }
    guard let found, found.position <= through else {
      let last = min(through, try await log.head().position)
      throw Problems([
        Problem(
          .unknownEvent, "no event \(reference)",
          help: last == .start ? "the record is empty" : "positions go from #1 to \(last)")
      ])
    }
    return found
  }

  // MARK: facts

  /// False when a retraction that holds names the event; for facts and amendments alike.
  func isLive(
    _ event: RecordedEvent, through: Position = Position(.max)
  ) async throws -> Bool {
    let events = try await closure(of: [event], through: through)
    let positions = Dictionary(events.map { ($0.id, $0.position) }) { first, _ in first }
    var standing = Standing()
    for event in events.sorted(by: { $0.position < $1.position }) {
      guard let kind = Standing.kind(of: event.type.name) else { continue }
      standing.add(
        kind, at: event.position, targets: event.event.targets.compactMap { positions[$0] })
    }
    return standing.resolved().isLive(event.position)
  }

  /// The facts behind events, with everything that was said about them by `through`.
  ///
  /// Amendments among the events are followed to the facts that they are about.
  func facts(
    of events: [RecordedEvent], through: Position
  ) async throws -> [Fact] {
    FactResolver(try await closure(of: events, through: through)).facts()
  }

  /// The events, what they are about, and all that was said about any of them.
  func closure(
    of events: [RecordedEvent], through: Position
  ) async throws -> [RecordedEvent] {
    var known: [EventID: RecordedEvent] = [:]
    var fresh = events.filter { $0.position <= through }
    while !fresh.isEmpty {
      for event in fresh { known[event.id] = event }
      var next: [RecordedEvent] = []
      let items = fresh.map { EventQuery.Item(tags: [.target($0.id)]) }
      for start in stride(from: 0, to: items.count, by: 500) {
        let chunk = Array(items[start..<min(start + 500, items.count)])
        next += try await log.read(
          EventQuery(items: chunk), in: EventRange(through: through))
      }
      // Only what changes how a fact is read belongs to it; a claim that checks a prediction is
      // a fact of its own.
      next.removeAll { Standing.kind(of: $0.type.name) == nil }
      for event in fresh where Standing.kind(of: event.type.name) != nil {
        for target in event.event.targets where known[target] == nil {
          if let event = try await log.event(id: target) { next.append(event) }
        }
      }
      var seen = Set(known.keys)
      fresh = next.filter { seen.insert($0.id).inserted }
    }
    return Array(known.values)
  }

  /// The last account that holds of the same vote and says more than this set of choices does.
  private func resolution(of fact: Fact, through: Position) async throws -> Position? {
    guard fact.type == "vote.cast", fact.data["choice"]?.array != nil,
      let choices = fact.data["choice"].flatMap(ChoiceSet.init),
      let vote = VoteRegister.key(of: fact.data)
    else { return nil }
    let accounts = try await log.read(
      Amendment.query(["vote.cast"], [vote.rollcall, vote.voter]),
      in: EventRange(through: through))
    return try await facts(of: accounts, through: through).last { other in
      other.isLive && VoteRegister.key(of: other.data) == vote
        && (other.data["choice"].flatMap(ChoiceSet.init)?.isStrictSubset(of: choices) ?? false)
    }?.position
  }

  /// The entry of a fact: one sentence from the type's summary template, with the names of actors
  /// in place of their ids, and with titles and links of the sources it cites.
  func entry(_ fact: Fact, _ captions: inout Captions) async throws -> TimelineEntry {
    var fact = fact
    for index in fact.sources.indices {
      try await captions.complete(&fact.sources[index], store: self)
    }
    fact.resolvedBy = try await resolution(of: fact, through: captions.through)
    let names = try await captions.actorNames(in: fact, store: self)
    return TimelineEntry(
      fact: fact,
      summary: vocabulary.summary(type: fact.root.type, data: fact.data, actorNames: names))
  }
}
