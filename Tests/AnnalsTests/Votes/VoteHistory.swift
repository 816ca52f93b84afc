import EventLog

@testable import Annals

/// Random histories of votes in several roll calls, read a second time in the plainest way: every
/// question looks at every line again.
struct VoteHistory {
  struct Fact {
    enum Kind {
      case vote(voter: String, rollcall: String, choices: Set<String>)
      case held(rollcall: String, motion: String, on: String?, session: String?, yes: Int?)
      case tabled(motion: String, title: String)
      case link(topic: String, target: String)
      case merge(winner: String, loser: String)
      /// Of an earlier fact, by its number, a field with its value.
      case corrected(Int, String, String)
      case retraction(Int)
    }
    var kind: Kind
    var number: Int
  }

  static let states = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"]
  static let rollcalls = ["un/R/1", "un/R/2", "un/R/3", "un/R/4", "un/R/5"]
  static let motions = ["m", "n"]
  static let sessions = ["I", "1", "II", "ES-1"]
  static let days = ["2024-12-30", "2024-12", "2025-01-01", "2025-02-24", "2024-12-31/2025-01-02"]
  private static let ballots: [Set<String>] = [
    ["yes"], ["yes"], ["no"], ["abstain"], ["absent"], ["not-voting"], ["paired-yes"],
    ["ineligible"], ["no", "abstain"], ["yes", "no", "abstain"],
  ]

