package import Annals

extension Parameter {
  package static let actor = Parameter(
    "actor", .text, required: true, "The actor, by id or by any of its names.", example: "USA")
  package static let topic = Parameter(
    "topic", .text, required: true, "The topic, by its id.", example: "ukraine-integrity")
  package static let on = Parameter(
    "on", .moment, "How it was in the world at the end of this day, month or year. Default: today.",
    example: "2024-12-31")
  package static let knownBy = Parameter(
    "known_by", .state,
    "What the record contained then: a date, a time, or a position such as #412. Default: now.",
    example: "#306")
  package static let possibly = Parameter(
    "possibly", .flag,
    "Count facts that may have happened by then, not only those that certainly had.")
  package static let leaveOut = [
    Parameter(
      "exclude_type", .choice(Exclusions.evidenceTypes), repeated: true,
      "Leave out evidence of this type, and judge the rest anew.", example: "statement.made"),
    Parameter(
      "exclude_source", .text, repeated: true,
      "Leave out facts that rest on this source alone.", example: "kremlin-praises-us"),
    Parameter(
      "strong_only", .flag,
      "Leave out informative links, facts that are disputed or not asserted, and stances that others "
        + "attributed or inferred."),
  ]
  package static let viewpoint = [on, knownBy, possibly] + leaveOut
  package static let lineRule = rule(Rule.ofLines)
  package static let history = Parameter(
    "history", .flag, "What became of the facts: corrections, retractions, disputes.")
  package static let every = Parameter(
    "every", .choice(Period.Unit.allCases.map(\.rawValue)),
    "One row for each year, quarter or month.", example: "year")

  package static func rule(_ rules: [Rule]) -> Parameter {
    Parameter("rule", .choice(rules.map(\.rawValue)), "The rule.", example: rules[0].rawValue)
  }

  package static func limit(_ most: Int, _ standard: Int) -> Parameter {
    Parameter(
      "limit", .count(limit: most), "At most so many rows. Default: \(standard).",
      example: "\(min(10, standard))")
  }
}

extension Question {
  static let ofStances = [
    stance, shares, audit, revisions, comparison, difference, changes, swings,
  ]

  package static let stance = Question(
    "stance", "Where an actor stands on a topic, since when, and why.",
    schemas: ["show.v2"],
    [.actor, .topic] + Parameter.viewpoint + [.lineRule, .history]
  ) { read in
    let viewpoint = read.lineViewpoint()
    let history = read.flag("history")
    guard let actor = read.text("actor"), let topic = read.text("topic") else { return nil }
    return { store in
      try await store.show(actor: actor, topic: topic, from: viewpoint, history: history)
    }
  }

  package static let shares = Question(
    "shares", "How an actor voted on a topic, as a share per period.", schemas: ["shares.v2"],
    [.actor, .topic] + Parameter.viewpoint + [
      .rule(Rule.ofStances.filter { !$0.givesLine }), .every,
      Parameter("period", .date, "Only this stretch of time.", example: "2022/2025"),
    ]
  ) { read in
    let rules = Rule.ofStances.filter { !$0.givesLine }
    let rule = read.rule(among: rules) ?? .record1
    let unit = read.choice("every", "unit of time", among: Period.Unit.allCases) ?? .year
    let period = read.period("period")
    let viewpoint = read.viewpoint(on: read.givenMomentOrToday(), rule: rule)
    guard let actor = read.text("actor"), let topic = read.text("topic") else { return nil }
    return { store in
      try await store.shares(
        actor: actor, topic: topic, rule: rule, every: unit, period: period, from: viewpoint)
    }
  }

  package static let audit = Question(
    "audit", "How an actor's stance on a topic changed: each step, its event, and remarks.",
    schemas: ["audit.v2"], [.actor, .topic] + Parameter.viewpoint + [.lineRule, .history]
  ) { read in
    let viewpoint = read.lineViewpoint()
    let history = read.flag("history")
    guard let actor = read.text("actor"), let topic = read.text("topic") else { return nil }
    return { store in
      try await store.audit(actor: actor, topic: topic, from: viewpoint, history: history)
    }
  }

  package static let revisions = Question(
    "revisions", "Each event that changed a line of steps, and the line after it.",
    schemas: ["revisions.v1"],
    [.actor, .topic, .on, .knownBy, .possibly, .lineRule, .limit(200, 40)]
  ) { read in
    let rule = read.rule(among: Rule.ofLines) ?? .latest2
    let viewpoint = read.viewpoint(on: read.givenMomentOrToday(), rule: rule)
    let limit = read.limit(40, unbounded: 40) ?? 40
    guard let actor = read.text("actor"), let topic = read.text("topic") else { return nil }
    return { store in
      try await store.revisions(actor: actor, topic: topic, from: viewpoint, limit: limit)
    }
  }

  package static let comparison = Question(
    "comparison", "Where several actors stand on a topic, side by side.", schemas: ["compare.v2"],
    [
      Parameter(
        "actor", .text, repeated: true, "An actor, by id or by any of its names.", example: "USA"),
      .topic,
      Parameter("bloc", .text, "The members of this group on that day as well.", example: "g7"),
    ] + Parameter.viewpoint + [.rule(Rule.ofStances), .every]
  ) { read in
    let rule = read.rule(among: Rule.ofStances) ?? .latest2
    let unit = read.choice("every", "unit of time", among: Period.Unit.allCases)
    let viewpoint = read.viewpoint(on: read.givenMomentOrToday(), rule: rule)
    let (actors, bloc) = (read.texts("actor"), read.text("bloc"))
    if actors.isEmpty, bloc == nil {
      read.contradict("a comparison needs \(read.name("actor")) or \(read.name("bloc"))")
    }
    guard let topic = read.text("topic") else { return nil }
    return { store in
      try await store.compare(
        actors, bloc: bloc, topic: topic, rule: rule, every: unit, from: viewpoint)
    }
  }

