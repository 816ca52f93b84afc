import EventLog

extension Store {
  /// The captures of a source, what differs between them, the facts that rest on it, and what
  /// contradicts those. `listing` limits how many facts of older versions are given in full.
  ///
  /// The id may be written in any case. Throws `.unknownSource`.
  public func source(
    _ name: String, knownBy: KnownBy? = nil, history: Bool = false, listing: Int = 100
  ) async throws -> SourceAnswer {
    let recordState = try await recordState(knownBy)
    let store = asking(at: recordState.position)
    let id = try await store.knownID(.source, name, .unknownSource, through: recordState.position)
    var reader = SourceReader(store: store, source: id, recordState: recordState)
    try await reader.load(listing: listing)
    return try await reader.answer(history: history, listing: listing)
  }
}

/// Puts the answer about one source together. A source may have a million facts: those that nobody
/// amended or contradicted are counted row by row, and never made into facts.
private struct SourceReader {
  let store: Store
  let source: String
  let recordState: RecordState
  private var displayNames: DisplayNames
  private var captures: [Fact] = []
  /// Positions of the captures that hold: version n at index n − 1.
  private var versions: [Position] = []
  private var count = Count()
  /// Facts that took a closer look: amended, contradicted, or votes that may be.
  private var examined: [Fact] = []

  /// What is counted of the facts that rest on the source.
  private struct Count: Sendable {
    var counts: [String: Int] = [:]
    var perVersion: [Int]
    var first: Position?
    var last: Position?
    /// Facts of older versions.
    var outdated: [Position] = []
    /// Rows that need a closer look.
    var special: [Position] = []
    /// Contradicted votes that are counted, and not listed.
    var unlisted = 0

    init(versions: Int = 0) { perVersion = Array(repeating: 0, count: versions) }

    mutating func add(_ position: Position, _ type: String, version: Int) {
      counts[type, default: 0] += 1
      if perVersion.indices.contains(version - 1) { perVersion[version - 1] += 1 }
      first = min(first ?? position, position)
      last = max(last ?? position, position)
      if version < perVersion.count { outdated.append(position) }
    }
  }

  init(store: Store, source: String, recordState: RecordState) {
    self.store = store
    self.source = source
    self.recordState = recordState
    displayNames = DisplayNames(through: recordState.position)
  }

  private var through: Position { recordState.position }
  private var tag: Tag { Tag(kind: "source", value: source) }

  mutating func load(listing: Int) async throws {
    captures = try await store.captures(of: source, through: through)
    versions = captures.filter(\.holds).map(\.position)
    try await countRows(listing: listing)
    examined = try await store.facts(
      of: try await store.events(at: count.special), through: through
    ).filter { $0.isLive && !isCapture($0) }
    for fact in examined where fact.cites(source) {
      count.add(fact.position, fact.type, version: version(at: citedAt(fact)))
    }
    count.outdated.sort()
  }

  private func isCapture(_ fact: Fact) -> Bool {
    fact.type == "source.captured" && fact.fields.source == source
  }

  /// The version that was the newest at a position: the first one at least.
  private func version(at position: Position) -> Int {
    max(1, versions.count { $0 <= position })
  }

  /// Where the fact, or a correction of it that holds, cites the source last.
  private func citedAt(_ fact: Fact) -> Position {
    let correcting = fact.holdingAmendments.last { event in
      event.type.name == "fact.corrected" && event.cites(source)
    }
    return correcting?.position ?? fact.position
  }

  // MARK: counting

  /// Counts what cites the source and stands as it was written.
  private mutating func countRows(listing: Int) async throws {
    let amended = try await amendedPositions()
    let suspect = try await suspectVotes(amended, listing: listing)
    let contradicting = TextSearch("contradicts")
    let versions = versions
    let captured = Set(captures.map(\.position))
    count = try await store.log.fold(
      EventQuery(tags: [tag]), in: EventRange(through: through),
      into: Count(versions: versions.count)
    ) { count, row, names in
      let type = names.type(row.type).name
      if captured.contains(row.position) { return true }
      if AmendmentState.kind(of: type) != nil || amended.contains(row.position)
        || (type == "vote.cast" && suspect.holds(row, names))
        || contradicting.matches(row.body)
      {
        count.special.append(row.position)
      } else {
        if suspect.unlisted.contains(row.position) { count.unlisted += 1 }
        let version = max(1, versions.count { $0 <= row.position })
        count.add(row.position, type, version: version)
      }
      return true
    }
  }

  /// The facts of the record that were amended.
  private func amendedPositions() async throws -> Set<Position> {
    try await store.log.fold(
      EventQuery(types: Amendment.types.sorted()), in: EventRange(through: through),
      into: Set<Position>()
    ) { positions, row, _ in
      positions.formUnion(row.targets)
      return true
    }
  }

  /// Votes that may contradict another account: of another source, of a voter who was merged with
  /// this one, or one that an amendment brought back.
  private struct SuspectVotes: Sendable {
    /// Of those that another source contradicts the first, and the rest.
    var contradicted: Set<Position> = []
    var unlisted: Set<Position> = []
    var voters: Set<Tag> = []
    var keys: Set<VoteKey> = []

    func holds(_ row: borrowing EventRow, _ names: any LogNames) -> Bool {
      if contradicted.contains(row.position) { return true }
      let tags = row.tags.map(names.tag)
      guard let voter = tags.first(where: { $0.kind == "actor" }),
        let rollcall = tags.first(where: { $0.kind == "rollcall" })
      else { return false }
      return voters.contains(voter) || keys.contains(.init(rollcall: rollcall, voter: voter))
    }
  }

