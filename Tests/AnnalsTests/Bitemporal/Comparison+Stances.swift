import EventLog
import Testing

@testable import Annals

/// Answers about stances.
extension Comparison {
  /// The fold of the whole log: all actors, topics and days at once, certainly and possibly, and the
  /// votes that shares count.
  mutating func compareFold() async throws {
    let (fold, names) = try await StanceProjection.fold(store.log, through: position)
    let result = names.map { fold.result(names: $0, under: .latest2) }
    for actor in History.everybody {
      for topic in History.topics {
        let pair = names.flatMap { names in
          names.id(of: Tag(kind: "actor", value: actor)).flatMap { actor in
            names.id(of: Tag(kind: "topic", value: topic)).map {
              StanceFold.Pair(actor: actor, topic: $0)
            }
          }
        }
        let found = pair.flatMap { result?.evidence[$0] } ?? []
        compare(found, evidence.of(actor, topic), "\(actor) on \(topic) in the whole log")
      }
    }
  }

  private mutating func compare(
    _ evidence: [StanceFold.StanceEvidence], _ expected: [Oracle.Evidence], _ what: String
  ) {
    equal(evidence.map { Self.index($0.source) }, expected.map(\.index), "evidence of \(what)")
    for possibly in [false, true] {
      let line = LatestRule.steps(evidence, under: .latest2, possibly: possibly)
      for day in History.days {
        let number = Self.number(day)
        let step = line.last { $0.day <= number && number <= $0.last }
        equal(
          Self.range(step?.level), Oracle.level(expected, on: day, possibly: possibly),
          "\(what) on day \(day)\(possibly ? ", possibly" : "")")
      }
    }
    let votes = ShareVotes(evidence, from: Viewpoint(), countsInformative: true)
    for days in [1...3, 4...6, 1...6] {
      let period = Period(
        text: "", days: Self.number(days.lowerBound)...Self.number(days.upperBound))
      let counts = votes.counts(in: period)
      for (own, isStrong) in [(counts.strong, true), (counts.informative, false)] {
        equal(
          [own.same, own.different, own.abstain, own.absent],
          Oracle.votes(expected, isStrong: isStrong, in: days),
          "votes of \(what) in \(days), strong: \(isStrong)")
      }
    }
  }

  /// `show` for an actor by any name, on any day, certainly or possibly, with or without what a
  /// reader leaves out.
  mutating func compareShow() async throws {
    guard let actor = try await actor(called: pick(Self.names)) else { return }
    let (topic, omission) = (pick(History.topics), pick(Self.omissions))
    let day = pick(Array(History.days) + [Oracle.end])
    let possibly = Bool.random(using: &random)
    let viewpoint = Viewpoint(
      on: try Self.on(day), possibly: possibly, knownBy: knownBy, leavingOut: omission.exclusions)
    let show = try await store.show(actor: actor, topic: topic, from: viewpoint)
    // The id may be that of another actor by then.
    let id = oracle.current(actor)
    let evidence = oracle.evidence(omission).of(id, topic)
    let expected = oracle.show(
      id, topic, evidence, asked: day, possibly: possibly, omission)
    let what = "show \(actor) \(topic) on day \(day), possibly: \(possibly), without \(omission)"
    equal(show.actor.id, id, "actor of \(what)")
    equal(show.actor.name, oracle.displayName(id), "name in \(what)")
    equal(show.proposition, oracle.proposition(topic), "proposition in \(what)")
    compare(show.step, expected.step, what)
    equal(show.since.map(Self.day), expected.since, "since, \(what)")
    equal(Self.range(show.before), expected.before, "before, \(what)")
    equal(
      show.evidence.map { Self.index($0.fact.position) }, expected.evidence, "evidence, \(what)")
    equal(
      show.alsoRecorded.map { Self.index($0.fact.position) }, expected.others,
      "also recorded, \(what)")
    equal(show.count, expected.count, "count, \(what)")
    try await compareSilence(id, topic, day, viewpoint, what)
  }

  /// The roll calls on the topic in which nothing is recorded of the actor.
  private mutating func compareSilence(
    _ actor: String, _ topic: String, _ day: Int, _ viewpoint: Viewpoint, _ what: String
  ) async throws {
    let line = try await store.line(
      Entity(id: actor, name: actor), Entity(id: topic, name: topic), from: viewpoint,
      knownBy: recordState)
    let expected = oracle.rollcalls(topic: topic).filter { rollcall in
      !rollcall.accounts.isEmpty && !rollcall.isAnnulled && rollcall.votes[actor] == nil
        && oracle.link(of: rollcall, to: topic)?.text("strength") == "strong"
        && rollcall.days.map { $0.lowerBound <= day } ?? true
    }
    equal(line.silentRollcalls.sorted(), expected.map(\.id).sorted(), "silence, \(what)")
  }

  mutating func compare(_ step: StanceStep?, _ expected: Oracle.Step?, _ what: String) {
    equal(step.map { Self.index($0.evidence.position) }, expected?.evidence.index, "step, \(what)")
    equal(Self.range(step?.level), expected?.level, "level, \(what)")
    equal(
      step?.tied.map { Self.index($0.fact.position) }, expected?.tied.map(\.index), "tied, \(what)")
    equal(Self.range(step?.before), expected?.before, "level before, \(what)")
    equal(step.map { Self.day($0.from) }, expected?.from, "first day, \(what)")
    equal(step?.to.map(Self.day), expected?.to, "last day, \(what)")
    if let step { compare(step.evidence, "step, \(what)") }
  }

