import EventLog

/// Roll calls on a topic in which no vote of an actor is recorded, sorted by what that means: so
/// that silence can be told from absence.
struct UnrecordedVotes {
  let store: Store
  let actor: String
  let through: Position
  /// By body, after merges.
  private var memberships: [String: [Membership]] = [:]
  /// The bodies in which a vote of the actor is recorded.
  private var voted: Set<String> = []
  private var covering: [CoverageStatement] = []

  init(store: Store, actor: String, through: Position) {
    self.store = store
    self.actor = actor
    self.through = through
  }

  /// One note for each meaning, the roll calls in the order of their ids.
  ///
  /// `known` are roll calls in which a vote of the actor is known.
  mutating func notes(_ rollcalls: [String], known: [String]) async throws -> [String] {
    if rollcalls.isEmpty { return [] }
    covering = try await store.coverageStatements(through: through)
    let all = try await store.facts(
      ["rollcall.held"], underAnyOf: (rollcalls + known).map(Tag.rollcall), through: through)
    let silent = Set(rollcalls)
    let held = all.filter { silent.contains($0.fields.rollcall ?? "") }
    let accounts = Dictionary(grouping: held.filter(\.holds)) {
      $0.fields.rollcall ?? ""
    }
    let bodies = Set(held.compactMap { $0.fields.body })
    let merges = try await store.reader(through).merges(of: bodies)
    voted = Set(
      all.filter { $0.holds && !silent.contains($0.fields.rollcall ?? "") }
        .compactMap { $0.fields.body.map(merges.current) })
    try await loadMemberships(of: bodies, merges)
    try await loadVoted(in: bodies, merges, hasUndated: held.contains { $0.time == nil })
    var sorted: [Meaning: [String]] = [:]
    for rollcall in rollcalls {
      let meaning = meaning(of: accounts[rollcall] ?? [], merges)
      sorted[meaning, default: []].append(rollcall)
    }
    return sorted.sorted { $0.key < $1.key }.compactMap { meaning, rollcalls in
      meaning.note(actor, rollcalls.sorted().joined(separator: ", "))
    }
  }

  private enum Meaning: Hashable, Comparable {
    /// The record lacks no vote: the roll call has no votes by name, or a vote of the actor cannot be expected.
    case none
    case showOfHands
    case noMember(of: String)
    case missing(from: String)
    case unknown

    func note(_ actor: String, _ rollcalls: String) -> String? {
      switch self {
      case .none: nil
      case .showOfHands: "votes of single members were not recorded in \(rollcalls)"
      case .noMember(let body): "\(actor) was no member of \(body) at \(rollcalls)"
      case .missing(let dataset):
        "the record lacks a vote of \(actor) in \(rollcalls), though \(dataset) covers the day"
      case .unknown: "the record lacks a vote of \(actor) in \(rollcalls)"
      }
    }
  }

  private func meaning(of accounts: [Fact], _ merges: ActorMerges<String>) -> Meaning {
    let methods = Set(accounts.compactMap { $0.fields.method })
    if methods == ["consensus"] { return .none }
    guard let main = accounts.goneBy, let body = main.fields.body.map(merges.current) else {
      return .none
    }
    var isExpected = voted.contains(body)
    if let time = main.time, let members = memberships[body], !members.isEmpty {
      isExpected = members.contains {
        $0.member == actor && $0.fact.held(at: AskedTime(time)) != nil
      }
      if !isExpected, methods != ["show-of-hands"] { return .noMember(of: body) }
    }
    if !isExpected { return .none }
    if methods == ["show-of-hands"] { return .showOfHands }
    let covers = main.time.flatMap { time in covering.first { $0.covers(time) } }
    return covers.map { .missing(from: "\($0.dataset) (\($0.fact.position))") } ?? .unknown
  }

  /// Reads the memberships of all bodies with one call of the log.
  private mutating func loadMemberships(
    of bodies: Set<String>, _ merges: ActorMerges<String>
  ) async throws {
    let ids = bodies.reduce(into: Set<String>()) {
      $0.formUnion(merges.ids(of: merges.current($1)))
    }
    for membership in try await store.memberships(of: ids, through: through) {
      memberships[membership.group, default: []].append(membership)
    }
  }

  /// Finds the bodies in which the actor has voted, where no membership tells whether it could.
  private mutating func loadVoted(
    in bodies: Set<String>, _ merges: ActorMerges<String>, hasUndated: Bool
  ) async throws {
    let wanted = Set(bodies.map(merges.current)).filter {
      (hasUndated || memberships[$0]?.isEmpty ?? true) && !voted.contains($0)
    }
    if wanted.isEmpty { return }
    let own = Set(Store.tags(try await store.ids(of: actor, through: through)))
    let tags = wanted.flatMap { body in
      merges.ids(of: body).map { (tag: Tag.actor($0), body: body) }
    }
    let bodyOf = Dictionary(tags.map { ($0.tag, $0.body) }) { first, _ in first }
    let items =
      own.map { EventQuery.Item(types: ["vote.cast"], tags: [$0]) }
      + tags.map { EventQuery.Item(types: ["rollcall.held"], tags: [$0.tag]) }
    typealias Found = (votes: Set<NameID>, bodies: [NameID: String], voted: Set<String>)
    let found = try await store.log.fold(
      EventQuery(items: items), in: EventRange(through: through), into: Found([], [:], [])
    ) { found, row, names in
      let rollcalls = row.tags.filter { names.tag($0).kind == "rollcall" }
      if names.type(row.type).name == "vote.cast" {
        found.votes.formUnion(rollcalls)
        found.voted.formUnion(rollcalls.compactMap { found.bodies[$0] })
      } else if let body = row.tags.lazy.compactMap({ bodyOf[names.tag($0)] }).first {
        for rollcall in rollcalls {
          found.bodies[rollcall] = body
          if found.votes.contains(rollcall) { found.voted.insert(body) }
        }
      }
      // One vote in each body is enough.
      return found.voted.count < wanted.count
    }
    voted.formUnion(found.voted)
  }
}
