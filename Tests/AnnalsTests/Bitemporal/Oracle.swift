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

  /// A fact as corrected.
  private func resolved(_ index: Int) -> (fields: [String: JSON], days: ClosedRange<Int>) {
    var fields = history.entries[index].fields
    var days = history.entries[index].days ?? 1...1
    for later in index..<known {
      guard case .correction = history.entries[later].kind, history.root(of: later) == index,
        isLive(later)
      else { continue }
      let correction = history.entries[later]
      fields.merge(correction.fields) { _, new in new }
      days = correction.days ?? days
    }
    return (fields, days)
  }

  private struct Piece {
    var actor: String
    var topic: String
    var kind: Int
    var low: Int
    var high: Int
    var days: ClosedRange<Int>
    var index: Int
  }

  private struct Known {
    var index: Int
    var kind: History.Kind
    var fields: [String: JSON]
    var days: ClosedRange<Int>
  }

  /// All that is directed evidence, of everybody on everything.
  private func pieces() -> [Piece] {
    let facts = (0..<known).filter { history.isFact($0) && isLive($0) }.map { index in
      let fact = resolved(index)
      return Known(
        index: index, kind: history.entries[index].kind, fields: fact.fields, days: fact.days)
    }
    var pieces: [Piece] = []
    var merged: [String: String] = [:]
    for fact in facts where fact.kind == .merge {
      merged[fact.fields["loser"]?.string ?? ""] = fact.fields["winner"]?.string
    }
    func canonical(_ actor: String) -> String { merged[actor] ?? actor }
    func links(_ rollcall: String) -> [(topic: String, yes: Bool)] {
      History.topics.compactMap { topic in
        // The last link of a roll call to a topic counts.
        let link = facts.last {
          $0.kind == .link && $0.fields["rollcall"]?.string == rollcall
            && $0.fields["topic"]?.string == topic
        }
        guard let link, link.fields["strength"]?.string == "strong" else { return nil }
        return (topic, link.fields["supporting"]?.string == "yes")
      }
    }
    for fact in facts {
      switch fact.kind {
      case .stance:
        let level = Int(fact.fields["level"]?.integer ?? 0)
        pieces.append(
          Piece(
            actor: canonical(fact.fields["actor"]?.string ?? ""),
            topic: fact.fields["topic"]?.string ?? "",
            kind: 2, low: level, high: level, days: fact.days, index: fact.index))
      case .statement:
        let level = Int(fact.fields["stance"]?["level"]?.integer ?? 0)
        let speaker = fact.fields["speaker"]?.string ?? ""
        var actors: Set<String> = [canonical(speaker)]
        for role in facts where role.kind == .role {
          guard role.fields["person"]?.string == speaker, role.fields["speaksFor"] == true,
            period(role).overlaps(fact.days)
          else { continue }
          actors.insert(canonical(role.fields["organisation"]?.string ?? ""))
        }
        for actor in actors {
          pieces.append(
            Piece(
              actor: actor, topic: fact.fields["stance"]?["topic"]?.string ?? "", kind: 0,
              low: level, high: level, days: fact.days, index: fact.index))
        }
      default:
        break
      }
    }
    // Sponsorships count through links of motions, and no history links a motion: none counts.
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
        for (topic, yes) in links(rollcall) {
          let levels = possible.compactMap { choice -> Int? in
            switch choice {
            case "yes": yes ? 2 : -2
            case "no": yes ? -2 : 2
            case "abstain": 0
            default: nil
            }
          }
          guard let low = levels.min(), let high = levels.max() else { continue }
          pieces.append(
            Piece(
              actor: voter, topic: topic, kind: 3, low: low, high: high, days: main.days,
              index: main.index))
        }
      }
    }
    return pieces
  }

  static func choices(_ fields: [String: JSON]) -> Set<String> {
    let value = fields["choice"] ?? .null
    return Set((value.array ?? [value]).compactMap(\.string))
  }

  private func period(_ role: Known) -> ClosedRange<Int> {
    let days = (role.fields["period"]?.string ?? "").split(separator: "/").compactMap {
      Int($0.suffix(2))
    }
    return (days.first ?? 1)...(days.last ?? 1)
  }

  /// Where everybody stands on everything at the end of each day: by actor, topic and day.
  func levels() -> [String: (low: Int, high: Int)] {
    var result: [String: (low: Int, high: Int)] = [:]
    let pieces = pieces()
    for actor in History.actors + History.people {
      for topic in History.topics {
        for day in History.days {
          let certain = pieces.filter {
            $0.actor == actor && $0.topic == topic && $0.days.upperBound <= day
          }
          let latest = certain.max { a, b in
            let (x, y) = (a.days, b.days)
            if x.lowerBound != y.lowerBound { return x.lowerBound < y.lowerBound }
            if x.upperBound != y.upperBound { return x.upperBound < y.upperBound }
            if a.kind != b.kind { return a.kind < b.kind }
            return a.index < b.index
          }
          if let latest { result["\(actor) \(topic) \(day)"] = (latest.low, latest.high) }
        }
      }
    }
    return result
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
}
