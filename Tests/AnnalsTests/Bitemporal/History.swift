import EventLog

@testable import Annals

/// A random history of facts, corrections and retractions, as a plain list: what the log is fed
/// with, and what the oracle reads.
struct History {
  enum Kind: Equatable {
    case vote, stance, statement, sponsorship, link, role, merge
    case correction(of: Int)
    case retraction(of: Int)
    case dispute(of: [Int])
    /// `preferred` is one of the facts, or none.
    case settlement(of: [Int], preferred: Int?)
  }

  struct Entry {
    var kind: Kind
    /// Fields of the payload; for a correction those that change.
    var fields: [String: JSON]
    /// Day of January 2025, or a range of days; nil where a correction leaves the date alone.
    var days: ClosedRange<Int>?
    var sources: [String] = []
    var isReported = false
  }

  static let actors = ["AAA", "BBB", "CCC"]
  static let people = ["ann", "bob"]
  static let topics = ["one", "two"]
  static let rollcalls = ["r/1", "r/2", "r/3"]
  static let motions = ["m/1", "m/2", "m/3"]
  /// Few, so that facts of one day meet often.
  static let days = 1...6
  static let choices = ["yes", "no", "abstain", "absent", "not-voting", "ineligible"]
  static let sources = ["s1", "s2"]

  private(set) var entries: [Entry] = []
  private var random: SplitMix

  init(seed: UInt64, count: Int) {
    random = SplitMix(seed: seed)
    while entries.count < count { add() }
  }

  private mutating func add() {
    let roll = Int.random(in: 0..<100, using: &random)
    let facts = entries.indices.filter { isFact($0) }
    if roll < 6, let fact = facts.randomElement(using: &random) {
      let other = facts.randomElement(using: &random)
      let targets =
        Bool.random(using: &random) ? [fact] : Array(Set([fact, other ?? fact])).sorted()
      entries.append(Entry(kind: .dispute(of: targets), fields: [:], days: nil))
    } else if roll < 11, let dispute = disputes.randomElement(using: &random) {
      // A settlement names the dispute, or the facts that are disputed.
      guard case .dispute(let facts) = entries[dispute].kind else { return }
      let preferred = Int.random(in: 0..<4, using: &random) > 0 ? pick(facts) : nil
      let targets = Bool.random(using: &random) ? [dispute] : facts
      entries.append(
        Entry(kind: .settlement(of: targets, preferred: preferred), fields: [:], days: nil))
    } else if roll < 26, let target = entries.indices.randomElement(using: &random) {
      entries.append(Entry(kind: .retraction(of: target), fields: [:], days: nil))
    } else if roll < 48, let fact = facts.randomElement(using: &random) {
      // Half of the corrections name an earlier correction of the fact instead of the fact.
      let earlier = entries.indices.filter { isCorrection($0, of: fact) }
      let target = Bool.random(using: &random) ? earlier.randomElement(using: &random) : nil
      let correction = correction(of: fact, naming: target ?? fact)
      if entries[fact].kind == .vote {
        let fields = Oracle(history: self, known: entries.count).fields(of: fact)
        let corrected = fields.merging(correction.fields) { _, new in new }
        if !isAdmissible(corrected, besides: fact) { return }
      }
      if entries[fact].kind == .stance, !keepsOrder(correction, of: fact) { return }
      entries.append(correction)
    } else {
      let kinds: [Kind] = [.vote, .vote, .vote, .stance, .statement, .sponsorship, .link, .role]
      let kind = Int.random(in: 0..<30, using: &random) == 0 ? .merge : pick(kinds)
      let entry = fact(kind)
      if kind == .vote, !isAdmissible(entry.fields, besides: nil) { return }
      if let until = Self.days(entry.fields["until"]), let days = entry.days,
        until.upperBound < days.lowerBound
      {
        return
      }
      entries.append(entry)
    }
  }

  func isFact(_ index: Int) -> Bool {
    switch entries[index].kind {
    case .correction, .retraction, .dispute, .settlement: false
    default: true
    }
  }

  private var disputes: [Int] {
    entries.indices.filter { if case .dispute = entries[$0].kind { true } else { false } }
  }

  /// Whether a corrected stance does not end before it begins.
  private func keepsOrder(_ correction: Entry, of fact: Int) -> Bool {
    let oracle = Oracle(history: self, known: entries.count)
    let fields = oracle.fields(of: fact).merging(correction.fields) { _, new in new }
    guard let until = Self.days(fields["until"]) else { return true }
    return until.upperBound >= (correction.days ?? oracle.days(of: fact)).lowerBound
  }

