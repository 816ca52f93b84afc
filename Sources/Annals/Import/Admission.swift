import EventLog

/// Checks drafts against the log and against each other, and completes them: what they refer to
/// must exist, a vote is cast once, a correction must leave a valid fact behind.
///
/// Drafts are admitted chunk by chunk in input order. Within one run every admitted draft counts
/// as recorded for the later ones, whether it has been appended by then or not.
struct Admission {
  let store: Store
  /// What the drafts are read from; places in them are read again when an event names one.
  let inputs: [any EventInput]
  /// Everything up to here was in the log when the run began.
  private(set) var head: Position
  /// Entities that are known to be defined.
  private var defined: Set<Tag> = []
  /// Entities defined by drafts of this run, for suggestions.
  private var definedHere: Set<Tag> = []
  /// Where in the input a draft of this run that named its own id stands.
  private var pending: [EventID: InputPlace] = [:]
  private var votes = VoteRegister()

  init(store: Store, inputs: [any EventInput], head: Position) {
    self.store = store
    self.inputs = inputs
    self.head = head
  }

  /// A draft that may be appended.
  struct Admitted: Sendable {
    var event: NewEvent
    var line: Int
    /// True when the log holds it already, with the same content.
    var isPresent: Bool
  }

  /// Admits a chunk. What is wrong is added to `refused`, and left out of the result.
  mutating func admit(
    _ drafts: [EventReader.Draft], reader: inout EventReader,
    refused: inout [(line: Int, problem: Problem)]
  ) async throws -> [Admitted] {
    var admitted: [Admitted] = []
    admitted.reserveCapacity(drafts.count)
    let stored = try await storedPositions(of: drafts)
    try await loadVotes(of: drafts, isStored: stored.map { $0 != nil })
    for (index, original) in drafts.enumerated() {
      var draft = original
      var problems: [Problem] = []
      if let position = stored[index] {
        if let problem = try await difference(draft, from: position, &reader) {
          problems.append(problem)
        }
      } else {
        try await check(&draft, &reader, &problems)
      }
      if problems.isEmpty {
        admitted.append(
          Admitted(event: draft.event, line: draft.line, isPresent: stored[index] != nil))
      } else {
        refused += problems.map { (draft.line, $0) }
      }
    }
    return admitted
  }

  /// Everything that must hold of an event that is not in the log yet.
  private mutating func check(
    _ draft: inout EventReader.Draft, _ reader: inout EventReader, _ problems: inout [Problem]
  ) async throws {
    if !draft.event.targets.isEmpty { try await checkTargets(&draft, &reader, &problems) }
    try await checkReferences(draft, &reader, &problems)
    if problems.isEmpty { try await checkVote(draft, &reader, &problems) }
    if problems.isEmpty, draft.hasOwnID { pending[draft.event.id] = draft.place }
  }

  // MARK: stored already?

  private func storedPositions(of drafts: [EventReader.Draft]) async throws -> [Position?] {
    guard head > .start else { return Array(repeating: nil, count: drafts.count) }
    return try await store.log.positions(of: drafts.map(\.event.id))
  }

  /// An id that is stored with other content: the fields that differ.
  private func difference(
    _ draft: EventReader.Draft, from position: Position, _ reader: inout EventReader
  ) async throws -> Problem? {
    guard let stored = try await store.event(at: position) else { return nil }
    let new = draft.event
    if stored.type == new.type, stored.event.time?.text == new.time?.text,
      stored.event.targets == new.targets, stored.event.body == new.body
    {
      return nil
    }
    return reader.problem(
      .idConflict, in: draft, atValue: new.id.description,
      "id \(new.id) is already \(position) with other content"
        + FactDifference.text(stored: stored.event, given: new),
      help: "to change what is recorded:  annals correct \(position.rawValue) "
        + "--set FIELD=VALUE --reason \"…\"")
  }

  // MARK: targets

