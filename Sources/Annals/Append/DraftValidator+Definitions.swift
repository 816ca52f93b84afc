import EventLog

/// An id means one thing: a definition or a merge must agree with the recorded definitions and merges of
/// the same id.
extension DraftValidator {
  /// What an event says of the thing that it is about, as far as a check compares it.
  struct Definition {
    var event: EventID
    /// Nil for an event of this run.
    var position: Position?
    var fields: PayloadFields
    /// In local seconds.
    var time: ValidTime?
    var sources: VoteRegister.SourceSet

    var place: String { position?.description ?? "earlier in this input" }
  }

  /// What this run has said of things so far, by type and tag. Only types are kept of which a check
  /// asks.
  struct RunDefinitions {
    private struct Key: Hashable {
      var type: String
      var tag: Tag
    }

    private var definitions: [Key: [Definition]] = [:]

    mutating func add(_ definition: Definition, _ type: String, _ tag: Tag) {
      definitions[Key(type: type, tag: tag), default: []].append(definition)
    }

    func of(_ type: String, _ tag: Tag) -> [Definition] {
      definitions[Key(type: type, tag: tag)] ?? []
    }
  }

  /// All that holds of one type and is filed under a tag, in the log and in this run, in order. What
  /// was corrected is there as it reads now, and with `asRecorded` as it was recorded too.
  mutating func definitions(
    _ type: String, _ tag: Tag, asRecorded: Bool = false
  ) async throws -> [[Definition]] {
    let stored = head > .start ? try await asked.reader(head).events([type], under: [[tag]]) : []
    let here = definedThings.of(type, tag)
    // Only what names its own id can be amended by this run.
    let named = here.map(\.event).filter { pending[$0] != nil }
    let ids = Set(stored.map(\.id)).union(named)
    let facts =
      amendments.isEmpty
      ? try await asked.facts(of: stored, through: head)
      : try await readings(of: Array(ids))
    let isRead = Set(facts.map(\.root.id))
    // A correction may have put it elsewhere, or here.
    func isAbout(_ definition: Definition) -> Bool {
      Self.kept[type].flatMap { definition.fields[id: $0.field] } == String(tag.value)
    }
    var found: [[Definition]] = facts.filter { $0.type == type && $0.holds }.map { fact in
      let isStored = fact.position <= head
      let sources = votes.sources(of: fact.root.event)
      let now = Definition(
        event: fact.root.id, position: isStored ? fact.position : nil, fields: fact.fields,
        time: fact.time, sources: sources)
      guard asRecorded, fact.current != fact.position else { return [now].filter(isAbout) }
      var first = now
      first.fields = PayloadFields(EventBody(fact.root.event.body).data)
      first.time = fact.root.event.time?.local
      return [now, first].filter(isAbout)
    }
    found.removeAll(where: \.isEmpty)
    found += here.filter { !isRead.contains($0.event) }.map { [$0] }
    return found
  }

  /// Takes note of what a draft says of a thing.
  mutating func noteDefinition(of draft: EventReader.Draft) {
    let type = draft.event.type.name
    guard let kept = Self.kept[type] else { return }
    let data = EventBody(draft.event.body).data
    guard let id = data[kept.field]?.string else { return }
    // A text or a list of many may be long; nothing of them is compared.
    var short: JSONObject = [:]
    for name in kept.compared { short[name] = data[name] }
    let definition = Definition(
      event: draft.event.id, position: nil, fields: PayloadFields(.object(short)),
      time: draft.event.time?.local, sources: votes.sources(of: draft.event))
    definedThings.add(definition, type, Tag(kind: kept.kind, value: id))
  }

  private static let kept: [String: (kind: String, field: String, compared: [String])] = [
    "actor.merged": ("actor", "loser", ["loser", "winner"]),
    "topic.defined": ("topic", "topic", ["parent", "topic"]),
    "motion.tabled": ("motion", "motion", ["body", "motion", "parent"]),
    "rollcall.held": ("rollcall", "rollcall", ["body", "rollcall", "session"]),
  ]

  // MARK: a thing is not itself

  /// Fields of one event that name two different things, and a sentence about an event where they name
  /// one.
  static let distinct: [String: (first: String, second: String, says: String)] = [
    "actor.merged": ("loser", "winner", "is merged into itself"),
    "actor.succeeded": ("predecessor", "successor", "succeeds itself"),
    "membership.held": ("actor", "group", "is a member of itself"),
    "role.held": ("person", "organisation", "holds an office of itself"),
    "topic.defined": ("topic", "parent", "is its own parent"),
    "motion.tabled": ("motion", "parent", "is its own parent"),
    "relation.asserted": ("a", "b", "has a relation to itself"),
  ]

