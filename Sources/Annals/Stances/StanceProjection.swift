import EventLog

/// The stored view of stances: every step of every actor's line on every topic. Only SQL tools read it;
/// the program answers from the log. `replay` folds it, and appends do not update it.
struct StanceProjection: Projection {
  let definition = ProjectionDefinition(
    name: "stances", version: 2, tables: ["stance_step"],
    schema: SchemaFiles.text("sqlite/views/stances.sql"))

  let columns: [(table: String, columns: [String])] = [
    (
      "stance_step",
      [
        "actor", "topic", "from_day", "until_day", "from_date", "low", "high", "label", "event",
        "kind", "rule",
      ]
    )
  ]

  func rows(of log: any EventLog, through: Position) async throws -> [[[SQLValue]]] {
    let (fold, names) = try await Self.fold(log, through: through)
    guard let names else { return [[]] }
    return [Self.rows(fold.result(names: names, under: .latest2), names)]
  }

  /// Folds the whole log up to a position, or its events of some types.
  static func fold(
    _ log: any EventLog, through: Position, types: [String] = StanceInput.types
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
      EventQuery(types: types + Array(Amendment.types)), in: range,
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

  private static func rows(
    _ result: StanceFold.Result, _ names: any LogNames
  ) -> [[SQLValue]] {
    var rows: [[SQLValue]] = []
    for (pair, evidence) in result.evidence {
      let steps = LatestRule.steps(evidence, under: .latest2)
      let actor = SQLValue.text(String(names.tag(pair.actor).value))
      let topic = SQLValue.text(String(names.tag(pair.topic).value))
      for step in steps {
        let item = evidence[step.index]
        rows.append([
          actor, topic, .integer(step.day), step.last == .max ? .null : .integer(step.last),
          .text(CalendarDay(number: step.day).description), .integer(Int64(step.level.low)),
          .integer(Int64(step.level.high)), .text(step.level.label),
          .integer(item.source.rawValue), .text(item.kind.name), .text(Rule.latest2.name),
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
