import EventLog

/// Turns the steps of a rule into steps that a reader can follow: with the facts behind them,
/// what else was said, what each rests on, and how late it was recorded.
struct StepBuilder {
  private struct Dated<Value> {
    var day: Int64
    var value: Value
  }

  private let store: Store
  private let line: ActorLine
  private var facts: [Position: Fact] = [:]
  /// Facts about both actor and topic that are no evidence under the rule (claims, actions), in the
  /// order of the day by which they had happened, or may have.
  private var context: [Dated<Fact>] = []
  /// The evidence that counts, in the order of the day from which it does.
  private var counted: [Dated<Int>] = []
  /// The days of counted evidence, by level and kind, in order.
  private var days: [Level: [Evidence<Position>.Kind: [Int64]]] = [:]
  private var displayNames: DisplayNames

  init(line: ActorLine) {
    store = line.store
    self.line = line
    displayNames = DisplayNames(through: line.knownBy.position)
    counted = evidence.indices
      .filter { LatestRule.counts(evidence[$0], until: end, possibly: possibly) }
      .map { Dated(day: LatestRule.day(evidence[$0], possibly: possibly), value: $0) }
      .sorted { ($0.day, $0.value) < ($1.day, $1.value) }
    for dated in counted {
      let item = evidence[dated.value]
      guard let level = item.level else { continue }
      days[level, default: [:]][item.kind, default: []].append(dated.day)
    }
  }

  private var evidence: [StanceFold.StanceEvidence] { line.evidence }
  private var steps: [LatestRule.Step] { line.steps }
  private var end: Int64 { line.viewpoint.end }
  private var possibly: Bool { line.viewpoint.possibly }

  /// Reads the evidence of some steps and the other facts about the actor and the topic. For remarks it
  /// also reads the neighbours of each fact in the log, which show whether the fact is late.
  private mutating func load(_ wanted: [Int], forRemarks: Bool) async throws {
    let through = line.knownBy.position
    let reader = store.reader(through)
    let ids = try await reader.merges(of: [line.actor.id]).ids(of: line.actor.id)
    let topic = Tag.topic(line.topic.id)
    let filed = try await reader.positions(
      of: ids.sorted().map { EventQuery.Item(tags: [.actor($0), topic]) })
    let used = Set(evidence.map(\.source))
    let shown = wanted.count == steps.count ? used : evidenceShown(in: wanted)
    let links = wanted.compactMap { evidence[steps[$0].index].link }
    // What was said about evidence is read with it.
    let own = shown.union(links).union(filed.filter { !used.contains(line.slice.root(of: $0)) })
    let made = wanted.map { evidence[steps[$0].index].source }
    let beside = forRemarks ? made.flatMap(Lateness.positions(beside:)) : []
    _ = try await reader.events(at: own.union(beside))
    // What was settled against shares a dispute with evidence, and is told about beside it.
    let closure = try await reader.closure(of: reader.events(at: own))
    let found = try await reader.facts(of: closure)
    try await displayNames.load(
      found, rollcalls: line.silentRollcalls + line.votedRollcalls, store: store)
    for fact in try await reader.dated(found) { facts[fact.position] = fact }
    // What does not count for the actor is told apart.
    let uncounted = Set(line.uncounted().lazy.filter { !$0.isConditional }.map(\.position))
    // What a correction has put elsewhere is filed here still.
    context = facts.values.filter { fact in
      let tags = store.tags(of: fact)
      return fact.isLive && !used.contains(fact.position) && !uncounted.contains(fact.position)
        && !line.viewpoint.leavingOut.covers(fact) && tags.contains(topic)
        && tags.contains { $0.kind == "actor" && ids.contains(String($0.value)) }
    }.compactMap { fact in
      guard let time = fact.time, possibly ? time.earliest < end : time.latest <= end else {
        return nil
      }
      let day = possibly ? Day.of(second: time.earliest) : Day.last(before: time.latest)
      return Dated(day: day, value: fact)
    }.sorted { ($0.day, $0.value.position) < ($1.day, $1.value.position) }
  }