  /// A fact as it reads now.
  mutating func compare(_ fact: Fact, _ what: String) {
    let expected = oracle.fact(Self.index(fact.position))
    let what = "#\(expected.index + 1), \(what)"
    equal(fact.isLive, expected.isLive, "live \(what)")
    equal(fact.isDisputed, expected.isDisputed, "disputed \(what)")
    equal(fact.setAsideBy.map(Self.index), expected.setAsideBy, "set aside \(what)")
    equal(Self.index(fact.current), expected.current, "current \(what)")
    equal(fact.time?.text, Self.date(oracle.dated(expected).days), "date \(what)")
    equal(fact.confidence, expected.isReported ? "reported" : "asserted", "confidence \(what)")
    equal(fact.sources.map(\.source), expected.sources, "sources \(what)")
    for (field, value) in expected.fields { equal(fact.data[field], value, "\(field) \(what)") }
    equal(fact.data.object?.count, expected.fields.count, "fields \(what)")
  }

  /// Several actors side by side, and a report on them.
  mutating func compareReport() async throws {
    let (topic, day) = (pick(History.topics), pick(Array(History.days)))
    var names: [String] = []
    var actors: [String] = []
    for name in [pick(Self.names), pick(Self.names), pick(History.actors)] {
      guard let id = try await actor(called: name) else { continue }
      names.append(name)
      if !actors.contains(id) { actors.append(id) }
    }
    let answer = try await store.compare(
      names, topic: topic, every: .month, from: Viewpoint(on: try Self.on(day), knownBy: knownBy))
    equal(answer.stances.map(\.actor.id), actors, "compared actors \(names)")
    for (stance, actor) in zip(answer.stances, actors) {
      let own = evidence.of(actor, topic)
      let expected = oracle.show(actor, topic, own, asked: day, possibly: false, .init())
      compare(stance.step, expected.step, "compare \(actor) on \(topic), day \(day)")
      equal(stance.count, expected.count, "compare \(actor) on \(topic), day \(day)")
    }
    for row in answer.rows {
      for (cell, actor) in zip(row.cells, actors) {
        let level = Oracle.level(evidence.of(actor, topic), on: day, asked: day)
        equal(Self.range(cell.level), level, "month of \(actor) on \(topic), day \(day)")
      }
    }
    let earlier = Int.random(in: 1...oracle.known, using: &random)
    let report = try await store.report(
      ReportQuestion(
        actors: names, topic: topic, on: try Self.on(day), knownBy: knownBy,
        comparedTo: .position(Self.position(earlier - 1))))
    equal(report.lines.map(\.actor.id), actors, "reported actors \(names)")
    let before = reading(earlier)
    for (line, actor) in zip(report.lines, actors) {
      let own = evidence.of(actor, topic)
      let what = "report of \(actor) on \(topic), day \(day)"
      let steps = Oracle.steps(own, asked: day)
      equal(line.audit.steps.count, steps.count, "steps, \(what)")
      for (step, expected) in zip(line.audit.steps, steps) { compare(step, expected, what) }
      let counted = own.count { $0.level != nil && ($0.days?.upperBound ?? .max) <= day }
      equal(line.audit.count, counted, "count, \(what)")
      let then = before.evidence.of(before.oracle.current(actor), topic)
      let old = Oracle.steps(then, asked: day)
      equal(
        (line.earlier ?? []).map { Self.index($0.evidence.position) },
        old.map(\.evidence.index), "steps as known by #\(earlier), \(what)")
      let strong = line.shares.periods.map(\.counts.strong)
        .reduce([0, 0, 0, 0]) { sums, own in
          zip(sums, [own.same, own.different, own.abstain, own.absent]).map { $0 + $1 }
        }
      let shared = own.filter { ($0.days?.upperBound ?? .max) <= day }
      equal(strong, Oracle.votes(shared, isStrong: true, in: 1...day), "shares, \(what)")
    }
  }

  /// Every change of stance, of everybody on everything.
  mutating func compareMoves() async throws {
    var filter = StanceMoveFilter()
    filter.includesFirsts = true
    let found = try await store.moves(filter, from: Viewpoint(knownBy: knownBy))
    var expected: [String] = []
    for actor in History.everybody {
      for topic in History.topics {
        let own = evidence.of(actor, topic)
        var level: ClosedRange<Int>?
        var before: [Oracle.Evidence] = []
        for day in 1...Oracle.end {
          let latest = Oracle.latest(own, on: day)
          // Where the order is not known, nobody can say that the stance changed.
          if latest.count < 2, latest.first?.level != level,
            let trigger = latest.first ?? before.first
          {
            let levels = "\(Self.text(level)) \(Self.text(latest.first?.level))"
            expected.append("\(actor) \(topic) \(day) \(levels) \(trigger.index)")
            level = latest.first?.level
          }
          before = latest
        }
      }
    }
    let moves = found.moves.map { move in
      let levels = "\(Self.text(Self.range(move.before))) \(Self.text(Self.range(move.after)))"
      let trigger = Self.index(move.trigger.fact.position)
      return "\(move.actor.id) \(move.topic.id) \(Self.day(move.day)) \(levels) \(trigger)"
    }
    equal(moves.sorted(), expected.sorted(), "changes of stance")
    let sizes = found.moves.map { $0.size ?? -1 }
    equal(sizes, sizes.sorted(by: >), "the largest change comes first")
  }

  static func text(_ level: ClosedRange<Int>?) -> String {
    level.map { "\($0.lowerBound)…\($0.upperBound)" } ?? "none"
  }
}

extension [Oracle.Evidence] {
  func of(_ actor: String, _ topic: String) -> [Oracle.Evidence] {
    filter { $0.actor == actor && $0.topic == topic }
  }
}