  /// With a topic before everything else.
  static let base =
    ViewWorld.base + [
      ViewWorld.line("motion.tabled", #"{"motion":"n","body":"un","title":"Other"}"#),
      ViewWorld.line("topic.defined", #"{"topic":"t","proposition":"t should be"}"#),
    ]

  private(set) var facts: [Fact] = []

  mutating func add(_ fact: Fact) { facts.append(fact) }

  // MARK: making one

  func next(_ number: Int, _ random: inout SplitMix) -> Fact {
    func pick<Element>(_ list: [Element]) -> Element {
      list[Int.random(in: list.indices, using: &random)]
    }
    let kind: Fact.Kind
    switch Int.random(in: 0..<16, using: &random) {
    case 0: kind = .merge(winner: pick(Self.states), loser: pick(Self.states))
    case 1...2:
      kind = .held(
        rollcall: pick(Self.rollcalls), motion: pick(Self.motions),
        on: pick(Self.days + [nil]), session: pick(Self.sessions + [nil]), yes: pick([1, 2, nil]))
    case 3: kind = .tabled(motion: pick(Self.motions), title: pick(["One", "Two"]))
    case 4: kind = .link(topic: "t", target: pick(Self.rollcalls + Self.motions))
    case 5...6 where !facts.isEmpty: kind = .retraction(pick(facts).number)
    case 7...8 where facts.contains(where: \.isCorrectable):
      let target = pick(facts.filter(\.isCorrectable))
      let field: String
      switch target.kind {
      case .vote: field = pick(["voter", "rollcall", "choice"])
      default: field = pick(["session", "motion"])
      }
      let value: String
      switch field {
      case "voter": value = pick(Self.states)
      case "rollcall": value = pick(Self.rollcalls)
      case "choice": value = pick(["yes", "no", "absent"])
      case "motion": value = pick(Self.motions)
      default: value = pick(Self.sessions)
      }
      kind = .corrected(target.number, field, value)
    default:
      kind = .vote(
        voter: pick(Self.states), rollcall: pick(Self.rollcalls), choices: pick(Self.ballots))
    }
    return Fact(kind: kind, number: number)
  }

  // MARK: the plain reading

  struct Reading {
    /// By roll call and voter after merges.
    var votes: [String: [String: Set<String>]] = [:]
    var conflicts: [String: Set<String>] = [:]
    /// By roll call: bounds in days of 2024-12-01 and the session, of the most exact account.
    var held: [String: [(on: String?, session: String?, motion: String, hasTally: Bool)]] = [:]
    var linked: Set<String> = []
  }

  func reading() -> Reading {
    var withdrawn: Set<Int> = []
    for fact in facts.reversed() where !withdrawn.contains(fact.number) {
      if case .retraction(let target) = fact.kind { withdrawn.insert(target) }
    }
    var result = Reading()
    var winners: [String: String] = [:]
    var accounts: [String: [String: [Set<String>]]] = [:]
    for fact in facts where !withdrawn.contains(fact.number) {
      if case .merge(let winner, let loser) = fact.kind { winners[loser] = winner }
    }
    func merged(_ id: String) -> String {
      var path = [id]
      while let next = winners[path[path.count - 1]], !path.contains(next) { path.append(next) }
      return path[path.count - 1]
    }
    for fact in facts where !withdrawn.contains(fact.number) {
      var fields: [String: String] = [:]
      for later in facts where !withdrawn.contains(later.number) {
        if case .corrected(fact.number, let field, let value) = later.kind { fields[field] = value }
      }
      switch fact.kind {
      case .vote(let voter, let rollcall, let choices):
        accounts[fields["rollcall"] ?? rollcall, default: [:]][
          merged(fields["voter"] ?? voter), default: []
        ].append(fields["choice"].map { [$0] } ?? choices)
      case .held(let rollcall, let motion, let on, let session, let yes):
        result.held[rollcall, default: []].append(
          (on, fields["session"] ?? session, fields["motion"] ?? motion, yes != nil))
      case .link(_, let target): result.linked.insert(target)
      default: break
      }
    }
    // All that was said of a roll call was taken back: no vote in it counts.
    for fact in facts where withdrawn.contains(fact.number) {
      if case .held(let rollcall, _, _, _, _) = fact.kind, result.held[rollcall] == nil {
        accounts[rollcall] = nil
      }
    }
    for (rollcall, voters) in accounts {
      for (voter, sets) in voters {
        let common = sets.dropFirst().reduce(sets[0]) { $0.intersection($1) }
        result.votes[rollcall, default: [:]][voter] =
          common.isEmpty ? sets.reduce([]) { $0.union($1) } : common
        if common.isEmpty { result.conflicts[rollcall, default: []].insert(voter) }
      }
    }
    return result
  }
}

extension VoteHistory.Fact {
  var isCorrectable: Bool {
    switch kind {
    case .vote, .held: true
    default: false
    }
  }

  /// As a line of the import format.
  var line: String {
    switch kind {
    case .vote(let voter, let rollcall, let choices):
      let list = choices.sorted().map { "\"\($0)\"" }
      let value = list.count == 1 ? list[0] : "[\(list.joined(separator: ","))]"
      return ViewWorld.line(
        "vote.cast", id: number,
        #"{"rollcall":"\#(rollcall)","voter":"\#(voter)","choice":\#(value)}"#)
    case .held(let rollcall, let motion, let on, let session, let yes):
      let session = session.map { #","session":"\#($0)""# } ?? ""
      let official = yes.map { #","official":{"yes":\#($0)}"# } ?? ""
      return ViewWorld.line(
        "rollcall.held", id: number, on: on,
        #"{"rollcall":"\#(rollcall)","motion":"\#(motion)","body":"un","method":"recorded","#
          + #""result":"adopted"\#(session)\#(official)}"#)
    case .tabled(let motion, let title):
      return ViewWorld.line(
        "motion.tabled", id: number, #"{"motion":"\#(motion)","body":"un","title":"\#(title)"}"#)
    case .link(let topic, let target):
      let field = target.contains("/") ? "rollcall" : "motion"
      return ViewWorld.line(
        "topic.linked", id: number,
        #"{"topic":"\#(topic)","\#(field)":"\#(target)","supporting":"yes","strength":"strong","#
          + #""rationale":"r"}"#)
    case .merge(let winner, let loser):
      return ViewWorld.line(
        "actor.merged", id: number, #"{"winner":"\#(winner)","loser":"\#(loser)"}"#)
    case .corrected(let target, let field, let value):
      return ViewWorld.line(
        "fact.corrected", id: number, target: target, #"{"\#(field)":"\#(value)"}"#)
    case .retraction(let target):
      return ViewWorld.line("fact.retracted", id: number, target: target)
    }
  }
}
