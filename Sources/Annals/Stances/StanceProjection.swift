import EventLog

/// The stored view of positions: every step of every actor's line on every topic.
struct StanceProjection: Projection {
  let definition = ProjectionDefinition(
    name: "positions", version: 2, tables: ["position_step"],
    schema: SchemaFiles.text("sqlite/views/positions.sql"))

  let columns: [(table: String, columns: [String])] = [
    (
      "position_step",
      [
        "actor", "topic", "from_day", "until_day", "from_date", "low", "high", "label", "event",
        "kind", "rule",
      ]
    )
  ]

  func rows(of log: any EventLog, through: Position) async throws -> [[[SQLValue]]] {
    let (fold, names) = try await Self.fold(log, through: through)
    guard let names else { return [[]] }
    return [Self.rows(fold.result(names: names), names)]
  }

  /// Folds the whole log up to a position.
  static func fold(
    _ log: any EventLog, through: Position
  ) async throws -> (StanceFold, (any LogNames)?) {
    let range = EventRange(through: through)
    // What later events say of earlier ones must be known before those are read: which payloads
    // to keep, and which of perhaps millions of votes matter at all.
    typealias Survey = (
      amendments: AmendmentState, linked: Set<NameID>, preferred: [EventID], names: (any LogNames)?
    )
    let survey = try await log.fold(
      EventQuery(types: Array(Amendment.types) + ["topic.linked"]), in: range,
      into: Survey(AmendmentState(), [], [], nil)
    ) { survey, row, names in
      survey.names = names
      let type = names.type(row.type).name
      if let kind = AmendmentState.kind(of: type) {
        survey.amendments.add(kind, at: row.position, targets: row.targets)
        if kind == .settlement, let id = AmendmentState.preferred(in: row.body) {
          survey.preferred.append(id)
        }
      }
      if type == "topic.linked" || type == "fact.corrected" {
        for tag in row.tags where ["rollcall", "motion"].contains(names.tag(tag).kind) {
          survey.linked.insert(tag)
        }
      }
      return true
    }
    let linked = survey.linked
    let rollcalls = try await log.fold(
      EventQuery(types: ["rollcall.held", "fact.corrected"]), in: range, into: linked
    ) { found, row, names in
      // Its roll calls alone: body and source are tags of votes on anything.
      if row.tags.contains(where: linked.contains) {
        found.formUnion(row.tags.filter { names.tag($0).kind == "rollcall" })
      }
      return true
    }
    let start = StanceFold(
      corrected: survey.amendments.correctedRoots, linkedRollcalls: rollcalls,
      preferred: try await Self.positions(of: survey.preferred, in: log))
    typealias State = (fold: StanceFold, names: (any LogNames)?)
    return try await log.fold(
      EventQuery(types: StanceInput.types + Array(Amendment.types)), in: range,
      into: State(start, survey.names)
    ) { state, row, names in
      state.names = names
      state.fold.add(row, names: names)
      return true
    }
  }

  private static func positions(
    of ids: [EventID], in log: any EventLog
  ) async throws -> [EventID: Position] {
    if ids.isEmpty { return [:] }
    let found = zip(ids, try await log.positions(of: ids)).compactMap { id, position in
      position.map { (id, $0) }
    }
    return Dictionary(found) { first, _ in first }
  }

  /// As many lines are folded one by one; beyond that whole topics are.
  private static let linesAtOnce = 400

  func changes(
    in log: any EventLog, after: Position, through: Position
  ) async throws -> [ProjectionStatement] {
    let range = EventRange(after: after, through: through, limit: Self.linesAtOnce)
    let events = try await log.read(
      EventQuery(types: StanceInput.types + Array(Amendment.types)), in: range)
    let pairs =
      events.count < Self.linesAtOnce
      ? try await Store(log: log).pairs(touchedBy: events.map(\.event)) : nil
    guard let pairs, pairs.count <= Self.linesAtOnce else {
      return try await changesByTopic(in: log, after: after, through: through)
    }
    let reader = RecordReader(log, through: through, surveys: pairs.count > 2)
    var statements: [ProjectionStatement] = []
    for pair in pairs {
      let slice = try await StanceSlice.read(pair, from: reader)
      statements.append(
        ProjectionStatement(
          "DELETE FROM position_step WHERE topic = ?1 AND actor = ?2",
          rows: [[.text(pair.topic), .text(pair.actor)]]))
      guard let names = slice.names, let numbers = slice.pair else { continue }
      var result = slice.result
      result.evidence = result.evidence.filter { $0.key == numbers }
      statements.append(
        Projector.insert(into: columns[0].table, columns[0].columns, Self.rows(result, names)))
    }
    return statements
  }

