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
  /// Making, filling and dropping these tables, and reading no others.
  case projecting(tables: Set<String>)
  /// Filling and reading these tables by statements whose outcome is the same at each replay.
  case filling(tables: Set<String>)
  /// One SELECT.
  case querying

  private static let logTables: Set<String> = [
    "name", "batch", "event", "tag", "shape", "tree", "erased",
  ]

  /// True for what is the log's own or SQLite's: no projection may have it.
  static func isReserved(_ table: String) -> Bool {
    let table = table.lowercased()
    return logTables.contains(table) || table == "projection" || table == "log"
      || table.hasPrefix("sqlite_")
  }

  /// SQL functions that reach outside of the database, where the library has them.
  private static let refusedFunctions: Set<String> = [
    "load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "fsdir",
  ]

  /// SQL functions that answer differently at each replay or on each machine, with the number of their arguments.
  static let changingFunctions: [String: Int32] = [
    "random": 0, "randomblob": 1, "last_insert_rowid": 0, "changes": 0, "total_changes": 0,
    "current_date": 0, "current_time": 0, "current_timestamp": 0, "sqlite_version": 0,
    "sqlite_source_id": 0, "sqlite_compileoption_get": 1, "sqlite_compileoption_used": 1,
  ]

  /// What makes rows of a list in the payload.
  static let tableFunctions: Set<String> = ["json_each", "json_tree"]

  func allows(_ action: Int32, _ first: String?, _ second: String?, database: String?) -> Bool {
    if case .anything = self { return true }
    switch action {
    case SQLITE_SELECT, SQLITE_RECURSIVE:
      return true
    case SQLITE_READ:
      return mayRead(first ?? "", column: second ?? "", isQualified: database != nil)
    case SQLITE_FUNCTION:
      return mayCall(second?.lowercased() ?? "")
    default: break
    }
    switch self {
    case .anything: return true
    case .querying: return false
    case .reading: return action == SQLITE_TRANSACTION
    case .appending:
      switch action {
      case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: return true
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
    case .filling(let tables):
      guard database == "main", let first else { return false }
      switch action {
      case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE: return tables.contains(first)
      default: return false
      }
    }
  }

  private func mayRead(_ table: String, column: String, isQualified: Bool) -> Bool {
    switch self {
    case .projecting(let tables):
      // SQLite reads its own table when it makes or drops another.
      tables.contains(table) || table == "sqlite_master"
    case .filling(let tables):
      // Where no column is read, SQLite also asks about names that WITH has given. A table that is
      // neither the log's nor the projection's is not there when it is rebuilt.
      tables.contains(table) || Self.tableFunctions.contains(table)
        || column.isEmpty && !isQualified && !Self.isReserved(table)
    default: true
    }
  }

  private func mayCall(_ function: String) -> Bool {
    if Self.refusedFunctions.contains(function) { return false }
    switch self {
    case .projecting, .filling: return Self.changingFunctions[function] == nil
    default: return true
    }
  }
}
