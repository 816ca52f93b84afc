import EventLog

@testable import Annals

/// What a history says, worked out the slow and obvious way from the definitions in the
/// documentation. It shares no code with the program but the values of JSON, and takes no id from it.
///
/// This file reads what amendments make of facts; names, votes, stances and answers have files of
/// their own.
struct Oracle {
  let history: History
  /// Entries from here on are not known.
  let known: Int
  /// Every fact that is known, those that were retracted too, in the order of the log.
  private(set) var facts: [Fact] = []
  /// By entry: whether no retraction that holds names it.
  private(set) var live: [Bool]
  /// What holds of who was merged into whom, in the order of the log.
  private(set) var merges: [(loser: String, winner: String)] = []

  /// A fact with everything that was said about it.
  struct Fact {
    var index: Int
    var kind: History.Kind
    var fields: [String: JSON]
    var days: ClosedRange<Int>?
    /// Those of the newest correction first.
    var sources: [String]
    var isReported: Bool
    /// The last correction that holds, or the fact's own entry.
    var current: Int
    var isLive: Bool
    var isDisputed: Bool
    /// The settlement that decided against it.
    var setAsideBy: Int?

    /// What counts is live and not set aside by a settlement.
    var holds: Bool { isLive && setAsideBy == nil }

    func text(_ field: String) -> String { fields[field]?.string ?? "" }
  }

  init(history: History, known: Int) {
    self.history = history
    self.known = known
    // A retraction names what stands before it: the last entry is judged first.
    live = Array(repeating: true, count: known)
    for index in (0..<known).reversed() {
      for later in index..<known where live[later] {
        if case .retraction(of: index) = history.entries[later].kind { live[index] = false }
      }
    }
    facts = (0..<known).filter(history.isFact).map(read)
    merges = holding(.merged).map { ($0.text("loser"), $0.text("winner")) }
  }

  func fact(_ index: Int) -> Fact { facts.first { $0.index == index } ?? read(index) }

  /// The facts of one kind that count.
  func holding(_ kind: History.Kind) -> [Fact] { facts.filter { $0.kind == kind && $0.holds } }

  private func read(_ index: Int) -> Fact {
    let entry = history.entries[index]
    var fact = Fact(
      index: index, kind: entry.kind, fields: entry.fields, days: entry.days,
      sources: entry.sources, isReported: entry.isReported, current: index, isLive: live[index],
      isDisputed: isDisputed(index), setAsideBy: settlement(against: index))
    for later in index..<known {
      guard case .correction = history.entries[later].kind, history.root(of: later) == index,
        live[later]
      else { continue }
      let correction = history.entries[later]
      fact.fields = Self.merged(fact.fields, correction.fields)
      fact.days = correction.days ?? fact.days
      fact.sources = correction.sources + fact.sources
      fact.isReported = correction.isReported || fact.isReported
      fact.current = later
    }
    return fact
  }

  /// Fields with a correction laid over them: what it names is replaced, null removes, and an object
  /// is corrected field by field.
  static func merged(_ fields: [String: JSON], _ changes: [String: JSON]) -> [String: JSON] {
    var result = fields
    for (field, change) in changes {
      if change == .null {
        result[field] = nil
      } else if let inner = change.object {
        let old = (result[field]?.object ?? [:]).map { ($0.key, $0.value) }
        let new = inner.map { ($0.key, $0.value) }
        let both = merged(
          Dictionary(uniqueKeysWithValues: old), Dictionary(uniqueKeysWithValues: new))
        var object: JSONObject = [:]
        for (key, value) in both { object[key] = value }
        result[field] = .object(object)
      } else {
        result[field] = change
      }
    }
    return result
  }

  // MARK: disputes

  /// The last settlement about the fact that holds, if it prefers another fact.
  private func settlement(against fact: Int) -> Int? {
    var found: Int?
    for index in 0..<known where live[index] {
      guard case .settlement(_, let preferred) = history.entries[index].kind,
        settled(by: index).contains(fact)
      else { continue }
      found = preferred.map { history.root(of: $0) != fact } ?? false ? index : nil
    }
    return found
  }

  /// Whether a dispute that holds names the fact, and no later settlement that holds names the
  /// dispute or the fact, or decides for one of the facts.
  private func isDisputed(_ fact: Int) -> Bool {
    (0..<known).contains { dispute in
      guard live[dispute], disputed(by: dispute).contains(fact) else { return false }
      return !(dispute..<known).contains { later in
        guard case .settlement(let targets, let preferred) = history.entries[later].kind,
          live[later]
        else { return false }
        return targets.contains(dispute) || targets.map(history.root).contains(fact)
          || (preferred != nil && settled(by: later).contains(fact))
      }
    }
  }

  private func disputed(by index: Int) -> [Int] {
    guard case .dispute(let targets) = history.entries[index].kind else { return [] }
    return targets.map(history.root)
  }

  /// The facts that a settlement is about; a dispute that was retracted stands for none.
  private func settled(by index: Int) -> [Int] {
    guard case .settlement(let targets, _) = history.entries[index].kind else { return [] }
    return targets.flatMap { target in
      guard case .dispute = history.entries[target].kind else { return [history.root(of: target)] }
      return live[target] ? disputed(by: target) : []
    }
  }
}
