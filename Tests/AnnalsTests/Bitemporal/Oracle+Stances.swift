import EventLog

@testable import Annals

/// What is evidence of where an actor stands on a topic, and where that puts it.
extension Oracle {
  /// What a reader leaves out.
  struct Omission {
    var types: [String] = []
    var sources: Set<String> = []
    var weak = false

    func covers(_ fact: Fact) -> Bool {
      if types.contains(History.type(of: fact.kind)) { return true }
      if !fact.sources.isEmpty, sources.isSuperset(of: fact.sources) { return true }
      guard weak else { return false }
      return fact.isReported || fact.isDisputed
        || (fact.kind == .stance && fact.text("basis") != "declared")
    }
  }

  struct Evidence {
    var actor: String
    var topic: String
    /// In the order in which evidence of one day counts for more.
    var rank: Int
    /// Nil when it has no direction.
    var level: ClosedRange<Int>?
    var days: ClosedRange<Int>?
    /// When it ended by itself.
    var until: ClosedRange<Int>?
    var index: Int
    /// For a vote: what each of its choices means for the topic, and whether the link is strong.
    var effects: Set<String>?
    var isStrong = true
  }

  /// All evidence of all actors on all topics.
  func evidence(_ omission: Omission = Omission()) -> [Evidence] {
    func counts(_ fact: Fact) -> Bool { !omission.covers(fact) }
    var found: [Evidence] = []
    for stance in holding(.stance) where counts(stance) {
      let level = Int(stance.fields["level"]?.integer ?? 0)
      found.append(
        Evidence(
          actor: current(stance.text("actor")), topic: stance.text("topic"), rank: 2,
          level: level...level, days: stance.days, until: History.days(stance.fields["until"]),
          index: stance.index))
    }
    for statement in holding(.statement) where counts(statement) {
      let level = Int(statement.fields["stance"]?["level"]?.integer ?? 0)
      let isConditional = statement.fields["conditional"] == true
      for actor in speaks(statement) {
        found.append(
          Evidence(
            actor: actor, topic: statement.fields["stance"]?["topic"]?.string ?? "", rank: 0,
            level: isConditional ? nil : level...level, days: statement.days,
            index: statement.index))
      }
    }
    for sponsorship in holding(.sponsorship) where counts(sponsorship) {
      for topic in History.topics {
        guard let link = link("motion", sponsorship.text("motion"), to: topic) else { continue }
        let isStrong = link.text("strength") == "strong"
        if omission.weak, !isStrong { continue }
        let own = sponsorship.text("answer") == "joined" ? 2 : -1
        let level = link.text("supporting") == "no" ? -own : own
        found.append(
          Evidence(
            actor: current(sponsorship.text("actor")), topic: topic, rank: 1,
            level: isStrong ? level...level : nil, days: sponsorship.days, index: sponsorship.index,
            isStrong: isStrong))
      }
    }
    for rollcall in History.rollcalls.map({ rollcall($0, counts: counts) }) {
      for topic in History.topics {
        guard let link = link(of: rollcall, to: topic) else { continue }
        let isStrong = link.text("strength") == "strong"
        if omission.weak, !isStrong { continue }
        for (voter, vote) in rollcall.votes {
          found += evidence(of: vote, by: voter, on: topic, link, rollcall)
          // A casting vote beside it is shown, and says nothing of the stance.
          let beside = rollcall.own[voter] == nil ? nil : rollcall.casting[voter]
          for account in beside?.accounts ?? [] {
            found.append(
              Evidence(
                actor: voter, topic: topic, rank: 3, days: account.days, index: account.index,
                isStrong: isStrong))
          }
        }
      }
    }
    return found.sorted { ($0.index, $0.rank) < ($1.index, $1.rank) }
  }

  /// For whom a statement counts: the speaker, and one organisation for which it spoke on a day on
  /// which it may have been made. A speaker for several of them must name one.
  private func speaks(_ statement: Fact) -> Set<String> {
    let speaker = current(statement.text("speaker"))
    var organisations: Set<String> = []
    for role in holding(.role) {
      guard current(role.text("person")) == speaker, role.fields["speaksFor"] == true,
        let days = statement.days, let period = History.days(role.fields["period"]),
        period.overlaps(days)
      else { continue }
      organisations.insert(current(role.text("organisation")))
    }
    organisations.remove(speaker)
    if let behalf = statement.fields["onBehalfOf"]?.string.map(current) {
      organisations.formIntersection([behalf])
    } else if organisations.count > 1 {
      organisations = []
    }
    return organisations.union([speaker])
  }