  /// The days of a text that `text(_:)` made.
  static func days(_ text: JSON?) -> ClosedRange<Int>? {
    let days = (text?.string ?? "").split(separator: "/").compactMap { Int($0.suffix(2)) }
    guard let first = days.first, let last = days.last else { return nil }
    return first...last
  }

  private func isCorrection(_ index: Int, of fact: Int) -> Bool {
    if case .correction = entries[index].kind { return root(of: index) == fact }
    return false
  }

  func root(of index: Int) -> Int {
    if case .correction(let target) = entries[index].kind { return root(of: target) }
    return index
  }

  /// Whether a vote is the first account of it, or says more than every other one that holds.
  private func isAdmissible(_ vote: [String: JSON], besides fact: Int?) -> Bool {
    let oracle = Oracle(history: self, known: entries.count)
    let others = entries.indices.filter { entries[$0].kind == .vote && $0 != fact }
      .filter { oracle.isLive($0) && !oracle.isDisputed($0) && !oracle.isSetAside($0) }
      .map { oracle.fields(of: $0) }
      .filter { $0["voter"] == vote["voter"] && $0["rollcall"] == vote["rollcall"] }
    let choices = Oracle.choices(vote)
    return others.allSatisfy { choices.isStrictSubset(of: Oracle.choices($0)) }
  }

  private mutating func fact(_ kind: Kind) -> Entry {
    var fields: [String: JSON] = [:]
    for field in Self.fields(of: kind) where isPresent(field) { fields[field] = value(of: field) }
    if kind == .link, Int.random(in: 0..<3, using: &random) == 0 {
      fields["rollcall"] = nil
      fields["motion"] = value(of: "motion")
    }
    return Entry(
      kind: kind, fields: fields, days: range(), sources: someSources(),
      isReported: Int.random(in: 0..<5, using: &random) == 0)
  }

  /// `until` is a field that a stance may go without.
  private mutating func isPresent(_ field: String) -> Bool {
    field != "until" || Int.random(in: 0..<3, using: &random) == 0
  }

  private mutating func someSources() -> [String] {
    Self.sources.filter { _ in Bool.random(using: &random) }
  }

  private static func fields(of kind: Kind) -> [String] {
    switch kind {
    case .vote: ["voter", "rollcall", "choice"]
    case .stance: ["actor", "topic", "level", "basis", "until"]
    case .statement: ["speaker", "kind", "text", "stance"]
    case .sponsorship: ["actor", "motion", "kind", "answer"]
    case .link: ["topic", "rollcall", "supporting", "strength", "rationale"]
    case .role: ["person", "organisation", "title", "speaksFor", "period"]
    case .merge: ["winner", "loser"]
    default: []
    }
  }

  private mutating func value(of field: String) -> JSON {
    switch field {
    case "voter", "actor", "organisation": return .string(pick(Self.actors))
    // Merges run towards the first actor only, so that they cannot run in a circle.
    case "winner": return .string(Self.actors[0])
    case "loser": return .string(pick(Array(Self.actors.dropFirst())))
    case "person": return .string(pick(Self.people))
    case "speaker": return .string(pick(Self.people + Self.actors))
    case "topic": return .string(pick(Self.topics))
    case "rollcall": return .string(pick(Self.rollcalls))
    case "motion": return .string(pick(Self.motions))
    case "choice":
      if Int.random(in: 0..<5, using: &random) > 0 { return .string(pick(Self.choices)) }
      let set = Self.choices.shuffled(using: &random).prefix(2)
      return .array(set.map { .string($0) })
    case "level": return .integer(Int64.random(in: -2...2, using: &random))
    case "stance": return .object(["topic": value(of: "topic"), "level": value(of: "level")])
    case "answer": return .string(pick(["joined", "declined", "withdrew"]))
    case "supporting": return .string(pick(["yes", "no"]))
    case "strength": return .string(pick(["strong", "strong", "informative"]))
    case "basis": return .string(pick(["declared", "declared", "attributed"]))
    case "period", "until": return .string(Self.text(range()))
    case "speaksFor": return .bool(Int.random(in: 0..<4, using: &random) > 0)
    default: return "text"
    }
  }

