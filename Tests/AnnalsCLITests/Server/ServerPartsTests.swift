#if Serve
import Annals
import EventLog
import Foundation
import SQLiteEventLog
import Testing

@testable import AnnalsServer

/// Parts of the server that all requests share.
@Suite struct ServerPartsTests {
  @Test func answers_without_a_line_are_forgotten_too() {
    let cache = AnswerCache()
    let first = AnswerCache.key(["0"])
    for number in 0..<50_000 {
      cache.keep(Reply(.bytes([]), .ndjson), for: AnswerCache.key(["\(number)"]))
    }
    #expect(cache.reply(for: first) == nil)
    #expect(cache.reply(for: AnswerCache.key(["49999"])) != nil)
    #expect(AnswerCache.key(["a", "b"]) != AnswerCache.key(["a\0b"]))
    #expect(AnswerCache.key(["a", "b=c"]) != AnswerCache.key(["a=b", "c"]))
  }

  @Test func work_whose_time_is_over_is_cancelled_and_other_work_goes_on() async throws {
    let deadlines = Deadlines()
    async let short = deadlines.within(seconds: 600) {
      try await Task.sleep(for: .milliseconds(700))
      return 7
    }
    let late = await #expect(throws: Problem.self) {
      try await deadlines.within(seconds: 0) { try await Task.sleep(for: .seconds(600)) }
    }
    #expect(late?.code == .busy)
    #expect(try await short == 7)
    // A failure of the work itself is told as it is.
    let failed = await #expect(throws: Problem.self) {
      try await deadlines.within(seconds: 600) { throw Problem(.noResource, "nothing") }
    }
    #expect(failed?.code == .noResource)
  }

  @Test func a_request_that_is_cancelled_cancels_its_work() async throws {
    let deadlines = Deadlines()
    let request = Task {
      try await deadlines.within(seconds: 600) { try await Task.sleep(for: .seconds(600)) }
    }
    try await Task.sleep(for: .milliseconds(50))
    request.cancel()
    await #expect(throws: CancellationError.self) { try await request.value }
  }

  /// However many ask at once, nobody is told of a state before what was acknowledged to him.
  @Test func a_state_of_the_record_is_never_older_than_the_request() async throws {
    let program = try await demo()
    defer { program.cleanUp() }
    let path = program.folder.appendingPathComponent("demo.annals").path
    let log = try await SQLiteEventLog.open(at: path)
    let watch = RecordWatch(log)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      for writer in 0..<8 {
        tasks.addTask {
          for number in 0..<20 {
            let event = NewEvent(
              id: EventID(high: UInt64(writer), low: UInt64(number)),
              type: EventType("note.made"), body: Array(#"{"data":{}}"#.utf8))
            let receipt = try await log.append([event], recorder: "t", note: nil, if: nil)
            let position = try #require(receipt.entries.first?.position)
            #expect(try await watch.state().head >= position)
          }
        }
        tasks.addTask {
          var last = Position.start
          for _ in 0..<100 {
            let head = try await watch.state().head
            #expect(head >= last)
            last = head
          }
        }
      }
      try await tasks.waitForAll()
    }
    #expect(try await watch.state().erasures == 0)
    await log.close()
    let erased = try await program.run("erase", "221", "--reason", "test")
    #expect(erased.status == 0, "\(erased)")
    let again = try await SQLiteEventLog.open(at: path)
    #expect(try await RecordWatch(again).state().erasures == 1)
    await again.close()
  }
}
#endif
