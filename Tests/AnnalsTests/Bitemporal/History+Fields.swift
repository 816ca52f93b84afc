import EventLog

@testable import Annals

/// What random entries say.
extension History {
  /// What every history starts with: the actors, topics, sources, motions and roll calls.
  static let definitions: [Entry] = {
    func registered(_ id: String, _ kind: String) -> Entry {
      Entry(
        kind: .registered,
        fields: ["actor": .string(id), "kind": .string(kind), "name": .string("Name of \(id)")])
    }
    var entries = [registered("un", "body")]
    entries += actors.map { registered($0, "state") } + people.map { registered($0, "person") }
    entries += groups.map { registered($0, "bloc") }
    entries += topics.map {
      Entry(
        kind: .topic, fields: ["topic": .string($0), "proposition": .string("\($0) should be")])
    }
    entries += sources.map {
      Entry(kind: .source, fields: ["source": .string($0), "title": .string("Title of \($0)")])
    }
    entries += motions.map {
      Entry(
        kind: .motion,
        fields: ["motion": .string($0), "body": "un", "title": .string("Title of \($0)")])
    }
    // Links of the second motion reach two roll calls. One account is exact, one is not, one undated.
    let held: [(String, String, ClosedRange<Int>?)] = [
      ("r/1", "m/1", 1...1), ("r/2", "m/2", 2...4), ("r/3", "m/2", nil),
    ]
    entries += held.map { rollcall, motion, days in
      Entry(
        kind: .rollcall,
        fields: [
          "rollcall": .string(rollcall), "motion": .string(motion), "body": "un",
          "method": "recorded", "result": "adopted",
        ], days: days, sources: ["s1"])
    }
    return entries
  }()

  /// The fields that chance gives a value; those that are optional now and then.
  private static func fields(of kind: Kind) -> [String] {
    switch kind {
    case .named: ["actor", "name"]
    case .identified: ["actor", "value"]
    case .succeeded: ["predecessor", "successor"]
    case .merged: ["winner", "loser"]
    case .registered: ["name"]
    case .topic: ["proposition"]
    case .source: ["source", "title"]
    case .motion: ["motion", "title"]
    case .rollcall: ["rollcall", "motion", "official", "result", "members", "session"]
    case .vote: ["voter", "rollcall", "choice", "group", "casting"]
    case .stance: ["actor", "topic", "level", "basis", "until"]
    case .statement: ["speaker", "onBehalfOf", "stance", "conditional"]
    case .sponsorship: ["actor", "motion", "answer"]
    case .link: ["topic", "rollcall", "supporting", "strength"]
    case .role: ["person", "organisation", "speaksFor", "period"]
    case .membership: ["actor", "group", "period"]
    case .claim: ["claimant", "about"]
    default: []
    }
  }

  /// The fields that are always the same.
  private static func constants(of kind: Kind) -> [String: JSON] {
    switch kind {
    case .identified: ["scheme": "iso3"]
    case .motion: ["body": "un"]
    case .rollcall: ["body": "un", "method": "recorded"]
    case .statement: ["kind": "paraphrase", "text": "text"]
    case .sponsorship: ["kind": "backer"]
    case .link: ["rationale": "text"]
    case .role: ["title": "text"]
    case .claim: ["kind": "comparison", "proposition": "text"]
    default: [:]
    }
  }

  private static let optional = [
    "until", "onBehalfOf", "official", "members", "session", "conditional",
  ]

  private static func isOptional(_ field: String, of kind: Kind) -> Bool {
    optional.contains(field) || kind == .vote && ["group", "casting"].contains(field)
  }

  mutating func fact(_ kind: Kind) -> Entry {
    var fields = Self.constants(of: kind)
    for field in Self.fields(of: kind) {
      if Self.isOptional(field, of: kind), Int.random(in: 0..<3, using: &random) > 0 { continue }
      fields[field] = value(of: field)
    }
    if kind == .link, Int.random(in: 0..<3, using: &random) == 0 {
      fields["rollcall"] = nil
      fields["motion"] = value(of: "motion")
    }
    if kind == .vote, Int.random(in: 0..<4, using: &random) == 0 {
      fields["weight"] = .integer(Int64.random(in: 0...3, using: &random))
      fields["teller"] = .bool(Bool.random(using: &random))
    }
    let isUndated = Int.random(in: 0..<(kind == .vote ? 4 : 12), using: &random) == 0
    return Entry(
      kind: kind, fields: fields, days: isUndated ? nil : range(), sources: someSources(),
      isReported: Int.random(in: 0..<5, using: &random) == 0)
  }

