import EventLog
import Testing

@testable import Annals

/// Random histories of one roll call, counted a second time in the plainest way: every state of the
/// record anew, one line after the other.
@Suite struct RollCallOracleTests {
  @Test(arguments: 0..<6) func countsEqualAPlainReading(_ seed: UInt64) async throws {
    var random = SplitMix(seed: 0xB0CA + seed)
    try await withStore { store in
      try await store.add(ViewWorld.base + [ViewWorld.held()])
      var facts: [RollCallOracle.Fact] = []
      let start = Int64(ViewWorld.base.count + 1)
      for number in 1...80 {
        let fact = RollCallOracle.Fact.random(after: facts, &random)
        // A second vote that contradicts the first is refused, and one that says the same on another
        // day is recorded already: neither is a part of the history.
        let head = try await store.log.head().position
        guard let position = try? await store.add([fact.line(number)]), position > head
        else { continue }
        facts.append(fact)
        facts[facts.count - 1].number = number
        let oracle = RollCallOracle(facts)
        let answer = try await store.rollcall("un/R/1")
        #expect(start + Int64(facts.count) == answer.knownBy.position.rawValue)
        try compare(answer, oracle, "after \(facts.count), seed \(seed)")
      }
      #expect(facts.count > 30)
      // The same states again, now that all the rest is recorded.
      for count in stride(from: 1, to: facts.count, by: 7) {
        let answer = try await store.rollcall(
          "un/R/1", knownBy: .position(Position(start + Int64(count))))
        try compare(answer, RollCallOracle(Array(facts.prefix(count))), "as of \(count) of \(seed)")
      }
    }
  }

  private func compare(
    _ answer: RollCallAnswer, _ oracle: RollCallOracle, _ what: String
  ) throws {
    let votes = Dictionary(
      uniqueKeysWithValues: answer.votes.map { ($0.voter.id, Set($0.choices)) })
    #expect(votes == oracle.votes, "votes \(what)")
    #expect(Set(answer.conflicts.map(\.voter.id)) == oracle.conflicts, "conflicts \(what)")
    for count in answer.counted {
      let low = oracle.votes.values.count { $0 == [count.choice] }
      let high = oracle.votes.values.count { $0.contains(count.choice) }
      #expect([count.low, count.high] == [low, high], "\(count.choice) \(what)")
    }
    #expect(Set(answer.unrecorded.map(\.id)) == oracle.unrecorded, "unrecorded \(what)")
    let meant = Dictionary(uniqueKeysWithValues: answer.meant.map { ($0.voter.id, $0.choice) })
    #expect(meant == oracle.meant, "meant \(what)")
    #expect(answer.countedAsMeant.isEmpty == meant.isEmpty, "\(what)")
    let asMeant = oracle.votes.merging(meant.mapValues { [$0] }) { $1 }.values
    for count in answer.countedAsMeant {
      let low = asMeant.count { $0 == [count.choice] }
      let high = asMeant.count { $0.contains(count.choice) }
      #expect([count.low, count.high] == [low, high], "meant \(count.choice) \(what)")
    }
  }
}

/// What a history of votes, memberships and merges comes to.
private struct RollCallOracle {
  var votes: [String: Set<String>] = [:]
  var conflicts: Set<String> = []
  var unrecorded: Set<String> = []
  /// By voter: what its last statement says that it had meant, where it voted otherwise or not at all.
  var meant: [String: String] = [:]

  struct Fact {
    enum Kind {
      case vote(voter: String, choices: Set<String>)
      case member(String, isOnTheDay: Bool)
      case merge(winner: String, loser: String)
      /// The speaker speaks for the voter; without a speaker, the voter speaks.
      case meant(voter: String, speaker: String?, choice: String)
      /// Of an earlier fact, by its number.
      case voterCorrected(Int, String)
      case choiceCorrected(Int, String)
      case retraction(Int)
    }
    var kind: Kind
    var number = 0
  }

