import EventLog

/// Compares an import with earlier imports of the same source. A new release of a data set may have other
/// voters or other periods. The record then keeps the facts of both releases, and the receipt lists the
/// facts that only the earlier release has.
struct EarlierRelease {
  /// Which facts are compared. Only for votes it is enough that an import names the roll call.
  struct Kinds: OptionSet, Sendable {
    let rawValue: Int
    static let votes = Kinds(rawValue: 1)
    /// Memberships and offices, of the same holder in the same group.
    static let tenures = Kinds(rawValue: 2)
  }

  private let store: Store
  private let head: Position
  private let kinds: Kinds
  /// Whether the log has facts of a source, by the source's tag.
  private var isKnown: [Tag: Bool] = [:]
  private var numbers: [Tag: UInt64] = [:]
  /// Most votes stand beside others of the same source in the same roll call.
  private var latestSource: (tag: Tag, isInLog: Bool)?
  private var latestRollcall: (tag: Tag, number: UInt64)?
  /// Roll calls and votes in them that this import gives: a roll call and a voter in one.
  private var rollcalls: Set<Tag> = []
  private var votes: Set<UInt64> = []
  private var tenures: [[String?]: [PayloadFields]] = [:]

  init(_ kinds: Kinds, _ store: Store, head: Position) {
    (self.kinds, self.store, self.head) = (kinds, store, head)
  }

  // MARK: what this import gives

  mutating func take(_ admitted: [DraftValidator.Admitted]) async throws {
    guard !kinds.isEmpty, head > .start else { return }
    for event in admitted.lazy.map(\.event) {
      let type = event.type.name
      let isVote = type == "vote.cast" && kinds.contains(.votes)
      guard isVote || kinds.contains(.tenures) && Self.tenureTypes.contains(type) else { continue }
      var isOfKnown = false
      for tag in event.tags {
        if let latestSource, latestSource.tag == tag {
          isOfKnown = isOfKnown || latestSource.isInLog
        } else if tag.kind == "source" {
          let known = try await isInLog(tag)
          latestSource = (tag, known)
          isOfKnown = isOfKnown || known
        }
      }
      guard isOfKnown else { continue }
      if isVote, let vote = VoteKey(of: event) {
        if latestRollcall?.tag != vote.rollcall {
          rollcalls.insert(vote.rollcall)
          latestRollcall = (vote.rollcall, number(vote.rollcall))
        }
        votes.insert((latestRollcall?.number ?? 0) << 32 | number(vote.voter))
      } else if !isVote {
        let fields = PayloadFields(EventBody(event.body).data)
        tenures[Self.subject(type, fields), default: []].append(fields)
      }
    }
  }

  private static let tenureTypes = ["membership.held", "role.held"]

  /// What a membership or an office is about, but for the time.
  private static func subject(_ type: String, _ fields: PayloadFields) -> [String?] {
    [type, fields.actor, fields.group, fields.person, fields.organisation, fields.title]
  }

  private mutating func isInLog(_ source: Tag) async throws -> Bool {
    if let known = isKnown[source] { return known }
    let types = ["vote.cast"] + Self.tenureTypes
    let first = try await store.log.read(
      EventQuery(types: types, tags: [source]), in: EventRange(through: head, limit: 1))
    isKnown[source] = !first.isEmpty
    return !first.isEmpty
  }

  private mutating func number(_ tag: Tag) -> UInt64 {
    if let known = numbers[tag] { return known }
    let next = UInt64(numbers.count)
    numbers[tag] = next
    return next
  }

  // MARK: what it does not give

  /// As many facts are looked at closely.
  private static let limit = 1000

  func remarks() async throws -> [Remark] {
    var remarks: [Remark] = []
    for source in isKnown.filter(\.value).keys.sorted(by: { $0.value < $1.value }) {
      if let remark = try await remark(onVotesOf: source) { remarks.append(remark) }
      if let remark = try await remark(onTenuresOf: source) { remarks.append(remark) }
    }
    return remarks
  }

