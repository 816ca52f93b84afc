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

  /// Questions about the whole record, with few facts and with many.
  @Test func questionsAboutTheWholeRecordMakeNoMoreCallsForMoreFacts() async throws {
    try await withShippedRecord { store, log in
      var options = AppendOptions(recorder: "test")
      options.reportsChanges = false
      var costs: [[String: Int]] = []
      for numbers in [0..<60, 60..<900] {
        let before = try await store.log.head().position
        _ = try await store.append(Self.lines(numbers), options: options)
        _ = log.takeCalls()
        costs.append(try await Self.calls(store, log, since: before))
      }
      for (question, calls) in costs[1].sorted(by: { $0.key < $1.key }) {
        // A longer list of items is asked for in several queries, up to a length. Of the shorter record no
        // step of the earlier state differs, so that three calls for its steps are not made.
        let more = question == "diff of a line" ? 9 : 6
        #expect(calls <= (costs[0][question] ?? 0) + more, "\(question): \(costs)")
      }
    }
  }

  /// For each number: a statement, a roll call with two votes, and a correction.
  private static func lines(_ numbers: Range<Int>) -> [UInt8] {
    let lines = numbers.flatMap { number in
      let stance = #"{"topic":"\#(topic)","level":\#(number % 5 - 2)}"#
      let day = "20\(10 + number % 12)-0\(1 + number % 9)-1\(number % 10)"
      let choice = ["yes", "no", "abstain"][number % 3]
      let id = LittleRecord.id(number)
      return [
        #"{"type":"statement.made","id":"\#(id)","on":"\#(day)","data":{"speaker":"USA","#
          + #""kind":"quote","text":"number \#(number)","stance":\#(stance)}}"#,
        #"{"type":"rollcall.held","on":"\#(day)","data":{"rollcall":"test/\#(number)","#
          + #""motion":"A/RES/ES-11/7","body":"un-ga","method":"recorded","result":"adopted"}}"#,
        #"{"type":"vote.cast","on":"\#(day)","data":{"rollcall":"test/\#(number)","#
          + #""voter":"USA","choice":"\#(choice)"}}"#,
        #"{"type":"vote.cast","on":"\#(day)","data":{"rollcall":"test/\#(number)","#
          + #""voter":"RUS","choice":"yes"}}"#,
      ]
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func calls(
    _ store: Store, _ log: CountingLog, since before: Position
  ) async throws -> [String: Int] {
    var calls: [String: Int] = [:]
    func ask(_ question: String, _ answer: () async throws -> Void) async throws {
      _ = log.takeCalls()
      try await answer()
      calls[question] = log.takeCalls().count
    }
    for kind in ListKind.allCases {
      try await ask("list \(kind)") { _ = try await store.list(kind) }
    }
    try await ask("list on a topic") { _ = try await store.list(.rollcalls, topic: topic) }
    try await ask("agreement") {
      let answer = try await store.agreement("USA", "RUS", listingFacts: true)
      #expect(answer.facts?.isEmpty == false)
    }
    try await ask("agreements of one") { _ = try await store.agreements(of: "USA") }
    try await ask("agreements") { _ = try await store.agreements() }
    try await ask("rollcalls") { _ = try await store.rollcalls() }
    try await ask("swings") { _ = try await store.swings() }
    try await ask("moves") { _ = try await store.moves() }
    let head = try await store.log.head().position
    let range = (KnownBy.position(before), KnownBy.position(head))
    try await ask("diff") { _ = try await store.diff(knownBy: range) }
    try await ask("diff of a line") {
      _ = try await store.diff(actor: "USA", topic: topic, knownBy: range)
    }
    let days = (try LittleRecord.on("2015-01-01"), try LittleRecord.on("2020-01-01"))
    try await ask("diff of days") {
      _ = try await store.diff(actor: "USA", topic: topic, on: days)
    }
    return calls
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
