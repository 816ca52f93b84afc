import EventLog
import Foundation
import SQLiteEventLog
import Testing

@testable import Annals

/// Every view, at every moment of the world and every state of the record, equals what a
/// brute-force reading of the history says.
///
/// `ANNALS_ORACLE_ROUNDS` asks for more histories, `ANNALS_SEED` for other ones.
@Suite struct BitemporalTests {
  static let environment = ProcessInfo.processInfo.environment
  static let rounds = Int(environment["ANNALS_ORACLE_ROUNDS"] ?? "") ?? 7
  static let seed = UInt64(environment["ANNALS_SEED"] ?? "") ?? .random(in: 0...999_999_999)
  static let length = 70

  @Test func viewsEqualTheOracle() async throws {
    print("ANNALS_SEED=\(Self.seed)")
    // A history that was answered wrongly once: a correction made while an earlier one did not
    // hold, and both of them in force later.
    var comparisons = try await compare(seed: 517_337_398)
    for round in 0..<Self.rounds {
      comparisons += try await compare(seed: Self.seed &+ UInt64(round))
    }
    print("\(comparisons) comparisons in \(Self.rounds) histories")
  }

  /// One event after the other, so that each is judged by all that was recorded before.
  private func record(_ history: History, in store: Store) async throws {
    let lines = history.ndjson.split(separator: UInt8(ascii: "\n"))
    let preamble = lines.prefix(History.preamble.count).joined(separator: [UInt8(ascii: "\n")])
    _ = try await store.append(Array(preamble), options: Self.options)
    for line in lines.dropFirst(History.preamble.count) {
      _ = try await store.append(Array(line), options: Self.options)
    }
  }

  private static let options: AppendOptions = {
    var options = AppendOptions(recorder: "test")
    options.updateViews = false
    options.reportsChanges = false
    return options
  }()

  private func compare(seed: UInt64) async throws -> Int {
    let history = History(seed: seed, count: Self.length)
    return try await withStore { store in
      try await record(history, in: store)
      let preamble = History.preamble.count
      var comparisons = 0
      for known in 1...Self.length {
        let through = Position(Int64(preamble + known))
        let oracle = Oracle(history: history, known: known)
        comparisons += try await comparePositions(store, oracle, through, seed)
        // What reads a slice of the log is compared where it is cheap enough: every state of the
        // record is met in turn, over the pairs of an actor and a topic and what is left out.
        comparisons += try await compareSlice(store, oracle, through, turn: known, seed)
        if known % 3 == 0 { comparisons += try await compareVotes(store, oracle, through, seed) }
        if known % 7 == 0 {
          comparisons += try await compareTimeline(store, oracle, through, preamble, seed)
          comparisons += try await compareMoves(store, oracle, through, seed)
        }
      }
      comparisons += try await compareDiffs(store, history, seed)
      comparisons += try await compareStoredViews(store, seed)
      return comparisons
    }
  }

  private static let everybody = History.actors + History.people

  /// The fold over the whole log: all actors, topics and days at once, certain and possible, and
  /// the votes that shares count.
  private func comparePositions(
    _ store: Store, _ oracle: Oracle, _ through: Position, _ seed: UInt64
  ) async throws -> Int {
    let (fold, names) = try await StanceProjection.fold(store.log, through: through)
    let pieces = oracle.pieces()
    var comparisons = 0
    let result = names.map { fold.result(names: $0) }
    for actor in Self.everybody {
      for topic in History.topics {
        let pair = names.flatMap { names in
          names.id(of: Tag(kind: "actor", value: actor)).flatMap { actor in
            names.id(of: Tag(kind: "topic", value: topic)).map {
              StanceFold.Pair(actor: actor, topic: $0)
            }
          }
        }
        let evidence = pair.flatMap { result?.evidence[$0] } ?? []
        comparisons += check(
          evidence, pieces, actor, topic, "seed \(seed), known by \(through), the whole log")
      }
    }
    return comparisons
  }

