import EventLog

/// Which ids are one actor for a run: by the merges that the log has, and by those of the run itself.
struct RunMerges {
  private struct Merge {
    var id: EventID
    var loser: String
    var winner: String
    var holds = true
  }

  /// The merges that are known, in the order of log and run.
  private var known: [Merge] = []
  /// By actor: the events of the log on whose meaning its merges rest.
  private var bearing: [String: Set<EventID>] = [:]
  private var merges = ActorMerges<String>()
  /// Ids of which the log was asked; and those that a merge of this run names, which it was not.
  private var asked: Set<String> = []
  private(set) var unasked: Set<String> = []
  /// Whether every merge of the log is among those known.
  private var isComplete = false
  /// Whether `merges` has to be worked out again.
  private var isStale = false
  /// Whether this run has said something about a merge, so that all have to be read again.
  private(set) var isAmended = false

  /// False where every id stands for itself, as far as is known.
  var isEmpty: Bool { known.isEmpty }

  /// The events that say who was merged into whom.
  var events: [EventID] { known.map(\.id) }

  /// The ids among some of which the log must be asked.
  func toAsk(_ ids: Set<String>) -> Set<String> { isComplete ? [] : ids.subtracting(asked) }

  /// Takes what the log says of some ids: all merges that lead to or from them.
  mutating func take(_ facts: [Fact], of ids: Set<String>, isComplete: Bool) {
    self.isComplete = isComplete
    asked.formUnion(ids)
    if isComplete { unasked = [] } else { unasked.subtract(ids) }
    let seen = Set(known.map(\.id))
    let fresh = facts.filter { !seen.contains($0.root.id) }
    if fresh.isEmpty { return }
    for fact in fresh {
      let events = ([fact.root] + fact.chain).map(\.id)
      for actor in Set([fact.fields.loser, fact.fields.winner].compactMap(\.self)) {
        bearing[actor, default: []].formUnion(events)
      }
    }
    // What stands in the log came before all that this run says.
    known = fresh.map(Self.merge) + known
    isStale = true
  }

  private static func merge(_ fact: Fact) -> Merge {
    Merge(
      id: fact.root.id, loser: fact.fields.loser ?? "", winner: fact.fields.winner ?? "",
      holds: fact.holds)
  }

  /// Takes a merge that this run records.
  mutating func add(_ event: NewEvent) {
    let fields = PayloadFields(EventBody(event.body).data)
    guard let loser = fields.loser, let winner = fields.winner else { return }
    known.append(Merge(id: event.id, loser: loser, winner: winner))
    unasked.formUnion(toAsk([loser, winner]))
    if isStale || !merges.add(loser, into: winner) { isStale = true }
  }

  /// Notes that this run has said something about a merge.
  mutating func amend() { isAmended = true }

  /// Takes how the merges read now.
  mutating func read(_ facts: [Fact]) {
    let read = Dictionary(facts.map { ($0.root.id, $0) }) { first, _ in first }
    known = known.map { read[$0.id].map(Self.merge) ?? $0 }
    (isStale, isAmended) = (true, false)
  }

  /// Works out what ids stand for, if that is not known.
  mutating func refresh() {
    if isStale {
      let holding = known.filter(\.holds).map { ($0.loser, $0.winner) }
      merges = ActorMerges(Dictionary(holding) { _, last in last })
    }
    isStale = false
  }

  /// All ids of the actor that an id stands for, that id among them.
  func ids(_ id: String) -> Set<String> { merges.ids(of: merges.current(id)).union([id]) }

  /// The events of the log on which it rests which ids these are.
  func bearing(on ids: Set<String>) -> Set<EventID> {
    ids.reduce(into: []) { $0.formUnion(bearing[$1] ?? []) }
  }

  /// True where an id certainly stands for itself alone.
  func isAlone(_ id: String) -> Bool {
    isEmpty || (!isStale && !isAmended && unasked.isEmpty && ids(id).count == 1)
  }
}

/// One voter may have several ids: a vote under any of them is a vote of theirs.
extension DraftValidator {
  /// Asks the log for the merges of voters, unless it was asked.
  mutating func loadMerges(of voters: Set<Tag>) async throws {
    let ids = Set(voters.map { String($0.value) }).union(merges.unasked)
    let wanted = head > .start ? merges.toAsk(ids) : []
    if !wanted.isEmpty {
      let facts = try await record.mergeFacts(of: wanted)
      merges.take(facts, of: wanted, isComplete: await record.hasAllMerges)
    }
    merges.refresh()
  }

  /// The same vote under each id of its voter, its own among them.
  mutating func keys(of vote: VoteKey) async throws -> Set<VoteKey> {
    try await loadMerges(of: [vote.voter])
    if merges.isAmended {
      let events = merges.events
      merges.read(try await readings(of: events))
      merges.refresh()
    }
    if merges.isEmpty { return [vote] }
    let ids = merges.ids(String(vote.voter.value))
    rest(on: merges.bearing(on: ids))
    return Set(
      ids.map {
        VoteKey(rollcall: vote.rollcall, voter: .actor($0), isCasting: vote.isCasting)
      })
  }
}