  private mutating func correction(of fact: Int, naming target: Int) -> Entry {
    let changeable = Self.fields(of: entries[fact].kind).filter {
      !["basis", "kind", "text", "rationale", "title", "winner"].contains($0)
    }
    var fields: [String: JSON] = [:]
    for field in changeable.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)) {
      // A roll call stays a roll call, and a motion a motion.
      if ["rollcall", "motion"].contains(field), entries[fact].fields[field] == nil { continue }
      let isRemoved = field == "until" && Bool.random(using: &random)
      fields[field] = isRemoved ? .null : value(of: field)
    }
    let days = fields.isEmpty || Bool.random(using: &random) ? range() : nil
    let sources = Int.random(in: 0..<4, using: &random) == 0 ? someSources() : []
    return Entry(kind: .correction(of: target), fields: fields, days: days, sources: sources)
  }

  /// Mostly a day, sometimes a few.
  private mutating func range() -> ClosedRange<Int> {
    let start = Int.random(in: Self.days, using: &random)
    let length = Int.random(in: 0..<4, using: &random) == 0 ? 3 : 0
    return start...min(start + length, Self.days.upperBound)
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &random)]
  }

  static func text(_ days: ClosedRange<Int>) -> String {
    func day(_ number: Int) -> String { "2025-01-" + (number < 10 ? "0" : "") + "\(number)" }
    let (first, last) = (day(days.lowerBound), day(days.upperBound))
    return first == last ? first : "\(first)/\(last)"
  }

  // MARK: as input

  static func id(_ index: Int) -> EventID { EventID(high: 0x8000, low: UInt64(index) + 1) }

  /// What every history starts with: the actors, topics, motions and roll calls.
  static let preamble: [String] = {
    var lines = ["un"].map { registered($0, "body") }
    lines += actors.map { registered($0, "state") } + people.map { registered($0, "person") }
    lines += topics.map {
      #"{"type":"topic.defined","data":{"topic":"\#($0)","proposition":"\#($0) should be"}}"#
    }
    lines += motions.map {
      #"{"type":"motion.tabled","data":{"motion":"\#($0)","body":"un","title":"\#($0)"}}"#
    }
    // The third roll call is on the second motion: links of motions reach it too.
    lines += sources.map {
      #"{"type":"source.captured","data":{"source":"\#($0)","title":"\#($0)"}}"#
    }
    lines += zip(rollcalls, ["m/1", "m/2", "m/2"]).map {
      #"{"type":"rollcall.held","on":"2025-01-01","data":{"rollcall":"\#($0)","motion":"\#($1)","#
        + #""body":"un","method":"recorded","result":"adopted"}}"#
    }
    return lines
  }()

  private static func registered(_ id: String, _ kind: String) -> String {
    #"{"type":"actor.registered","data":{"actor":"\#(id)","kind":"\#(kind)","name":"\#(id)"}}"#
  }

  /// The history as lines of the import format, behind the preamble.
  var ndjson: [UInt8] {
    var lines = Self.preamble
    for (index, entry) in entries.enumerated() {
      var object: JSONObject = ["id": .string(Self.id(index).description)]
      var settled: JSON?
      switch entry.kind {
      case .vote: object["type"] = "vote.cast"
      case .stance: object["type"] = "stance.changed"
      case .statement: object["type"] = "statement.made"
      case .sponsorship: object["type"] = "sponsorship.declared"
      case .link: object["type"] = "topic.linked"
      case .role: object["type"] = "role.held"
      case .merge: object["type"] = "actor.merged"
      case .correction(let target):
        object["type"] = "fact.corrected"
        object["target"] = .string(Self.id(target).description)
        object["reason"] = "test"
      case .retraction(let target):
        object["type"] = "fact.retracted"
        object["target"] = .string(Self.id(target).description)
        object["reason"] = "test"
      case .dispute(let targets):
        object["type"] = "fact.disputed"
        object["target"] = .array(targets.map { .string(Self.id($0).description) })
        object["reason"] = "test"
      case .settlement(let targets, let preferred):
        object["type"] = "dispute.settled"
        object["target"] = .array(targets.map { .string(Self.id($0).description) })
        object["reason"] = "test"
        settled = preferred.map { .string(Self.id($0).description) }
      }
      if !entry.sources.isEmpty {
        object["sources"] = .array(entry.sources.map { .object(["source": .string($0)]) })
      }
      if entry.isReported { object["confidence"] = "reported" }
      if let days = entry.days { object["on"] = .string(Self.text(days)) }
      var data: JSONObject = [:]
      for (field, value) in entry.fields { data[field] = value }
      if let settled { data["preferred"] = settled }
      if entry.kind == .statement { data["kind"] = "paraphrase" }
      if entry.kind == .sponsorship { data["kind"] = "backer" }
      object["data"] = .object(data)
      lines.append(JSONWriter.compact(.object(object)))
    }
    return Array(lines.joined(separator: "\n").utf8)
  }
}
