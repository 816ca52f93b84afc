import EventLog
import Testing

@testable import Annals

/// Answers about roll calls and the votes in them.
extension Comparison {
  /// The grid of all votes, folded at once.
  mutating func compareGrid() async throws {
    let grid = try await VotesFold.grid(of: store.log, through: position)
    compare(grid, "grid")
  }

  mutating func compare(_ grid: VoteGrid, _ what: String) {
    for (number, row) in grid.rollcalls.enumerated() {
      let rollcall = oracle.rollcall(row.id)
      for actor in History.everybody {
        let cell = grid.index(of: actor).map { grid.cells(of: $0)[number] } ?? 0
        equal(
          VoteCell(rawValue: cell).name, rollcall.votes[actor]?.cell ?? "unrecorded",
          "\(actor) in \(row.id), \(what)")
      }
      equal(row.accounts, rollcall.accounts.count, "accounts of \(row.id), \(what)")
      equal(row.motion, rollcall.motion, "motion of \(row.id), \(what)")
      equal(
        row.title, oracle.title(of: rollcall), "title of \(row.id), \(what)")
      equal(row.on, Self.date(rollcall.days), "date of \(row.id), \(what)")
      equal(row.result, rollcall.main?.text("result"), "result of \(row.id), \(what)")
      equal(row.contested, oracle.contested(rollcall), "contested in \(row.id), \(what)")
      equal(
        row.official,
        Oracle.tallied.map { choice in
          let figures = Set(rollcall.accounts.compactMap { Oracle.official($0, choice) })
          return figures.count == 1 ? figures.first : nil
        }, "official in \(row.id), \(what)")
      compare(row.differences, oracle.differences(rollcall), "\(row.id), \(what)")
    }
  }

  private mutating func compare(
    _ differences: [RollCallAnswer.Difference], _ expected: [Oracle.Count], _ what: String
  ) {
    equal(
      differences.map { Oracle.Count(choice: $0.choice, low: $0.low, high: $0.high) }, expected,
      "counted less official in \(what)")
  }

  private mutating func compare(
    _ counted: [RollCallAnswer.ChoiceCount], counted rollcall: Oracle.RollCall, _ what: String
  ) {
    equal(
      counted.map { Oracle.Count(choice: $0.choice, low: $0.low, high: $0.high) },
      oracle.counted(rollcall), "counted in \(what)")
  }

  /// One roll call: who voted how by which account, what is official, and how far that is apart.
  mutating func compareRollCall() async throws {
    let id = pick(History.rollcalls)
    let answer = try await store.rollcall(id, knownBy: knownBy)
    let rollcall = oracle.rollcall(id)
    equal(
      answer.votes.map(\.voter.id).sorted(),
      (Array(rollcall.own.keys) + Array(rollcall.casting.keys)).sorted(),
      "voters in \(id)")
    for line in answer.votes {
      let votes = line.isCasting ? rollcall.casting : rollcall.own
      guard let vote = votes[line.voter.id] else {
        Issue.record("\(line.voter.id) has no such vote in \(id)")
        continue
      }
      let what = "\(line.voter.id) in \(id)"
      equal(line.voter.name, oracle.displayName(line.voter.id), "name of \(what)")
      equal(Set(line.choices), vote.choices, "choice of \(what)")
      equal(line.isConflict, vote.isConflict, "conflict about \(what)")
      compare(line.main, what)
      equal(Self.index(line.main.position), vote.main.index, "main account of \(what)")
      equal(
        line.accounts.map { Self.index($0.fact.position) },
        vote.accounts.count > 1 ? vote.accounts.map(\.index) : [], "accounts of \(what)")
    }
    compare(answer.counted, counted: rollcall, id)
    equal(
      answer.accounts.map { Self.index($0.tally.position) }, rollcall.accounts.map(\.index),
      "accounts of \(id)")
    for (account, fact) in zip(answer.accounts, rollcall.accounts) {
      compare(account.differences, oracle.differences(rollcall, from: fact), "\(id), one account")
      equal(account.tally.result, fact.text("result"), "result in one account of \(id)")
    }
    compare(answer.differences, oracle.differences(rollcall), id)
    equal(answer.contested, oracle.contested(rollcall), "contested in \(id)")
    equal(answer.on, Self.date(rollcall.days), "date of \(id)")
    equal(answer.result, rollcall.main?.text("result"), "result of \(id)")
    equal(answer.motion?.id, rollcall.motion, "motion of \(id)")
    equal(
      answer.motion?.name, rollcall.motion.map { oracle.title(of: rollcall) ?? $0 },
      "title of \(id)")
    equal(answer.body?.id, rollcall.main.map { oracle.current($0.text("body")) }, "body of \(id)")
    equal(answer.session, rollcall.main?.fields["session"]?.string, "session of \(id)")
    let members = rollcall.main?.fields["members"]?.integer
    equal(answer.members.stated, members.map { Int($0) }, "members of \(id)")
    try await compareMembers(rollcall)
  }

