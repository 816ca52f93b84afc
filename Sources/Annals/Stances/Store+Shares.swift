public import EventLog

/// How an actor voted on a topic, as a share per period.
public struct SharesAnswer: Sendable {
  public var actor: Entity
  /// With the proposition as name.
  public var topic: Entity
  public var on: String
  public var knownBy: RecordState
  public var rule: Rule
  public var leavingOut: Exclusions
  /// Oldest first, those without a vote between others too.
  public var periods: [PeriodShare]
  /// How many votes were counted in all.
  public var count: Int
  public var coverage: [String]
}

/// The share of one period, with the votes behind it.
public struct PeriodShare: Sendable {
  public var period: Period
  public var counts: VoteCounts
  /// Nil for no data.
  public var share: Share?
  /// The share in words.
  public var label: String
  /// The votes counted, in the order of the world.
  public var votes: [TimelineEntry]
}

extension Store {
  /// How an actor voted on a topic under a rule that gives shares: for each calendar `unit`, or for
  /// one period and the units in it.
  ///
  /// A vote counts in a period when its date falls certainly into it. Throws when actor or topic
  /// are unknown.
  public func shares(
    actor: String, topic: String, rule: Rule, every unit: Period.Unit = .year,
    period: Period? = nil, from viewpoint: Viewpoint = Viewpoint(), today: Instant = .now()
  ) async throws -> SharesAnswer {
    let line = try await line(actor: actor, topic: topic, from: viewpoint)
    return try await line.store.shares(
      line, rule: rule, every: unit, period: period, today: today)
  }

  func shares(
    _ line: ActorLine, rule: Rule, every unit: Period.Unit, period: Period?, today: Instant
  ) async throws -> SharesAnswer {
    let votes = ShareVotes(
      line.evidence, from: line.viewpoint, countsInformative: rule == .classic1)
    var periods = votes.days.map { Period.all(unit, touching: $0) } ?? []
    var parts = periods
    if let period {
      parts = Period.all(unit, touching: period.days).map { part in
        Period(text: part.text, days: part.days.clamped(to: period.days))
      }
      periods = [period] + (parts.count > 1 ? parts : [])
    }
    let facts = try await facts(
      of: events(at: Set(votes.counted.map(\.evidence.source))), through: line.knownBy.position)
    let byPosition = Dictionary(facts.map { ($0.position, $0) }) { first, _ in first }
    var displayNames = DisplayNames(through: line.knownBy.position)
    try await displayNames.load(facts, store: self)
    var answer = SharesAnswer(
      actor: line.actor, topic: line.topic, on: line.viewpoint.day(today), knownBy: line.knownBy,
      rule: rule, leavingOut: line.viewpoint.leavingOut, periods: [], count: 0,
      coverage: try await coverage(of: line) + votes.coverage(parts))
    for period in periods {
      let counts = votes.counts(in: period)
      var entries: [TimelineEntry] = []
      for vote in votes.counted(in: period) {
        if let fact = byPosition[vote.evidence.source] {
          entries.append(try await entry(fact, &displayNames))
        }
      }
      let share = rule.share(counts)
      answer.periods.append(
        PeriodShare(
          period: period, counts: counts, share: share, label: RecordRule.label(share),
          votes: entries))
    }
    let thin = answer.periods.filter { $0.votes.count == 1 && $0.share != nil }
    if !thin.isEmpty {
      answer.coverage.append(
        "rests on a single vote: \(thin.map(\.period.text).joined(separator: ", "))")
    }
    answer.count = period == nil ? votes.counted.count : answer.periods.first?.votes.count ?? 0
    return answer
  }
}

/// The votes on an actor's line that rules of shares can count.
struct ShareVotes {
  struct Counted {
    var evidence: StanceFold.StanceEvidence
    var effect: VoteCounts.Effect
    var isStrong: Bool
    var days: ClosedRange<Int64>
  }

  private(set) var counted: [Counted] = []
  /// Known only as a set of choices with more than one effect.
  private var ambiguous: [Position] = []
  private var undated: [Position] = []

  init(
    _ evidence: [StanceFold.StanceEvidence], from viewpoint: Viewpoint,
    countsInformative: Bool
  ) {
    for item in evidence {
      guard let vote = item.linkedVote, vote.isStrong || countsInformative else { continue }
      guard let bounds = item.bounds, bounds.earliest != .min, bounds.latest != .max else {
        undated.append(item.source)
        continue
      }
      guard LatestRule.counts(item, until: viewpoint.end, possibly: viewpoint.possibly)
      else { continue }
      let effects = Set(vote.choices.names.map { VoteCounts.Effect($0, vote.supportingYes) })
      // Somebody who could not vote has neither voted nor been absent.
      if effects == [nil] { continue }
      guard effects.count == 1, let effect = effects.first ?? nil else {
        ambiguous.append(item.source)
        continue
      }
      counted.append(
        Counted(
          evidence: item, effect: effect, isStrong: vote.isStrong,
          days: Day.of(second: bounds.earliest)...Day.last(before: bounds.latest)))
    }
    counted.sort { a, b in
      (a.days.lowerBound, a.days.upperBound, a.evidence.precedence)
        < (b.days.lowerBound, b.days.upperBound, b.evidence.precedence)
    }
  }

  /// From the first to the last vote.
  var days: ClosedRange<Int64>? {
    guard let first = counted.map(\.days.lowerBound).min(),
      let last = counted.map(\.days.upperBound).max()
    else { return nil }
    return first...last
  }

  /// Votes whose date falls certainly into a period.
  func counted(in period: Period) -> [Counted] {
    counted.filter { period.days.contains($0.days) }
  }

  func counts(in period: Period) -> VoteCounts {
    var counts = VoteCounts()
    for vote in counted(in: period) { counts.add(vote.effect, isStrong: vote.isStrong) }
    return counts
  }

  func coverage(_ periods: [Period]) -> [String] {
    var notes: [String] = []
    func add(_ text: String, _ positions: [Position]) {
      if positions.isEmpty { return }
      notes.append("\(text): \(positions.map { "\($0)" }.joined(separator: ", "))")
    }
    add("known only as a set of choices, and left out", ambiguous)
    add("votes without a date that can be placed, and left out", undated)
    add(
      "not certainly in one of the periods, and left out",
      counted.filter { vote in
        periods.contains { $0.days.overlaps(vote.days) }
          && !periods.contains { $0.days.contains(vote.days) }
      }.map(\.evidence.source))
    return notes
  }
}

extension VoteCounts {
  enum Effect: Hashable { case same, different, abstain, absent }

  mutating func add(_ effect: Effect, isStrong: Bool) {
    func add(to votes: inout Votes) {
      switch effect {
      case .same: votes.same += 1
      case .different: votes.different += 1
      case .abstain: votes.abstain += 1
      case .absent: votes.absent += 1
      }
    }
    if isStrong { add(to: &strong) } else { add(to: &informative) }
  }
}

extension VoteCounts.Effect {
  /// Nil for a choice that is neither a vote nor an absence: `ineligible`.
  init?(_ choice: String, _ supportingYes: Bool) {
    switch choice {
    case "yes", "paired-yes": self = supportingYes ? .same : .different
    case "no", "paired-no": self = supportingYes ? .different : .same
    case "abstain": self = .abstain
    case "absent", "not-voting": self = .absent
    default: return nil
    }
  }
}