  private mutating func checkTargets(
    _ draft: inout EventReader.Draft, _ reader: inout EventReader, _ problems: inout [Problem]
  ) async throws {
    var chain: [Amended] = []
    for target in draft.event.targets {
      if let found = try await event(target, reader) {
        chain.append(found)
      } else {
        problems.append(
          reader.problem(
            .unknownTarget, in: draft, atValue: target.description,
            "no event \(target) stands before this one",
            help: "annals search finds events; export shows their ids"))
      }
    }
    if draft.event.type.name == "fact.retracted" {
      for target in chain {
        guard let vote = VoteRegister.key(of: target.event) else { continue }
        votes.remove(vote, from: target.event.id)
      }
    }
    guard draft.event.type.name == "fact.corrected", chain.count == draft.event.targets.count
    else { return }
    try await completeCorrection(&draft, chain, &reader, &problems)
  }

  private struct Amended {
    var event: NewEvent
    var position: Position?
  }

  /// An event of the log, or of this run.
  private func event(_ id: EventID, _ reader: EventReader) async throws -> Amended? {
    if let stored = try await store.log.event(id: id) {
      return Amended(event: stored.event, position: stored.position)
    }
    guard let place = pending[id], let text = try inputs[place.input].text(at: place) else {
      return nil
    }
    var other = EventReader(vocabulary: store.vocabulary, file: nil)
    var ignored: [Problem] = []
    let draft = text.withUnsafeBufferPointer {
      other.read($0, line: 0, place: place, problems: &ignored)
    }
    return draft.map { Amended(event: $0.event, position: nil) }
  }

  /// A correction names one fact, must leave it valid, and is filed under all that the fact was
  /// and is filed under: so every question that could see the fact finds the correction.
  private mutating func completeCorrection(
    _ draft: inout EventReader.Draft, _ chain: [Amended], _ reader: inout EventReader,
    _ problems: inout [Problem]
  ) async throws {
    guard chain.count == 1, var root = chain.first else {
      problems.append(
        reader.problem(
          .badTarget, in: draft, atValue: draft.event.targets.last?.description ?? "",
          "a correction has one target, not \(draft.event.targets.count)",
          help: "write one fact.corrected for each"))
      return
    }
    var steps = [root.event]
    while root.event.type.name == "fact.corrected", let next = root.event.targets.first,
      let found = try await event(next, reader)
    {
      root = found
      steps.append(found.event)
    }
    if Amendment.types.contains(root.event.type.name) {
      problems.append(
        reader.problem(
          .badTarget, in: draft, atValue: draft.event.targets[0].description,
          "\(root.event.type.name) cannot be corrected",
          help: "retract it and record what should stand instead"))
      return
    }
    guard
      let definition = store.vocabulary.definition(
        root.event.type.name, version: root.event.type.version)
    else { return }
    let current = try await currentData(root, pendingSteps: steps)
    let merged = current.merging(EventBody(draft.event.body).data)
    var tape = JSONTape()
    var faults: [SchemaFault] = []
    try tape.parse(JSONWriter.canonical(merged))
    definition.schema.validate(tape, tape.root, into: &faults)
    for fault in faults {
      problems.append(
        reader.problem(
          fault.code, in: draft, atPointer: "/data" + fault.pointer,
          "the corrected \(root.event.type.name) would not be valid: \(fault.message)",
          help: fault.help, suggestion: fault.suggestion))
    }
    if faults.isEmpty {
      try await checkCorrectedVote(draft, of: root, from: current, to: merged, &reader, &problems)
    }
    for tag in EventReader.tags(of: definition.schema, data: merged) + steps.flatMap(\.tags)
    where !draft.event.tags.contains(tag) {
      draft.event.tags.append(tag)
    }
  }

  /// The payload of a fact as corrected so far.
  private func currentData(_ root: Amended, pendingSteps: [NewEvent]) async throws -> JSON {
    if let position = root.position, let event = try await store.event(at: position),
      let fact = try await store.facts(of: [event], through: Position(.max)).first(where: {
        $0.position == position
      })
    {
      return fact.data
    }
    return pendingSteps.reversed().reduce(.object([:])) {
      $0.merging(EventBody($1.body).data)
    }
  }