  /// A correction that names a fact, or an earlier correction of it; with `naming` nil one of its date.
  mutating func correction(of fact: Int, naming target: Int?) -> Entry {
    guard let target else {
      return Entry(kind: .correction(of: fact), fields: [:], days: range())
    }
    var changed: [String: JSON] = [:]
    let fields = Self.fields(of: entries[fact].kind).shuffled(using: &random)
    for field in fields.prefix(Int.random(in: 0...2, using: &random)) {
      let isOptional = Self.isOptional(field, of: entries[fact].kind)
      if entries[fact].kind == .link, field == "rollcall", entries[fact].fields[field] == nil {
        // A link of a motion stays one.
        changed["motion"] = value(of: "motion")
      } else if ["rollcall", "source", "motion"].contains(field), isDefinition(fact, of: field) {
        continue
      } else {
        changed[field] = isOptional && Bool.random(using: &random) ? .null : value(of: field)
      }
    }
    let days = changed.isEmpty || Bool.random(using: &random) ? range() : nil
    let sources = Int.random(in: 0..<4, using: &random) == 0 ? someSources() : []
    return Entry(
      kind: .correction(of: target), fields: changed, days: days, sources: sources,
      isReported: Int.random(in: 0..<12, using: &random) == 0)
  }

  /// Whether other entries can only speak of something because this one defines it.
  private func isDefinition(_ fact: Int, of field: String) -> Bool {
    switch (entries[fact].kind, field) {
    case (.rollcall, "rollcall"), (.motion, "motion"), (.source, "source"): true
    default: false
    }
  }

  private mutating func value(of field: String) -> JSON {
    switch field {
    case "voter", "organisation", "onBehalfOf", "predecessor", "successor":
      return .string(pick(Self.actors))
    case "actor": return .string(pick(Self.actors))
    case "group": return .string(pick(Self.groups))
    case "winner" where !mergesFreely: return .string(Self.actors[0])
    case "loser" where !mergesFreely: return .string(pick(Array(Self.actors.dropFirst())))
    case "winner", "loser":
      // People are merged with people now and then, states with states: chains too.
      let isPerson = Int.random(in: 0..<6, using: &random) == 0
      return .string(pick(isPerson ? Self.people : Self.actors))
    case "person": return .string(pick(Self.people))
    case "speaker", "claimant": return .string(pick(Self.people + Self.actors))
    case "name", "value": return .string(pick(Self.names))
    case "topic": return .string(pick(Self.topics))
    case "rollcall": return .string(pick(Self.rollcalls))
    case "motion": return .string(pick(Self.motions))
    case "source": return .string(pick(Self.sources))
    case "title", "proposition": return .string("Text \(Int.random(in: 0..<3, using: &random))")
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
    case "conditional", "casting": return .bool(Bool.random(using: &random))
    case "speaksFor": return .bool(Int.random(in: 0..<4, using: &random) > 0)
    case "official":
      var tally: JSONObject = [:]
      for choice in ["yes", "no", "abstain", "absent"] where Bool.random(using: &random) {
        tally[choice] = .integer(Int64.random(in: 0...2, using: &random))
      }
      // An empty one is left out when it is recorded.
      if tally.isEmpty { tally["yes"] = 1 }
      return .object(tally)
    case "result": return .string(pick(["adopted", "adopted", "rejected", "rejected", "annulled"]))
    case "members": return .integer(Int64.random(in: 1...5, using: &random))
    case "session": return .string(pick(["I", "2"]))
    case "about":
      return .object([
        "topics": .array([value(of: "topic")]), "actors": .array([value(of: "actor")]),
      ])
    default: return "text"
    }
  }

  private mutating func someSources() -> [String] {
    Self.sources.filter { _ in Bool.random(using: &random) }
  }

  /// Mostly a day, sometimes a few.
  private mutating func range() -> ClosedRange<Int> {
    let start = Int.random(in: Self.days, using: &random)
    let length = Int.random(in: 0..<4, using: &random) == 0 ? 3 : 0
    return start...min(start + length, Self.days.upperBound)
  }
}
