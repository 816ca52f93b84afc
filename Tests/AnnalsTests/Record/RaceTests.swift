import EventLog
import Foundation
import SQLiteEventLog
import Testing

@testable import Annals

/// Two writers that read the same record and then write, one after the other: the second must come to
/// what it comes to when it reads only after the first has written.
@Suite struct RaceTests {
  /// What a writer does about two stances of one actor (#9 and #10), which a dispute (#11) doubts
  /// both, about a vote (#12) that a dispute (#13) doubts, and about two earlier amendments of #9:
  /// a correction (#14) and a retraction of a retraction (#16); about a vote of another actor (#17) that
  /// was taken back (#18).
  enum Work: String, CaseIterable, Sendable {
    case retract, correct, correctAgain, retractCorrection, retractRetraction, dispute, settle
    case retractDispute, erase, eraseOther, vote, retractVoteDispute, register, eraseRegistration
    case nameActor, bringVoteBack, voteInItsPlace

    /// Works of different subjects have nothing to do with each other.
    var subject: Int {
      switch self {
      case .vote, .retractVoteDispute: 1
      case .eraseRegistration, .nameActor: 2
      case .register: 3
      case .bringVoteBack, .voteInItsPlace: 4
      default: 0
      }
    }

    func run(_ store: Store, _ who: String) async throws {
      var options = AppendOptions(recorder: "test")
      options.updateViews = false
      options.reportsChanges = false
      func id(_ position: Int64) async throws -> String {
        try await store.event(.position(Position(position)), through: Position(.max)).id.description
      }
      func append(_ line: String) async throws {
        _ = try await store.append(Array(line.utf8), options: options)
      }
      switch self {
      case .retract: _ = try await store.retract(.position(9), reason: who, options: options)
      case .retractCorrection:
        _ = try await store.retract(.position(14), reason: who, options: options)
      case .retractRetraction:
        _ = try await store.retract(.position(16), reason: who, options: options)
      case .retractDispute:
        _ = try await store.retract(.position(11), reason: who, options: options)
      case .retractVoteDispute:
        _ = try await store.retract(.position(13), reason: who, options: options)
      case .correct:
        _ = try await store.correct(
          .position(9), changes: [("until", "2023-01-05")], reason: who, options: options)
      case .correctAgain:
        _ = try await store.correct(
          .position(9), changes: [("on", "2024-01-05")], reason: who, options: options)
      case .dispute:
        try await append(
          #"{"type":"fact.disputed","target":"\#(try await id(9))","reason":"\#(who)","data":{}}"#)
      case .settle:
        try await append(
          #"{"type":"dispute.settled","target":"\#(try await id(11))","reason":"\#(who)","#
            + #""data":{"preferred":"\#(try await id(9))"}}"#)
      case .erase: _ = try await store.erase(.position(9), ground: who, options: options)
      case .eraseOther: _ = try await store.erase(.position(10), ground: who, options: options)
      case .vote:
        try await append(
          #"{"type":"vote.cast","note":"\#(who)","data":{"rollcall":"r","voter":"USA","choice":"yes"}}"#
        )
      case .register:
        try await append(
          #"{"type":"actor.registered","data":{"actor":"FRA","kind":"state","name":"\#(who)"}}"#)
      case .eraseRegistration:
        _ = try await store.erase(.position(8), ground: who, options: options)
      case .bringVoteBack:
        _ = try await store.retract(.position(18), reason: who, options: options)
      case .voteInItsPlace:
        try await append(
          #"{"type":"vote.cast","note":"\#(who)","data":{"rollcall":"r","voter":"RUS","choice":"no"}}"#
        )
      case .nameActor:
        try await append(#"{"type":"actor.named","data":{"actor":"GBR","name":"\#(who)"}}"#)
      }
    }
  }

  /// What the record holds, and how the writer fared.
  private struct Outcome: Equatable {
    var refusal: [ErrorCode] = []
    var events: [String] = []
  }

  @Test func theSecondComesToWhatItComesToAlone() async throws {
    let prepared = FileManager.default.temporaryDirectory
      .appendingPathComponent("annals-\(UUID().uuidString)").path
    let log = try await SQLiteEventLog.create(at: prepared)
    try await prepare(Store(log: log))
    await log.close()
    defer { remove(prepared) }
    for second in Work.allCases {
      for first in Work.allCases where first.subject == second.subject {
        let raced = try await outcome(prepared) { store in
          let interposed = InterposedLog(store.log) { try await first.run(store, "first") }
          try await second.run(Store(log: interposed), "second")
        }
        let alone = try await outcome(prepared) { store in
          try? await first.run(store, "first")
          try await second.run(store, "second")
        }
        #expect(raced == alone, "\(first) before \(second)")
      }
    }
  }

  private func remove(_ path: String) {
    for suffix in ["", "-wal", "-shm", ".lock"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }

  /// Runs `body` on a copy of a store.
  private func outcome(
    _ prepared: String, _ body: (Store) async throws -> Void
  ) async throws -> Outcome {
    let path = "\(prepared)-\(UUID().uuidString)"
    try FileManager.default.copyItem(atPath: prepared, toPath: path)
    defer { remove(path) }
    let log = try await SQLiteEventLog.open(at: path)
    let outcome = try await outcome(of: Store(log: log), body)
    await log.close()
    return outcome
  }

  private func outcome(
    of store: Store, _ body: (Store) async throws -> Void
  ) async throws -> Outcome {
    var outcome = Outcome()
    do {
      try await body(store)
    } catch let problems as Problems {
      outcome.refusal = problems.problems.map(\.code)
    } catch let problem as Problem {
      outcome.refusal = [problem.code]
    }
    let events = try await store.log.read(.all, in: EventRange(after: 8))
    let positions = Dictionary(uniqueKeysWithValues: events.map { ($0.id, $0.position) })
    outcome.events = events.map { event in
      let body = EventBody(event.event.body)
      let targets = event.event.targets.map { positions[$0].map { "\($0)" } ?? "earlier" }
      return "\(event.type.name) \(targets) \(event.isErased) \(body.reason ?? "") \(body.data)"
    }
    return outcome
  }

  private func prepare(_ store: Store) async throws {
    let options = AppendOptions(recorder: "test")
    let lines = """
      {"type":"actor.registered","data":{"actor":"USA","kind":"state","name":"United States"}}
      {"type":"actor.registered","data":{"actor":"un","kind":"body","name":"UN"}}
      {"type":"topic.defined","data":{"topic":"t","proposition":"T should be."}}
      {"type":"motion.tabled","data":{"motion":"m","body":"un","title":"M"}}
      {"type":"rollcall.held","on":"2025-02-24","data":{"rollcall":"r","motion":"m","body":"un",\
      "method":"recorded","result":"adopted"}}
      {"type":"topic.linked","data":{"topic":"t","rollcall":"r","supporting":"yes",\
      "strength":"strong","rationale":"the same"}}
      {"type":"actor.registered","data":{"actor":"RUS","kind":"state","name":"Russia"}}
      {"type":"actor.registered","data":{"actor":"GBR","kind":"state","name":"Britain"}}
      {"type":"stance.changed","on":"2022-02-24","data":{"actor":"USA","topic":"t","level":2,\
      "basis":"declared"}}
      {"type":"stance.changed","on":"2022-02-25","data":{"actor":"USA","topic":"t","level":1,\
      "basis":"declared"}}
      """
    _ = try await store.append(Array(lines.utf8), options: options)
    func ids(_ positions: Int64...) async throws -> String {
      var ids: [String] = []
      for position in positions {
        let event = try await store.event(.position(Position(position)), through: Position(.max))
        ids.append("\"\(event.id)\"")
      }
      return "[" + ids.joined(separator: ",") + "]"
    }
    for line in [
      #"{"type":"fact.disputed","target":\#(try await ids(9, 10)),"reason":"doubt","data":{}}"#,
      #"{"type":"vote.cast","data":{"rollcall":"r","voter":"USA","choice":"no"}}"#,
    ] {
      _ = try await store.append(Array(line.utf8), options: options)
    }
    let dispute = #"{"type":"fact.disputed","target":\#(try await ids(12)),"reason":"d","data":{}}"#
    _ = try await store.append(Array(dispute.utf8), options: options)
    _ = try await store.correct(
      .position(9), changes: [("until", "2025-01-01")], reason: "it ended", options: options)
    _ = try await store.retract(.position(9), reason: "wrong", options: options)
    _ = try await store.retract(.position(15), reason: "not wrong", options: options)
    let vote = #"{"type":"vote.cast","data":{"rollcall":"r","voter":"RUS","choice":"yes"}}"#
    _ = try await store.append(Array(vote.utf8), options: options)
    _ = try await store.retract(.position(17), reason: "wrong", options: options)
    try #require(try await store.log.head().position == 18)
  }
}