  private func remark(onVotesOf source: Tag) async throws -> Remark? {
    if votes.isEmpty { return nil }
    let (rollcalls, votes, numbers) = (rollcalls, votes, numbers)
    // By number of the tag: whether it is that of a given roll call or of a voter, and its number here.
    typealias Known = (rollcall: UInt64?, voter: UInt64?)
    typealias State = (found: [Position], known: [NameID: Known])
    let found = try await store.log.fold(
      EventQuery(types: ["vote.cast"], tags: [source]), in: EventRange(through: head),
      into: State([], [:])
    ) { state, row, names in
      var (rollcall, voter): Known = (nil, nil)
      for id in row.tags {
        let own: Known
        if let known = state.known[id] {
          own = known
        } else {
          let tag = names.tag(id)
          let isRollcall = tag.kind == "rollcall" && rollcalls.contains(tag)
          own = (
            isRollcall ? numbers[tag] : nil, tag.kind == "actor" ? numbers[tag] ?? .max : nil
          )
          state.known[id] = own
        }
        rollcall = rollcall ?? own.rollcall
        voter = voter ?? own.voter
      }
      guard let rollcall, let voter else { return true }
      if voter == .max || !votes.contains(rollcall << 32 | voter) {
        state.found.append(row.position)
      }
      return state.found.count < Self.limit
    }.found
    if found.isEmpty { return nil }
    var left: [Fact] = []
    for fact in try await store.facts(of: store.events(at: Set(found)), through: head) {
      guard fact.holds, let vote = VoteKey(of: fact.data), rollcalls.contains(vote.rollcall),
        try await !isGiven(vote)
      else { continue }
      left.append(fact)
    }
    return try await remark(
      left, ("vote", "votes"), of: source, isMore: found.count == Self.limit,
      "that this one does not give, in the same roll calls")
  }

  /// Whether this import gives a vote under any id of the voter.
  private func isGiven(_ vote: VoteKey) async throws -> Bool {
    let voter = String(vote.voter.value)
    let merges = try await store.reader(head).merges(of: [voter])
    guard let rollcall = numbers[vote.rollcall] else { return false }
    return merges.ids(of: merges.current(voter)).union([voter]).contains { id in
      numbers[.actor(id)].map { votes.contains(rollcall << 32 | $0) } ?? false
    }
  }

  private func remark(onTenuresOf source: Tag) async throws -> Remark? {
    if tenures.isEmpty { return nil }
    let recorded = try await store.facts(Self.tenureTypes, underAnyOf: [source], through: head)
    let left = recorded.filter { fact in
      guard fact.holds, let given = tenures[Self.subject(fact.type, fact.fields)] else {
        return false
      }
      guard !given.contains(where: { $0.periodText == fact.fields.periodText }),
        let own = fact.tenure
      else { return false }
      return given.contains { other in
        other.period.map { $0.startMin < own.endMax && own.startMin < $0.endMax } ?? false
      }
    }
    return try await remark(
      left, Self.tenureNouns, of: source, isMore: false, "with other periods than this one gives")
  }

  private func remark(
    _ facts: [Fact], _ nouns: (one: String, many: String), of source: Tag, isMore: Bool,
    _ which: String
  ) async throws -> Remark? {
    Self.remark(
      facts, nouns, isMore ? "at least " : "", which, String(source.value), store.vocabulary)
  }

  static let tenureNouns = (one: "membership or office", many: "memberships and offices")
  private static let shown = 3

  /// "an earlier import of S recorded 4 votes that this one does not give, in the same roll calls: …"
  static func remark(
    _ facts: [Fact], _ nouns: (one: String, many: String), _ atLeast: String, _ which: String,
    _ source: String, _ vocabulary: Vocabulary
  ) -> Remark? {
    guard let first = facts.first else { return nil }
    let examples = facts.prefix(shown).map { fact in
      "\(fact.position) \(vocabulary.summary(type: fact.root.type, data: fact.data))"
    }
    let more = facts.count > examples.count ? " and others" : ""
    let what = "\(atLeast)\(facts.count) \(facts.count == 1 ? nouns.one : nouns.many)"
    return Remark(
      kind: "earlier-release", position: nil,
      text: "an earlier import of \(source) recorded \(what) \(which): "
        + examples.joined(separator: ", ") + more
        + (facts.count == 1
          ? ". It stays; retract \(first.position) if it is wrong"
          : ". All of them stay; retract those that are wrong, such as \(first.position)"))
  }
}