  /// The evidence that makes some steps, and that falls into their spans.
  private func evidenceShown(in wanted: [Int]) -> Set<Position> {
    var shown: Set<Position> = []
    for step in wanted.map({ steps[$0] }) {
      let own = Self.part(of: counted, from: step.day, until: step.next).map(\.value)
      for index in [step.index] + step.tied + own { shown.insert(evidence[index].source) }
    }
    return shown
  }

  /// The steps that make the stance at the end: the last one, and those of the same level right before
  /// it. None where that stance ended by itself: then nothing is known.
  var current: [Int] {
    guard let last = steps.last, last.last == .max else { return [] }
    var first = steps.count - 1
    while first > 0, steps[first - 1].level == last.level, continues(first) { first -= 1 }
    return Array(first..<steps.count)
  }

  /// All steps of the line, or some of them, in the order of the line.
  mutating func build(
    _ wanted: [Int]? = nil, forRemarks: Bool = false
  ) async throws -> [StanceStep] {
    let wanted = wanted ?? Array(steps.indices)
    if wanted.isEmpty && !forRemarks { return [] }
    try await load(wanted, forRemarks: forRemarks)
    let starts = LatestRule.runStarts(of: steps, evidence, possibly: possibly)
    var built: [StanceStep] = []
    for index in wanted {
      let step = steps[index]
      let item = evidence[step.index]
      guard let fact = facts[item.source] else { continue }
      let next = step.next
      let others = try await others(than: step, until: next)
      let entry = try await store.entry(fact, &displayNames)
      built.append(
        StanceStep(
          from: step.day, to: next.map { $0 - 1 }, level: step.level,
          before: continues(index) ? steps[index - 1].level : nil,
          evidence: entry.fact, summary: entry.summary, reading: reading(of: item, fact),
          tied: try await tied(in: step), others: others,
          restsOn: restsOn(step, from: starts[index], until: next),
          delayDays: entry.fact.delayDays))
    }
    return built
  }

  private mutating func tied(in step: LatestRule.Step) async throws -> [TimelineEntry] {
    var entries: [TimelineEntry] = []
    for index in step.tied {
      guard let fact = facts[evidence[index].source] else { continue }
      entries.append(try await store.entry(fact, &displayNames))
    }
    return entries
  }

  /// How the link of a vote or a sponsorship makes a level of it.
  private func reading(of item: StanceFold.StanceEvidence, _ fact: Fact) -> LinkReading? {
    guard let position = item.link, let link = facts[position], let level = item.level else {
      return nil
    }
    let fields = fact.fields
    let what =
      item.linkedVote.map { vote in
        "\(vote.choices.names.joined(separator: " or ")) on \(fields.rollcall ?? "")"
      } ?? "\(fields.answer ?? "joined") as sponsor of \(fields.motion ?? "")"
    return LinkReading(
      link: position, what: what, level: level, isStrong: link.fields.isStrong,
      rationale: link.fields.rationale)
  }

  /// What else was so in a step's span, strongest first: other evidence, then context.
  private mutating func others(
    than step: LatestRule.Step, until next: Int64?
  ) async throws -> [TimelineEntry] {
    var entries: [TimelineEntry] = []
    let made = Set([step.index] + step.tied)
    let own = Self.part(of: counted, from: step.day, until: next).map(\.value)
      .sorted { (evidence[$0].kind, $1) > (evidence[$1].kind, $0) }
    for index in own where !made.contains(index) {
      guard let fact = facts[evidence[index].source] else { continue }
      entries.append(try await store.entry(fact, &displayNames))
    }
    // The first step takes in what led up to it.
    let said = Self.part(of: context, from: step.day, until: next).map(\.value)
      .sorted { $0.position < $1.position }
    for fact in said { entries.append(try await store.entry(fact, &displayNames)) }
    return entries
  }

  /// The elements of a list in order of days that lie on a day or after it, and before another one.
  private static func part<Value>(
    of list: [Dated<Value>], from day: Int64, until next: Int64?
  ) -> ArraySlice<Dated<Value>> {
    let first = list.partitioningIndex { $0.day < day }
    let end = next.map { next in list.partitioningIndex { $0.day < next } } ?? list.count
    return list[first..<max(first, end)]
  }

