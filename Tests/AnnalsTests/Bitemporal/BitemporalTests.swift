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
  static let rounds = Int(environment["ANNALS_ORACLE_ROUNDS"] ?? "") ?? 40
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
        // The slice that answers one question is compared where it is cheap enough: every state
        // of the record is met in turn, over the pairs of an actor and a topic.
        comparisons += try await compareSlice(store, oracle, through, turn: known, seed)
        if known % 7 == 0 {
          comparisons += try await compareTimeline(store, oracle, through, preamble, seed)
        }
      }
      comparisons += try await compareStoredViews(store, seed)
      return comparisons
    }
  }

  /// The fold over the whole log: all actors, topics and days at once.
  private func comparePositions(
    _ store: Store, _ oracle: Oracle, _ through: Position, _ seed: UInt64
  ) async throws -> Int {
    let (fold, names) = try await PositionsProjection.fold(store.log, through: through)
    let expected = oracle.levels()
    var comparisons = 0
    let result = names.map { fold.result(names: $0) }
    for actor in History.actors + History.people {
      for topic in History.topics {
        let pair = names.flatMap { names in
          names.id(of: Tag(kind: "actor", value: actor)).flatMap { actor in
            names.id(of: Tag(kind: "topic", value: topic)).map {
              PositionsFold.Pair(actor: actor, topic: $0)
            }
          }
        }
        let line = result?.line(of: pair) ?? []
        comparisons += check(line, actor, topic, expected, through, seed)
      }
    }
    return comparisons
  }

  private func compareSlice(
    _ store: Store, _ oracle: Oracle, _ through: Position, turn: Int, _ seed: UInt64
  ) async throws -> Int {
    let actors = History.actors + History.people
    let actor = actors[turn % actors.count]
    let topic = History.topics[turn / actors.count % History.topics.count]
    let answer = try await PositionSlice.read(
      PositionPair(actor: actor, topic: topic), from: store.log, through: through)
    return check(
      answer.result.line(of: answer.pair), actor, topic, oracle.levels(), through, seed)
  }

  private func check(
    _ line: [LineSegment], _ actor: String, _ topic: String,
    _ expected: [String: (low: Int, high: Int)], _ through: Position, _ seed: UInt64
  ) -> Int {
    for day in History.days {
      let number = CivilDate.day(year: 2025, month: 1, day: Int64(day))
      let level = LineSegment.level(line, on: number)
      let want = expected["\(actor) \(topic) \(day)"]
      if level?.low != want?.low || level?.high != want?.high {
        Issue.record(
          """
          seed \(seed), known by \(through), \(actor) on \(topic) on day \(day): \
          \(String(describing: level)), not \(String(describing: want))
          """)
      }
    }
    return History.days.count
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
    for round in 0..<4 {
      let seed = Self.seed &+ 1_000_000 &+ UInt64(round)
      let history = History(seed: seed, count: 60)
      let lines = history.ndjson.split(separator: UInt8(ascii: "\n"))
      var random = SplitMix(seed: seed)
      try await withStore { store in
        for line in lines {
          _ = try await store.append(Array(line), options: Self.options)
          if Int.random(in: 0..<4, using: &random) == 0 { try await store.catchUp() }
        }
        try await store.catchUp()
        for report in try await store.check() {
          #expect(report.position == Position(Int64(lines.count)))
          #expect(report.differences.isEmpty, "seed \(seed): \(report.differences)")
        }
      }
    }
  }
}