  // MARK: references and definitions

  private mutating func checkReferences(
    _ draft: EventReader.Draft, _ reader: inout EventReader, _ problems: inout [Problem]
  ) async throws {
    let own = ownEntity(draft.event)
    for tag in draft.event.tags where tag != own && !defined.contains(tag) {
      guard let kind = EntityKind(rawValue: String(tag.kind)) else { continue }
      if try await store.isDefined(tag) {
        defined.insert(tag)
        continue
      }
      let value = String(tag.value)
      let definers = store.vocabulary.definers(of: kind).joined(separator: " or ")
      problems.append(
        reader.problem(
          .unknownReference, in: draft, atValue: value,
          "no \(kind.noun) \"\(value)\" is recorded", help: "record it first, with \(definers)",
          suggestion: try await nearest(to: value, kind)))
    }
    if let own { try await define(own, by: draft, &reader, &problems) }
  }

  private func nearest(to value: String, _ kind: EntityKind) async throws -> String? {
    if kind == .actor, let actor = try? await store.resolveActor(value) { return actor.id }
    let stored = try await store.log.tags(kind: kind.rawValue)
    let known = stored + definedHere.filter { $0.kind == kind.rawValue }
    return Suggestion.nearest(to: value, among: known.map { String($0.value) })
  }

  /// The entity that an event defines, as a tag.
  private func ownEntity(_ event: NewEvent) -> Tag? {
    guard
      let (kind, path) = store.vocabulary.definition(
        event.type.name, version: event.type.version)?.defines,
      let value = EventBody(event.body).data.strings(at: path[...]).first
    else { return nil }
    return Tag(kind: kind.rawValue, value: value)
  }

  /// An actor or a topic is defined once, and then corrected. Sources are captured again, and a
  /// motion or a roll call may be reported by several sources.
  private mutating func define(
    _ tag: Tag, by draft: EventReader.Draft, _ reader: inout EventReader,
    _ problems: inout [Problem]
  ) async throws {
    let type = draft.event.type.name
    if type == "actor.registered" || type == "topic.defined" {
      let stored = try await store.log.read(
        EventQuery(types: [type], tags: [tag]), in: EventRange(limit: 1)
      ).first
      if stored != nil || definedHere.contains(tag) {
        problems.append(
          reader.problem(
            .alreadyDefined, in: draft, atValue: String(tag.value),
            "\(tag.kind) \"\(tag.value)\" is defined already, "
              + (stored.map { "by \($0.position)" } ?? "earlier in this input"),
            help: stored.map { "to change it:  annals correct \($0.position.rawValue) --set …" }))
        return
      }
    }
    defined.insert(tag)
    definedHere.insert(tag)
  }

  // MARK: votes

  /// The votes that the log has in the roll calls of a chunk, read once per roll call.
  private mutating func loadVotes(
    of drafts: [EventReader.Draft], isStored: [Bool]
  ) async throws {
    var wanted: [Tag: Set<Tag>] = [:]
    for (draft, isStored) in zip(drafts, isStored) where !isStored {
      guard let vote = VoteRegister.key(of: draft.event) else { continue }
      wanted[vote.rollcall, default: []].insert(vote.voter)
    }
    try await loadVotes(wanted)
  }

  /// Loads the votes of some voters in some roll calls, unless that was done.
  private mutating func loadVotes(_ wanted: [Tag: Set<Tag>]) async throws {
    guard head > .start else { return }
    for (rollcall, voters) in wanted {
      let voters = voters.filter { !votes.isLoaded(.init(rollcall: rollcall, voter: $0)) }
      if voters.isEmpty { continue }
      // A few voters are looked up one by one, many by reading the roll call whole.
      let types = ["vote.cast", "fact.corrected"]
      let items =
        voters.count <= 8
        ? voters.map { EventQuery.Item(types: types, tags: [rollcall, $0]) }
        : [EventQuery.Item(types: types, tags: [rollcall])]
      let events = try await store.log.read(EventQuery(items: items), in: EventRange(through: head))
      let facts = try await store.facts(of: events, through: Position(.max))
      for fact in facts where fact.isLive && fact.type == "vote.cast" {
        votes.load(fact)
      }
      votes.setLoaded(rollcall, voters: voters.count <= 8 ? voters : nil)
    }
  }

