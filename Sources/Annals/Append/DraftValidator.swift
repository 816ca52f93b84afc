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
  /// The store as it was when the run began, for questions that come again and again.
  let asked: Store
  /// Entities that are known to be defined.
  private var defined: Set<Tag> = []
  /// Entities defined by drafts of this run.
  private(set) var definedHere: Set<Tag> = []
  /// What drafts of this run say of the things that they define or merge.
  var definedThings = RunDefinitions()
  /// By kind, the ids of the log and of this run by the form in which they are read.
  var idsByReading: [String: [String: [Tag]]] = [:]
  /// The names of the log as they are compared, once a draft has given one; and those of this run.
  var namesFiled: Set<String>?
  var namesHere: [String: [ActorBearer]] = [:]
  /// Where in the input a draft of this run that named its own id stands.
  var pending: [EventID: InputPlace] = [:]
  /// The votes among them, by what the register calls them.
  var castHere: [VoteRegister.Account.Origin: EventID] = [:]
  /// Roll calls of which the log knows anything; nil when it has not been asked.
  var recordedRollcalls: Set<Tag>?
  var votes = VoteRegister()
  /// Votes that drafts of this run may bring back.
  var broughtBack: Set<VoteKey> = []
  /// Which ids are one voter.
  var merges = RunMerges()
  /// Reads what was said about earlier facts, and which ids are one actor, as of `head`.
  let record: RecordReader
  /// What those of this run say, compared with the accounts that they stand beside.
  var secondAccounts = SecondAccounts()
  /// What the recorder should know of drafts that are right.
  var remarks = Remarks()
  var amendments = RunAmendments()
  /// By fact, all that corrections of this run are filed under.
  var filed: [EventID: Set<Tag>] = [:]
  var corrected = CorrectedFacts()
  /// By the id of a draft: the event of the log that records the same fact in another form.
  var recorded: [EventID: NewEvent] = [:]
  /// What the correction at hand makes of its fact.
  var correcting: CorrectedFacts.State?
  /// Stored events whose meaning a check has used, with all that amends them: a few more than
  /// `conditionLimit` at most.
  private(set) var restsOn: Set<EventID> = []
  /// How many problems were found.
  private var reported = 0
  private var suggester = Suggester()

  init(store: Store, inputs: [any EventInput], head: Position) {
    self.store = store
    self.inputs = inputs
    self.head = head
    record = RecordReader(store.log, through: head, surveys: false)
    asked = store.asking(at: head)
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
    var stored = try await storedPositions(of: drafts)
    try await findFormerIDs(of: drafts, &stored)
    try await loadDefinitions(for: drafts, isStored: stored.map { $0 != nil })
    try await loadVotes(of: drafts, isStored: stored.map { $0 != nil })
    var problems = ProblemList(limit: ProblemList.eventLimit)
    for index in drafts.indices {
      // An id that follows from the content is that of the same content.
      let isPresent = stored[index] != nil && !drafts[index].hasOwnID
      if isPresent || stored[index] == nil && takesPlainVote(drafts[index]) {
        admitted.append(self.admitted(drafts[index], isPresent: isPresent))
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
        admitted.append(self.admitted(draft, isPresent: stored[index] != nil))
      } else {
        refused.append((draft.line, problems))
        reported += problems.count
      }
    }
    return admitted
  }

  /// A draft that holds; where the log has its fact under another id, the event of the log.
  private func admitted(_ draft: EventReader.Draft, isPresent: Bool) -> Admitted {
    let recorded = recorded[draft.event.id]
    return Admitted(
      event: recorded ?? draft.event, line: draft.line, isPresent: isPresent || recorded != nil)
  }

  /// Takes in what most drafts of a large import are, without looking further: the first account
  /// of a vote, whose voter, roll call and sources are known. False for any other draft.
  private mutating func takesPlainVote(_ draft: borrowing EventReader.Draft) -> Bool {
    guard let choices = draft.choices, !draft.isCasting, !draft.hasOwnID, amendments.isEmpty else {
      return false
    }
    if !merges.isEmpty {
      guard let vote = VoteKey(of: draft.event), merges.isAlone(String(vote.voter.value)) else {
        return false
      }
    }
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
    if !draft.refusal.isEmpty {
      problems.append(contentsOf: draft.refusal)
      return
    }
    if !draft.event.targets.isEmpty { try await checkTargets(&draft, &reader, &problems) }
    if problems.isEmpty { try await checkBroughtBack(by: draft, &reader, &problems) }
    try await checkReferences(draft, &reader, &problems)
    if draft.event.type.name == "stance.changed" {
      let data = EventBody(draft.event.body).data
      checkEnd(of: draft.event.type, data, draft.event.time?.local, draft, &reader, &problems)
    }
    if Self.distinct[draft.event.type.name] != nil {
      try await checkIdentity(
        of: draft.event.type.name, EventBody(draft.event.body).data, in: draft, correcting: nil,
        &reader, &problems)
    }
    if problems.isEmpty, let second = try await takeVote(of: draft) {
      let problem = try await refusal(of: second, in: draft, &reader)
      problems.append(problem)
    }
    guard problems.isEmpty else { return }
    if draft.hasOwnID {
      pending[draft.event.id] = draft.place
      if draft.choices != nil { castHere[.init(draft.event.id)] = draft.event.id }
    }
    if draft.event.type.name == "actor.merged" { merges.add(draft.event) }
    noteDefinition(of: draft)
    if draft.choices == nil { try await checkName(of: draft) }
    if Amendment.types.contains(draft.event.type.name) { try await note(amendment: draft) }
  }

  /// The same id twice in one run: the same event again, or an error.
  private func checkRepetition(
    _ draft: EventReader.Draft, of place: InputPlace, _ reader: inout EventReader,
    _ problems: inout ProblemList
  ) throws {
    guard
      let first = try EventReader.reread(place, in: inputs[place.input], store.vocabulary),
      !NormalForm.areSame(first, draft.event, store.vocabulary)
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
      var admitted = admitted(draft, isPresent: false)
      if let tags = corrected.tags(of: draft.event.id) { admitted.event.tags = tags }
      return admitted
    }
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
    var voters: Set<Tag> = []
    for index in drafts.indices where !isStored[index] {
      for tag in drafts[index].event.tags where !defined.contains(tag) { wanted.insert(tag) }
      if let vote = VoteKey(of: drafts[index].event) { voters.insert(vote.voter) }
    }
    // The same call reads which ids the voters have.
    let filings =
      store.definitions(of: wanted)
      + voters.map { RecordReader.Filing(type: "actor.merged", tags: [$0]) }
    for start in stride(from: 0, to: filings.count, by: RecordReader.itemsPerQuery) {
      try await record.load(filings[start...].prefix(RecordReader.itemsPerQuery))
    }
    defined.formUnion(try await store.defined(among: wanted, in: record))
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
    if tag.kind == EntityKind.actor.rawValue || tag.kind == EntityKind.topic.rawValue {
      let types = EntityKind(rawValue: String(tag.kind)).map(store.vocabulary.definers) ?? []
      let stored = try await store.log.read(
        EventQuery(types: types, tags: [tag]), in: EventRange()
      ).first { store.defines($0, tag) }
      if stored != nil || definedHere.contains(tag) {
        problems.append(
          reader.problem(
            .alreadyDefined, in: draft, at: .value(String(tag.value)),
            "\(tag.kind) \"\(tag.value)\" is defined already, "
              + (stored.map { "by \($0.position)" } ?? "earlier in this input"),
            help: stored.map {
              "to change it:  \(command: "correct \($0.position.rawValue) --set …")"
            }))
        return
      }
    }
    let alike = try await idsReadAlike(tag)
    if alike.contains(where: { Self.isSameID($0, tag) }) {
      try await checkAccount(of: tag, in: draft, &reader, &problems)
    } else if !alike.isEmpty {
      try await checkReading(of: tag, beside: alike, in: draft, &reader, &problems)
    }
    defined.insert(tag)
    definedHere.insert(tag)
  }

  // MARK: what must not change until the append

  /// A condition lists this many things that must not have changed; for more it lists types.
  static let conditionLimit = 64

  /// Every event that can change the result of a check: an erasure can change any.
  static let contested = EventQuery(
    types: ["vote.cast", "actor.registered", "actor.merged", "topic.defined"] + amending)

  /// The types that change what an earlier event means.
  private static let amending = Amendment.types.sorted() + [PayloadErased.type.name]

  /// Matches every event that changes what these events mean.
  static func changes(of events: Set<EventID>) -> [EventQuery.Item] {
    events.count > conditionLimit
      ? [EventQuery.Item(types: amending)]
      : events.map { EventQuery.Item(tags: [.target($0)]) }
  }

  /// Matches the accounts of a vote.
  private static func accounts(of rollcall: Tag, _ voter: Tag) -> EventQuery.Item {
    EventQuery.Item(types: ["vote.cast", "fact.corrected"], tags: [rollcall, voter])
  }

  /// Notes that a check has used the meaning of stored events.
  mutating func rest(on events: some Sequence<RecordedEvent>) {
    rest(on: events.lazy.map(\.id))
  }

  /// The same for events that are known by their ids.
  mutating func rest(on events: some Sequence<EventID>) {
    for id in events {
      if restsOn.count > Self.conditionLimit { return }
      restsOn.insert(id)
    }
  }

  /// The condition under which the checks of these events still hold at the append.
  func condition(for admitted: [Admitted]) -> AppendCondition {
    var items = [EventQuery.Item(types: [PayloadErased.type.name])] + Self.changes(of: restsOn)
    var hasVotes = !broughtBack.isEmpty
    // A vote that is brought back must find no other by then.
    for vote in broughtBack.prefix(Self.conditionLimit + 1) {
      items.append(Self.accounts(of: vote.rollcall, vote.voter))
    }
    for event in admitted.lazy.map(\.event) {
      if let vote = VoteKey(of: event) {
        for voter in merges.ids(String(vote.voter.value)).sorted() {
          items.append(Self.accounts(of: vote.rollcall, .actor(voter)))
        }
        hasVotes = true
      } else if event.type.name == "actor.merged" {
        items.append(EventQuery.Item(types: [event.type.name]))
      } else if let own = ownEntity(event), let kind = EntityKind(rawValue: String(own.kind)) {
        // An id that reads the same must not come in between either.
        items.append(EventQuery.Item(types: store.vocabulary.definers(of: kind)))
      }
      if items.count > Self.conditionLimit {
        return AppendCondition(noneMatching: Self.contested, after: head)
      }
    }
    // Another merge may make two votes one.
    if hasVotes { items.append(EventQuery.Item(types: ["actor.merged"])) }
    return AppendCondition(noneMatching: EventQuery(items: items), after: head)
  }
}