  /// False for a step before which nothing was known, or nothing held any longer.
  private func continues(_ index: Int) -> Bool {
    index > 0 && steps[index - 1].last + 1 == steps[index].day
  }

  /// "a single vote"; "2 votes and 1 statement" when more of the same level fell into the span.
  private func restsOn(
    _ step: LatestRule.Step, from day: Int64, until next: Int64?
  ) -> String {
    let noun = Self.nouns.first { $0.0 == evidence[step.index].kind }?.1 ?? "fact"
    if !step.tied.isEmpty { return "\(step.tied.count + 1) \(noun)s in an unknown order" }
    let level = step.level
    var all = 0
    var parts: [String] = []
    for (kind, noun) in Self.nouns {
      let days = days[level]?[kind] ?? []
      let end = next.map { next in days.partitioningIndex { $0 < next } } ?? days.count
      let count = max(0, end - days.partitioningIndex { $0 < day })
      all += count
      if count > 0 { parts.append("\(count) \(noun)\(count == 1 ? "" : "s")") }
    }
    if all == 1, let noun = parts.first?.dropFirst(2) { return "a single \(noun)" }
    return parts.joined(separator: " and ")
  }

  private static let nouns: [(Evidence<Position>.Kind, String)] = [
    (.vote, "vote"), (.stanceChange, "declared change"), (.sponsorship, "sponsorship"),
    (.statement, "statement"),
  ]

  // MARK: remarks

  /// Everything about the evidence that could mislead a reader who sees only the line.
  func remarks(
    _ steps: [StanceStep], uncounted: [Remark], coverage: [String]
  ) async throws -> [Remark] {
    let slice = line.slice
    var remarks: [Remark] = []
    let late = try await store.reader(line.knownBy.position).late(among: steps.map(\.evidence))
    for step in steps {
      let fact = step.evidence
      let day = step.from == .min ? "the beginning" : CalendarDay(number: step.from).description
      if let delay = step.delayDays, late.contains(fact.position) {
        remarks.append(
          Remark(
            kind: "late", position: fact.position, text: "recorded \(delay) days after the day"))
      }
      if step.restsOn.hasPrefix("a single") {
        remarks.append(
          Remark(
            kind: "thin", position: fact.position,
            text: "\(step.level.label) from \(day) rests on \(step.restsOn)"))
      }
      remarks += qualityRemarks(fact)
    }
    for step in line.steps {
      if let text = line.orderNote(step) {
        remarks.append(Remark(kind: "order", position: evidence[step.index].source, text: text))
      }
    }
    remarks += uncounted
    for (first, second) in slice.result.conflicts {
      remarks.append(
        Remark(
          kind: "conflict", position: first,
          text: "contradicts \(second): two accounts of one vote, both kept"))
    }
    let setAside = slice.result.setAside.filter { facts[$0.key] != nil }
    for (position, settlement) in setAside.sorted(by: { $0.key < $1.key }) {
      remarks.append(
        Remark(
          kind: "settled", position: position, text: "set aside by \(settlement): no evidence"))
    }
    for note in coverage {
      remarks.append(Remark(kind: "coverage", position: nil, text: note))
    }
    return remarks
  }

  private func qualityRemarks(_ fact: Fact) -> [Remark] {
    var remarks: [Remark] = []
    func add(_ kind: String, _ text: String) {
      remarks.append(Remark(kind: kind, position: fact.position, text: text))
    }
    if fact.sources.isEmpty { add("unsourced", "names no source") }
    if fact.current != fact.position { add("corrected", "corrected by \(fact.current)") }
    if fact.isDisputed { add("disputed", "disputed, and not settled") }
    if fact.confidence != "asserted" { add("confidence", "\(fact.confidence), not asserted") }
    if let text = fact.imprecision { add("imprecise", text) }
    if let text = fact.time?.text, text.contains(where: { "~?%".contains($0) }) {
      add("imprecise", "the date \(text) is qualified")
    }
    return remarks
  }
}
