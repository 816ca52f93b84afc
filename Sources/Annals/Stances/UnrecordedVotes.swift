import EventLog

/// Roll calls on a topic in which no vote of an actor is recorded, sorted by what that means: so
/// that silence can be told from absence.
struct UnrecordedVotes {
  let store: Store
  let actor: String
  let through: Position
  /// By body.
  private var memberships: [String: [Membership]] = [:]
  private var covering: [CoverageStatement] = []

  init(store: Store, actor: String, through: Position) {
    self.store = store
    self.actor = actor
    self.through = through
  }

  /// One note for each meaning, the roll calls in the order of their ids.
  mutating func notes(_ rollcalls: [String]) async throws -> [String] {
    if rollcalls.isEmpty { return [] }
    covering = try await store.coverageStatements(through: through)
    let tags = rollcalls.map { Tag(kind: "rollcall", value: $0) }
    let held = try await store.facts(["rollcall.held"], underAnyOf: tags, through: through)
    let accounts = Dictionary(grouping: held.filter(\.holds)) {
      $0.fields.rollcall ?? ""
    }
    try await loadMemberships(of: Set(held.compactMap { $0.fields.body }))
    var sorted: [Meaning: [String]] = [:]
    for rollcall in rollcalls {
      let meaning = meaning(of: accounts[rollcall] ?? [])
      sorted[meaning, default: []].append(rollcall)
    }
    return sorted.sorted { $0.key < $1.key }.compactMap { meaning, rollcalls in
      meaning.note(actor, rollcalls.sorted().joined(separator: ", "))
    }
  }

  private enum Meaning: Hashable, Comparable {
    /// Nobody's vote is missing.
    case consensus
    case showOfHands
    case noMember(of: String)
    case missing(from: String)
    case unknown

    func note(_ actor: String, _ rollcalls: String) -> String? {
      switch self {
      case .consensus: nil
      case .showOfHands: "votes of single members were not recorded in \(rollcalls)"
      case .noMember(let body): "\(actor) was no member of \(body) at \(rollcalls)"
      case .missing(let dataset):
        "no vote of \(actor) is recorded in \(rollcalls), though \(dataset) covers the day"
      case .unknown: "no vote of \(actor) is recorded in \(rollcalls)"
      }
    }
  }

  private func meaning(of accounts: [Fact]) -> Meaning {
    let methods = Set(accounts.compactMap { $0.fields.method })
    if methods == ["consensus"] { return .consensus }
    if methods == ["show-of-hands"] { return .showOfHands }
    guard let dated = accounts.first(where: { $0.time != nil }), let time = dated.time else {
      return .unknown
    }
    if let body = dated.fields.body {
      let members = memberships[body] ?? []
      let isMember = members.contains {
        $0.member == actor && $0.fact.held(at: AskedTime(time)) != nil
      }
      if !members.isEmpty && !isMember { return .noMember(of: body) }
    }
    let covers = covering.first { $0.covers(time) }
    return covers.map { .missing(from: "\($0.dataset) (\($0.fact.position))") } ?? .unknown
  }

  /// Reads the memberships of all bodies with one call of the log.
  private mutating func loadMemberships(of bodies: Set<String>) async throws {
    let merges = try await store.reader(through).merges(of: bodies)
    let ids = bodies.reduce(into: Set<String>()) { $0.formUnion(merges.ids(of: $1)) }
    for membership in try await store.memberships(of: ids, through: through) {
      memberships[membership.group, default: []].append(membership)
    }
  }
}
