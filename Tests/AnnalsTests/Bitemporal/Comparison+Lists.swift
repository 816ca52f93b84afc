import EventLog
import Testing

@testable import Annals

/// Lists, timelines and differences.
extension Comparison {
  mutating func compareList() async throws {
    let kinds: [ListKind] = [.actors, .topics, .sources, .motions, .rollcalls, .stances]
    let kind = pick(kinds)
    let isAboutTopic = [.motions, .rollcalls, .stances].contains(kind)
    let topic = isAboutTopic ? pick(History.topics.map(Optional.some) + [nil]) : nil
    let list = try await store.list(kind, topic: topic, knownBy: knownBy)
    let found = list.map {
      "\($0.id) | \($0.name) | \($0.detail) | \($0.position.map(Self.index) ?? -1)"
    }
    equal(found, expectedList(kind, topic), "list of \(kind) on \(topic ?? "anything")")
  }

  private func expectedList(_ kind: ListKind, _ topic: String?) -> [String] {
    switch kind {
    case .actors: entities(.registered, "actor", ["name", "kind"])
    case .topics: entities(.topic, "topic", ["proposition", "none"])
    case .sources: entities(.source, "source", ["title", "none"])
    case .motions:
      accounts(.motion, topic).map {
        "\($0.text("motion")) | \($0.text("title")) | \($0.text("body")) | \($0.index)"
      }
    case .rollcalls:
      accounts(.rollcall, topic).map { fact in
        let tally = ["yes", "no", "abstain"].map { Oracle.official(fact, $0) }
        let figures = tally.compactMap(\.self).map(String.init).joined(separator: "–")
        let parts = [
          Self.date(fact.days), tally.contains(nil) ? nil : figures, fact.text("result"),
        ]
        let detail = parts.compactMap(\.self).joined(separator: "  ")
        return "\(fact.text("rollcall")) | \(fact.text("motion")) | \(detail) | \(fact.index)"
      }
    case .stances: stances(topic)
    case .types: []
    }
  }

  /// The last account of each, by id.
  private func entities(_ kind: History.Kind, _ id: String, _ fields: [String]) -> [String] {
    var lines: [String: String] = [:]
    for fact in oracle.holding(kind) {
      let words = fields.map { fact.text($0) }.joined(separator: " | ")
      lines[fact.text(id)] = "\(fact.text(id)) | \(words) | \(fact.index)"
    }
    return lines.keys.sorted().map { lines[$0] ?? "" }
  }

  /// All accounts in the order of the world, of what is linked to the topic.
  private func accounts(_ kind: History.Kind, _ topic: String?) -> [Oracle.Fact] {
    let onTopic = oracle.rollcalls(topic: topic).map(\.id)
    return oracle.holding(kind).filter { fact in
      guard let topic else { return true }
      return kind == .rollcall
        ? onTopic.contains(fact.text("rollcall"))
        : oracle.link("motion", fact.text("motion"), to: topic) != nil
    }.sorted(by: Oracle.isEarlier)
  }

  private func stances(_ topic: String?) -> [String] {
    return History.topics.filter { topic == nil || topic == $0 }.flatMap { topic in
      History.everybody.sorted().compactMap { actor in
        let own = evidence.of(actor, topic)
        let show = oracle.show(actor, topic, own, asked: Oracle.end, possibly: false, .init())
        guard let step = show.step, let since = show.since else { return nil }
        let level = Self.label(step.level ?? 0...0)
        let date = History.text(since...since)
        return "\(actor) | \(topic) | \(level) since \(date) | \(step.evidence.index)"
      }
    }
  }

  static func label(_ level: ClosedRange<Int>) -> String {
    let words = ["opposes", "leans against", "neutral", "leans for", "supports"]
    let (low, high) = (words[level.lowerBound + 2], words[level.upperBound + 2])
    return low == high ? low : "\(low) to \(high)"
  }

  /// Timelines of an actor, a topic, both, or two actors: the same facts in the same order, each as
  /// it reads now.
  mutating func compareTimeline() async throws {
    var (subjects, actors, topic) = ([String](), [String](), String?.none)
    let shape = Int.random(in: 0..<4, using: &random)
    if shape != 1 { subjects.append(pick(Self.names)) }
    if shape == 3 { subjects.append(pick(Self.names)) }
    for name in subjects {
      guard let id = try await actor(called: name) else { return }
      actors.append(id)
    }
    if shape == 1 || shape == 2 {
      topic = pick(History.topics)
      subjects.append(topic ?? "")
    }
    let types = pick([[], [], ["vote.cast", "stance.changed"]])
    let day = pick(Array(History.days).map(Optional.some) + [nil, nil, nil])
    let (possibly, hasHistory) = (
      Bool.random(using: &random), Bool.random(using: &random)
    )
    let timeline = try await store.timeline(
      subjects, types: types, on: try day.map(Self.on), possibly: possibly, knownBy: knownBy,
      history: hasHistory)
    let expected = oracle.timeline(
      actors: actors, topic: topic, types: types, asked: day, possibly: possibly,
      history: hasHistory)
    let what = "timeline of \(subjects), \(types), day \(day ?? 0), possibly: \(possibly)"
    equal(
      timeline.entries.map { Self.index($0.fact.position) }, expected.facts.map(\.index), what)
    equal(timeline.leftOut, expected.leftOut, "left out of the \(what)")
    for entry in timeline.entries {
      compare(entry.fact, what)
      let own = oracle.fact(Self.index(entry.fact.position))
      equal(entry.fact.resolvedBy.map(Self.index), oracle.resolution(of: own), "said by, \(what)")
    }
  }

