import EventLog

/// Turns the steps of a rule into steps that a reader can follow: with the facts behind them,
/// what else was said, what each rests on, and how late it was recorded.
struct StepBuilder {
  private let store: Store
  private let line: ActorLine
  private var facts: [Position: Fact] = [:]
  /// Facts about both actor and topic that are no evidence under the rule: claims, actions.
  private var context: [Fact] = []
  private var captions: Captions

  init(store: Store, line: ActorLine) {
    self.store = store
    self.line = line
    captions = Captions(through: line.knownBy.position)
  }

  private var evidence: [PositionsFold.PositionEvidence] { line.evidence }
  private var steps: [LatestRule.Step] { line.steps }
  private var end: Int64 { line.viewpoint.end }
  private var possibly: Bool { line.viewpoint.possibly }

  /// Reads the facts behind the evidence and what else is filed under both actor and topic.
  mutating func load() async throws {
    let tags = [Tag(kind: "actor", value: line.actor.id), Tag(kind: "topic", value: line.topic.id)]
    let filed = try await store.log.read(
      EventQuery(tags: tags), in: EventRange(through: line.knownBy.position))
    let known = try await store.events(at: Set(evidence.map(\.source)))
    for fact in try await store.facts(of: known + filed, through: line.knownBy.position) {
      facts[fact.position] = fact
    }
    let used = Set(evidence.map(\.source))
    context = filed.compactMap { facts[$0.position] }.filter {
      $0.isLive && !used.contains($0.position) && !line.viewpoint.leavingOut.covers($0)
    }
  }

  mutating func build() async throws -> [PositionStep] {
    var built: [PositionStep] = []
    for (index, step) in steps.enumerated() {
      let item = evidence[step.index]
      guard let fact = facts[item.source], let level = item.level else { continue }
      let next: Int64? = step.last == .max ? nil : step.last + 1
      let others = try await others(than: step, until: next)
      let entry = try await store.entry(fact, &captions)
      built.append(
        PositionStep(
          from: step.day, to: next.map { $0 - 1 }, level: level,
          before: continues(index) ? built.last?.level : nil,
          evidence: entry.fact, summary: entry.summary, others: others,
          restsOn: restsOn(
            level,
            from: LatestRule.runStart(of: index, in: steps, evidence, possibly: possibly),
            until: next), delayDays: fact.delayDays))
    }
    return built
  }

  /// What else was so in a step's span, strongest first: other evidence, then context.
  private mutating func others(
    than step: LatestRule.Step, until next: Int64?
  ) async throws -> [TimelineEntry] {
    var entries: [TimelineEntry] = []
    for index in indices(from: step.day, until: next) where index != step.index {
      guard let fact = facts[evidence[index].source] else { continue }
      entries.append(try await store.entry(fact, &captions))
    }
    for fact in context {
      guard let time = fact.time, time.latest <= end || possibly else { continue }
      let day = Day.last(before: time.latest)
      // The first step takes in what led up to it.
      guard day >= step.day, next.map({ day < $0 }) ?? true else { continue }
      entries.append(try await store.entry(fact, &captions))
    }
    return entries
  }

  private func indices(from day: Int64, until next: Int64?) -> [Int] {
    evidence.indices.filter { index in
      guard LatestRule.counts(evidence[index], until: end, possibly: possibly) else { return false }
      let other = LatestRule.day(evidence[index], possibly: possibly)
      return other >= day && next.map { other < $0 } ?? true
    }
    .sorted { (evidence[$0].kind, $1) > (evidence[$1].kind, $0) }
  }

  /// False for a step before which nothing was known, or nothing held any longer.
  private func continues(_ index: Int) -> Bool {
    index > 0 && steps[index - 1].last + 1 == steps[index].day
  }

  /// "a single vote"; "2 votes and 1 statement" when more of the same level fell into the span.
  private func restsOn(_ level: Level, from day: Int64, until next: Int64?) -> String {
    let agreeing = indices(from: day, until: next).filter { evidence[$0].level == level }
    var parts: [String] = []
    for (kind, noun) in Self.nouns {
      let count = agreeing.count { evidence[$0].kind == kind }
      if count > 0 { parts.append("\(count) \(noun)\(count == 1 ? "" : "s")") }
    }
    if agreeing.count == 1, let noun = parts.first?.dropFirst(2) { return "a single \(noun)" }
    return parts.joined(separator: " and ")
  }

  private static let nouns: [(Evidence<Position>.Kind, String)] = [
    (.vote, "vote"), (.stanceChange, "declared change"), (.sponsorship, "sponsorship"),
    (.statement, "statement"),
  ]

  // MARK: remarks

  /// Everything about the evidence that could mislead a reader who sees only the line.
  func remarks(_ steps: [PositionStep], coverage: [String]) async throws -> [Remark] {
    let slice = line.slice
    var remarks: [Remark] = []
    for step in steps {
      let fact = step.evidence
      let day = step.from == .min ? "the beginning" : CalendarDay(number: step.from).description
      if let delay = step.delayDays, delay > Remark.lateAfterDays {
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
    for position in slice.pair.flatMap({ slice.result.withoutRole[$0] }) ?? [] {
      remarks.append(
        Remark(
          kind: "no-role", position: position,
          text: "said on the actor's behalf, but no role of the speaker covers that day: left out"))
    }
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
    if let time = fact.time, time.latest != .max, time.earliest != .min {
      let days = (time.latest - time.earliest) / 86_400
      if days > 1 { add("imprecise", "dated \(time.text): one of \(days) days") }
    } else if let time = fact.time {
      add("imprecise", "dated \(time.text)")
    }
    if let text = fact.time?.text, text.contains(where: { "~?%".contains($0) }) {
      add("imprecise", "the date \(text) is qualified")
    }
    return remarks
  }
}
