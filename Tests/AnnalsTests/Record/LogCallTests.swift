import EventLog
import Testing

@testable import Annals

/// How often a question asks the log: each call is a round trip where the log is on another machine.
@Suite struct LogCallTests {
  private static let topic = "ukraine-integrity"

  @Test func questionsAboutStancesMakeFewCalls() async throws {
    try await withShippedRecord { store, log in
      _ = try await store.show(actor: "USA", topic: Self.topic)
      expect(log.takeCalls(), atMost: 12)
      _ = try await store.audit(actor: "USA", topic: Self.topic)
      expect(log.takeCalls(), atMost: 12)
      _ = try await store.compare(["USA", "RUS", "CHN"], topic: Self.topic)
      expect(log.takeCalls(), atMost: 25)
      _ = try await store.report(
        ReportQuestion(
          actors: ["USA", "RUS"], topic: Self.topic, on: LittleRecord.on("2025-12-31")))
      expect(log.takeCalls(), atMost: 30)
    }
  }

  /// The check of what it refers to, the stances that it may change, and the grid of votes.
  @Test func anAppendOfOneVoteMakesFewCalls() async throws {
    try await withShippedRecord { store, log in
      _ = log.takeCalls()
      let first = try await store.append(
        Self.vote("un-ga/ES-11/4", "no"), options: AppendOptions(recorder: "test"))
      #expect(first.changes.first?.after.map(\.label) == "opposes")
      expect(log.takeCalls(), atMost: 20)
      // The same where something was corrected.
      let position = try #require(first.positions?.lowerBound)
      _ = try await store.correct(
        .position(position), changes: [("choice", "abstain")], reason: "test",
        options: AppendOptions(recorder: "test"))
      _ = log.takeCalls()
      let second = try await store.append(
        Self.vote("un-sc/draft-2022-09-annexation", "yes"),
        options: AppendOptions(recorder: "test"))
      #expect(second.appended == 1)
      expect(log.takeCalls(), atMost: 20)
    }
  }

  private static func vote(_ rollcall: String, _ choice: String) -> [UInt8] {
    Array(
      (#"{"type":"vote.cast","on":"2022-10-12","data":{"rollcall":"\#(rollcall)","#
        + #""voter":"USA","choice":"\#(choice)"}}"#).utf8)
  }

  /// More facts are read by the same calls, beyond what one query takes too.
  @Test(arguments: [300, 3000])
  func theCallsDoNotGrowWithTheFacts(_ count: Int) async throws {
    try await withShippedRecord { store, log in
      let lines = (0..<count).map { number in
        let stance = #"{"topic":"\#(Self.topic)","level":\#(number % 5 - 2)}"#
        let day = "20\(10 + number % 12)-0\(1 + number % 9)-1\(number % 10)"
        return #"{"type":"statement.made","on":"\#(day)","data":{"speaker":"USA","#
          + #""kind":"quote","text":"number \#(number)","stance":\#(stance)}}"#
      }
      _ = try await store.append(
        Array((lines.joined(separator: "\n") + "\n").utf8),
        options: AppendOptions(recorder: "test"))
      _ = log.takeCalls()
      let answer = try await store.audit(actor: "USA", topic: Self.topic)
      #expect(answer.count >= count)
      expect(log.takeCalls(), atMost: 12)
    }
  }

  private func expect(
    _ calls: [String], atMost limit: Int, _ place: SourceLocation = #_sourceLocation
  ) {
    #expect(
      calls.count <= limit, "\(calls.joined(separator: "\n"))", sourceLocation: place)
  }

  private func withShippedRecord(
    _ body: (Store, CountingLog) async throws -> Void
  ) async throws {
    try await withStore { store in
      _ = try await store.append(
        ShippedRecord.files.map { MemoryInput($0.bytes, name: $0.name) },
        options: AppendOptions(recorder: "test"))
      let log = CountingLog(store.log)
      try await body(Store(log: log), log)
    }
  }
}
