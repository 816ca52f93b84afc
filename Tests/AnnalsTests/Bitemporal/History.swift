import EventLog

@testable import Annals

/// A random history of facts and of what was said about them, as a plain list: what the log is fed
/// with, and what the oracle reads. The entry at index 0 has position 1 in the log.
struct History {
  enum Kind: Hashable {
    case registered, named, identified, succeeded, merged, topic, source, motion, rollcall
    case vote, stance, statement, sponsorship, link, role, membership, claim
    case correction(of: Int)
    case retraction(of: Int)
    /// Of facts and of corrections.
    case dispute(of: [Int])
    /// Of disputes, or of what they dispute. `preferred` is one of the disputed entries, or none.
    case settlement(of: [Int], preferred: Int?)
  }

  struct Entry {
    var kind: Kind
    /// Fields of the payload; for a correction those that change.
    var fields: [String: JSON]
    /// Day of January 2025, or a range of days. Nil for an undated fact, and for a correction that
    /// leaves the date alone.
    var days: ClosedRange<Int>?
    var sources: [String] = []
    var isReported = false
  }

  static let actors = ["AAA", "BBB", "CCC", "DDD"]
  static let people = ["ann", "bob"]
  static let everybody = actors + people + ["un"]
  /// Groups that actors leave for one another.
  static let groups = ["reds", "blues"]
  static let topics = ["one", "two"]
  static let rollcalls = ["r/1", "r/2", "r/3"]
  static let motions = ["m/1", "m/2", "m/3"]
  static let sources = ["s1", "s2"]
  /// Few, so that facts of one day meet often.
  static let days = 1...6
  static let choices = [
    "yes", "no", "abstain", "absent", "not-voting", "ineligible", "paired-yes", "paired-no", "both",
  ]
  /// Some of them are one name to a reader.
  static let names = ["Alfa", "The Alfa", "Beta Land", "beta  land.", "Gamma", "bbb"]

  /// How many of the entries define what the others speak of.
  let preamble: Int
  /// Whether anybody may be merged into anybody, in chains too; otherwise states are
  /// merged into the first one alone.
  let mergesFreely: Bool
  private(set) var entries: [Entry]
  var random: SplitMix

  /// A history of `count` random entries behind those that define everything.
  init(seed: UInt64, count: Int, mergesFreely: Bool = true) {
    self.mergesFreely = mergesFreely
    random = SplitMix(seed: seed)
    entries = Self.definitions
    preamble = entries.count
    while entries.count < preamble + count { add() }
    entries = Array(entries.prefix(preamble + count))
  }