  // MARK: differences

  /// What became otherwise between two states of the record.
  mutating func compareRecordDiff(from earlier: Int) async throws {
    let before = reading(earlier).evidence
    let diff = try await store.diff(
      knownBy: (.position(Self.position(earlier - 1)), knownBy))
    let what = "what became otherwise since #\(earlier)"
    let new = oracle.facts.filter { $0.index >= earlier }
    equal(diff.newFacts.map { Self.index($0.fact.position) }, new.map(\.index), "new, \(what)")
    compare(diff.stances, since: before, "stances, \(what)")
  }

  /// The stances that an append said it changed.
  mutating func compareChanges(of report: WriteReport) {
    let changed = oracle.known - 1
    // After actors were merged the report names none, for it would have to look at everything.
    if isAboutMerge(changed) { return }
    compare(report.changes, since: reading(changed).evidence, "stances that the append changed")
  }

  private func isAboutMerge(_ index: Int) -> Bool {
    switch history.entries[index].kind {
    case .merged: true
    case .correction(let target), .retraction(let target): isAboutMerge(target)
    case .dispute(let targets), .settlement(let targets, _): targets.contains(where: isAboutMerge)
    default: false
    }
  }

  private mutating func compare(
    _ changes: [StanceChange], since before: [Oracle.Evidence], _ what: String
  ) {
    var expected: [String] = []
    for actor in History.everybody.sorted() {
      for topic in History.topics {
        let (was, reads) = (before.of(actor, topic), evidence.of(actor, topic))
        let day = (0...Oracle.end).first {
          Oracle.level(was, on: $0) != Oracle.level(reads, on: $0)
        }
        guard let day else { continue }
        let levels = [was, reads].map { Self.text(Oracle.level($0, on: day)) }
        expected.append("\(actor) \(topic) \(day) \(levels[0]) \(levels[1])")
      }
    }
    let found = changes.map { change in
      let levels = [change.before, change.after].map { Self.text(Self.range($0)) }
      return "\(change.actor.id) \(change.topic.id) \(Self.day(change.from)) \(levels[0]) "
        + levels[1]
    }
    equal(found.sorted(), expected.sorted(), what)
  }

  /// The line of an actor: what was learned between two states, and what the world changed between
  /// two days.
  mutating func compareLineDiffs(from earlier: Int) async throws {
    let (name, topic) = (pick(History.actors), pick(History.topics))
    let days = [
      Int.random(in: History.days, using: &random), Int.random(in: History.days, using: &random),
    ]
    .sorted()
    guard let actor = try await actor(called: name) else { return }
    let positions = (Self.position(earlier - 1), position)
    let what = "\(actor) on \(topic) since #\(earlier)"
    let learned = try await store.diff(
      actor: name, topic: topic, knownBy: (.position(positions.0), .position(positions.1)),
      from: Viewpoint(on: try Self.on(days[1])))
    let before = reading(earlier).evidence.of(actor, topic)
    let after = evidence.of(actor, topic)
    for (level, own) in [(learned.before, before), (learned.after, after)] {
      equal(
        Self.range(level), Oracle.level(own, on: days[1], asked: days[1]),
        "level of \(what), day \(days[1])")
    }
    for line in learned.lines {
      let causes = line.causes.map(\.fact.position)
      equal(causes.isEmpty, false, "a difference has a cause, \(what)")
      equal(
        causes.allSatisfy { positions.0 < $0 && $0 <= positions.1 }, true,
        "causes lie between, \(what)")
    }
    let world = try await store.diff(
      actor: name, topic: topic, on: (try Self.on(days[0]), try Self.on(days[1])),
      from: Viewpoint(knownBy: knownBy))
    for (level, day) in [(world.before, days[0]), (world.after, days[1])] {
      equal(
        Self.range(level), Oracle.level(after, on: day, asked: day),
        "world of \(what), day \(day)")
    }
    let made = Oracle.steps(after, asked: days[0]).map { "\($0.from) \($0.evidence.index)" }
    let fresh = Oracle.steps(after, asked: days[1]).filter {
      !made.contains("\($0.from) \($0.evidence.index)")
    }
    equal(
      world.steps.map { Self.index($0.evidence.position) }, fresh.map(\.evidence.index),
      "steps between days \(days) of \(what)")
  }
}
