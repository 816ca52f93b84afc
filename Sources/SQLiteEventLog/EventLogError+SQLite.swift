import CSQLite
import EventLog

extension EventLogError {
  /// What a result code of SQLite means to a caller.
  init(sqlite code: Int32, message: String?) {
    let text = message ?? String(cString: sqlite3_errstr(code))
    let meaning: (Code, String) =
      switch code & 0xFF {
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
