import EventLog

/// Checks drafts against the log and against each other, and completes them: what they refer to
/// must exist, a vote is cast once, a correction must leave a valid fact behind.
///
/// Drafts are admitted chunk by chunk in input order. Within one run every admitted draft counts
/// as recorded for the later ones, whether it has been appended by then or not.
struct DraftValidator {
  let store: Store
  /// What the drafts are read from; places in them are read again when an event names one.
  let inputs: [any EventInput]
  /// Everything up to here was in the log when the run began.
  let head: Position
  /// Entities that are known to be defined.
  private var defined: Set<Tag> = []
  /// Entities defined by drafts of this run, for suggestions.
  private var definedHere: Set<Tag> = []
  /// Where in the input a draft of this run that named its own id stands.
  var pending: [EventID: InputPlace] = [:]
  /// Roll calls of which the log knows anything; nil when it has not been asked.
  var recordedRollcalls: Set<Tag>?
  var votes = VoteRegister()
  /// Whether a source may give its own account of a vote beside that of another.
  let keepsSecondAccounts: Bool
  /// What those of this run say, compared with the accounts that they stand beside.
  var secondAccounts = SecondAccounts()
  var amendments = RunAmendments()
  /// By fact, all that corrections of this run are filed under.
  var filed: [EventID: Set<Tag>] = [:]
  var corrected = CorrectedFacts()
  /// What the correction at hand makes of its fact.
  var correcting: CorrectedFacts.State?
  /// Stored events whose meaning a check has used, with all that amends them: a few more than
  /// `conditionLimit` at most.
  private(set) var restsOn: Set<EventID> = []
  /// How many problems were found.
  private var reported = 0
  private var suggester = Suggester()