  /// The members of a group on the day, and how surely they were.
  private mutating func compareMembers(_ rollcall: Oracle.RollCall) async throws {
    let group = pick(History.groups)
    let answer = try await store.rollcall(rollcall.id, bloc: group, knownBy: knownBy)
    let expected = oracle.members(of: group, in: rollcall)
    let what = "members of \(group) in \(rollcall.id)"
    equal(answer.bloc?.members, expected.certain.count, "how many certain \(what)")
    equal(
      Set((answer.bloc?.possibleMembers ?? []).map(\.id)), expected.possible, "possible \(what)")
    equal(
      Set(answer.votes.map(\.voter.id)), expected.certain.intersection(rollcall.votes.keys),
      "votes of certain \(what)")
  }

  /// All roll calls in order of date, on a topic or not.
  mutating func compareRollCalls() async throws {
    var scope = RollCallScope()
    scope.topic = pick(History.topics.map(Optional.some) + [nil])
    let expected = oracle.rollcalls(topic: scope.topic)
    for (filter, isWanted) in [
      (RollCallList.Filter.all, { _ in true }), (.differing, oracle.differs),
      (.conflicting, { $0.ballots.contains(where: \.isConflict) }),
    ] as [(RollCallList.Filter, (Oracle.RollCall) -> Bool)] {
      let list = try await store.rollcalls(in: scope, filter, knownBy: knownBy)
      let wanted = expected.filter(isWanted)
      let what = "roll calls, \(filter), on \(scope.topic ?? "anything")"
      equal(list.rows.map(\.rollcall), wanted.map(\.id), what)
      equal(list.differing, expected.count(where: oracle.differs), "differing \(what)")
      equal(
        list.conflicts, expected.reduce(0) { $0 + $1.ballots.count(where: \.isConflict) },
        "conflicts in \(what)")
      for (row, rollcall) in zip(list.rows, wanted) {
        compare(row.counted, counted: rollcall, "\(row.rollcall), \(what)")
        compare(row.differences, oracle.differences(rollcall), "\(row.rollcall), \(what)")
        equal(row.motion, rollcall.motion, "motion of \(row.rollcall), \(what)")
        equal(row.recorded, rollcall.votes.count, "recorded in \(row.rollcall), \(what)")
        equal(row.on, Self.date(rollcall.days), "date of \(row.rollcall), \(what)")
      }
    }
  }

  /// Two actors, roll call by roll call; and the same pair among all pairs.
  mutating func compareAgreement() async throws {
    var scope = RollCallScope()
    scope.topic = pick(History.topics.map(Optional.some) + [nil])
    let names = [pick(Self.names), pick(Self.names)]
    guard let a = try await actor(called: names[0]), let b = try await actor(called: names[1])
    else { return }
    let answer = try await store.agreement(
      names[0], names[1], in: scope, listingFacts: true, knownBy: knownBy)
    let what = "agreement of \(names) on \(scope.topic ?? "anything")"
    equal([answer.a.id, answer.b.id], [a, b], "actors of \(what)")
    let expected = oracle.agreement(a, b, topic: scope.topic)
    let (total, figures) = (answer.total, answer.total.figures)
    equal(
      [total.agenda, total.both, figures.same, figures.half, figures.opposite, figures.n],
      [
        expected.agenda, expected.both, expected.same, expected.half, expected.opposite,
        expected.same + expected.half + expected.opposite,
      ], what)
    let facts = (answer.facts ?? []).map { fact in
      let (one, other) = (fact.seqA.map(Self.index) ?? -1, fact.seqB.map(Self.index) ?? -1)
      return "\(fact.rollcall) \(fact.a) \(fact.b) \(one) \(other)"
    }
    equal(facts, expected.facts, "roll calls of \(what)")
    let matrix = try await store.agreements(in: scope, knownBy: knownBy)
    guard a != b, let one = matrix.actors.firstIndex(of: a),
      let other = matrix.actors.firstIndex(of: b)
    else { return }
    let own = matrix.figures(one, other, in: 0)
    equal(
      [own?.same ?? 0, own?.half ?? 0, own?.opposite ?? 0],
      [expected.same, expected.half, expected.opposite], "\(what), among all pairs")
  }
}
