import Annals
import EventLog

extension Question {
  static let ofRecord = [
    find, timeline, log, search, event, actor, source, list, health, views, rules, errors,
  ]

  private static let subjects = Parameter(
    "subject", .text, required: true, repeated: true, "An actor or a topic.", example: "USA")
  private static let types = Parameter(
    "type", .text, repeated: true, "Only of this event type.", example: "vote.cast")

  package static let find = Question(
    "find", "Actors, topics and roll calls whose id or name has a text in it.",
    schemas: ["find.v2"],
    [
      Parameter("text", .text, required: true, "Part of an id or a name.", example: "ukr"),
      .limit(100, 20), .knownBy,
    ]
  ) { read in
    let (limit, knownBy) = (read.limit(20, unbounded: 20) ?? 20, read.state())
    guard let text = read.text("text") else { return nil }
    return { store in
      try await FoundAnswer.find(text, limit: limit, knownBy: knownBy, in: store)
    }
  }

  package static let timeline = Question(
    "timeline", "The facts about actors and topics, in the order of the world.",
    schemas: ["timeline.v2"], [subjects, types, .on, .knownBy, .possibly, .history]
  ) { read in
    let (subjects, types) = (read.texts("subject"), read.texts("type"))
    let (on, knownBy) = (read.moment(), read.state())
    let (possibly, history) = (read.flag("possibly"), read.flag("history"))
    return { store in
      EntriesAnswer(
        try await store.timeline(
          subjects, types: types, on: on, possibly: possibly, knownBy: knownBy, history: history))
    }
  }

  package static let log = Question(
    "log", "The events of the record as they were appended, newest first.", schemas: ["log.v2"],
    [
      Parameter(
        "subject", .text, repeated: true, "Only about this actor or topic.", example: "USA"),
      types,
      Parameter(
        "source", .text, "Only events that cite this source.", example: "kremlin-praises-us"),
      Parameter("recorder", .text, "Only events that this recorder appended."),
      Parameter("batch", .position, "Only events of the batch with this position.", example: "1"),
      Parameter(
        "since", .date, "Only what may have been so on this date or later.", example: "2022"),
      Parameter(
        "until", .date, "Only what may have been so on this date or before.", example: "2025"),
      Parameter("reverse", .flag, "Oldest first."),
      .limit(1000, 100),
      Parameter(
        "after", .position, "Continue behind this event, in the order of the list.", example: "100"),
      .on, .knownBy, .possibly,
    ]
  ) { read in
    let subjects = read.texts("subject")
    var filter = LogFilter()
    filter.types = read.texts("type")
    filter.source = read.text("source")
    filter.recorder = read.text("recorder")
    filter.batch = read.position("batch")
    filter.since = read.date("since")?.local.earliest
    filter.until = read.date("until")?.local.latest
    filter.on = read.moment()
    filter.possibly = read.flag("possibly")
    filter.newestFirst = !read.flag("reverse")
    filter.limit = read.limit(100)
    filter.after = read.position("after")
    let knownBy = read.state()
    return { [filter] store in
      try await EntriesAnswer.log(about: subjects, filter, knownBy: knownBy, in: store)
    }
  }

  package static let search = Question(
    "search", "Events in which a text occurs, newest first.", schemas: ["search.v2"],
    [
      Parameter("text", .text, required: true, "The text to look for.", example: "joint vote"),
      .limit(1000, 50), .knownBy,
    ]
  ) { read in
    let (limit, knownBy) = (read.limit(50, unbounded: 50) ?? 50, read.state())
    guard let text = read.text("text") else { return nil }
    return { store in
      EntriesAnswer(
        found: try await store.search(text, knownBy: knownBy, limit: limit), text: text,
        knownBy: try await store.recordState(knownBy))
    }
  }

  package static let event = Question(
    "event", "One event in full, with all that was said about it later.", schemas: ["event.v2"],
    [
      Parameter("event", .text, required: true, "Its position or its id.", example: "249"),
      .knownBy,
    ]
  ) { read in
    let knownBy = read.state()
    guard let reference = read.event("event") else { return nil }
    return { store in try await store.event(reference, knownBy: knownBy) }
  }

  package static let actor = Question(
    "actor", "Who an actor is: names, and on a day roles, memberships, for whom it spoke.",
    schemas: ["actor.v2"],
    [
      .actor, .on, .knownBy, .possibly,
      Parameter("members", .flag, "Its members on that day; always shown for a body or a bloc."),
      .history,
    ]
  ) { read in
    let (on, knownBy) = (read.givenMomentOrToday(), read.state())
    let (possibly, members) = (read.flag("possibly"), read.flag("members"))
    let history = read.flag("history")
    guard let actor = read.text("actor"), let on else { return nil }
    return { store in
      try await store.actor(
        actor, on: on, possibly: possibly, members: members, knownBy: knownBy, history: history)
    }
  }

  package static let source = Question(
    "source", "A source: its captures and what differs, what rests on it, who contradicts it.",
    schemas: ["source.v2"],
    [
      Parameter(
        "source", .text, required: true, "The source's id, in any case.",
        example: "kremlin-praises-us"),
      .knownBy, .history,
    ]
  ) { read in
    let (knownBy, history) = (read.state(), read.flag("history"))
    guard let source = read.text("source") else { return nil }
    return { store in try await store.source(source, knownBy: knownBy, history: history) }
  }

  package static let list = Question(
    "list", "What the record holds: actors, topics, types, sources, roll calls, motions, stances.",
    schemas: ["list.v2"],
    [
      Parameter(
        "kind", .choice(ListKind.allCases.map(\.rawValue)), required: true, "What to list.",
        example: "actors"),
      Parameter(
        "topic", .text, "Only roll calls, motions or stances of this topic.",
        example: "ukraine-integrity"),
      .knownBy,
    ]
  ) { read in
    let (topic, knownBy) = (read.text("topic"), read.state())
    guard let kind = read.choice("kind", "kind of list", among: ListKind.allCases) else {
      return nil
    }
    return { store in
      ListAnswer(
        kind: kind, entries: try await store.list(kind, topic: topic, knownBy: knownBy),
        knownBy: try await store.recordState(knownBy))
    }
  }

  package static let health = Question(
    "health", "What in the record is late, thin, unsourced, contradicted or was corrected.",
    schemas: ["health.v2"],
    [
      Parameter(
        "subject", .text, repeated: true, "Only facts about this actor or topic.", example: "USA"),
      Parameter(
        "limit", .count(from: 0, limit: 1000), "List so many of each kind. Default: 5.",
        example: "5"),
      .knownBy,
    ]
  ) { read in
    let (subjects, knownBy) = (read.texts("subject"), read.state())
    let limit = read.limit(5, unbounded: 5) ?? 5
    return { store in try await store.health(subjects, knownBy: knownBy, limit: limit) }
  }

  package static let views = Question(
    "projections", "The stored views, and how far each of them is.", schemas: ["views.v2"], []
  ) { _ in
    { store in
      ViewsAnswer(
        views: try await store.views(), undescribed: try await store.undescribedViews())
    }
  }

  package static let rules = Question(
    "rules", "The formulas of rules.", schemas: ["rules.v2"], []
  ) { read in { [face = read.face] _ in RulesAnswer(rules: Rule.allCases, face: face) } }

  package static let errors = Question(
    "errors", "The catalogue of errors.", schemas: ["errors.v2"], []
  ) { _ in { _ in ErrorsAnswer(codes: ErrorCode.allCases) } }
}