  init(
    store: Store, inputs: [any EventInput], head: Position, keepsSecondAccounts: Bool = false
  ) {
    self.store = store
    self.inputs = inputs
    self.head = head
    self.keepsSecondAccounts = keepsSecondAccounts
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
    refused: inout [(line: Int, problems: ProblemList)]
  ) async throws -> [Admitted] {
    var admitted: [Admitted] = []
    admitted.reserveCapacity(drafts.count)
    let stored = try await storedPositions(of: drafts)
    try await loadDefinitions(for: drafts, isStored: stored.map { $0 != nil })
    try await loadVotes(of: drafts, isStored: stored.map { $0 != nil })
    var problems = ProblemList(limit: ProblemList.eventLimit)
    for index in drafts.indices {
      // An id that follows from the content is that of the same content.
      let isPresent = stored[index] != nil && !drafts[index].hasOwnID
      if isPresent || stored[index] == nil && takesPlainVote(drafts[index]) {
        admitted.append(
          Admitted(event: drafts[index].event, line: drafts[index].line, isPresent: isPresent))
        continue
      }
      var draft = drafts[index]
      problems = ProblemList(
        limit: reported > ProblemList.inputLimit ? 1 : ProblemList.eventLimit)
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
        refused.append((draft.line, problems))
        reported += problems.count
      }
    }
    return admitted
  }

  /// Takes in what most drafts of a large import are, without looking further: the first account
  /// of a vote, whose voter, roll call and sources are known. False for any other draft.
  private mutating func takesPlainVote(_ draft: borrowing EventReader.Draft) -> Bool {
    guard let choices = draft.choices, !draft.hasOwnID, amendments.isEmpty else { return false }
    for tag in draft.event.tags where !defined.contains(tag) { return false }
    return votes.addFirst(of: draft.event, choices)
  }

  /// Takes entities for defined whose definition was refused.
  mutating func tolerate(_ tags: [Tag]) { defined.formUnion(tags) }

  /// Everything that must hold of an event that is not in the log yet.
  private mutating func check(
    _ draft: inout EventReader.Draft, _ reader: inout EventReader, _ problems: inout ProblemList
  ) async throws {
    if draft.hasOwnID, let place = pending[draft.event.id] {
      try checkRepetition(draft, of: place, &reader, &problems)
      return
    }
    correcting = nil
    if !draft.event.targets.isEmpty { try await checkTargets(&draft, &reader, &problems) }
    try await checkReferences(draft, &reader, &problems)
    if draft.event.type.name == "stance.changed" {
      let data = EventBody(draft.event.body).data
      checkEnd(of: draft.event.type, data, draft.event.time, draft, &reader, &problems)
    }
    if problems.isEmpty, let second = try await takeVote(of: draft) {
      let problem = try await refusal(of: second, in: draft, &reader)
      problems.append(problem)
    }
    guard problems.isEmpty else { return }
    if draft.hasOwnID { pending[draft.event.id] = draft.place }
    if Amendment.types.contains(draft.event.type.name) { try await note(amendment: draft) }
  }

  /// The same id twice in one run: the same event again, or an error.
  private func checkRepetition(
    _ draft: EventReader.Draft, of place: InputPlace, _ reader: inout EventReader,
    _ problems: inout ProblemList
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
  /// correction is filed as it was then.
  func complete(_ drafts: [EventReader.Draft]) -> [Admitted] {
    drafts.map { draft in
      var event = draft.event
      if let tags = corrected.tags(of: event.id) { event.tags = tags }
      return Admitted(event: event, line: draft.line, isPresent: false)
    }
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
    // What was erased does not come back, and nobody can say any more what it was.
    if stored.isErased || stored.event.hasContent(of: new) { return nil }
    return reader.problem(
      .idConflict, in: draft, at: .value(new.id.description),
      "id \(new.id) is already \(position) with other content"
        + FactDifference.text(stored: stored.event, given: new),
      help: "to change what is recorded:  annals correct \(position.rawValue) "
        + "--set FIELD=VALUE --reason \"…\"")
  }

  // MARK: references and definitions

  /// Longer chunks mostly refer to what is known already.
  private static let shortChunk = 400

  /// Asks the log at once for all that a short chunk refers to; what is not found is looked at again
  /// where it is referred to, for a draft of the chunk may define it.
  private mutating func loadDefinitions(
    for drafts: [EventReader.Draft], isStored: [Bool]
  ) async throws {
    guard head > .start, drafts.count <= Self.shortChunk else { return }
    var wanted: Set<Tag> = []
    for index in drafts.indices where !isStored[index] {
      for tag in drafts[index].event.tags where !defined.contains(tag) { wanted.insert(tag) }
    }
    defined.formUnion(try await store.defined(among: wanted))
  }

  private mutating func checkReferences(
    _ draft: EventReader.Draft, _ reader: inout EventReader, _ problems: inout ProblemList
  ) async throws {
    let own = ownEntity(draft.event)
    for tag in draft.event.tags where tag != own && !defined.contains(tag) {
      guard let kind = EntityKind(rawValue: String(tag.kind)) else { continue }
      if try await store.isDefined(tag) {
        defined.insert(tag)
        continue
      }
      guard problems.hasRoom else {
        problems.addUntold()
        continue
      }
      let value = String(tag.value)
      let definers = store.vocabulary.definers(of: kind).joined(separator: " or ")
      let suggestion = try await nearest(to: value, kind)
      problems.append(
        reader.problem(
          .unknownReference, in: draft, at: .reference(tag),
          "no \(kind.noun) \"\(value)\" is recorded", help: "record it first, with \(definers)",
          suggestion: suggestion))
    }
    if let own { try await define(own, by: draft, &reader, &problems) }
  }

  /// The name that was meant, as long as looking for it stays quick.
  private mutating func nearest(to value: String, _ kind: EntityKind) async throws -> String? {
    // Reading the names takes longer than comparing them.
    guard suggester.spend(2000 + definedHere.count) else { return nil }
    if kind == .actor, let actor = try? await store.resolveActor(value) { return actor.id }
    let stored = try await store.log.tags(kind: kind.rawValue)
    let known = stored + definedHere.filter { $0.kind == kind.rawValue }
    return suggester.nearest(to: value, among: known.map { String($0.value) })
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
    _ problems: inout ProblemList
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

  // MARK: what must not change until the append

  /// A condition lists this many things that must not have changed; for more it lists types.
  static let conditionLimit = 64

  /// Every event that can change the result of a check: an erasure can change any.
  static let contested = EventQuery(
    types: ["vote.cast", "actor.registered", "topic.defined"] + amending)

  /// The types that change what an earlier event means.
  private static let amending = Amendment.types.sorted() + [PayloadErased.type.name]

  /// Matches every event that changes what these events mean.
  static func changes(of events: Set<EventID>) -> [EventQuery.Item] {
    events.count > conditionLimit
      ? [EventQuery.Item(types: amending)]
      : events.map { EventQuery.Item(tags: [.target($0)]) }
  }

  /// Notes that a check has used the meaning of stored events.
  mutating func rest(on events: some Sequence<RecordedEvent>) {
    for event in events {
      if restsOn.count > Self.conditionLimit { return }
      restsOn.insert(event.id)
    }
  }

  /// The condition under which the checks of these events still hold at the append.
  func condition(for admitted: [Admitted]) -> AppendCondition {
    var items = [EventQuery.Item(types: [PayloadErased.type.name])] + Self.changes(of: restsOn)
    for event in admitted.lazy.map(\.event) {
      if let vote = VoteKey(of: event) {
        items.append(
          EventQuery.Item(
            types: ["vote.cast", "fact.corrected"], tags: [vote.rollcall, vote.voter]))
      } else if event.type.name == "actor.registered" || event.type.name == "topic.defined" {
        items.append(
          EventQuery.Item(
            types: [event.type.name],
            tags: event.tags.filter { $0.kind == event.type.name.prefix(5) }))
      }
      if items.count > Self.conditionLimit {
        return AppendCondition(noneMatching: Self.contested, after: head)
      }
    }
    return AppendCondition(noneMatching: EventQuery(items: items), after: head)
  }
}