  /// The grid of all votes, folded at once.
  private func compareVotes(
    _ store: Store, _ oracle: Oracle, _ through: Position, _ seed: UInt64
  ) async throws -> Int {
    let grid = try await VotesFold.grid(of: store.log, through: through)
    let votes = oracle.votes()
    for (number, rollcall) in grid.rollcalls.enumerated() {
      for actor in Self.everybody {
        let cell = grid.index(of: actor).map { grid.cells(of: $0)[number] } ?? 0
        #expect(
          VoteCell(rawValue: cell).name == votes[rollcall.id]?[actor] ?? "unrecorded",
          "seed \(seed), known by \(through), \(actor) in \(rollcall.id)")
      }
    }
    #expect(Set(votes.keys).isSubset(of: Set(grid.rollcalls.map(\.id))), "seed \(seed)")
    return grid.rollcalls.count * Self.everybody.count
  }

  private static let leaveOuts: [Exclusions] = [
    Exclusions(), Exclusions(types: ["vote.cast"]), Exclusions(sources: ["s1"]),
    Exclusions(weak: true),
    Exclusions(types: ["statement.made", "stance.changed"]), Exclusions(sources: ["s1", "s2"]),
  ]

  private func compareSlice(
    _ store: Store, _ oracle: Oracle, _ through: Position, turn: Int, _ seed: UInt64
  ) async throws -> Int {
    let actor = Self.everybody[turn % Self.everybody.count]
    let topic = History.topics[turn / Self.everybody.count % History.topics.count]
    var comparisons = 0
    for leavingOut in [Exclusions(), Self.leaveOuts[turn % Self.leaveOuts.count]] {
      let line = try await store.line(
        Entity(id: actor, name: actor), Entity(id: topic, name: topic),
        from: Viewpoint(leavingOut: leavingOut),
        knownBy: RecordState(position: through, recorded: nil))
      comparisons += check(
        line.evidence, oracle.pieces(leavingOut), actor, topic,
        "seed \(seed), known by \(through), without \(leavingOut)")
    }
    return comparisons
  }

  private static func number(_ day: Int) -> Int64 {
    CivilDate.day(year: 2025, month: 1, day: Int64(day))
  }

  private func check(
    _ evidence: [StanceFold.StanceEvidence], _ pieces: [Oracle.Evidence], _ actor: String,
    _ topic: String, _ place: String
  ) -> Int {
    for possibly in [false, true] {
      let line = LatestRule.steps(evidence, possibly: possibly)
      for day in History.days {
        let number = Self.number(day)
        let step = line.last { $0.day <= number && number <= $0.last }
        let level = step.flatMap { evidence[$0.index].level }
        let want = Oracle.level(pieces, actor, topic, day: day, possibly: possibly)
        if level?.low != want?.lowerBound || level?.high != want?.upperBound {
          Issue.record(
            """
            \(place), \(actor) on \(topic) on day \(day)\(possibly ? ", possibly" : ""): \
            \(String(describing: level)), not \(String(describing: want))
            """)
        }
      }
    }
    let votes = ShareVotes(evidence, from: Viewpoint(), countsInformative: true)
    for days in [1...3, 4...6, 1...6] {
      let period = Period(
        text: "", days: Self.number(days.lowerBound)...Self.number(days.upperBound))
      let counts = votes.counts(in: period)
      for (own, isStrong) in [(counts.strong, true), (counts.informative, false)] {
        let want = Oracle.votes(pieces, actor, topic, isStrong: isStrong, in: days)
        #expect(
          [own.same, own.different, own.abstain, own.absent] == want,
          "\(place), votes of \(actor) on \(topic), strong: \(isStrong)")
      }
    }
    return 2 * History.days.count + 3 * 8
  }

  /// Every change of stance, of everybody on everything.
  private func compareMoves(
    _ store: Store, _ oracle: Oracle, _ through: Position, _ seed: UInt64
  ) async throws -> Int {
    var filter = StanceMoveFilter()
    filter.includesFirsts = true
    let found = try await store.moves(filter, from: Viewpoint(knownBy: .position(through)))
    var expected: Set<String> = []
    let pieces = oracle.pieces()
    for actor in Self.everybody {
      for topic in History.topics {
        var before: ClosedRange<Int>?
        for day in 1...History.days.upperBound + 1 {
          let level = Oracle.level(pieces, actor, topic, day: day)
          if level != before {
            expected.insert("\(actor) \(topic) \(day) \(Self.text(before)) \(Self.text(level))")
          }
          before = level
        }
      }
    }
    let moves = found.moves.map { move in
      let day = move.day - Self.number(0)
      let (before, after) = (
        move.before.map { $0.low...$0.high }, move.after.map { $0.low...$0.high }
      )
      return "\(move.actor.id) \(move.topic.id) \(day) \(Self.text(before)) \(Self.text(after))"
    }
    #expect(
      moves.sorted() == expected.sorted(), "seed \(seed), changes known by \(through)")
    let sizes = found.moves.map { $0.size ?? -1 }
    #expect(sizes == sizes.sorted(by: >), "seed \(seed), the largest come first")
    return moves.count + 1
  }

  private static func text(_ level: ClosedRange<Int>?) -> String {
    level.map { "\($0.lowerBound)…\($0.upperBound)" } ?? "none"
  }

  /// What was learned between two states of the record: both ends of a difference, and which steps
  /// came, went and changed in between.
  private func compareDiffs(
    _ store: Store, _ history: History, _ seed: UInt64
  ) async throws -> Int {
    var random = SplitMix(seed: seed)
    var comparisons = 0
    for _ in 0..<6 {
      let ends = [0, 1].map { _ in Int.random(in: 1...Self.length, using: &random) }.sorted()
      let actor = Self.everybody[Int.random(in: Self.everybody.indices, using: &random)]
      let topic = History.topics[Int.random(in: History.topics.indices, using: &random)]
      let day = Int.random(in: History.days, using: &random)
      let positions = ends.map { Position(Int64(History.preamble.count + $0)) }
      let viewpoint = Viewpoint(on: try Moment.on("2025-01-0\(day)", now: .now()))
      let diff = try await store.diff(
        actor: actor, topic: topic,
        knownBy: (.position(positions[0]), .position(positions[1])), from: viewpoint)
      // A name may stand for another actor by then: what it was merged into.
      let id = diff.actor.id
      for (level, known) in zip([diff.before, diff.after], ends) {
        let pieces = Oracle(history: history, known: known).pieces()
        let want = Oracle.level(pieces, id, topic, day: day)
        #expect(
          level.map { $0.low...$0.high } == want,
          "seed \(seed), \(id) on \(topic) known by \(known)")
        comparisons += 1
      }
      for line in diff.lines {
        #expect(
          !line.causes.isEmpty
            && line.causes.allSatisfy {
              $0.fact.position > positions[0] && $0.fact.position <= positions[1]
            },
          "seed \(seed), \(id) on \(topic), \(positions): a difference has a cause")
        comparisons += 1
      }
    }
    return comparisons
  }

  /// The timeline of each actor: the same facts in the same order, with the same fields.
  private func compareTimeline(
    _ store: Store, _ oracle: Oracle, _ through: Position, _ preamble: Int, _ seed: UInt64
  ) async throws -> Int {
    var comparisons = 0
    let order = oracle.timeline()
    for actor in History.actors {
      let timeline = try await store.timeline(
        [actor], types: ["vote.cast", "stance.changed"], knownBy: .position(through))
      let family = oracle.family(actor)
      let expected = order.filter { index in
        let fields = oracle.fields(of: index)
        let kind = oracle.history.entries[index].kind
        return (kind == .vote && family.contains(fields["voter"]?.string ?? ""))
          || (kind == .stance && family.contains(fields["actor"]?.string ?? ""))
      }
      let found = timeline.entries.map { Int($0.fact.position.rawValue) - preamble - 1 }
      #expect(found == expected, "seed \(seed), timeline of \(actor) known by \(through)")
      for (index, entry) in zip(expected, timeline.entries) {
        #expect(entry.fact.isDisputed == oracle.isDisputed(index), "seed \(seed), \(index)")
        #expect(
          (entry.fact.setAsideBy != nil) == oracle.isSetAside(index), "seed \(seed), \(index)")
        comparisons += 2
        for (field, value) in oracle.fields(of: index) {
          #expect(entry.fact.data[field] == value, "seed \(seed), \(field) of entry \(index)")
          comparisons += 1
        }
      }
    }
    return comparisons
  }

  /// The stored rows, caught up step by step by another reader, equal a fresh fold.
  private func compareStoredViews(_ store: Store, _ seed: UInt64) async throws -> Int {
    try await store.catchUp()
    for report in try await store.check() {
      #expect(report.differences.isEmpty, "seed \(seed): \(report.name) \(report.differences)")
    }
    return 2
  }

  /// Views that follow the log event by event are equal to views that are folded at once.
  @Test func catchingUpEqualsRebuilding() async throws {
    // The first was followed wrongly once: a fact that somebody had corrected came back, and whom
    // only the correction names was not looked at.
    let random = (0..<5).map { Self.seed &+ 1_000_000 &+ UInt64($0) }
    for seed in [340_029_377] + random {
      let history = History(seed: seed, count: 60)
      let lines = history.ndjson.split(separator: UInt8(ascii: "\n"))
      var random = SplitMix(seed: seed)
      try await withStore { store in
        for line in lines {
          _ = try await store.append(Array(line), options: Self.options)
          if Int.random(in: 0..<4, using: &random) == 0 { try await store.catchUp() }
        }
        try await store.catchUp()
        for report in try await store.check(["votes"]) {
          #expect(report.position == Position(Int64(lines.count)))
          #expect(report.differences.isEmpty, "seed \(seed): \(report.differences)")
        }
      }
    }
  }
}
