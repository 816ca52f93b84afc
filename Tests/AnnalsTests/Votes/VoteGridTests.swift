import EventLog
import Foundation
import Testing

@testable import Annals

/// The grid of votes after random histories: the fold, the stored rows that follow event by event,
/// and the answer about a single roll call all say the same as a plain reading.
@Suite struct VoteGridTests {
  static let seed =
    UInt64(ProcessInfo.processInfo.environment["ANNALS_SEED"] ?? "")
    ?? .random(in: 0...999_999_999)

  /// The stored grid numbers new roll calls as a fold does, whatever else comes in the same append.
  @Test func rollCallsAreNumberedInTheOrderOfTheLog() async throws {
    try await withStore { store in
      try await store.add(VoteHistory.base)
      try await store.catchUp()
      func held(_ id: String) -> String {
        #"{"type":"rollcall.held","on":"2025-01-01","data":{"rollcall":"\#(id)","#
          + #""motion":"m/new","body":"un","method":"recorded","result":"adopted"}}"#
      }
      try await store.add([
        #"{"type":"motion.tabled","data":{"motion":"m/new","body":"un","title":"New"}}"#,
        held("z/new"), held("a/new"),
      ])
      try await store.catchUp()
      let report = try #require(try await store.check(["votes"]).first)
      #expect(report.differences.isEmpty, "\(report.differences)")
    }
  }

  @Test(arguments: 0..<6) func theGridEqualsAPlainReading(_ round: UInt64) async throws {
    let seed = Self.seed &+ round
    var random = SplitMix(seed: seed)
    try await withStore { store in
      try await store.add(VoteHistory.base)
      var history = VoteHistory()
      var number = 0
      // Of a history that cannot go on with votes, the rest is made of what can always be recorded.
      while history.facts.count < 60 {
        number += 1
        let fact = history.next(number, &random)
        // What cannot be recorded, or is recorded already, is no part of the history.
        let head = try await store.log.head().position
        guard let position = try? await store.add([fact.line]), position > head else { continue }
        history.add(fact)
        let count = history.facts.count
        let what = "ANNALS_SEED=\(seed), after \(count)"
        let through = try await store.log.head().position
        let grid = try await VotesFold.grid(of: store.log, through: through)
        compare(grid, history.reading(), what)
        if Int.random(in: 0..<3, using: &random) == 0 { try await checkStored(store, grid, what) }
        if count % 10 == 0 { try await compareSingly(store, grid, what) }
        if count % 15 == 0 {
          try await compareAgreement(store, history.reading(), what)
          try await compareSwings(store, grid, history.reading(), what)
        }
      }
    }
  }

