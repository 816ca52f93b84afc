import Annals

extension Parameter {
  static let scope = [
    Parameter(
      "period", .date, "Roll calls certainly held in this year, month, day or interval.",
      example: "2022/2025"),
    Parameter(
      "session", .text, "Roll calls of this session, as anybody writes it.", example: "ES-11"),
    Parameter("body", .text, "Roll calls of this body.", example: "un-ga"),
    Parameter("topic", .text, "Roll calls linked to this topic.", example: "ukraine-integrity"),
    Parameter(
      "contested", .flag,
      "Leave out roll calls in which everybody who chose yes, abstain or no chose the same."),
  ]
}

extension Question {
  static let ofVotes = [rollcall, rollcalls, agreement]

  package static let rollcall = Question(
    "rollcall", "A roll call: official tally beside counted votes, and who is not recorded.",
    schemas: ["rollcall.v2"],
    [
      Parameter(
        "id", .text, required: true,
        "The roll call's id, or the id or symbol of its motion, in any case.",
        example: "un-ga/ES-11/7"),
      Parameter(
        "bloc", .text, "Only members of this group on the day of the roll call.", example: "g7"),
      .knownBy,
    ]
  ) { read in
    let (bloc, knownBy) = (read.text("bloc"), read.state())
    guard let id = read.text("id") else { return nil }
    return { store in try await store.rollcall(id, bloc: bloc, knownBy: knownBy) }
  }

  package static let rollcalls = Question(
    "rollcalls", "Roll calls with their official and counted tallies.", schemas: ["rollcalls.v2"],
    Parameter.scope + [
      Parameter("differing", .flag, "Only those whose count differs from the official tally."),
      Parameter("conflicts", .flag, "Only those in which sources contradict each other."),
      .limit(1000, 100), .knownBy,
    ]
  ) { read in
    let scope = read.scope()
    let (differing, conflicts) = (read.flag("differing"), read.flag("conflicts"))
    if differing && conflicts {
      read.contradict(
        "\(read.name("differing")) and \(read.name("conflicts")): one of them at a time")
    }
    let limit = read.limit(100)
    let knownBy = read.state()
    let filter: RollCallList.Filter = differing ? .differing : conflicts ? .conflicting : .all
    return { store in
      try await store.rollcalls(in: scope, filter, last: limit, knownBy: knownBy)
    }
  }

  package static let agreement = Question(
    "agreement", "How far actors voted alike: a pair, one actor against all others, or all pairs.",
    schemas: ["agreement.v2", "agreement-ranking.v2", "agreement-matrix.v2"],
    [
      Parameter(
        "actor", .text, repeated: true, "Two actors, one, or none for all pairs.", example: "USA")
    ] + Parameter.scope + [
      Parameter(
        "every", .choice(RollCallScope.Unit.allCases.map(\.rawValue)),
        "A row for each year or session.", example: "year"),
      Parameter(
        "top", .count(limit: 1000), "Of all others, so many of the most alike.", example: "10"),
      Parameter(
        "bottom", .count(limit: 1000), "Of all others, so many of the least alike.", example: "10"),
      Parameter(
        "min_n", .count(limit: 1_000_000),
        "Leave out pairs with fewer common roll calls than this.",
        example: "10"),
      Parameter(
        "facts", .flag, "For two actors: the roll calls behind the figures, with both votes."),
      .knownBy,
    ]
  ) { read in
    let actors = read.texts("actor")
    let scope = read.scope()
    let unit = read.choice("every", "unit here", among: RollCallScope.Unit.allCases)
    let (top, bottom) = (read.count("top"), read.count("bottom"))
    let least = read.count("min_n")
    let facts = read.flag("facts")
    let knownBy = read.state()
    if actors.count > 2 {
      read.contradict("agreement compares two actors, and \(actors.count) were named")
    }
    if actors.count != 1, top != nil || bottom != nil {
      read.contradict(
        "\(read.name("top")) and \(read.name("bottom")) are about one actor against all others")
    }
    if actors.count != 2, facts {
      read.contradict("\(read.name("facts")) lists the roll calls behind the figures of two actors")
    }
    if actors.count == 2, least ?? 1 != 1 {
      read.contradict(
        "\(read.name("min_n")) leaves pairs out of a list, and here is one pair",
        help: "n stands beside its figures")
    }
    return { store in
      switch actors.count {
      case 2:
        try await store.agreement(
          actors[0], actors[1], in: scope, every: unit, listingFacts: facts, knownBy: knownBy)
      case 1:
        try await store.agreements(
          of: actors[0], in: scope, every: unit, top: top, bottom: bottom, least: least ?? 1,
          knownBy: knownBy)
      default:
        try await store.agreements(in: scope, every: unit, least: least ?? 1, knownBy: knownBy)
      }
    }
  }
}
