import EventLog

@testable import Annals

/// What a history says, worked out the slow and obvious way from the definitions in the
/// documentation: every question looks at every entry again.
struct Oracle {
  let history: History
  /// Entries from here on are not known.
  let known: Int

  /// Whether no retraction that holds names the entry.
  func isLive(_ index: Int) -> Bool {
    for later in index..<known {
      if case .retraction(of: index) = history.entries[later].kind, later > index, isLive(later) {
        return false
      }
    }
    return true
  }

  /// What a settlement that holds decided, the last one about the fact.
  func isSetAside(_ fact: Int) -> Bool {
    var isSetAside = false
    for index in 0..<known {
      guard case .settlement(_, let preferred) = history.entries[index].kind, isLive(index),
        settled(by: index).contains(fact)
      else { continue }
      isSetAside = preferred != nil && preferred != fact
    }
    return isSetAside
  }

  /// Whether a dispute that holds names the fact, and no settlement that holds and came later names
  /// the dispute or the fact, or decides for one of the facts.
  func isDisputed(_ fact: Int) -> Bool {
    (0..<known).contains { dispute in
      guard case .dispute(let facts) = history.entries[dispute].kind, isLive(dispute),
        facts.contains(fact)
      else { return false }
      return !(dispute..<known).contains { later in
        guard case .settlement(let targets, let preferred) = history.entries[later].kind,
          isLive(later)
        else { return false }
        return targets.contains(dispute) || targets.contains(fact)
          || (preferred != nil && settled(by: later).contains(fact))
      }
    }
  }

  /// The facts that a settlement is about; a dispute that was taken back stands for none.
  private func settled(by index: Int) -> [Int] {
    guard case .settlement(let targets, _) = history.entries[index].kind else { return [] }
    return targets.flatMap { target -> [Int] in
      guard case .dispute(let facts) = history.entries[target].kind else { return [target] }
      return isLive(target) ? facts : []
    }
  }

  private struct Reading {
    var fields: [String: JSON]
    var days: ClosedRange<Int>
    var sources: [String]
  }

  /// A fact as corrected.
  private func resolved(_ index: Int) -> Reading {
    let entry = history.entries[index]
    var reading = Reading(
      fields: entry.fields, days: entry.days ?? 1...1, sources: entry.sources)
    for later in index..<known {
      guard case .correction = history.entries[later].kind, history.root(of: later) == index,
        isLive(later)
      else { continue }
      let correction = history.entries[later]
      reading.fields.merge(correction.fields) { _, new in new }
      reading.fields = reading.fields.filter { $0.value != .null }
      reading.days = correction.days ?? reading.days
      reading.sources += correction.sources
    }
    return reading
  }

  /// What is known of every vote, by roll call and voter, as the grid names it: one choice, `open`
  /// or `conflict`.
  func votes() -> [String: [String: String]] {
    var merged: [String: String] = [:]
    for index in 0..<known where history.entries[index].kind == .merge && isLive(index) {
      let fields = resolved(index).fields
      merged[fields["loser"]?.string ?? ""] = fields["winner"]?.string
    }
    var accounts: [String: [String: [Set<String>]]] = [:]
    for index in 0..<known
    where history.entries[index].kind == .vote && isLive(index) && !isSetAside(index) {
      let fields = resolved(index).fields
      let voter = fields["voter"]?.string ?? ""
      accounts[fields["rollcall"]?.string ?? "", default: [:]][merged[voter] ?? voter, default: []]
        .append(Self.choices(fields))
    }
    return accounts.mapValues { voters in
      voters.mapValues { sets in
        let common = sets.dropFirst().reduce(sets[0]) { $0.intersection($1) }
        return common.isEmpty ? "conflict" : common.count > 1 ? "open" : common.first ?? ""
      }
    }
  }

  struct Evidence {
    var actor: String
    var topic: String
    var kind: Int
    /// Nil when it makes no step.
    var level: ClosedRange<Int>?
    var days: ClosedRange<Int>
    var until: ClosedRange<Int>?
    var index: Int
    /// For a vote on a link: the effects that its choices may have, and whether the link is strong.
    var effects: Set<String>?
    var isStrong = true
  }