  private func compare(_ grid: VoteGrid, _ reading: VoteHistory.Reading, _ what: String) {
    for (number, rollcall) in grid.rollcalls.enumerated() {
      let votes = reading.votes[rollcall.id] ?? [:]
      let conflicts = reading.conflicts[rollcall.id] ?? []
      for actor in VoteHistory.states {
        let cell = grid.index(of: actor).map { grid.cells(of: $0)[number] } ?? 0
        let known = votes[actor]
        let name =
          conflicts.contains(actor)
          ? "conflict" : known.map { $0.count > 1 ? "open" : $0.first ?? "" } ?? "unrecorded"
        #expect(VoteCell(rawValue: cell).name == name, "\(rollcall.id) \(actor), \(what)")
      }
      for (index, choice) in ChoiceSet.names.enumerated() {
        #expect(rollcall.certain[index] == votes.values.count { $0 == [choice] }, "\(what)")
        #expect(
          rollcall.perhaps[index]
            == votes.values.count { $0.count > 1 && $0.contains(choice) }, "\(what)")
      }
      #expect(rollcall.accounts == reading.held[rollcall.id]?.count ?? 0, "\(what)")
    }
    let named = Set(grid.rollcalls.map(\.id))
    #expect(named.count == grid.rollcalls.count, "\(what)")
    #expect(Set(reading.votes.keys).union(reading.held.keys).isSubset(of: named), "\(what)")
  }

  /// Rows that followed the log equal a fresh fold, and so do answers taken from them.
  private func checkStored(_ store: Store, _ grid: VoteGrid, _ what: String) async throws {
    try await store.catchUp()
    let report = try #require(try await store.check(["votes"]).first)
    #expect(report.differences.isEmpty, "\(what): \(report.differences)")
    let through = try await store.log.head().position
    #expect(report.position == through, "\(what)")
    let stored = try await store.voteGrid(through: through)
    #expect(stored.rollcalls == grid.rollcalls, "\(what)")
    #expect(stored.actors == grid.actors && stored.blocks == grid.blocks, "\(what)")
    // Earlier states, of which some are those of the stored rows.
    for back in [1, 2, 5] {
      let earlier = Position(through.rawValue - Int64(back))
      let then = try await store.voteGrid(of: grid.actors, through: earlier)
      let fold = try await VotesFold.grid(of: store.log, through: earlier)
      #expect(then.rollcalls == fold.rollcalls && then.blocks == fold.blocks, "\(what)")
    }
  }

  /// The answer about one roll call is worked out on its own, and says the same.
  private func compareSingly(_ store: Store, _ grid: VoteGrid, _ what: String) async throws {
    for rollcall in grid.rollcalls where rollcall.accounts > 0 {
      let answer = try await store.rollcall(rollcall.id)
      #expect(answer.on == rollcall.on && answer.session == rollcall.session, "\(what)")
      #expect(answer.motion?.id == rollcall.motion && answer.body?.id == rollcall.body, "\(what)")
      #expect(answer.motion?.name == rollcall.title ?? rollcall.motion, "\(what)")
      #expect(answer.result == rollcall.result && answer.contested == rollcall.contested, "\(what)")
      for (index, choice) in ChoiceSet.names.enumerated() {
        let counted = answer.counted.first { $0.choice == choice }
        #expect(counted?.low ?? 0 == rollcall.certain[index], "\(what)")
        #expect(
          counted?.high ?? 0 == rollcall.certain[index] + rollcall.perhaps[index], "\(what)")
      }
      for difference in answer.differences {
        #expect(rollcall.differences.contains(difference), "\(what)")
      }
    }
  }

  // MARK: swings, choice by choice

  private func compareSwings(
    _ store: Store, _ grid: VoteGrid, _ reading: VoteHistory.Reading, _ what: String
  ) async throws {
    let numbers = grid.rollcalls.indices.filter {
      grid.rollcalls[$0].earliest != nil && reading.votes[grid.rollcalls[$0].id] != nil
    }.sorted { a, b in
      let (one, other) = (grid.rollcalls[a], grid.rollcalls[b])
      return (one.earliest ?? 0, one.latest ?? 0, a) < (other.earliest ?? 0, other.latest ?? 0, b)
    }
    let linked = numbers.filter {
      reading.linked.contains(grid.rollcalls[$0].id)
        || reading.linked.contains(grid.rollcalls[$0].motion ?? "")
    }
    let titled = Dictionary(grouping: numbers.filter { grid.rollcalls[$0].title != nil }) {
      grid.rollcalls[$0].title ?? ""
    }
    for rule in Rule.ofSwings {
      try await compareSwings(
        store, grid, reading, under: rule,
        [linked] + titled.keys.sorted().map { titled[$0] ?? [] }, "\(what), \(rule)")
    }
  }

  private func compareSwings(
    _ store: Store, _ grid: VoteGrid, _ reading: VoteHistory.Reading, under rule: Rule,
    _ allSeries: [[Int]], _ what: String
  ) async throws {
    var want: [String: String] = [:]
    for series in allSeries where series.count > 1 {
      for actor in grid.actors {
        var choices = series.compactMap { number -> (id: String, on: String?, choice: String)? in
          let rollcall = grid.rollcalls[number]
          guard let choice = reading.votes[rollcall.id]?[actor], choice.count == 1,
            let name = choice.first, ["yes", "abstain", "no"].contains(name)
          else { return nil }
          return (rollcall.id, rollcall.on, name)
        }
        if rule == .swing2 {
          // No roll call of these has a time: of one date the last choice is unknown.
          let byDate = Dictionary(grouping: choices, by: \.on)
          choices.removeAll { Set((byDate[$0.on] ?? []).map(\.choice)).count > 1 }
        }
        for index in choices.indices.dropFirst()
        where choices[index].choice != choices[index - 1].choice {
          let (old, new) = (choices[index - 1], choices[index])
          let size = [old.choice, new.choice].contains("abstain") ? 1 : 2
          let held = choices[..<index].reversed().prefix { $0.choice == old.choice }.count
          let kept = choices[index...].prefix { $0.choice == new.choice }.count
          let next = index + 1 < choices.count ? choices[index + 1].choice : nil
          let then = next.map { $0 == new.choice ? "confirmed" : "reversed" } ?? "last"
          let key = "\(actor) \(old.id) \(new.id)"
          want[key] = want[key] ?? "\(size) \(held) \(kept) \(then)"
        }
      }
    }
    var filter = SwingFilter()
    filter.limit = 10_000
    filter.rule = rule
    let list = try await store.swings(filter)
    let found = list.swings.map { swing in
      (
        "\(swing.actor.id) \(swing.before.rollcall) \(swing.after.rollcall)",
        "\(swing.size) \(swing.held) \(swing.kept) \(swing.persistence.rawValue)"
      )
    }
    #expect(Dictionary(found) { first, _ in first } == want, "\(what)")
    #expect(found.count == want.count && list.count == want.count, "\(what)")
    for (one, other) in zip(list.swings, list.swings.dropFirst()) {
      #expect(one.size >= other.size, "\(what)")
      #expect(one.before.position != nil && one.after.position != nil, "\(what)")
    }
  }

  // MARK: agreement, roll call by roll call

  private struct Asked {
    var scope: RollCallScope
    var isIn: (String) -> Bool
  }

  private func compareAgreement(
    _ store: Store, _ reading: VoteHistory.Reading, _ what: String
  ) async throws {
    let known = Set(reading.votes.keys)
    func exact(
      _ rollcall: String
    ) -> (on: String?, session: String?, motion: String, hasTally: Bool)? {
      let width = ["2024-12-30": 1, "2025-01-01": 1, "2025-02-24": 1, "2024-12": 31]
      return reading.held[rollcall]?.enumerated().min {
        func days(_ on: String?) -> Int { on.map { width[$0] ?? 3 } ?? 1000 }
        func rank(
          _ account: (on: String?, session: String?, motion: String, hasTally: Bool)
        ) -> [Int] {
          [account.on == nil ? 1 : 0, account.hasTally ? 0 : 1, days(account.on)]
        }
        return (rank($0.element) + [$0.offset]).lexicographicallyPrecedes(
          rank($1.element) + [$1.offset])
      }?.element
    }
    var year = RollCallScope()
    year.period = Period(try EDTF("2024"))
    var session = RollCallScope()
    session.session = "1"
    var contested = RollCallScope()
    contested.contestedOnly = true
    var topic = RollCallScope()
    topic.topic = "t"
    var body = RollCallScope()
    body.body = "un"
    let asked = [
      Asked(scope: RollCallScope()) { _ in true },
      Asked(scope: year) { ["2024-12-30", "2024-12"].contains(exact($0)?.on) },
      Asked(scope: session) { ["I", "1"].contains(exact($0)?.session) },
      Asked(scope: contested) { rollcall in
        let sides = Set((reading.votes[rollcall] ?? [:]).values.filter { $0.count == 1 }.joined())
        return sides.intersection(["yes", "no", "abstain"]).count > 1
      },
      Asked(scope: topic) { rollcall in
        reading.linked.contains(rollcall)
          || exact(rollcall).map { reading.linked.contains($0.motion) } ?? false
      },
      Asked(scope: body) { exact($0) != nil },
    ]
    for question in asked {
      let rollcalls = known.filter(question.isIn)
      let matrix = try await store.agreements(in: question.scope)
      for (a, b) in [("AAA", "BBB"), ("BBB", "CCC"), ("DDD", "AAA")] {
        // An id that was merged answers for the one that it was merged into.
        let (first, second) = (
          try await store.resolveActor(a).id, try await store.resolveActor(b).id
        )
        let pairs = rollcalls.compactMap { rollcall -> (Set<String>, Set<String>)? in
          guard let votes = reading.votes[rollcall], let one = votes[first],
            let other = votes[second]
          else { return nil }
          return (one, other)
        }
        let answer = try await store.agreement(a, b, in: question.scope)
        let oracle = AgreementOracle(pairs)
        oracle.compare(answer.total, "\(what), \(a) \(b), \(question.scope)")
        #expect(answer.selection.agenda == rollcalls.count, "\(what), \(question.scope)")
        if first != second, let one = matrix.actors.firstIndex(of: first),
          let other = matrix.actors.firstIndex(of: second)
        {
          #expect(
            matrix.figures(one, other, in: 0) ?? AgreementFigures() == answer.total.figures,
            "\(what), \(a) \(b)")
        }
        let years = try await store.agreement(a, b, in: question.scope, every: .year)
        for row in years.rows {
          let inYear = rollcalls.filter { exact($0)?.on?.hasPrefix(row.label ?? "") ?? false }
            .filter { exact($0)?.on?.contains("/") == false }
          #expect(row.agenda == inYear.count, "\(what), \(a) \(b) in \(row.label ?? "")")
        }
      }
    }
  }
}

