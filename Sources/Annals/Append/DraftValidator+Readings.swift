import EventLog

/// What a run has said about earlier facts so far: corrections, retractions, disputes, settlements.
struct RunAmendments {
  private var places: [EventID: [(order: Int64, place: InputPlace)]] = [:]
  private var count: Int64 = 0
  /// By event: the facts that it is about in the end, or the fact that it is.
  var facts: [EventID: Set<Fact>] = [:]
  /// By vote: all that the vote and its corrections are filed under, as far as the log has them.
  var storedTags: [EventID: Set<Tag>] = [:]
  /// What disputes of this run name.
  private(set) var disputed: Set<EventID> = []
  /// Votes of which some account reads otherwise for it, with the facts that came to speak of them.
  private(set) var contested: [VoteKey: Set<EventID>] = [:]

  var isEmpty: Bool { count == 0 }

  struct Fact: Hashable {
    var id: EventID
    var type: String
  }

  mutating func note(_ event: NewEvent, at place: InputPlace) {
    count += 1
    if event.type.name == "fact.disputed" { disputed.formUnion(event.targets) }
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
    let event = draft.event
    let facts = try await factsBehind(event.targets)
    amendments.facts[event.id] = facts
    if facts.contains(where: { $0.type == "actor.merged" }) { merges.amend() }
    if let correcting {
      corrected.take(event, correcting)
    } else if event.type.name == "fact.retracted" {
      let known = amendments.facts
      corrected.take(retraction: event.id, of: event.targets) { target in
        // A fact that is taken back reads as before.
        known[target].flatMap { $0.map(\.id) == [target] ? nil : Set($0.map(\.id)) }
      }
    }
    amendments.note(event, at: draft.place)
    for fact in facts where fact.type == "vote.cast" {
      if event.type.name == "fact.disputed" || event.type.name == "dispute.settled" {
        corrected.forget(fact.id)
      }
      for vote in try await votes(of: fact.id) { amendments.contest(vote, by: fact.id) }
    }
  }

  /// The votes of which a fact is an account, or was, or may be again.
  mutating func votes(of fact: EventID) async throws -> [VoteKey] {
    if amendments.storedTags[fact] == nil, let event = try await event(fact) {
      var tags = Set(event.event.tags)
      if let stored = event.stored {
        let chain = try await record.fact(of: stored)?.chain ?? []
        for correction in chain where correction.type.name == "fact.corrected" {
          tags.formUnion(correction.event.tags)
        }
      }
      amendments.storedTags[fact] = tags
    }
    let tags = (amendments.storedTags[fact] ?? []).union(filed[fact] ?? [])
    return tags.filter { $0.kind == "rollcall" }.flatMap { rollcall in
      tags.filter { $0.kind == "actor" }.flatMap { voter in
        [false, true].map { VoteKey(rollcall: rollcall, voter: voter, isCasting: $0) }
      }
    }
  }

  /// The facts that events are, or are about in the end.
  mutating func factsBehind(_ ids: [EventID]) async throws -> Set<RunAmendments.Fact> {
    var facts: Set<RunAmendments.Fact> = []
    for id in ids {
      if let known = amendments.facts[id] {
        facts.formUnion(known)
        continue
      }
      var own: Set<RunAmendments.Fact> = []
      var seen: Set<EventID> = []
      var fresh = [id]
      while let next = fresh.popLast() {
        if let known = amendments.facts[next] {
          own.formUnion(known)
          continue
        }
        guard seen.insert(next).inserted, let event = try await event(next)?.event else { continue }
        if AmendmentState.kind(of: event.type.name) == nil {
          own.insert(RunAmendments.Fact(id: next, type: event.type.name))
        } else {
          fresh += event.targets
        }
      }
      amendments.facts[id] = own
      facts.formUnion(own)
    }
    return facts
  }

  /// A fact as it reads now; nil for an event that is none.
  mutating func reading(of fact: Amended) async throws -> Fact? {
    try await readings(of: [fact.event.id]).first { $0.root.id == fact.event.id }
  }

  /// The accounts of a vote that hold now and leave no room for another, but for that of one fact.
  mutating func accounts(
    of vote: VoteKey, besides fact: VoteRegister.Account.Origin, _ own: EventID? = nil
  ) async throws -> [VoteRegister.Account] {
    let keys = try await keys(of: vote)
    let stored = try await store.log.events(
      matching: keys.flatMap { Amendment.items(["vote.cast"], [$0.rollcall, $0.voter]) },
      through: head)
    var here = keys.flatMap { votes.accounts(of: $0) }.filter {
      if case .here = $0.origin { true } else { false }
    }
    var ids = Set(stored.map(\.id)).union(keys.flatMap { amendments.contested[$0] ?? [] })
    // Who has no id of its own cannot be amended by this run, and reads as it was taken in.
    for account in here {
      if let id = castHere[account.origin] { ids.insert(id) }
    }
    here.removeAll { castHere[$0.origin] != nil }
    if let own { ids.remove(own) }
    let readings = try await readings(of: Array(ids)).filter {
      $0.type == "vote.cast" && $0.holds && !$0.isDisputed
        && VoteKey(of: $0.data).map(keys.contains) ?? false
    }
    let accounts = readings.compactMap { reading in
      votes.account(
        reading, reading.position <= head ? .stored(reading.position) : .init(reading.root.id))
    }
    return (accounts + here).filter { $0.origin != fact }
  }

  /// Facts with all that was said about them, in the log and in this run.
  mutating func readings(of ids: [EventID]) async throws -> [Fact] {
    var known: [EventID: RecordedEvent] = [:]
    var fresh = ids
    while let id = fresh.popLast() {
      guard known[id] == nil, let event = try await event(id) else { continue }
      if let stored = event.stored {
        let closure = try await record.closure(of: [stored])
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