  private func changesByTopic(
    in log: any EventLog, after: Position, through: Position
  ) async throws -> [ProjectionStatement] {
    let topics = try await Self.topics(touchedIn: log, after: after, through: through)
    let reader = RecordReader(log, through: through, surveys: topics.count > 2)
    var statements: [ProjectionStatement] = []
    for topic in topics.sorted() {
      let slice = try await StanceSlice.read(topic: topic, from: reader)
      statements.append(
        ProjectionStatement("DELETE FROM position_step WHERE topic = ?1", rows: [[.text(topic)]]))
      guard let names = slice.names,
        let number = names.id(of: Tag(kind: "topic", value: topic))
      else { continue }
      var result = slice.result
      result.evidence = result.evidence.filter { $0.key.topic == number }
      statements.append(
        Projector.insert(into: columns[0].table, columns[0].columns, Self.rows(result, names)))
    }
    return statements
  }

  /// The topics whose lines the events after a position may change; more than that does no harm.
  private static func topics(
    touchedIn log: any EventLog, after: Position, through: Position
  ) async throws -> Set<String> {
    typealias Touched = (tags: Set<Tag>, targets: Set<Position>, people: Set<Tag>, isWide: Bool)
    var touched = try await log.fold(
      EventQuery(types: StanceInput.types + Array(Amendment.types)),
      in: EventRange(after: after, through: through), into: Touched([], [], [], false)
    ) { touched, row, names in
      let type = names.type(row.type).name
      let tags = row.tags.map(names.tag)
      touched.tags.formUnion(tags)
      if Amendment.types.contains(type) { touched.targets.formUnion(row.targets) }
      // A role bears on whatever its holder has said; a merge on whatever either has done.
      if type == "role.held" || tags.contains(Amendment.corrects("role.held")) {
        touched.people.formUnion(tags.filter { $0.kind == "actor" })
      }
      if type == "actor.merged" || tags.contains(Amendment.corrects("actor.merged")) {
        touched.isWide = true
      }
      return true
    }
    // A retraction has no tags of its own: what it is about has.
    while let position = touched.targets.popFirst() {
      let range = EventRange(after: position.advanced(by: -1), through: position)
      for event in try await log.read(.all, in: range) {
        let tags = try await Store(log: log).allTags(of: event)
        touched.tags.formUnion(tags)
        let positions = try await log.positions(of: event.event.targets)
        touched.targets.formUnion(positions.compactMap(\.self))
        if event.type.name == "role.held" {
          touched.people.formUnion(tags.filter { $0.kind == "actor" })
        }
        if event.type.name == "actor.merged" { touched.isWide = true }
      }
    }
    if touched.isWide { return Set(try await log.tags(kind: "topic").map { String($0.value) }) }
    for person in touched.people {
      touched.tags = try await log.fold(
        Amendment.query(["statement.made"], [person]),
        in: EventRange(through: through), into: touched.tags
      ) { tags, row, names in
        for tag in row.tags.map(names.tag) where tag.kind == "topic" { tags.insert(tag) }
        return true
      }
    }
    let others = touched.tags.filter { $0.kind == "rollcall" || $0.kind == "motion" }
    var linked = others
    for tag in others where tag.kind == "rollcall" {
      let held = try await log.read(
        Amendment.query(["rollcall.held"], [tag]), in: EventRange(through: through))
      linked.formUnion(held.flatMap(\.event.tags).filter { $0.kind == "motion" })
    }
    var topics = Set(touched.tags.filter { $0.kind == "topic" }.map { String($0.value) })
    for tag in linked {
      let links = try await log.read(
        Amendment.query(["topic.linked"], [tag]), in: EventRange(through: through))
      topics.formUnion(
        links.flatMap(\.event.tags).filter { $0.kind == "topic" }.map { String($0.value) })
    }
    return topics
  }

  private static func rows(
    _ result: StanceFold.Result, _ names: any LogNames
  ) -> [[SQLValue]] {
    var rows: [[SQLValue]] = []
    for (pair, evidence) in result.evidence {
      let steps = LatestRule.steps(evidence)
      let actor = SQLValue.text(String(names.tag(pair.actor).value))
      let topic = SQLValue.text(String(names.tag(pair.topic).value))
      for step in steps {
        let item = evidence[step.index]
        guard let level = item.level else { continue }
        rows.append([
          actor, topic, .integer(step.day), step.last == .max ? .null : .integer(step.last),
          .text(CalendarDay(number: step.day).description), .integer(Int64(level.low)),
          .integer(Int64(level.high)), .text(level.label), .integer(item.source.rawValue),
          .text(item.kind.name), .text(Rule.latest1.name),
        ])
      }
    }
    return rows
  }
}

extension Evidence.Kind {
  var name: String {
    switch self {
    case .vote: "vote"
    case .stanceChange: "stance"
    case .sponsorship: "sponsorship"
    case .statement: "statement"
    }
  }
}
