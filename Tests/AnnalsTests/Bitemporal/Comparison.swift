import EventLog
import SQLiteEventLog
import Testing

@testable import Annals

/// Compares answers of the program with those of the oracle at one state of the record after the
/// other, and counts every value that it compares.
struct Comparison {
  let store: Store
  let history: History
  let seed: UInt64
  private(set) var oracle: Oracle
  /// All evidence that is known.
  private(set) var evidence: [Oracle.Evidence] = []
  /// Readings of states that are asked about several times, by how many entries are known.
  private var readings: [Int: (oracle: Oracle, evidence: [Oracle.Evidence])] = [:]
  /// Chooses what is asked.
  var random: SplitMix
  private(set) var count = 0
  private var differences = 0

  init(_ store: Store, _ history: History, seed: UInt64) {
    self.store = store
    self.history = history
    self.seed = seed
    oracle = Oracle(history: history, known: history.entries.count)
    random = SplitMix(seed: seed &+ 1)
  }

  mutating func look(at known: Int) { (oracle, evidence) = reading(known) }

  /// What the oracle says at another state of the record.
  mutating func reading(_ known: Int) -> (oracle: Oracle, evidence: [Oracle.Evidence]) {
    if let reading = readings[known] { return reading }
    let oracle = Oracle(history: history, known: known)
    let reading = (oracle, oracle.evidence())
    readings[known] = reading
    return reading
  }

  var position: Position { Self.position(oracle.known - 1) }
  var knownBy: KnownBy { .position(position) }
  var recordState: RecordState { RecordState(position: position, recorded: nil) }

  // MARK: comparing

  /// After so many differences no more of them are told.
  private static let most = 12

  mutating func equal<Value: Equatable>(
    _ found: Value, _ expected: Value, _ what: @autoclosure () -> String
  ) {
    count += 1
    if found == expected { return }
    differences += 1
    if differences <= Self.most {
      Issue.record(
        "ANNALS_SEED=\(seed), known by \(position), \(what()): \(found), not \(expected)")
    }
  }

  /// Compares lists value by value.
  mutating func equal<Value: Equatable>(
    _ found: [Value], _ expected: [Value], _ what: @autoclosure () -> String
  ) {
    count += max(0, expected.count - 1)
    equal(Listed(values: found), Listed(values: expected), what())
  }

  private struct Listed<Value: Equatable>: Equatable, CustomStringConvertible {
    var values: [Value]
    var description: String { "\(values)" }
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &random)]
  }

  // MARK: what the oracle calls things

  static func position(_ index: Int) -> Position { Position(Int64(index) + 1) }
  static func index(_ position: Position) -> Int { Int(position.rawValue) - 1 }

  /// Days of January 2025 as days since 1970, and back.
  static func number(_ day: Int) -> Int64 { 20_088 + Int64(day) }
  static func day(_ number: Int64) -> Int { Int(number - 20_088) }

  static func range(_ level: Level?) -> ClosedRange<Int>? { level.map { $0.low...$0.high } }

  static func date(_ days: ClosedRange<Int>?) -> String? { days.map(History.text) }

  /// A day that answers can be asked for.
  static func on(_ day: Int) throws -> OnMoment {
    try Moment.on(History.text(day...day), now: Instant(microseconds: 0))
  }
}

extension Comparison {
  /// Names that some actor may have, and ids.
  static let names =
    History.everybody + ["alfa", "THE ALFA", "Beta Land", "Gamma", "name of aaa", "Name_of BBB"]
    + ["aaa", "The name of ann."]

  /// A question by a name: both must find the same actor, or none.
  mutating func actor(called name: String) async throws -> String? {
    let expected = oracle.actor(called: name)
    do {
      let found = try await store.resolveActor(name, through: position)
      equal(found.id, expected ?? "nobody", "the actor \"\(name)\"")
      equal(found.name, expected.map(oracle.displayName) ?? found.name, "the name of \"\(name)\"")
    } catch is Problems {
      equal("nobody", expected ?? "nobody", "the actor \"\(name)\"")
    }
    return expected
  }

  static let omissions: [Oracle.Omission] = [
    Oracle.Omission(), Oracle.Omission(types: ["vote.cast"]), Oracle.Omission(sources: ["s1"]),
    Oracle.Omission(weak: true), Oracle.Omission(types: ["statement.made", "stance.changed"]),
    Oracle.Omission(sources: ["s1", "s2"]),
  ]
}

extension Oracle.Omission {
  var exclusions: Exclusions { Exclusions(types: types, sources: sources.sorted(), weak: weak) }
}
