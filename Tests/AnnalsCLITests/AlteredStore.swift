import CSQLite
import Foundation

extension Program {
  /// Runs statements on a store as any other program may, without its guards.
  func alter(_ store: String, _ sql: String, keepsGuardsAway: Bool = false) throws {
    let database = try open(store)
    defer { sqlite3_close_v2(database) }
    let guards = "FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
    let triggers = try run("SELECT sql \(guards)", on: database)
    for name in try run("SELECT name \(guards)", on: database) {
      _ = try run("DROP TRIGGER \(name)", on: database)
    }
    _ = try run("PRAGMA ignore_check_constraints = ON; \(sql)", on: database)
    if keepsGuardsAway { return }
    for trigger in triggers { _ = try run(trigger, on: database) }
  }

  /// The first column of what a statement answers, asked as any other program may.
  func ask(_ store: String, sql: String) throws -> [String] {
    let database = try open(store)
    defer { sqlite3_close_v2(database) }
    return try run(sql, on: database)
  }

  private func open(_ store: String) throws -> OpaquePointer? {
    var database: OpaquePointer?
    guard sqlite3_open(folder.appendingPathComponent(store).path, &database) == SQLITE_OK else {
      throw Failure(message: "cannot open \(store)")
    }
    return database
  }

  private func run(_ sql: String, on database: OpaquePointer?) throws -> [String] {
    var rows: [String] = []
    let code = withUnsafeMutablePointer(to: &rows) { rows in
      sqlite3_exec(
        database, sql,
        { rows, _, values, _ in
          guard let value = values?[0] else { return 0 }
          rows?.assumingMemoryBound(to: [String].self).pointee.append(String(cString: value))
          return 0
        }, rows, nil)
    }
    guard code == SQLITE_OK else {
      throw Failure(message: String(cString: sqlite3_errmsg(database)))
    }
    return rows
  }

  private struct Failure: Error {
    let message: String
  }
}
