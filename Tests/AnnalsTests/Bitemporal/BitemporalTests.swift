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
  static let rounds = Int(environment["ANNALS_ORACLE_ROUNDS"] ?? "") ?? 6
  static let seed = UInt64(environment["ANNALS_SEED"] ?? "") ?? .random(in: 0...999_999_999)

  @Test func answersEqualTheOracle() async throws {
    print("ANNALS_SEED=\(Self.seed)")
    var comparisons = 0
    for round in 0..<Self.rounds {
      let seed = Self.seed &+ UInt64(round)
      do {
        comparisons += try await Comparison.run(seed: seed)
      } catch {
        Issue.record(error, "ANNALS_SEED=\(seed)")
      }
    }
    print("\(comparisons) comparisons in \(Self.rounds) histories")
  }

  /// Views that follow the log event by event are equal to views that are folded at once.
  @Test func catchingUpEqualsRebuilding() async throws {
    for round in 0..<5 {
      let seed = Self.seed &+ 1_000_000 &+ UInt64(round)
      let lines = History(seed: seed, count: 60).lines
      var random = SplitMix(seed: seed)
      let what = "ANNALS_SEED=\(Self.seed), round \(round)"
      try await withStore { store in
        for line in lines {
          _ = try await store.append(line, options: Comparison.options)
          if Int.random(in: 0..<4, using: &random) == 0 { try await store.catchUp() }
        }
        try await store.catchUp()
        for report in try await store.check(["votes"]) {
          #expect(report.position == Position(Int64(lines.count)), "\(what)")
          #expect(report.differences.isEmpty, "\(what): \(report.differences)")
        }
      }
    }
  }
}