  /// The account that says most gives the level; the others are shown beside it.
  private func evidence(
    of vote: Vote, by voter: String, on topic: String, _ link: Fact, _ rollcall: RollCall
  ) -> [Evidence] {
    let yes = link.text("supporting") == "no" ? -2 : 2
    let isStrong = link.text("strength") == "strong"
    let levels = vote.choices.compactMap {
      ["yes": yes, "no": -yes, "abstain": 0, "paired-yes": yes, "paired-no": -yes][$0]
    }
    let effects = vote.choices.map { choice in
      switch choice {
      case "yes", "paired-yes": yes > 0 ? "same" : "different"
      case "no", "paired-no": yes > 0 ? "different" : "same"
      case "absent", "not-voting": "absent"
      case "ineligible", "both": "none"
      default: choice
      }
    }
    return vote.accounts.map { account in
      var item = Evidence(
        actor: voter, topic: topic, rank: 3, days: account.days,
        index: account.index, isStrong: isStrong)
      guard account.index == vote.main.index else { return item }
      if isStrong, let low = levels.min(), let high = levels.max() { item.level = low...high }
      item.effects = Set(effects)
      return item
    }
  }

  // MARK: steps

  struct Step {
    var from: Int
    /// Nil while it holds.
    var to: Int?
    var evidence: Evidence
    /// Evidence of other levels that may be the latest as well.
    var tied: [Evidence]
    var level: ClosedRange<Int>?
    var before: ClosedRange<Int>?
  }

  /// A day after all others.
  static let end = History.days.upperBound + 3

  /// The evidence that gives an actor's stance at the end of a day: the latest of what has happened
  /// by then and has not ended. That something ended is known only where the day after is asked about.
  /// Evidence of one kind and one date has no order; where it differs, all of it is given.
  static func latest(
    _ evidence: [Evidence], on day: Int, asked: Int = end, possibly: Bool = false
  ) -> [Evidence] {
    let holding = evidence.filter { item in
      guard item.level != nil, let days = item.days else { return false }
      let start = possibly ? days.lowerBound : days.upperBound
      let last = item.until.map { possibly ? $0.upperBound : $0.lowerBound } ?? asked
      return start <= day && (day <= last || last >= asked)
    }
    func place(_ item: Evidence) -> [Int] {
      [item.days?.lowerBound ?? 0, item.days?.upperBound ?? 0, item.rank]
    }
    let last = holding.map(place).max { $0.lexicographicallyPrecedes($1) }
    let latest = holding.filter { place($0) == last }.sorted { $0.index > $1.index }
    return Set(latest.map(\.level)).count > 1 ? latest : Array(latest.prefix(1))
  }

  /// The stance at the end of a day.
  static func level(
    _ evidence: [Evidence], on day: Int, asked: Int = end, possibly: Bool = false
  ) -> ClosedRange<Int>? {
    level(of: latest(evidence, on: day, asked: asked, possibly: possibly))
  }

  private static func level(of latest: [Evidence]) -> ClosedRange<Int>? {
    let levels = latest.compactMap(\.level)
    guard let low = levels.map(\.lowerBound).min(), let high = levels.map(\.upperBound).max()
    else { return nil }
    return low...high
  }

  /// Day by day: where other evidence comes to give the stance, a step begins.
  static func steps(
    _ evidence: [Evidence], asked: Int = end, possibly: Bool = false
  ) -> [Step] {
    var steps: [Step] = []
    var before: [Evidence] = []
    for day in 0...asked {
      let latest = latest(evidence, on: day, asked: asked, possibly: possibly)
      if latest.map(\.index) != before.map(\.index) {
        if !before.isEmpty { steps[steps.count - 1].to = day - 1 }
        if let main = latest.first {
          steps.append(
            Step(
              from: day, to: nil, evidence: main, tied: Array(latest.dropFirst()),
              level: level(of: latest), before: level(of: before)))
        }
      }
      before = latest
    }
    return steps
  }

  /// How an actor voted on a topic in a stretch of days: same, different, abstain, absent.
  static func votes(
    _ evidence: [Evidence], isStrong: Bool, in days: ClosedRange<Int>
  ) -> [Int] {
    ["same", "different", "abstain", "absent"].map { effect in
      evidence.count {
        $0.isStrong == isStrong && $0.effects == [effect]
          && $0.days.map(days.contains) ?? false
      }
    }
  }
}
