import CSQLite
import EventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension EventLogError {
  /// What a result code of SQLite means to a caller; `connection` knows the words and what the system
  /// said.
  init(sqlite code: Int32, on connection: OpaquePointer? = nil) {
    let text = String(
      cString: connection.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
    let system = connection.map { sqlite3_system_errno($0) } ?? 0
    let meaning: (Code, String) =
      switch code & 0xFF {
      // SQLite says only that it failed where its files find no room, or no descriptor.
      case SQLITE_IOERR where system == ENOSPC, SQLITE_CANTOPEN where system == ENOSPC:
        (.full, "The disk is full")
      case SQLITE_CANTOPEN where [EMFILE, ENFILE].contains(system):
        (.io, "Too many files are open")
      case SQLITE_CANTOPEN where [EIO, ENOMEM].contains(system):
        (.io, String(cString: strerror(system)))
      // SQLite's own word for having tried for too long to join those who use the write-ahead log.
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: (.busy, "Another process holds the log")
      case SQLITE_FULL: (.full, "The disk or the file is full")
      case SQLITE_CORRUPT: (.corrupt, "The file is damaged")
      case SQLITE_NOTADB: (.notALog, "The file is not a database")
      case SQLITE_READONLY, SQLITE_PERM: (.notPermitted, "The file cannot be written")
      case SQLITE_CANTOPEN: (.notPermitted, "The file cannot be opened")
      case SQLITE_IOERR, SQLITE_NOMEM: (.io, "Reading or writing failed")
      case SQLITE_TOOBIG: (.invalidEvent, "A value is too long")
      case SQLITE_CONSTRAINT: (.tampered, "The log's guards refused a row")
      case SQLITE_INTERRUPT: (.badStatement, "The statement took too long")
      case SQLITE_AUTH: (.badStatement, "The statement is not allowed")
      default: (.badStatement, "The statement failed")
      }
    self.init(meaning.0, "\(meaning.1): \(text) (SQLite \(code)).")
  }
}