  init(_ facts: [Fact]) {
    var withdrawn: Set<Int> = []
    for fact in facts.reversed() where !withdrawn.contains(fact.number) {
      if case .retraction(let target) = fact.kind { withdrawn.insert(target) }
    }
    var cast: [Int: (voter: String, choices: Set<String>)] = [:]
    var roots: [Int: Int] = [:]
    var winners: [String: String] = [:]
    var members: Set<String> = []
    for fact in facts {
      let isLive = !withdrawn.contains(fact.number)
      switch fact.kind {
      case .vote(let voter, let choices):
        if isLive { cast[fact.number] = (voter, choices) }
      case .member(let actor, let isOnTheDay):
        if isLive && isOnTheDay { members.insert(actor) }
      case .merge(let winner, let loser):
        if isLive { winners[loser] = winner }
      case .meant: break
      case .voterCorrected(let target, let voter):
        let root = roots[target] ?? target
        roots[fact.number] = root
        if isLive { cast[root]?.voter = voter }
      case .choiceCorrected(let target, let choice):
        let root = roots[target] ?? target
        roots[fact.number] = root
        if isLive { cast[root]?.choices = [choice] }
      case .retraction: break
      }
    }
    func merged(_ id: String) -> String {
      var path = [id]
      while let next = winners[path[path.count - 1]], !path.contains(next) { path.append(next) }
      return path[path.count - 1]
    }
    var accounts: [String: [Set<String>]] = [:]
    for vote in cast.values { accounts[merged(vote.voter), default: []].append(vote.choices) }
    for (voter, sets) in accounts {
      let common = sets.dropFirst().reduce(sets[0]) { $0.intersection($1) }
      votes[voter] = common.isEmpty ? sets.reduce([]) { $0.union($1) } : common
      if common.isEmpty { conflicts.insert(voter) }
    }
    unrecorded = Set(members.map(merged)).subtracting(votes.keys)
    for fact in facts where !withdrawn.contains(fact.number) {
      if case .meant(let voter, _, let choice) = fact.kind { meant[merged(voter)] = choice }
    }
    meant = meant.filter { voter, choice in
      unrecorded.contains(voter) || votes[voter].map { $0 != [choice] } ?? false
    }
  }
}

extension RollCallOracle.Fact {
  private static let states = ["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"]
  private static let ballots: [Set<String>] = [
    ["yes"], ["yes"], ["no"], ["abstain"], ["absent"], ["ineligible"], ["no", "abstain"],
    ["yes", "no", "abstain"], ["yes", "abstain"],
  ]

  /// A fact that may follow the others.
  fileprivate static func random(after facts: [Self], _ random: inout SplitMix) -> Self {
    func pick<Element>(_ list: [Element]) -> Element {
      list[Int.random(in: list.indices, using: &random)]
    }
    let votes = facts.filter(\.isOfVote)
    switch Int.random(in: 0..<11, using: &random) {
    case 0: return Self(kind: .member(pick(states), isOnTheDay: pick([true, true, false])))
    case 1: return Self(kind: .merge(winner: pick(states), loser: pick(states)))
    case 2 where !votes.isEmpty:
      return Self(kind: .voterCorrected(pick(votes).number, pick(states)))
    case 3 where !votes.isEmpty:
      return Self(kind: .choiceCorrected(pick(votes).number, pick(["yes", "no", "absent"])))
    case 4...5 where !facts.isEmpty: return Self(kind: .retraction(pick(facts).number))
    case 6:
      return Self(
        kind: .meant(
          voter: pick(states), speaker: pick([nil, nil, pick(states)]),
          choice: pick(["yes", "no", "abstain", "absent"])))
    default: return Self(kind: .vote(voter: pick(states), choices: pick(ballots)))
    }
  }

  /// True for a vote and for a correction of one.
  private var isOfVote: Bool {
    switch kind {
    case .vote, .voterCorrected, .choiceCorrected: true
    default: false
    }
  }

  fileprivate func line(_ number: Int) -> String {
    switch kind {
    case .vote(let voter, let choices):
      ViewWorld.vote(voter, choices.sorted().joined(separator: "|"), id: number)
    case .member(let actor, let isOnTheDay):
      ViewWorld.line(
        "membership.held", id: number,
        #"{"actor":"\#(actor)","group":"un","period":"\#(isOnTheDay ? "2025-02" : "2025-03")"}"#)
    case .merge(let winner, let loser):
      ViewWorld.line("actor.merged", id: number, #"{"winner":"\#(winner)","loser":"\#(loser)"}"#)
    case .meant(let voter, let speaker, let choice):
      ViewWorld.line(
        "statement.made", id: number,
        #"{"speaker":"\#(speaker ?? voter)","kind":"paraphrase","text":"It was meant so. \#(number)""#
          + (speaker == nil ? "" : #","onBehalfOf":"\#(voter)""#)
          + #","meant":{"rollcall":"un/R/1","choice":"\#(choice)"}}"#)
    case .voterCorrected(let target, let voter):
      ViewWorld.line("fact.corrected", id: number, target: target, #"{"voter":"\#(voter)"}"#)
    case .choiceCorrected(let target, let choice):
      ViewWorld.line("fact.corrected", id: number, target: target, #"{"choice":"\#(choice)"}"#)
    case .retraction(let target):
      ViewWorld.line("fact.retracted", id: number, target: target)
    }
  }
}
