import EventLog

/// The entries of timelines and of the log: each fact or amendment with one sentence.
extension Store {
  /// The vote that a fact speaks of, where it leaves the choice open.
  static func openVote(_ fact: Fact) -> VoteKey? {
    guard fact.type == "vote.cast", fact.data["choice"]?.array != nil else { return nil }
    return VoteKey(of: fact.data)
  }

  /// The last account that holds of the same vote and says more than this set of choices does.
  private func resolution(of fact: Fact, through: Position) async throws -> Position? {
    guard Self.openVote(fact) != nil, let choices = fact.fields.choice,
      let accounts = try await accounts(ofVote: fact, through: through)
    else { return nil }
    return accounts.facts.indices.last { accounts.choices[$0].isStrictSubset(of: choices) }
      .map { accounts.facts[$0].position }
  }

  /// The entry of a fact: one sentence from the type's summary template, with the names of actors
  /// in place of their ids, and with titles and links of the sources it cites.
  func entry(_ fact: Fact, _ displayNames: inout DisplayNames) async throws -> TimelineEntry {
    var fact = try await reader(displayNames.through).dated([fact])[0]
    for index in fact.sources.indices {
      try await displayNames.complete(&fact.sources[index], store: self)
    }
    fact.resolvedBy = try await resolution(of: fact, through: displayNames.through)
    return TimelineEntry(fact: fact, summary: try await summary(of: fact, &displayNames))
  }

  private func summary(
    of fact: Fact, _ displayNames: inout DisplayNames
  ) async throws -> String {
    let names = try await displayNames.actorNames(in: fact, store: self)
    return vocabulary.summary(type: fact.root.type, data: fact.data, actorNames: names)
  }

  /// The entry of an event with the sentence that the event itself says: a later correction has a sentence
  /// of its own.
  func asRecorded(
    _ entry: TimelineEntry, _ displayNames: inout DisplayNames
  ) async throws -> TimelineEntry {
    guard entry.fact.current != entry.fact.position else { return entry }
    var entry = entry
    entry.summary = try await summary(of: rawFact(entry.fact.root), &displayNames)
    return entry
  }

  /// An event on its own, with what became of it.
  func logEntry(
    _ event: RecordedEvent, through: Position, _ displayNames: inout DisplayNames
  ) async throws -> TimelineEntry {
    if let erasure = event.erasure {
      return TimelineEntry(
        fact: rawFact(event), summary: "payload erased, see \(erasure.by)")
    }
    guard AmendmentState.kind(of: event.type.name) != nil else {
      if let fact = try await reader(through).fact(of: event) {
        return try await entry(fact, &displayNames)
      }
      return TimelineEntry(fact: rawFact(event), summary: event.type.name)
    }
    var fact = rawFact(event)
    let reader = reader(through)
    fact.chain = try await reader.events(naming: event)
    fact.isLive = try await reader.isLive(event)
    let summary = try await amendmentSummary(event.event, reader)
    let citations = fact.sources
    for index in citations.indices {
      try await displayNames.complete(&fact.sources[index], store: self)
    }
    return TimelineEntry(fact: fact, summary: summary)
  }

  /// The same for several events, within a question: what they show is read with few calls. The sentence
  /// of a corrected fact says what holds now or, `asRecorded`, what the event itself says.
  func logEntries(
    _ events: [RecordedEvent], through: Position, _ displayNames: inout DisplayNames,
    asRecorded: Bool = false
  ) async throws -> [TimelineEntry] {
    let reader = reader(through)
    let readable = events.filter { $0.erasure == nil }
    try await reader.judge(readable)
    try await reader.loadNaming(readable.filter { AmendmentState.kind(of: $0.type.name) != nil })
    var facts: [Fact] = []
    for event in readable {
      if let fact = try await reader.fact(of: event) { facts.append(fact) }
    }
    if asRecorded { facts += readable.map(rawFact) }
    try await displayNames.load(facts, store: self)
    var entries: [TimelineEntry] = []
    for event in events {
      let entry = try await logEntry(event, through: through, &displayNames)
      entries.append(asRecorded ? try await self.asRecorded(entry, &displayNames) : entry)
    }
    return entries
  }

  /// An event taken as it was written.
  func rawFact(_ event: RecordedEvent) -> Fact {
    let body = EventBody(event.event.body)
    return Fact(
      root: event, chain: [], isLive: true, isDisputed: false, setAsideBy: nil,
      current: event.position,
      time: event.event.time?.local, basis: body.basis, confidence: body.confidence ?? "asserted",
      data: body.data, sources: body.sources, via: body.via, reason: body.reason, note: body.note)
  }

  /// "corrected #31: choice abstain — wrong row in the source".
  func amendmentSummary(
    _ event: NewEvent, _ reader: RecordReader? = nil
  ) async throws -> String {
    let verb =
      switch AmendmentState.kind(of: event.type.name) {
      case .correction: "corrected"
      case .retraction: "retracted"
      case .dispute: "disputed"
      case .settlement: "settled the dispute about"
      case nil: event.type.name
      }
    let reader = reader ?? self.reader(Position(.max))
    let targets = try await reader.events(ids: event.targets).map(\.position.description)
    let body = EventBody(event.body)
    var changes: [String] = []
    if let id = AmendmentState.preferred(in: event.body) {
      let position = try await reader.events(ids: [id]).first?.position
      changes.append("preferred \(position?.description ?? id.description)")
    } else {
      changes = (body.data.object ?? [:]).map { member in
        "\(member.key) \(member.value.string ?? JSONWriter.compact(member.value))"
      }
    }
    if let time = event.time, event.type.name == "fact.corrected" {
      changes.append("on \(time.text)")
    }
    let what = changes.isEmpty ? "" : ": " + changes.joined(separator: ", ")
    return "\(verb) \(targets.joined(separator: ", "))\(what)"
      + (body.reason.map { " — \($0)" } ?? "")
  }
}