/// The figures of a pair as rules.md has them, with sums over roll calls.
struct AgreementOracle {
  var distances: [Double] = []
  var first: [Double] = []
  var second: [Double] = []
  var absent = (0, 0)

  init(_ pairs: [(Set<String>, Set<String>)]) {
    let codes = ["yes": 1.0, "abstain": 2, "no": 3]
    for (one, other) in pairs {
      let (x, y) = (
        one.count == 1 ? codes[one.first ?? ""] : nil,
        other.count == 1 ? codes[other.first ?? ""] : nil
      )
      if one != ["ineligible"], other != ["ineligible"] {
        let away: Set<Set<String>> = [["absent"], ["not-voting"], ["paired-yes"], ["paired-no"]]
        if away.contains(one) { absent.0 += 1 }
        if away.contains(other) { absent.1 += 1 }
      }
      guard let x, let y else { continue }
      distances.append(abs(x - y))
      first.append(x)
      second.append(y)
    }
  }

  func compare(_ row: AgreementRow, _ what: String) {
    let figures = row.figures
    let n = Double(distances.count)
    #expect(figures.n == distances.count, "\(what)")
    #expect((row.a.absent, row.b.absent) == absent, "\(what)")
    let mean = distances.reduce(0, +) / n
    func equal(_ fraction: AgreementFigures.Fraction?, _ want: Double, _ name: String) {
      guard want.isFinite else {
        #expect(fraction == nil, "\(name), \(what)")
        return
      }
      #expect(abs((fraction?.value ?? .infinity) - want) < 1e-12, "\(name), \(what)")
    }
    equal(figures.agreement, distances.map { 1 - $0 / 2 }.reduce(0, +) / n, "agreement")
    equal(figures.s, 1 - mean, "s")
    equal(figures.identical, Double(distances.count { $0 == 0 }) / n, "identical")
    var kappa = 0.0
    var pi = 0.0
    let both = first + second
    for x in first { for y in second { kappa += abs(x - y) / (n * n) } }
    for x in both { for y in both { pi += abs(x - y) / (4 * n * n) } }
    equal(figures.kappa, kappa == 0 ? .nan : 1 - mean / kappa, "kappa")
    equal(figures.pi, pi == 0 ? .nan : 1 - mean / pi, "pi")
  }
}
