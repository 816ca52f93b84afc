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
  /// Facts that drafts of this run dispute.
  private var disputedHere: Set<EventID> = []

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
    var problems: [Problem] = []
    for index in drafts.indices {
      var draft = drafts[index]
      problems.removeAll()
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
    if draft.hasOwnID, let place = pending[draft.event.id] {
      try checkRepetition(draft, of: place, &reader, &problems)
      return
    }
    if !draft.event.targets.isEmpty { try await checkTargets(&draft, &reader, &problems) }
    try await checkReferences(draft, &reader, &problems)
    if problems.isEmpty { checkVote(draft, &reader, &problems) }
    if problems.isEmpty, draft.hasOwnID { pending[draft.event.id] = draft.place }
  }

  /// The same id twice in one run: the same event again, or an error.
  private func checkRepetition(
    _ draft: EventReader.Draft, of place: InputPlace, _ reader: inout EventReader,
    _ problems: inout [Problem]
  ) throws {
    guard
      let first = try EventReader.reread(place, in: inputs[place.input], store.vocabulary),
      !first.hasContent(of: draft.event)
    else { return }
    problems.append(
      reader.problem(
        .idConflict, in: draft, at: .value(draft.event.id.description),
        "id \(draft.event.id) stands earlier in this input with other content"
          + FactDifference.text(stored: first, given: draft.event),
        help: "give each event an id of its own"))
  }

  /// Completes drafts of an input that was admitted whole before: nothing is checked again, but a
  /// correction is still to be filed under what its fact was and is filed under.
  func complete(_ drafts: [EventReader.Draft]) async throws -> [Admitted] {
    var admitted: [Admitted] = []
    admitted.reserveCapacity(drafts.count)
    for draft in drafts {
      var event = draft.event
      if event.type.name == "fact.corrected", let chain = try await correctedChain(of: event),
        let root = chain.last
      {
        let merged = try await currentData(root, chain).merging(EventBody(event.body).data)
        file(&event, under: merged, of: root, chain)
      }
      admitted.append(Admitted(event: event, line: draft.line, isPresent: false))
    }
    return admitted
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
    if stored.event.hasContent(of: new) { return nil }
    return reader.problem(
      .idConflict, in: draft, at: .value(new.id.description),
      "id \(new.id) is already \(position) with other content"
        + FactDifference.text(stored: stored.event, given: new),
      help: "to change what is recorded:  annals correct \(position.rawValue) "
        + "--set FIELD=VALUE --reason \"…\"")
  }

  // MARK: targets

  private mutating func checkTargets(
    _ draft: inout EventReader.Draft, _ reader: inout EventReader, _ problems: inout [Problem]
  ) async throws {
    var found: [Amended] = []
    for target in draft.event.targets {
      if let event = try await event(target) {
        found.append(event)
      } else {
        problems.append(
          reader.problem(
            .unknownTarget, in: draft, at: .value(target.description),
            "no event \(target) stands before this one",
            help: "annals search finds events; export shows their ids"))
      }
    }
    if draft.event.type.name == "fact.disputed" { disputedHere.formUnion(draft.event.targets) }
    if draft.event.type.name == "dispute.settled" {
      try await checkSettled(found, draft, &reader, &problems)
    }
    if draft.event.type.name == "fact.retracted" {
      for target in found {
        guard let vote = VoteRegister.key(of: target.event) else { continue }
        votes.remove(vote, from: target.event.id)
      }
    }
    if draft.event.type.name == "fact.corrected", found.count == draft.event.targets.count {
      try await completeCorrection(&draft, &reader, &problems)
    }
  }

  /// A settlement names disputes, or facts that are disputed.
  private func checkSettled(
    _ targets: [Amended], _ draft: EventReader.Draft, _ reader: inout EventReader,
    _ problems: inout [Problem]
  ) async throws {
    for target in targets where target.event.type.name != "fact.disputed" {
      if disputedHere.contains(target.event.id) { continue }
      let disputes = try await store.log.read(
        EventQuery(types: ["fact.disputed"], tags: [.target(target.event.id)]),
        in: EventRange(limit: 1))
      if !disputes.isEmpty { continue }
      problems.append(
        reader.problem(
          .badTarget, in: draft, at: .value(target.event.id.description),
          "\(target.position.map { "\($0)" } ?? "\(target.event.id)") is not disputed",
          help: "name a fact.disputed event, or the fact that it disputes"))
    }
  }

  private struct Amended {
    var event: NewEvent
    var position: Position?
  }

  /// An event of the log, or of this run.
  private func event(_ id: EventID) async throws -> Amended? {
    if let stored = try await store.log.event(id: id) {
      return Amended(event: stored.event, position: stored.position)
    }
    guard let place = pending[id] else { return nil }
    return try EventReader.reread(place, in: inputs[place.input], store.vocabulary)
      .map { Amended(event: $0, position: nil) }
  }

  /// A correction names one fact and must leave it valid.
  private mutating func completeCorrection(
    _ draft: inout EventReader.Draft, _ reader: inout EventReader, _ problems: inout [Problem]
  ) async throws {
    guard draft.event.targets.count == 1 else {
      problems.append(
        reader.problem(
          .badTarget, in: draft, at: .value(draft.event.targets.last?.description ?? ""),
          "a correction has one target, not \(draft.event.targets.count)",
          help: "write one fact.corrected for each"))
      return
    }
    guard let chain = try await correctedChain(of: draft.event), let root = chain.last else {
      return
    }
    if Amendment.types.contains(root.event.type.name) {
      problems.append(
        reader.problem(
          .badTarget, in: draft, at: .value(draft.event.targets[0].description),
          "\(root.event.type.name) cannot be corrected",
          help: "retract it and record what should stand instead"))
      return
    }
    let current = try await currentData(root, chain)
    let merged = current.merging(EventBody(draft.event.body).data)
    var tape = JSONTape()
    var faults: [SchemaFault] = []
    try tape.parse(JSONWriter.canonical(merged))
    definition(of: root.event)?.schema.validate(tape, tape.root, into: &faults)
    for fault in faults {
      problems.append(
        reader.problem(
          fault.code, in: draft,
          at: .pointer("/data" + fault.pointer, isName: fault.code == .unknownField),
          "the corrected \(root.event.type.name) would not be valid: \(fault.message)",
          help: fault.help, suggestion: fault.suggestion))
    }
    if faults.isEmpty {
      try await checkCorrectedVote(draft, of: root, from: current, to: merged, &reader, &problems)
    }
    file(&draft.event, under: merged, of: root, chain)
  }

  /// Files a correction under all that its fact was and is filed under: so every question that
  /// could see the fact finds the correction.
  private func file(
    _ correction: inout NewEvent, under merged: JSON, of root: Amended, _ chain: [Amended]
  ) {
    guard let schema = definition(of: root.event)?.schema else { return }
    let tags = EventReader.tags(of: schema, data: merged) + chain.flatMap(\.event.tags)
    for tag in tags where !correction.tags.contains(tag) { correction.tags.append(tag) }
  }

  private func definition(of event: NewEvent) -> EventTypeDefinition? {
    store.vocabulary.definition(event.type.name, version: event.type.version)
  }

  /// What a correction is about, down to the fact: earlier corrections of it come first. Nil when
  /// a target is missing.
  private func correctedChain(of correction: NewEvent) async throws -> [Amended]? {
    var chain: [Amended] = []
    var next = correction.targets.first
    while let id = next {
      guard let found = try await event(id) else { return nil }
      chain.append(found)
      next = found.event.type.name == "fact.corrected" ? found.event.targets.first : nil
    }
    return chain
  }

  /// The payload of a fact as corrected so far.
  private func currentData(_ root: Amended, _ chain: [Amended]) async throws -> JSON {
    if let position = root.position, let event = try await store.event(at: position),
      let fact = try await store.facts(of: [event], through: Position(.max)).first(where: {
        $0.position == position
      })
    {
      return fact.data
    }
    return chain.reversed().reduce(.object([:])) { $0.merging(EventBody($1.event.body).data) }
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
          .unknownReference, in: draft, at: .reference(tag),
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
            .alreadyDefined, in: draft, at: .value(String(tag.value)),
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
    guard head > .start else { return }
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
  ) {
    guard let choices = draft.choices, let vote = VoteRegister.key(of: draft.event) else { return }
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
          .secondVote, in: draft, at: .value(String(vote.voter.value)),
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