  /// Checks the things that a payload names, which a draft records or makes of an earlier fact.
  mutating func checkIdentity(
    of type: String, _ data: JSON, in draft: EventReader.Draft, correcting root: EventID?,
    _ reader: inout EventReader, _ problems: inout ProblemList
  ) async throws {
    let fields = PayloadFields(data)
    guard let pair = Self.distinct[type], let first = fields[id: pair.first],
      let second = fields[id: pair.second]
    else { return }
    if first == second {
      problems.append(
        reader.problem(
          .circular, in: draft, at: .pointer("/data/\(pair.second)", isName: false),
          "\(first) \(pair.says)", help: "\(pair.first) and \(pair.second) are two different ids"))
      return
    }
    switch type {
    case "actor.merged":
      try await checkMerge(of: first, into: second, in: draft, besides: root, &reader, &problems)
    case "topic.defined", "motion.tabled":
      try await checkParent(second, of: first, type, in: draft, besides: root, &reader, &problems)
    default: return
    }
  }

  /// Checks the facts that a draft brings back. A retraction of a retraction or of a correction, and a
  /// settlement of a dispute, make an earlier fact hold again.
  mutating func checkBroughtBack(
    by draft: EventReader.Draft, _ reader: inout EventReader, _ problems: inout ProblemList
  ) async throws {
    let type = draft.event.type.name
    guard type == "fact.retracted" || type == "dispute.settled" else { return }
    var ids: [EventID] = []
    for fact in try await factsBehind(draft.event.targets) {
      if type == "dispute.settled" {
        // A settlement that prefers none of two accounts of a vote leaves both.
        if fact.type == "vote.cast" { continue }
      } else if draft.event.targets.contains(fact.id) {
        continue
      }
      if try await canContradict(fact) { ids.append(fact.id) }
    }
    if ids.isEmpty { return }
    let before = Dictionary(
      try await readings(of: ids).map { ($0.root.id, $0) }, uniquingKeysWith: { first, _ in first })
    // The record as it would be.
    var after = self
    try await after.note(amendment: draft)
    // What shares a dispute with these facts is read with them, and is not asked about.
    let asked = Set(ids)
    for fact in try await after.readings(of: ids) where fact.holds && asked.contains(fact.root.id) {
      let known = before[fact.root.id]
      if let known, known.holds, known.data == fact.data { continue }
      if fact.type == "vote.cast" {
        try await after.checkBroughtBackVote(fact, by: draft, &reader, &problems)
      } else {
        try await after.checkIdentity(
          of: fact.type, fact.data, in: draft, correcting: fact.root.id, &reader, &problems)
      }
      if !problems.isEmpty { return }
    }
    rest(on: after.restsOn)
  }

  /// Whether a fact that is brought back may contradict another one.
  private mutating func canContradict(_ fact: RunAmendments.Fact) async throws -> Bool {
    if fact.type == "vote.cast" {
      for vote in try await votes(of: fact.id) {
        broughtBack.formUnion(try await keys(of: vote))
      }
      return try await hasOtherAccount(ofVote: fact.id)
    }
    return Self.distinct[fact.type] != nil
  }

  /// The last merge of an id that holds.
  private mutating func merge(
    of id: String, besides root: EventID?
  ) async throws -> (winner: String, place: String, position: Position?)? {
    let merges = try await definitions("actor.merged", .actor(id)).compactMap(\.first)
    let last = merges.last { $0.fields.loser == id && $0.event != root }
    return last.flatMap { merge in
      merge.fields.winner.map { ($0, merge.place, merge.position) }
    }
  }

  /// An id is merged into one other id, and no chain of merges leads back to it.
  private mutating func checkMerge(
    of loser: String, into winner: String, in draft: EventReader.Draft, besides root: EventID?,
    _ reader: inout EventReader, _ problems: inout ProblemList
  ) async throws {
    var end = winner
    var seen: Set<String> = [loser, winner]
    while let next = try await merge(of: end, besides: root) {
      if next.winner == loser {
        problems.append(
          reader.problem(
            .circular, in: draft, at: .pointer("/data/winner", isName: false),
            "\(end) was merged into \(loser) already (\(next.place)): merging \(loser) into "
              + "\(winner) would lead in a circle",
            help: next.position.map { Self.undoing(merge: $0) }))
        return
      }
      end = next.winner
      if !seen.insert(end).inserted { return }
    }
    guard let earlier = try await merge(of: loser, besides: root) else { return }
    var other = earlier.winner
    seen = [loser, other]
    while let next = try await merge(of: other, besides: root), seen.insert(next.winner).inserted {
      other = next.winner
    }
    if other == end { return }
    problems.append(
      reader.problem(
        .alreadyDefined, in: draft, at: .pointer("/data/loser", isName: false),
        "\(loser) was merged into \(earlier.winner) already (\(earlier.place))",
        help: "if \(winner) is the same too, merge \(other) and \(end)"
          + (earlier.position.map { "; \(Self.undoing(merge: $0))" } ?? "")))
  }

