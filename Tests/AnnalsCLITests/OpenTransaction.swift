import CSQLite
import Foundation
import Testing

/// A transaction that reads, so that no checkpoint empties the write-ahead log.
final class OpenTransaction {
  private var handle: OpaquePointer?

  init(_ path: String) throws {
    let sql = "BEGIN; SELECT count(*) FROM sqlite_schema"
    try #require(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK)
    try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
  }

  func end() { sqlite3_close_v2(handle) }
}