  package static let difference = Question(
    "difference", "What changed between two moments: in the world, or in what was known.",
    schemas: ["diff-world.v2", "diff-stance.v2", "diff-record.v2"],
    [
      Parameter("actor", .text, "The actor; none for the whole record.", example: "USA"),
      Parameter(
        "topic", .text, "The topic; none for the whole record.", example: "ukraine-integrity"),
      Parameter(
        "on", .moments,
        "Two moments in the world, A..B; or with two states of the record the one at "
          + "which both are asked.", example: "2022-12-31..2025-03-01"),
      Parameter(
        "known_by", .states,
        "Two states of the record, A..B; or with two moments in the world the "
          + "one that is asked.", example: "#306"),
      .possibly,
    ] + Parameter.leaveOut + [.lineRule]
  ) { read in
    let (actor, topic) = (read.text("actor"), read.text("topic"))
    if (actor == nil) != (topic == nil) {
      read.contradict(
        "a difference takes an actor and a topic, or neither",
        help: "give both \(read.name("actor")) and \(read.name("topic"))")
      return nil
    }
    func isRange(_ name: String) -> Bool { read.text(name)?.contains("..") ?? false }
    let (isWorld, isRecord) = (isRange("on"), isRange("known_by"))
    guard isWorld != isRecord else {
      read.contradict(
        isWorld
          ? "\(read.name("on")) and \(read.name("known_by")) cannot both be a range"
          : "nothing to compare",
        help: isWorld
          ? "ask for one of them, then the other"
          : "give two moments:  \(read.name("on")) A..B  or  \(read.name("known_by")) A..B")
      return nil
    }
    let rule = read.rule(among: Rule.ofLines)
    var viewpoint = Viewpoint(
      possibly: read.flag("possibly"), leavingOut: read.exclusions(), rule: rule ?? .latest2)
    if isWorld {
      viewpoint.knownBy = read.state()
      let days = read.moments("on")
      guard let actor, let topic else {
        read.contradict(
          "\(read.name("on")) A..B needs an actor and a topic",
          help: "\(command: "changes --since A --until B")  has the changes of all")
        return nil
      }
      guard let days else { return nil }
      return { [viewpoint] store in
        try await store.diff(actor: actor, topic: topic, on: days, from: viewpoint)
      }
    }
    let states = read.states("known_by")
    guard let actor, let topic else {
      if read.isGiven("on") || viewpoint.possibly || !viewpoint.leavingOut.isEmpty || rule != nil {
        read.contradict(
          "\(read.name("on")), \(read.name("possibly")), \(read.name("rule")) and what is left out "
            + "need an actor and a topic")
      }
      guard let states else { return nil }
      return { store in try await store.diff(knownBy: states) }
    }
    viewpoint.on = read.givenMomentOrToday()
    guard let states else { return nil }
    return { [viewpoint] store in
      try await store.diff(actor: actor, topic: topic, knownBy: states, from: viewpoint)
    }
  }

  private static let movesOf = [
    Parameter(
      "topic", .text, repeated: true, "Only on this topic.", example: "ukraine-integrity"),
    Parameter("actor", .text, repeated: true, "Only of this actor.", example: "USA"),
    Parameter("since", .date, "Only on this date or later.", example: "2025"),
    Parameter("until", .date, "Only on this date or before.", example: "2025-12-31"),
  ]

  package static let changes = Question(
    "changes", "Every change of stance, the largest first, with what caused it.",
    schemas: ["changes.v2"],
    movesOf + [
      Parameter("first", .flag, "First stances too, which have no size."), .limit(1000, 100),
    ]
      + Parameter.viewpoint + [.lineRule]
  ) { read in
    var filter = StanceMoveFilter()
    filter.actors = read.texts("actor")
    filter.topics = read.texts("topic")
    filter.since = read.firstDay("since")
    filter.until = read.lastDay("until")
    filter.includesFirsts = read.flag("first")
    filter.limit = read.limit(100)
    let viewpoint = read.viewpoint(
      on: read.moment(), rule: read.rule(among: Rule.ofLines) ?? .latest2)
    return { [filter] store in try await store.moves(filter, from: viewpoint) }
  }

  package static let swings = Question(
    "swings", "Who moved most from one roll call to the next, and whether it held.",
    schemas: ["swings.v2"], movesOf + [.limit(1000, 20), .knownBy, .rule(Rule.ofSwings)]
  ) { read in
    var filter = SwingFilter()
    filter.actors = read.texts("actor")
    filter.topics = read.texts("topic")
    filter.since = read.firstDay("since")
    filter.until = read.lastDay("until")
    filter.limit = read.limit(20, unbounded: 20) ?? 20
    if let rule = read.rule(among: Rule.ofSwings) { filter.rule = rule }
    let knownBy = read.state()
    return { [filter] store in try await store.swings(filter, knownBy: knownBy) }
  }
}