  private struct Known {
    var index: Int
    var kind: History.Kind
    var fields: [String: JSON]
    var days: ClosedRange<Int>
  }

  /// Which facts a reader leaves out.
  func leftOut(_ index: Int, _ leavingOut: Exclusions) -> Bool {
    let entry = history.entries[index]
    let reading = resolved(index)
    let type =
      switch entry.kind {
      case .vote: "vote.cast"
      case .stance: "stance.changed"
      case .statement: "statement.made"
      case .sponsorship: "sponsorship.declared"
      default: ""
      }
    if type.isEmpty { return false }
    if leavingOut.types.contains(type) { return true }
    if !reading.sources.isEmpty, Set(reading.sources).isSubset(of: leavingOut.sources) {
      return true
    }
    guard leavingOut.weak else { return false }
    return entry.isReported || isDisputed(index)
      || (type == "stance.changed" && reading.fields["basis"] != "declared")
  }

  /// All that is evidence, of everybody on everything, without what is left out.
  func pieces(_ leavingOut: Exclusions = Exclusions()) -> [Evidence] {
    let facts = (0..<known).filter {
      history.isFact($0) && isLive($0) && !isSetAside($0) && !leftOut($0, leavingOut)
    }.map { index in
      let fact = resolved(index)
      return Known(
        index: index, kind: history.entries[index].kind, fields: fact.fields, days: fact.days)
    }
    var pieces: [Evidence] = []
    var merged: [String: String] = [:]
    for fact in facts where fact.kind == .merge {
      merged[fact.fields["loser"]?.string ?? ""] = fact.fields["winner"]?.string
    }
    func canonical(_ actor: String) -> String { merged[actor] ?? actor }
    /// The last link of a motion or a roll call to a topic counts.
    func link(_ field: String, _ target: String, _ topic: String) -> Known? {
      facts.last {
        $0.kind == .link && $0.fields[field]?.string == target
          && $0.fields["topic"]?.string == topic
      }
    }
    func isStrong(_ link: Known) -> Bool { link.fields["strength"]?.string == "strong" }
    func supports(_ link: Known) -> Bool { link.fields["supporting"]?.string == "yes" }
    for fact in facts {
      switch fact.kind {
      case .stance:
        let level = Int(fact.fields["level"]?.integer ?? 0)
        pieces.append(
          Evidence(
            actor: canonical(fact.fields["actor"]?.string ?? ""),
            topic: fact.fields["topic"]?.string ?? "",
            kind: 2, level: level...level, days: fact.days,
            until: History.days(fact.fields["until"]), index: fact.index))
      case .statement:
        let level = Int(fact.fields["stance"]?["level"]?.integer ?? 0)
        let speaker = fact.fields["speaker"]?.string ?? ""
        var actors: Set<String> = [canonical(speaker)]
        for role in facts where role.kind == .role {
          guard role.fields["person"]?.string == speaker, role.fields["speaksFor"] == true,
            let period = History.days(role.fields["period"]), period.overlaps(fact.days)
          else { continue }
          actors.insert(canonical(role.fields["organisation"]?.string ?? ""))
        }
        for actor in actors {
          pieces.append(
            Evidence(
              actor: actor, topic: fact.fields["stance"]?["topic"]?.string ?? "", kind: 0,
              level: level...level, days: fact.days, index: fact.index))
        }
      case .sponsorship:
        for topic in History.topics {
          guard let link = link("motion", fact.fields["motion"]?.string ?? "", topic),
            isStrong(link)
          else { continue }
          let level = fact.fields["answer"] == "joined" ? 2 : -1
          let seen = supports(link) ? level : -level
          pieces.append(
            Evidence(
              actor: canonical(fact.fields["actor"]?.string ?? ""), topic: topic, kind: 1,
              level: seen...seen, days: fact.days, index: fact.index))
        }
      default:
        break
      }
    }
    for voter in History.actors {
      for rollcall in History.rollcalls {
        let accounts = facts.filter {
          $0.kind == .vote && canonical($0.fields["voter"]?.string ?? "") == voter
            && $0.fields["rollcall"]?.string == rollcall
        }
        guard !accounts.isEmpty else { continue }
        let sets = accounts.map { Self.choices($0.fields) }
        var possible = sets.reduce(Set(History.choices)) { $0.intersection($1) }
        if possible.isEmpty { possible = sets.reduce([]) { $0.union($1) } }
        let smallest = sets.map(\.count).min() ?? 0
        guard let main = accounts.first(where: { Self.choices($0.fields).count == smallest }) else {
          continue
        }
        for topic in History.topics {
          // A link of the roll call itself goes before one of its motion.
          let motion = rollcall == "r/1" ? "m/1" : "m/2"
          guard let link = link("rollcall", rollcall, topic) ?? link("motion", motion, topic),
            isStrong(link) || !leavingOut.weak
          else { continue }
          let yes = supports(link)
          let levels = possible.compactMap { choice -> Int? in
            switch choice {
            case "yes": yes ? 2 : -2
            case "no": yes ? -2 : 2
            case "abstain": 0
            default: nil
            }
          }
          var level: ClosedRange<Int>?
          if let low = levels.min(), let high = levels.max(), isStrong(link) { level = low...high }
          let effects = possible.map { choice in
            switch choice {
            case "yes": yes ? "same" : "different"
            case "no": yes ? "different" : "same"
            case "absent", "not-voting": "absent"
            case "ineligible": "none"
            default: choice
            }
          }
          pieces.append(
            Evidence(
              actor: voter, topic: topic, kind: 3, level: level, days: main.days,
              index: main.index, effects: Set(effects), isStrong: isStrong(link)))
        }
      }
    }
    return pieces
  }

