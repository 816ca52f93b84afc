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
  /// What was read for the question that is being answered; nil outside of one.
  private var question: RecordReader?

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
  public func recordState(_ knownBy: KnownBy? = nil) async throws -> RecordState {
    let head = try await log.head()
    let position: Position
    switch knownBy {
    case nil: return RecordState(position: head.position, recorded: head.recorded)
    case .position(let asked): position = min(asked, head.position)
    case .instant(let instant): position = try await log.position(recordedBy: instant)
    }
    guard position > .start else { return RecordState(position: .start, recorded: nil) }
    let event = try await event(at: position)
    return RecordState(
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

  /// A copy of the store that answers one question about the record at a position, or several that
  /// belong together, as those of a page do. It reads each event once.
  package func asking(at through: Position) -> Store {
    if question?.through == through { return self }
    var store = self
    store.question = RecordReader(log, through: through, surveys: true)
    return store
  }

  /// Reads the record as it stood at a position: for the question at hand, or for a single look.
  func reader(_ through: Position) -> RecordReader {
    if let question, question.through == through { return question }
    return RecordReader(log, through: through, surveys: false)
  }

  /// The event at a position; nil past the head.
  func event(at position: Position) async throws -> RecordedEvent? {
    try await events(at: [position]).first
  }

  /// The events at positions, in log order.
  func events(at positions: some Sequence<Position> & Sendable) async throws -> [RecordedEvent] {
    let positions = Set(positions)
    if let question, positions.allSatisfy({ $0 <= question.through }) {
      return try await question.events(at: positions)
    }
    return try await reader(Position(.max)).events(at: positions)
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
    try await reader(through).isLive(event)
  }

  /// The facts behind events, with everything that was said about them by `through`.
  ///
  /// Amendments among the events are followed to the facts that they are about.
  func facts(of events: [RecordedEvent], through: Position) async throws -> [Fact] {
    try await reader(through).facts(of: events)
  }

  /// The events, what they are about, and all that was said about any of them.
  func closure(of events: [RecordedEvent], through: Position) async throws -> [RecordedEvent] {
    try await reader(through).closure(of: events)
  }
}
