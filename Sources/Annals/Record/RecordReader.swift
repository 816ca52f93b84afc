import EventLog

/// Reads the record as it stood at one position, for one question: in batches, and each event once.
///
/// What was said about facts is rare. Where there is little of it, the first question about a fact
/// reads all of it, and no later one asks the log again. Otherwise it is read for the events at hand.
actor RecordReader {
  /// Events of one type under all of some tags, and corrections that put such events there.
  struct Filing: Hashable, Sendable {
    var type: String
    var tags: [Tag]
  }

  /// As many amendments and merges count as few.
  private static let few = 500
  /// As many conditions go into one query. More are answered by reading all events of the types.
  static let itemsPerQuery = 400
  static let mostItems = 2000
  /// Amendments of amendments of amendments …: beyond this depth all amendments are read at once.
  static let depth = 8

  nonisolated let log: any EventLog
  nonisolated let through: Position

  private(set) var events: [Position: RecordedEvent] = [:]
  private var positions: [EventID: Position] = [:]
  /// By the id of an event: the amendments that name it, in log order.
  private var amendments: [EventID: [Position]] = [:]
  /// The events whose amendments have been read; all of them where `hasAllAmendments`.
  private var amended: Set<EventID> = []
  private var hasAllAmendments = false
  /// Whether every merge was read, whichever ids were asked about.
  private(set) var hasAllMerges = false
  /// What all merges come to, once they have been asked for.
  private var allMerges: ActorMerges<String>?
  let isSingleLook: Bool
  private var isSurveyed: Bool
  private var rows: RowSurvey?
  /// What was read as rows, by query and range; see `rows(_:_:)`.
  var foundRows: [RowKey: [EventRow]] = [:]
  var rowNames: (any LogNames)?
  private var filed: [Filing: [Position]] = [:]
  /// By the id of an event: all events that name it.
  private var naming: [EventID: [Position]] = [:]
  private var liveness: [Position: Bool] = [:]
  private var judgedFacts: [Position: Fact] = [:]
  private var tags: [String: [Tag]] = [:]
  /// By roll call: when it was held, by the account that is gone by; nil where it is undated.
  var held: [String: ValidTime?] = [:]

  /// `surveys` is false for a single look, which a survey would not pay for.
  init(_ log: any EventLog, through: Position, surveys: Bool) {
    self.log = log
    self.through = through
    isSingleLook = !surveys
    isSurveyed = !surveys
  }

  /// Keeps events that a caller has read from the log itself.
  func take(_ events: [RecordedEvent]) {
    for event in events where event.position <= through { remember(event) }
  }

  // MARK: events

  /// The events at these positions, in log order; none for positions past the end.
  func events(at wanted: some Sequence<Position> & Sendable) async throws -> [RecordedEvent] {
    let wanted = Set(wanted).filter { $0 > .start && $0 <= through }.sorted()
    let missing = wanted.filter { events[$0] == nil }
    if !missing.isEmpty {
      for event in try await log.events(at: missing) { if let event { remember(event) } }
    }
    return wanted.compactMap { events[$0] }
  }

  /// The events with these ids that stand in the log by then, in no order.
  func events(ids wanted: [EventID]) async throws -> [RecordedEvent] {
    let missing = Set(wanted).filter { positions[$0] == nil }.sorted()
    if !missing.isEmpty {
      for event in try await log.events(ids: missing) {
        if let event, event.position <= through { remember(event) }
      }
    }
    return wanted.compactMap { positions[$0] }.compactMap { events[$0] }
  }

  private func remember(_ event: RecordedEvent) {
    guard events.updateValue(event, forKey: event.position) == nil else { return }
    positions[event.id] = event.position
  }

  /// All tags of one kind in the whole log, also those of events after `through`.
  func tags(kind: String) async throws -> [Tag] {
    if let known = tags[kind] { return known }
    let found = try await log.tags(kind: kind)
    tags[kind] = found
    return found
  }

  // MARK: what is filed

  /// Reads what is filed in several places with one call, for questions that follow.
  func load(_ wanted: some Sequence<Filing> & Sendable) async throws {
    try await survey()
    var missing = Set(wanted).filter { filed[$0] == nil }
    if hasAllMerges { missing = missing.filter { $0.type != "actor.merged" } }
    if missing.isEmpty { return }
    let ordered = missing.sorted { a, b in
      (a.type, a.tags.map(\.description).joined(separator: " "))
        < (b.type, b.tags.map(\.description).joined(separator: " "))
    }
    let items = ordered.flatMap { Amendment.items([$0.type], $0.tags) }
    // Under several tags stand few events of a type that may have millions, as votes have.
    let isNarrow = ordered.contains { $0.tags.count > 1 }
    var found: [RecordedEvent] = []
    if items.count > Self.mostItems, !isNarrow {
      let types = Set(missing.map(\.type)).sorted()
      found = try await log.read(
        EventQuery(types: types + ["fact.corrected"]), in: EventRange(through: through))
    } else {
      found = try await log.events(matching: items, through: through)
    }
    file(found, ordered)
  }

  private func file(_ found: [RecordedEvent], _ wanted: [Filing]) {
    for filing in wanted { filed[filing] = [] }
    // Where each is looked for: under its type and first tag.
    struct Place: Hashable {
      var type: String
      var tag: Tag?
    }
    let byPlace = Dictionary(grouping: wanted) { Place(type: $0.type, tag: $0.tags.first) }
    var seen: Set<Position> = []
    for event in found.sorted(by: { $0.position < $1.position })
    where seen.insert(event.position).inserted {
      var types = [event.type.name]
      if event.type.name == "fact.corrected" {
        types += event.event.tags.filter { $0.kind == "corrects" }.map { String($0.value) }
      }
      var isWanted = false
      for type in types {
        for tag in [nil] + event.event.tags.map(Optional.some) {
          for filing in byPlace[Place(type: type, tag: tag)] ?? []
          where filing.tags.allSatisfy(event.event.tags.contains) {
            isWanted = true
            if filed[filing]?.last != event.position {
              filed[filing, default: []].append(event.position)
            }
          }
        }
      }
      if isWanted { remember(event) }
    }
  }

  /// The events of some types that are filed under all of the tags of any of the lists, in log order.
  /// What a correction has put elsewhere since is among them.
  func events(
    _ types: [String], under tags: some Sequence<[Tag]> & Sendable
  ) async throws -> [RecordedEvent] {
    let wanted = Set(tags).flatMap { tags in types.map { Filing(type: $0, tags: tags) } }
    try await load(wanted)
    if hasAllMerges, types.contains("actor.merged") { fileMerges(wanted) }
    return Set(wanted.flatMap { filed[$0] ?? [] }).sorted().compactMap { events[$0] }
  }

  /// Files merges that the survey has read.
  private func fileMerges(_ wanted: [Filing]) {
    let missing = wanted.filter { $0.type == "actor.merged" && filed[$0] == nil }
    if missing.isEmpty { return }
    file(events.values.filter(Self.isMerge), missing)
  }

  // MARK: what was said about events

  /// Reads all amendments and merges, if they are few.
  private func survey() async throws {
    if isSurveyed { return }
    isSurveyed = true
    if let rows, rows.hasMerges, rows.count == 0 {
      (hasAllAmendments, hasAllMerges) = (true, true)
      return
    }
    let found = try await log.read(
      EventQuery(types: Amendment.types.sorted() + ["actor.merged"]),
      in: EventRange(through: through, limit: Self.few + 1))
    guard found.count <= Self.few else { return }
    for event in found { remember(event) }
    noteAmendments(found)
    hasAllAmendments = true
    hasAllMerges = true
  }

  /// All amendments and merges as a fold sees them; nil where they are many.
  func rowSurvey() async throws -> RowSurvey? {
    if isSingleLook { return nil }
    if let rows { return rows.hasMerges ? rows : nil }
    var survey = try await log.fold(
      EventQuery(types: Amendment.types.sorted() + ["actor.merged"]),
      in: EventRange(through: through, limit: Self.few + 1), into: RowSurvey()
    ) { survey, row, names in
      survey.add(row, names)
      return true
    }
    survey.hasMerges = survey.count <= Self.few
    rows = survey
    return survey.hasMerges ? survey : nil
  }

  private func readAllAmendments() async throws {
    if hasAllAmendments { return }
    let found = try await log.read(
      EventQuery(types: Amendment.types.sorted()), in: EventRange(through: through))
    amendments = [:]
    for event in found { remember(event) }
    noteAmendments(found)
    hasAllAmendments = true
  }

  private func noteAmendments(_ found: [RecordedEvent]) {
    for event in found where AmendmentState.kind(of: event.type.name) != nil {
      for target in Set(event.event.targets) {
        amendments[target, default: []].append(event.position)
      }
    }
  }

  private func readAmendments(of events: [RecordedEvent]) async throws {
    if hasAllAmendments { return }
    let ids = events.map(\.id).filter { !amended.contains($0) }
    if ids.isEmpty { return }
    if ids.count > Self.mostItems { return try await readAllAmendments() }
    amended.formUnion(ids)
    let types = Amendment.types.sorted()
    let items = ids.map { EventQuery.Item(types: types, tags: [.target($0)]) }
    let wanted = Set(ids)
    for event in try await log.events(matching: items, through: through) {
      remember(event)
      for target in Set(event.event.targets) where wanted.contains(target) {
        amendments[target, default: []].append(event.position)
      }
    }
  }

  /// The events, what they are about, and all that was said about any of them.
  func closure(of start: some Sequence<RecordedEvent> & Sendable) async throws -> [RecordedEvent] {
    try await survey()
    var known: [Position: RecordedEvent] = [:]
    var fresh: [RecordedEvent] = []
    for event in start where event.position <= through {
      remember(event)
      if known.updateValue(event, forKey: event.position) == nil { fresh.append(event) }
    }
    var steps = 0
    while !fresh.isEmpty {
      steps += 1
      if steps > Self.depth { try await readAllAmendments() }
      try await readAmendments(of: fresh)
      var next = fresh.flatMap { amendments[$0.id] ?? [] }.compactMap { events[$0] }
      // Only what changes how a fact is read belongs to it; a claim that checks a prediction is a
      // fact of its own.
      let targets = fresh.filter { AmendmentState.kind(of: $0.type.name) != nil }
        .flatMap(\.event.targets)
      next += try await events(ids: targets)
      fresh = next.filter { known.updateValue($0, forKey: $0.position) == nil }
    }
    return Array(known.values)
  }

  /// The facts behind events, with everything that was said about them. Amendments among the events
  /// are followed to the facts that they are about.
  func facts(of start: some Sequence<RecordedEvent> & Sendable) async throws -> [Fact] {
    let start = Array(start)
    let closure = try await closure(of: start)
    // Facts that share a dispute or a settlement with these were read too, and are not asked for.
    let events = Dictionary(closure.map { ($0.id, $0) }) { first, _ in first }
    var asked: Set<Position> = []
    var fresh = start
    while let event = fresh.popLast() {
      guard asked.insert(event.position).inserted,
        AmendmentState.kind(of: event.type.name) != nil
      else { continue }
      fresh += event.event.targets.compactMap { events[$0] }
    }
    return FactResolver(closure).facts().filter { asked.contains($0.position) }
  }

  /// The fact that an event recorded, with everything that was said about it; nil for an amendment, and
  /// where nothing is left of it.
  func fact(of event: RecordedEvent) async throws -> Fact? {
    try await judge([event])
    return judgedFacts[event.position]
  }

  /// False when a retraction that holds names the event; for facts and amendments alike.
  func isLive(_ event: RecordedEvent) async throws -> Bool {
    try await judge([event])
    return liveness[event.position] ?? true
  }

  /// Works out what holds of events, and of all that is connected with them by what was said.
  func judge(_ wanted: [RecordedEvent]) async throws {
    let unknown = wanted.filter { liveness[$0.position] == nil }
    if unknown.isEmpty { return }
    let closure = try await closure(of: unknown)
    let judged = FactResolver(closure).judged()
    for event in closure { liveness[event.position] = judged.amendments.isLive(event.position) }
    for fact in judged.facts { judgedFacts[fact.position] = fact }
  }

  /// Later events that name an event, of any type, in log order.
  func events(naming event: RecordedEvent) async throws -> [RecordedEvent] {
    try await loadNaming([event])
    return (naming[event.id] ?? []).compactMap { events[$0] }
  }

  /// Reads the events that name any of these.
  func loadNaming(_ wanted: [RecordedEvent]) async throws {
    let ids = wanted.map(\.id).filter { naming[$0] == nil }
    var found: [EventID: Set<Position>] = Dictionary(ids.map { ($0, []) }) { first, _ in first }
    let items = ids.map { EventQuery.Item(tags: [.target($0)]) }
    for event in try await log.events(matching: items, through: through) {
      remember(event)
      for target in event.event.targets { found[target]?.insert(event.position) }
    }
    for (id, positions) in found { naming[id] = positions.sorted() }
  }

  /// The facts of some types that are filed under all of the tags of any of the lists, in log order:
  /// those that were taken back too. What a correction has put elsewhere since is among them, so the
  /// caller looks at the payload.
  func facts(
    _ types: [String], under tags: some Sequence<[Tag]> & Sendable
  ) async throws -> [Fact] {
    try await facts(of: events(types, under: tags)).filter { types.contains($0.type) }
  }

  /// What ids of actors stand for. All merges that lead to or from one of the ids are taken in.
  func merges(of ids: Set<String>) async throws -> ActorMerges<String> {
    if let allMerges { return allMerges }
    let merges = ActorMerges(try await mergeFacts(of: ids))
    if hasAllMerges { allMerges = merges }
    return merges
  }

  /// The facts `actor.merged` that lead to or from one of the ids, those that were taken back too; all
  /// of them where all were read.
  func mergeFacts(of ids: Set<String>) async throws -> [Fact] {
    try await survey()
    var found: [RecordedEvent] = []
    var seen: Set<String> = []
    var fresh = ids
    var steps = 0
    while !hasAllMerges, !fresh.isEmpty {
      steps += 1
      if steps > Self.depth { try await readAllMerges() }
      seen.formUnion(fresh)
      let merges = try await events(["actor.merged"], under: fresh.map { [.actor($0)] })
      found += merges
      let actors = merges.flatMap(\.event.tags).filter { $0.kind == "actor" }
      fresh = Set(actors.map { String($0.value) }).subtracting(seen)
    }
    if hasAllMerges { found = events.values.filter(Self.isMerge) }
    return try await facts(of: found).filter { $0.type == "actor.merged" }
  }

  /// What is linked to any of the topics.
  func links(ofTopics topics: [String]) async throws -> TopicLinks<Tag> {
    TopicLinks(try await facts(["topic.linked"], under: topics.map { [.topic($0)] }))
  }

  /// What roll calls and motions are linked to.
  func links(of targets: [Tag]) async throws -> TopicLinks<Tag> {
    TopicLinks(try await facts(["topic.linked"], under: targets.map { [$0] }))
  }

  private func readAllMerges() async throws {
    for event in try await log.read(
      Amendment.query(["actor.merged"], []), in: EventRange(through: through))
    {
      remember(event)
    }
    hasAllMerges = true
  }

  private static func isMerge(_ event: RecordedEvent) -> Bool {
    event.type.name == "actor.merged"
      || event.event.tags.contains(Amendment.corrects("actor.merged"))
  }
}
