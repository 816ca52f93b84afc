import EventLog
import Foundation
import SQLiteEventLog
import Testing

/// A log that is made with its content, or not at all.
@Suite struct FilledLogTests {
  private struct Stopped: Error {}

  private func event(_ number: UInt64) -> NewEvent {
    NewEvent(
      id: EventID(high: 1, low: number), type: EventType("thing.said"), tags: [],
      body: Array(#"{"n":\#(number)}"#.utf8))
  }

  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func it_gets_its_name_when_it_is_complete() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let count = try await SQLiteEventLog.create(at: path) { log in
      for number in UInt64(1)...50 {
        _ = try await log.append([event(number)], recorder: "t", note: nil, if: nil)
      }
      #expect(!FileManager.default.fileExists(atPath: path))
      return try await log.head().position
    }
    #expect(count == 50)
    #expect(try names(folder) == ["log"])
    let log = try await SQLiteEventLog.open(at: path)
    #expect(try await log.head().position == 50)
    #expect(try await log.verify(LogVerificationRequest()).faults.isEmpty)
    await log.close()
  }

  @Test func nothing_is_left_where_filling_it_fails() async throws {
    let folder = try TemporaryFolder()
    await #expect(throws: Stopped.self) {
      try await SQLiteEventLog.create(at: folder.path("log")) { log in
        _ = try await log.append([event(1)], recorder: "t", note: nil, if: nil)
        throw Stopped()
      }
    }
    #expect(try names(folder) == [])
  }

  @Test func a_file_that_came_meanwhile_is_not_replaced() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let error = await #expect(throws: EventLogError.self) {
      try await SQLiteEventLog.create(at: path) { log in
        _ = try await log.append([event(1)], recorder: "t", note: nil, if: nil)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
      }
    }
    #expect(error?.code == .exists)
    #expect(try names(folder) == ["log"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
  }
}
