import CSQLite

/// What a connection's statements may do. The guards of the schema can be dropped by SQL; on our
/// own connections this stands before them.
enum StatementPolicy {
  /// While a connection is set up.
  case anything
  /// Reading, and transactions.
  case reading
  /// Reading, and adding to the log's tables; the list of projections may be changed.
  case appending
  /// Making, filling and dropping these tables, reading all.
  case projecting(tables: Set<String>)
  /// One SELECT.
  case querying

  private static let logTables: Set<String> = ["name", "batch", "event", "tag"]

  /// SQL functions that reach outside of the database, where the library has them.
  private static let refusedFunctions: Set<String> = [
    "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "fsdir",
  ]

  func allows(_ action: Int32, _ first: String?, _ second: String?, database: String?) -> Bool {
    if case .anything = self { return true }
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE:
      return true
    case SQLITE_FUNCTION:
      return !Self.refusedFunctions.contains(second?.lowercased() ?? "")
    default: break
    }
    switch self {
    case .anything: return true
    case .querying: return false
    case .reading: return action == SQLITE_TRANSACTION
    case .appending:
      switch action {
      case SQLITE_TRANSACTION: return true
      case SQLITE_INSERT:
        return database == "main" && (Self.logTables.contains(first ?? "") || first == "projection")
      case SQLITE_UPDATE, SQLITE_DELETE: return database == "main" && first == "projection"
      // Read only: the counter that tells whether somebody changed the schema.
      case SQLITE_PRAGMA: return first == "schema_version" && second == nil
      default: return false
      }
    case .projecting(let tables):
      guard database == "main", let first else { return false }
      switch action {
      case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
        // SQLite asks about its own table when it makes or drops another; statements that name
        // that table are refused by SQLite itself.
        return tables.contains(first) || first == "sqlite_master"
      case SQLITE_CREATE_TABLE, SQLITE_DROP_TABLE: return tables.contains(first)
      case SQLITE_CREATE_INDEX, SQLITE_DROP_INDEX: return tables.contains(second ?? "")
      case SQLITE_REINDEX: return true
      default: return false
      }
    }
  }
}
