import CSQLite
import EventLog

@testable import SQLiteEventLog

/// The file as any other program may open it: no guards but those in the file.
final class RawDatabase {
  private var handle: OpaquePointer?

  struct Failure: Error { let message: String }

  init(_ path: String) throws {
    guard
      sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nil) == SQLITE_OK
    else { throw Failure(message: "cannot open \(path)") }
  }

  deinit { sqlite3_close_v2(handle) }

  func run(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw Failure(message: String(cString: sqlite3_errmsg(handle)))
    }
  }

  func text(_ sql: String) throws -> String {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK,
      sqlite3_step(statement) == SQLITE_ROW, let text = sqlite3_column_text(statement, 0)
    else { throw Failure(message: String(cString: sqlite3_errmsg(handle))) }
    defer { sqlite3_finalize(statement) }
    return String(cString: text)
  }
}

extension SQLiteEventLog {
  /// Appends `count` events of one batch, with a tag each, a shared tag and a target.
  @discardableResult
  func appendSamples(_ numbers: Range<Int>, note: String? = nil) async throws -> AppendReceipt {
    let events = numbers.map { number in
      NewEvent(
        id: EventID(high: 7, low: UInt64(number)), type: EventType("thing.done"),
        tags: [Tag(kind: "all", value: "x"), Tag(kind: "n", value: "\(number)")],
        time: ValidTime(text: "2022", earliest: 1_640_995_200, latest: 1_672_531_200),
        targets: number > numbers.lowerBound ? [EventID(high: 7, low: UInt64(number - 1))] : [],
        body: Array(#"{"number":\#(number)}"#.utf8))
    }
    return try await append(events, recorder: "tester", note: note, if: nil)
  }

  func everything() async throws -> [RecordedEvent] {
    try await read(.all, in: EventRange())
  }
}