  private mutating func checkVote(
    _ draft: EventReader.Draft, _ reader: inout EventReader, _ problems: inout [Problem]
  ) async throws {
    guard let vote = VoteRegister.key(of: draft.event),
      let choices = EventBody(draft.event.body).data["choice"].flatMap(ChoiceSet.init)
    else { return }
    register(vote, choices, of: draft.event.id, draft, &reader, &problems)
  }

  /// One voter has one vote in a roll call. A later account may narrow a set of choices down; one
  /// that contradicts it, or repeats it, must be a correction.
  private mutating func register(
    _ vote: VoteRegister.Key, _ choices: ChoiceSet, of fact: EventID, _ draft: EventReader.Draft,
    _ reader: inout EventReader, _ problems: inout [Problem]
  ) {
    if let known = votes.account(of: vote), known.id != fact,
      !choices.isStrictSubset(of: known.choices)
    {
      let place = known.position.map { "\($0)" } ?? "earlier in this input"
      problems.append(
        reader.problem(
          .secondVote, in: draft, atValue: String(vote.voter.value),
          "\(vote.voter.value) has voted \(known.choices.names.joined(separator: " or ")) in "
            + "\(vote.rollcall.value) already (\(place))",
          help: known.position.map {
            "if that was wrong:  annals correct \($0.rawValue) --set choice=\(choices.names[0]) "
              + "--reason \"…\""
          }))
      return
    }
    votes.add(vote, .init(choices: choices, id: fact, position: nil))
  }

  /// What a correction makes of a vote must not be a second vote either. Amendments of this very
  /// run are taken at their word: what a later line takes back of an earlier one is not put back.
  private mutating func checkCorrectedVote(
    _ draft: EventReader.Draft, of root: Amended, from before: JSON, to after: JSON,
    _ reader: inout EventReader, _ problems: inout [Problem]
  ) async throws {
    guard root.event.type.name == "vote.cast", let vote = VoteRegister.key(of: after),
      let choices = after["choice"].flatMap(ChoiceSet.init)
    else { return }
    try await loadVotes([vote.rollcall: [vote.voter]])
    if let old = VoteRegister.key(of: before) { votes.remove(old, from: root.event.id) }
    register(vote, choices, of: root.event.id, draft, &reader, &problems)
  }

  // MARK: what must not change until the append

  /// The types on which what was checked of other events may depend.
  static let contested = EventQuery(types: [
    "vote.cast", "fact.corrected", "fact.retracted", "actor.registered", "topic.defined",
  ])

  /// The condition under which what was checked still holds; nil when nothing can have broken it.
  static func condition(for admitted: [Admitted], after head: Position) -> AppendCondition? {
    var items: [EventQuery.Item] = []
    for event in admitted.lazy.map(\.event) {
      if let vote = VoteRegister.key(of: event) {
        items.append(
          EventQuery.Item(
            types: ["vote.cast", "fact.corrected", "fact.retracted"],
            tags: [vote.rollcall, vote.voter]))
      } else if event.type.name == "actor.registered" || event.type.name == "topic.defined" {
        items.append(
          EventQuery.Item(
            types: [event.type.name],
            tags: event.tags.filter { $0.kind == event.type.name.prefix(5) }))
      } else if event.type.name == "fact.corrected" {
        items += event.targets.map { EventQuery.Item(tags: [.target($0)]) }
      }
      if items.count > 64 { return .head(head) }
    }
    guard !items.isEmpty else { return nil }
    return AppendCondition(noneMatching: EventQuery(items: items), after: head)
  }
}