  private func suspectVotes(
    _ amended: Set<Position>, listing: Int
  ) async throws -> SuspectVotes {
    let merges = try await store.log.read(
      Amendment.query(["actor.merged"], []), in: EventRange(through: through))
    var suspect = SuspectVotes()
    suspect.voters = Set(merges.flatMap(\.event.tags).filter { $0.kind == "actor" })
    let events = try await store.events(at: amended.sorted()).filter { $0.type.name == "vote.cast" }
    suspect.keys = Set(
      try await store.facts(of: events, through: through).compactMap {
        VoteKey(of: $0.data)
      })
    let contradicted = try await contradictedVotes().sorted()
    suspect.contradicted = Set(contradicted.prefix(listing))
    suspect.unlisted = Set(contradicted.dropFirst(listing))
    return suspect
  }

  /// The votes of this source of which another gives an account that cannot be so as well.
  private func contradictedVotes() async throws -> Set<Position> {
    typealias Given = (
      reader: BallotReader,
      votes: [BallotReader.CastVote.Key: (choices: ChoiceSet, position: Position)],
      contradicted: Set<Position>
    )
    let range = EventRange(through: through)
    let own = try await store.log.fold(
      EventQuery(types: ["vote.cast"], tags: [tag]), in: range, into: Given(.init(), [:], [])
    ) { given, row, names in
      if let vote = given.reader.vote(row, names) {
        given.votes[vote.key] = (vote.choices, row.position)
      }
      return true
    }
    if own.votes.isEmpty { return [] }
    return try await store.log.fold(EventQuery(types: ["vote.cast"]), in: range, into: own) {
      given, row, names in
      if let vote = given.reader.vote(row, names), let known = given.votes[vote.key],
        known.choices.isDisjoint(with: vote.choices)
      {
        given.contradicted.insert(known.position)
      }
      return true
    }.contradicted
  }

  // MARK: the answer

  mutating func answer(history: Bool, listing: Int) async throws -> SourceAnswer {
    var outdated: [SourceAnswer.OutdatedFact] = []
    for event in try await store.events(at: count.outdated.prefix(listing)) {
      let entry = try await store.logEntry(event, through: through, &displayNames)
      outdated.append(
        SourceAnswer.OutdatedFact(version: version(at: citedAt(entry.fact)), entry: entry))
    }
    let contradictions = try await contradictions()
    return SourceAnswer(
      source: source, title: captures.last { $0.holds }?.fields.title,
      knownBy: recordState, hasHistory: history, versions: try await versions(history: history),
      facts: count.counts.sorted { $0.key < $1.key }
        .map { SourceAnswer.TypeCount(type: $0.key, count: $0.value) },
      positions: count.first.flatMap { first in count.last.map { first...$0 } },
      outdated: outdated, outdatedCount: count.outdated.count,
      contradictions: contradictions,
      contradictionCount: contradictions.count + count.unlisted)
  }

  private mutating func versions(history: Bool) async throws -> [SourceAnswer.Version] {
    var result: [SourceAnswer.Version] = []
    var before: JSON?
    for fact in captures where fact.isLive || history {
      var version = SourceAnswer.Version(
        number: nil, entry: try await store.entry(fact, &displayNames), changes: nil, facts: 0)
      if let index = versions.firstIndex(of: fact.position) {
        version.number = index + 1
        version.facts = count.perVersion[index]
        version.changes = before.map { SourceAnswer.changes(from: $0, to: fact.data) }
        before = fact.data
      }
      result.append(version)
    }
    return result
  }

  // MARK: contradictions

  private mutating func contradictions() async throws -> [SourceAnswer.Contradiction] {
    var found: [SourceAnswer.Contradiction] = []
    for fact in examined {
      let disputes = fact.holdingAmendments.filter { $0.type.name == "fact.disputed" }
      if fact.isDisputed, fact.cites(source) || disputes.contains(where: { $0.cites(source) }) {
        found.append(try await contradiction(.dispute, fact, disputes))
      }
      guard fact.cites(source) else { continue }
      if fact.sources.contains(where: { $0.relation == "contradicts" }) {
        found.append(try await contradiction(.source, fact, []))
      }
      if let accounts = try await store.accounts(ofVote: fact, through: through) {
        let others = accounts.contradicting(fact.position).map(\.root)
        if !others.isEmpty { found.append(try await contradiction(.vote, fact, others)) }
      }
    }
    return found
  }

  private mutating func contradiction(
    _ kind: SourceAnswer.Contradiction.Kind, _ fact: Fact, _ others: [RecordedEvent]
  ) async throws -> SourceAnswer.Contradiction {
    var entries: [TimelineEntry] = []
    for event in others {
      entries.append(try await store.logEntry(event, through: through, &displayNames))
    }
    return SourceAnswer.Contradiction(
      kind: kind, entry: try await store.entry(fact, &displayNames), others: entries)
  }
}

extension Fact {
  fileprivate func cites(_ source: String) -> Bool { sources.contains { $0.source == source } }

  /// The events of the chain that no retraction which holds has taken back.
  fileprivate var holdingAmendments: [RecordedEvent] {
    let positions = Dictionary(
      ([root] + chain).map { ($0.id, $0.position) }, uniquingKeysWith: { first, _ in first })
    var amendments = AmendmentState()
    for event in chain {
      guard let kind = AmendmentState.kind(of: event.type.name) else { continue }
      amendments.add(
        kind, at: event.position, targets: event.event.targets.compactMap { positions[$0] })
    }
    let resolved = amendments.resolved()
    return chain.filter { resolved.isLive($0.position) }
  }
}

extension RecordedEvent {
  fileprivate func cites(_ source: String) -> Bool {
    EventBody(event.body).sources.contains { $0.source == source }
  }
}