  private mutating func add() {
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<6: addDispute()
    case 6..<14: addSettlement()
    case 14..<25: addRetraction()
    case 25..<44: addCorrection()
    case 44..<47: addContest()
    case 47..<49: addAnnulment()
    case 49..<52: addOtherDay()
    default: addFact()
    }
  }

  /// A quarter of them take back what was said about facts, retractions among it.
  private mutating func addRetraction() {
    let said = entries.indices.filter { !isFact($0) }
    let isAboutFact = said.isEmpty || Int.random(in: 0..<4, using: &random) > 0
    let target = isAboutFact ? target(among: Array(entries.indices)) : pick(said)
    appendIfSound(Entry(kind: .retraction(of: target), fields: [:]))
  }

  private mutating func addDispute() {
    // Who disputes a correction disputes the fact behind it.
    let candidates = entries.indices.filter { isFact($0) || isCorrection($0) }
    let first = target(among: candidates)
    let second = Int.random(in: 0..<4, using: &random) == 0 ? first : target(among: candidates)
    let targets = Set([first, second]).sorted()
    entries.append(Entry(kind: .dispute(of: targets), fields: [:]))
  }

  /// A dispute that is settled at once against what other facts are read by: a merge, a link, an
  /// account of a roll call, a role.
  private mutating func addContest() {
    let kind = pick([Kind.merged, .merged, .link, .rollcall, .role])
    let facts = entries.indices.filter(isFact)
    let candidates = facts.filter { entries[$0].kind == kind }
    guard !candidates.isEmpty else { return }
    let (loser, winner) = (target(among: candidates), target(among: facts))
    if loser == winner { return }
    let dispute = entries.count
    entries.append(Entry(kind: .dispute(of: [loser, winner].sorted()), fields: [:]))
    appendIfSound(Entry(kind: .settlement(of: [dispute], preferred: winner), fields: [:]))
  }

  /// All accounts of a roll call are taken back, and now and then one is brought back.
  private mutating func addAnnulment() {
    let rollcall = pick(Self.rollcalls)
    let held = Oracle(history: self, known: entries.count).facts.filter {
      $0.kind == .rollcall && $0.isLive && $0.text("rollcall") == rollcall
    }
    for account in held {
      entries.append(Entry(kind: .retraction(of: account.index), fields: [:]))
    }
    if !held.isEmpty, Int.random(in: 0..<3, using: &random) == 0 {
      entries.append(Entry(kind: .retraction(of: entries.count - 1), fields: [:]))
    }
  }

  /// A roll call was held on another day, which the votes in it may not say.
  private mutating func addOtherDay() {
    let accounts = entries.indices.filter { entries[$0].kind == .rollcall }
    let account = pick(accounts)
    let correction = correction(of: account, naming: nil)
    let before = Oracle(history: self, known: entries.count).fact(account)
    if changes(before, correction, to: before.fields) { entries.append(correction) }
  }

  /// A settlement names one or two disputes, or what is disputed.
  private mutating func addSettlement() {
    let disputes = entries.indices.filter {
      if case .dispute = entries[$0].kind { true } else { false }
    }
    guard let first = disputes.randomElement(using: &random) else { return }
    let isWide = Int.random(in: 0..<4, using: &random) == 0
    let second = isWide ? pick(disputes) : first
    let named = Set([first, second]).sorted()
    let accounts = named.flatMap { disputed(by: $0) }
    let preferred = Int.random(in: 0..<4, using: &random) > 0 ? pick(accounts) : nil
    let targets = Bool.random(using: &random) ? named : Set(accounts).sorted()
    appendIfSound(Entry(kind: .settlement(of: targets, preferred: preferred), fields: [:]))
  }

  /// Appends an amendment unless a fact that holds again for it, or reads otherwise, would be refused
  /// as a new one.
  private mutating func appendIfSound(_ amendment: Entry) {
    let before = Oracle(history: self, known: entries.count)
    entries.append(amendment)
    let isRetraction = if case .retraction = amendment.kind { true } else { false }
    let isSound = Oracle(history: self, known: entries.count).facts.allSatisfy { fact in
      let known = before.fact(fact.index)
      guard fact.holds, !(known.holds && known.fields == fact.fields) else { return true }
      switch fact.kind {
      case .merged, .succeeded:
        return namesTwoThings(fact.kind, fact.fields, besides: fact.index)
      // A settlement that prefers none of two accounts of a vote leaves both.
      case .vote where isRetraction && !fact.isDisputed:
        let sources = entries[fact.index].sources
        return isAdmissible(fact.fields, by: sources, besides: fact.index)
      default: return true
      }
    }
    if !isSound { entries.removeLast() }
  }

  private mutating func addCorrection() {
    let fact = target(among: entries.indices.filter(isFact))
    // Half of the corrections name an earlier correction of the fact instead of the fact.
    let earlier = entries.indices.filter { isCorrection($0) && root(of: $0) == fact }
    let named = Bool.random(using: &random) ? earlier.randomElement(using: &random) : nil
    let correction = correction(of: fact, naming: named ?? fact)
    let before = Oracle(history: self, known: entries.count).fact(fact)
    let fields = Oracle.merged(before.fields, correction.fields)
    if !changes(before, correction, to: fields) { return }
    if !namesTwoThings(entries[fact].kind, fields, besides: fact) { return }
    if entries[fact].kind == .vote,
      !isAdmissible(fields, by: entries[fact].sources, besides: fact)
    {
      return
    }
    if entries[fact].kind == .stance, endsTooEarly(fields, correction.days ?? before.days) {
      return
    }
    entries.append(correction)
  }

  private mutating func addFact() {
    let entry = fact(pick(Self.factKinds))
    if !namesTwoThings(entry.kind, entry.fields, besides: nil) { return }
    if !isOneThing(entry) { return }
    if entry.kind == .vote, !isAdmissible(entry.fields, by: entry.sources, besides: nil) { return }
    if entry.kind == .stance, endsTooEarly(entry.fields, entry.days) { return }
    entries.append(entry)
  }

  /// How often facts of each kind come.
  private static let factKinds: [Kind] = [
    (Kind.vote, 9), (.stance, 4), (.statement, 4), (.sponsorship, 3), (.link, 9), (.role, 3),
    (.membership, 5),
    (.merged, 4), (.named, 1), (.identified, 1), (.succeeded, 1), (.source, 1), (.motion, 1),
    (.rollcall, 3), (.claim, 2),
  ].flatMap { kind, count in Array(repeating: kind, count: count) }

  // MARK: what entries are

  func isFact(_ index: Int) -> Bool {
    switch entries[index].kind {
    case .correction, .retraction, .dispute, .settlement: false
    default: true
    }
  }

  private func isCorrection(_ index: Int) -> Bool {
    if case .correction = entries[index].kind { true } else { false }
  }

  /// The fact behind a correction; any other entry stands for itself.
  func root(of index: Int) -> Int {
    if case .correction(let target) = entries[index].kind { return root(of: target) }
    return index
  }

  private func disputed(by index: Int) -> [Int] {
    if case .dispute(let targets) = entries[index].kind { targets } else { [] }
  }

  // MARK: what the program accepts

  /// Whether a vote is the first account of it, or no other one that holds says otherwise, but for
  /// those of other sources.
  private func isAdmissible(
    _ vote: [String: JSON], by sources: [String], besides fact: Int?
  ) -> Bool {
    let choices = Oracle.choices(vote)
    let oracle = Oracle(history: self, known: entries.count)
    let voter = oracle.current(vote["voter"]?.string ?? "")
    return oracle.facts.allSatisfy { other in
      other.kind != .vote || other.index == fact || !other.holds || other.isDisputed
        || oracle.current(other.text("voter")) != voter
        || other.fields["rollcall"] != vote["rollcall"]
        || (other.fields["casting"] == true) != (vote["casting"] == true)
        || choices.isSubset(of: Oracle.choices(other.fields))
        || choices.isSuperset(of: Oracle.choices(other.fields))
        || !sources.isEmpty && !other.sources.isEmpty
          && Set(sources).isDisjoint(with: other.sources)
    }
  }

  /// Whether a correction says anything new of a fact.
  private func changes(
    _ before: Oracle.Fact, _ correction: Entry, to fields: [String: JSON]
  ) -> Bool {
    fields != before.fields || correction.days.map { $0 != before.days } ?? false
      || correction.isReported && !before.isReported
      || !Set(correction.sources).isSubset(of: before.sources)
  }

  /// Whether an actor neither succeeds itself nor is merged in a circle, or into two others.
  private func namesTwoThings(_ kind: Kind, _ fields: [String: JSON], besides fact: Int?) -> Bool {
    if kind == .succeeded { return fields["predecessor"] != fields["successor"] }
    guard kind == .merged, let loser = fields["loser"]?.string,
      let winner = fields["winner"]?.string
    else { return true }
    if loser == winner { return false }
    var next: [String: String] = [:]
    for merge in Oracle(history: self, known: entries.count).holding(.merged)
    where merge.index != fact { next[merge.text("loser")] = merge.text("winner") }
    func path(from id: String) -> [String] {
      var path = [id]
      while let one = next[path[path.count - 1]] {
        path.append(one)
        if path.dropLast().contains(one) { break }
      }
      return path
    }
    let way = path(from: winner)
    if way.dropFirst().contains(loser) { return false }
    if Set(way).count < way.count { return true }
    guard let other = next[loser] else { return true }
    let others = path(from: other)
    return others.contains(loser) || Set(others).count < others.count
      ? false : others.last == way.last
  }

  /// Whether an account is of the same roll call or motion as every other one of its id.
  private func isOneThing(_ entry: Entry) -> Bool {
    let field: String
    switch entry.kind {
    case .rollcall: field = "rollcall"
    case .motion: field = "motion"
    default: return true
    }
    func isSame(_ fields: [String: JSON], _ days: ClosedRange<Int>?, _ sources: [String]) -> Bool {
      let isOtherDay = entry.days.map { own in days.map { !own.overlaps($0) } ?? false } ?? false
      let (own, other) = (entry.fields["session"]?.string, fields["session"]?.string)
      let isOtherSession = own != nil && other != nil && own != other
      let isApart =
        !sources.isEmpty && !entry.sources.isEmpty && Set(sources).isDisjoint(with: entry.sources)
      return isApart ? !(isOtherDay && isOtherSession) : !isOtherDay && !isOtherSession
    }
    let oracle = Oracle(history: self, known: entries.count)
    return oracle.holding(entry.kind).allSatisfy { fact in
      // As it reads now, and as it was recorded.
      let recorded = entries[fact.index]
      let forms = [(fact.fields, fact.days), (recorded.fields, recorded.days)]
        .filter { $0.0[field] == entry.fields[field] }
      return forms.isEmpty || forms.contains { isSame($0.0, $0.1, recorded.sources) }
    }
  }

  /// Whether a stance ends before it can have begun.
  private func endsTooEarly(_ stance: [String: JSON], _ days: ClosedRange<Int>?) -> Bool {
    guard let until = Self.days(stance["until"]), let days else { return false }
    return until.upperBound < days.lowerBound
  }

  // MARK: chance

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &random)]
  }

  /// Mostly what was recorded behind the definitions.
  private mutating func target(among candidates: [Int]) -> Int {
    let later = candidates.filter { $0 >= preamble }
    return Int.random(in: 0..<6, using: &random) == 0 || later.isEmpty
      ? pick(candidates) : pick(later)
  }
}
