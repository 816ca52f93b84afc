import EventLog

/// What a run has said about earlier facts so far: corrections, retractions, disputes, settlements.
struct RunAmendments {
  private var places: [EventID: [(order: Int64, place: InputPlace)]] = [:]
  private var count: Int64 = 0
  /// Votes of which some account reads otherwise for it, with the facts that came to speak of them.
  private(set) var contested: [VoteKey: Set<EventID>] = [:]

  var isEmpty: Bool { count == 0 }

  mutating func note(_ event: NewEvent, at place: InputPlace) {
    count += 1
    for target in Set(event.targets) { places[target, default: []].append((count, place)) }
  }

  /// Those that name an event, in the order of the run.
  func naming(_ id: EventID) -> [(order: Int64, place: InputPlace)] { places[id] ?? [] }

  mutating func contest(_ vote: VoteKey, by fact: EventID) {
    contested[vote, default: []].insert(fact)
  }
}

/// How facts read after all that stands before a draft, in the log and in this run.
extension DraftValidator {
  /// Takes note of an amendment that was admitted, and of the votes that may read otherwise for it.
  mutating func note(amendment draft: EventReader.Draft) async throws {
    if let correcting {
      corrected.take(draft.event, correcting)
      if !corrected.isAboutVote(draft.event.id) {
        return amendments.note(draft.event, at: draft.place)
      }
    } else {
      corrected.forgetStates()
    }
    let votes = try await votesBehind(draft.event.targets)
    for vote in votes { try await contest(vote) }
    amendments.note(draft.event, at: draft.place)
    // What it makes of them may be an account of another vote.
    for vote in votes { try await contest(vote) }
  }

  private mutating func contest(_ fact: Amended) async throws {
    if let key = VoteKey(of: fact.event) { amendments.contest(key, by: fact.event.id) }
    if let reading = try await reading(of: fact), let key = VoteKey(of: reading.data) {
      amendments.contest(key, by: fact.event.id)
    }
  }

  /// The votes that events are, or are about.
  private func votesBehind(_ ids: [EventID]) async throws -> [Amended] {
    var found: [EventID: Amended] = [:]
    var fresh = ids
    while let id = fresh.popLast() {
      guard found[id] == nil, let event = try await event(id) else { continue }
      found[id] = event
      if AmendmentState.kind(of: event.event.type.name) != nil { fresh += event.event.targets }
    }
    return found.values.filter { $0.event.type.name == "vote.cast" }
  }

  /// A fact as it reads now; nil for an event that is none.
  mutating func reading(of fact: Amended) async throws -> Fact? {
    try await readings(of: [fact.event.id]).first { $0.root.id == fact.event.id }
  }

  /// The accounts of a vote that hold now and leave no room for another, but for that of one fact.
  mutating func accounts(
    of vote: VoteKey, besides fact: VoteRegister.Account.Origin
  ) async throws -> [VoteRegister.Account] {
    let stored = try await store.log.read(
      Amendment.query(["vote.cast"], [vote.rollcall, vote.voter]), in: EventRange(through: head))
    var here = votes.accounts(of: vote).filter {
      if case .here = $0.origin { true } else { false }
    }
    var ids = Set(stored.map(\.id)).union(amendments.contested[vote] ?? [])
    // Who has no id of its own cannot be amended by this run, and reads as it was taken in.
    if !here.isEmpty {
      let named = pending.keys.filter { id in here.contains { $0.origin == .init(id) } }
      ids.formUnion(named)
      here.removeAll { account in named.contains { account.origin == .init($0) } }
    }
    let readings = try await readings(of: Array(ids)).filter {
      $0.type == "vote.cast" && $0.holds && !$0.isDisputed
        && VoteKey(of: $0.data) == vote
    }
    let accounts = readings.compactMap { reading in
      votes.account(
        reading, reading.position <= head ? .stored(reading.position) : .init(reading.root.id))
    }
    return (accounts + here).filter { $0.origin != fact }
  }

  /// Facts with all that was said about them, in the log and in this run.
  private mutating func readings(of ids: [EventID]) async throws -> [Fact] {
    var known: [EventID: RecordedEvent] = [:]
    var fresh = ids
    while let id = fresh.popLast() {
      guard known[id] == nil, let event = try await event(id) else { continue }
      if let position = event.position, let stored = try await store.event(at: position) {
        let closure = try await store.closure(of: [stored], through: Position(.max))
        rest(on: closure)
        for event in closure where known[event.id] == nil {
          known[event.id] = event
          fresh += try await add(amending: event.id, to: &known)
        }
      } else {
        known[id] = Self.standIn(event.event, Position(head.rawValue + 1 + Int64(known.count)))
        fresh += try await add(amending: id, to: &known)
      }
    }
    return FactResolver(known.values).facts()
  }

  /// Adds this run's amendments of an event; returns what they name besides.
  private func add(
    amending id: EventID, to known: inout [EventID: RecordedEvent]
  ) async throws -> [EventID] {
    var named: [EventID] = []
    var queue = [id]
    while let id = queue.popLast() {
      for (order, place) in amendments.naming(id) {
        guard
          let event = try EventReader.reread(place, in: inputs[place.input], store.vocabulary),
          known[event.id] == nil
        else { continue }
        known[event.id] = Self.standIn(event, Position(Self.amendmentsFrom + order))
        named += event.targets
        queue.append(event.id)
      }
    }
    return named
  }

  /// Behind every fact of a run.
  private static let amendmentsFrom: Int64 = 1 << 60

  /// An event of this run at a position that keeps the order, for as long as it takes to read it.
  private static func standIn(_ event: NewEvent, _ position: Position) -> RecordedEvent {
    RecordedEvent(
      position: position,
      batch: Batch(first: position, recorded: Instant(microseconds: 0), recorder: ""),
      event: event, salt: [], leafHash: [])
  }
}