  private static func undoing(merge position: Position) -> Help {
    "if the earlier merge was wrong:  "
      + "\(command: "retract \(position.rawValue) --reason \"…\"")"
  }

  /// No chain of parents leads back to where it begins.
  private mutating func checkParent(
    _ parent: String, of id: String, _ type: String, in draft: EventReader.Draft,
    besides root: EventID?, _ reader: inout EventReader, _ problems: inout ProblemList
  ) async throws {
    guard let kept = Self.kept[type] else { return }
    var next: String? = parent
    var seen: Set<String> = []
    while let current = next, seen.insert(current).inserted {
      let tag = Tag(kind: kept.kind, value: current)
      let above = try await definitions(type, tag).compactMap(\.first).last {
        ($0.fields.topic ?? $0.fields.motion) == current && $0.event != root
      }
      next = above?.fields.parent
      guard let above, next == id else { continue }
      problems.append(
        reader.problem(
          .circular, in: draft, at: .pointer("/data/parent", isName: false),
          "\(current) has \(id) as its parent already (\(above.place)): \(id) under \(parent) "
            + "would lead in a circle"))
      return
    }
  }

  // MARK: accounts of one thing

  /// A motion or a roll call may be reported by several sources. What one source says of it twice, and
  /// what two sources say of its body, must agree: else one id names two things.
  mutating func checkAccount(
    of tag: Tag, in draft: EventReader.Draft, _ reader: inout EventReader,
    _ problems: inout ProblemList
  ) async throws {
    let type = draft.event.type.name
    guard Self.kept[type] != nil, let kind = EntityKind(rawValue: String(tag.kind)) else { return }
    let new = Definition(
      event: draft.event.id, position: nil,
      fields: PayloadFields(EventBody(draft.event.body).data), time: draft.event.time?.local,
      sources: votes.sources(of: draft.event))
    let accounts = try await definitions(type, tag, asRecorded: true)
    // An event with an id of its own may be named by that id later on.
    for case let position? in draft.hasOwnID ? [] : accounts.compactMap(\.first).map(\.position) {
      if let same = try await event(at: position, saying: draft.event, onAnyDay: false) {
        recorded[draft.event.id] = same
        return
      }
    }
    for account in accounts {
      var difference: (what: String, known: String, given: String)?
      var isSame = false
      for known in account where !isSame {
        let found = try await self.difference(new, from: known)
        if found == nil { isSame = true }
        difference = difference ?? found
      }
      guard !isSame, let difference, let known = account.first else { continue }
      let change =
        switch difference.what {
        case "body": "--set body=\(difference.given)"
        case "session": "--set session=\(difference.given)"
        default: "--on \(difference.given)"
        }
      problems.append(
        reader.problem(
          .alreadyDefined, in: draft, at: .value(String(tag.value)),
          "\(kind.noun) \"\(tag.value)\" has the \(difference.what) \(difference.known) already "
            + "(\(known.place)), and \(difference.given) here",
          help: "give each \(kind.noun) an id of its own"
            + (known.position.map {
              "; if it is one, and was recorded wrongly:  "
                + "\(command: "correct \($0.rawValue) \(change) --reason \"…\"")"
            } ?? "")))
      return
    }
  }

  /// An event of the log if it says what a draft says, as it was recorded or as it was corrected since,
  /// and rests on its sources; where in a source it stands may differ.
  func event(
    at position: Position, saying draft: NewEvent, onAnyDay: Bool
  ) async throws -> NewEvent? {
    guard let event = try await store.event(at: position), event.type == draft.type else {
      return nil
    }
    let own = EventBody(draft.body)
    let data = JSONWriter.canonical(own.data)
    let body = EventBody(event.event.body)
    guard Set(own.sources.map(\.source)).isSubset(of: body.sources.map(\.source)) else {
      return nil
    }
    func isSame(
      _ other: JSON, _ time: ValidTime?, _ confidence: String?, _ via: JSON?, _ note: String?
    ) -> Bool {
      JSONWriter.canonical(other) == data && (onAnyDay || time == draft.time?.local)
        && via == own.via
        && note == own.note
        && confidence ?? NormalForm.confidence == own.confidence ?? NormalForm.confidence
    }
    if isSame(body.data, event.event.time?.local, body.confidence, body.via, body.note) {
      return event.event
    }
    let fact = try await store.facts(of: [event], through: Position(.max)).first {
      $0.position == position
    }
    let isSaid = fact.map { isSame($0.data, $0.time, $0.confidence, $0.via, $0.note) } ?? false
    return isSaid ? event.event : nil
  }

  /// What shows that two accounts are of two things; nil where they may be of one.
  ///
  /// One source gives one body, session and day. Another source may be wrong about the day, or write
  /// the session otherwise; where both differ it speaks of something else.
  private func difference(
    _ new: Definition, from known: Definition
  ) async throws -> (what: String, known: String, given: String)? {
    if let body = new.fields.body, let other = known.fields.body, body != other {
      let current = try await store.mergedIDs(of: [body, other], through: Position(.max))
      if current[body] != current[other] { return ("body", other, body) }
    }
    var session: (what: String, known: String, given: String)?
    if let text = new.fields.session, let other = known.fields.session,
      SessionName(text) != SessionName(other)
    {
      session = ("session", other, text)
    }
    var day: (what: String, known: String, given: String)?
    if let time = new.time, let other = known.time,
      time.latest <= other.earliest || other.latest <= time.earliest
    {
      day = ("day", other.text, time.text)
    }
    if votes.areApart(new.sources, known.sources) { return day == nil ? nil : session }
    return day ?? session
  }
}
