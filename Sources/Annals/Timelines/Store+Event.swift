public import EventLog

/// One event in full: what it says now, what it said first, and what was said about it.
public struct EventDetail: Sendable {
  public var event: RecordedEvent
  /// The event with corrections applied (for an amendment: as written) and a sentence for it.
  public var entry: TimelineEntry
  /// The event with a sentence for it as it was recorded.
  public var recorded: TimelineEntry
  /// The payload as first recorded.
  public var original: JSON
  /// What the event itself is about, when it names earlier events.
  public var targets: [TimelineEntry]
  /// Corrections, retractions and disputes of it, in log order.
  public var chain: [TimelineEntry]
  /// Later events that name it without changing it: the check of a claim, say.
  public var mentions: [TimelineEntry]
  /// For a vote: other accounts of it that cannot be so together with this one.
  public var conflicts: [TimelineEntry]
  /// The roll calls that it speaks of, with the tallies that are recorded.
  public var rollcalls: [Tally]
  public var knownBy: RecordState
  /// True when the stored leaf hash follows from the event as stored.
  public var isIntact: Bool
}

extension Store {
  /// One event and everything that hangs on it. Throws `.unknownEvent`.
  public func event(
    _ reference: EventReference, knownBy: KnownBy? = nil
  ) async throws -> EventDetail {
    let recordState = try await recordState(knownBy)
    let event = try await event(reference, through: recordState.position)
    return try await asking(at: recordState.position).detail(event, recordState)
  }

  private func detail(_ event: RecordedEvent, _ recordState: RecordState) async throws
    -> EventDetail
  {
    let reader = reader(recordState.position)
    var displayNames = DisplayNames(through: recordState.position)
    let entry = try await logEntry(event, through: recordState.position, &displayNames)
    let recorded = try await asRecorded(entry, &displayNames)
    let targets = try await logEntries(
      reader.events(ids: event.event.targets), through: recordState.position, &displayNames,
      asRecorded: true)
    let chain = try await logEntries(
      entry.fact.chain.filter { AmendmentState.kind(of: $0.type.name) != nil },
      through: recordState.position, &displayNames)
    let mentions = try await logEntries(
      reader.events(naming: event).filter { AmendmentState.kind(of: $0.type.name) == nil },
      through: recordState.position, &displayNames)
    var conflicts: [TimelineEntry] = []
    if entry.fact.isLive,
      let accounts = try await accounts(ofVote: entry.fact, through: recordState.position)
    {
      for other in accounts.contradicting(entry.fact.position) {
        conflicts.append(try await self.entry(other, &displayNames))
      }
    }
    return EventDetail(
      event: event, entry: entry, recorded: recorded, original: EventBody(event.event.body).data,
      targets: targets,
      chain: chain, mentions: mentions, conflicts: conflicts,
      rollcalls: try await tallies(spokenOfIn: entry.fact.data, through: recordState.position),
      knownBy: recordState, isIntact: event.computedLeafHash == event.leafHash)
  }

  /// The roll calls that a payload names, directly or by their motion.
  private func tallies(spokenOfIn data: JSON, through: Position) async throws -> [Tally] {
    var rollcalls = data.strings(at: ["about", "rollcalls"]) + data.strings(at: ["rollcall"])
    for motion in data.strings(at: ["about", "motions"]) {
      rollcalls += try await self.tallies(
        tagged: Tag(kind: "motion", value: motion), through: through
      ).map(\.rollcall)
    }
    var seen: Set<String> = []
    var tallies: [Tally] = []
    for rollcall in rollcalls where seen.insert(rollcall).inserted {
      tallies += try await self.tallies(
        tagged: Tag(kind: "rollcall", value: rollcall), through: through)
    }
    return tallies
  }
}