  static func choices(_ fields: [String: JSON]) -> Set<String> {
    let value = fields["choice"] ?? .null
    return Set((value.array ?? [value]).compactMap(\.string))
  }

  /// Where an actor stands on a topic at the end of a day.
  static func level(
    _ pieces: [Evidence], _ actor: String, _ topic: String, day: Int, possibly: Bool = false
  ) -> ClosedRange<Int>? {
    let counting = pieces.filter { piece in
      guard piece.actor == actor, piece.topic == topic, piece.level != nil else { return false }
      let start = possibly ? piece.days.lowerBound : piece.days.upperBound
      let end = piece.until.map { possibly ? $0.upperBound : $0.lowerBound } ?? .max
      return start <= day && day <= end
    }
    return counting.max { a, b in
      let (x, y) = (a.days, b.days)
      if x.lowerBound != y.lowerBound { return x.lowerBound < y.lowerBound }
      if x.upperBound != y.upperBound { return x.upperBound < y.upperBound }
      if a.kind != b.kind { return a.kind < b.kind }
      return a.index < b.index
    }?.level
  }

  /// How an actor voted on a topic in a stretch of days: same, different, abstain, absent.
  static func votes(
    _ pieces: [Evidence], _ actor: String, _ topic: String, isStrong: Bool,
    in days: ClosedRange<Int>
  ) -> [Int] {
    ["same", "different", "abstain", "absent"].map { effect in
      pieces.count {
        $0.actor == actor && $0.topic == topic && $0.isStrong == isStrong
          && $0.effects == [effect] && days.contains($0.days)
      }
    }
  }

  /// The facts that hold, in the order of the world, with their first days: a timeline.
  func timeline() -> [Int] {
    (0..<known).filter { history.isFact($0) && isLive($0) }.sorted { a, b in
      let (x, y) = (resolved(a).days, resolved(b).days)
      if x.lowerBound != y.lowerBound { return x.lowerBound < y.lowerBound }
      if x.upperBound != y.upperBound { return x.upperBound < y.upperBound }
      return a < b
    }
  }

  /// The actors that are one with another, as far as is known.
  func family(_ actor: String) -> Set<String> {
    var merged: [String: String] = [:]
    for index in 0..<known where history.entries[index].kind == .merge && isLive(index) {
      let fields = resolved(index).fields
      merged[fields["loser"]?.string ?? ""] = fields["winner"]?.string
    }
    let winner = merged[actor] ?? actor
    return Set(History.actors.filter { (merged[$0] ?? $0) == winner })
  }

  func fields(of index: Int) -> [String: JSON] { resolved(index).fields }
  func days(of index: Int) -> ClosedRange<Int> { resolved(index).days }
}
