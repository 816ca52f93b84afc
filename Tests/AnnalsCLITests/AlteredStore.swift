import CSQLite
import Foundation

extension Program {
  /// Runs statements on a store as any other program may, without its guards.
  func alter(_ store: String, _ sql: String, keepsGuardsAway: Bool = false) throws {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open(folder.appendingPathComponent(store).path, &handle) == SQLITE_OK else {
      throw Failure(message: "cannot open \(store)")
    }
    func run(_ sql: String) throws -> [String] {
      var rows: [String] = []
      let code = withUnsafeMutablePointer(to: &rows) { rows in
        sqlite3_exec(
          handle, sql,
          { rows, _, values, _ in
            guard let value = values?[0] else { return 0 }
            rows?.assumingMemoryBound(to: [String].self).pointee.append(String(cString: value))
            return 0
          }, rows, nil)
      }
      guard code == SQLITE_OK else {
        throw Failure(message: String(cString: sqlite3_errmsg(handle)))
      }
      return rows
    }
    let guards = "FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
    let triggers = try run("SELECT sql \(guards)")
    for name in try run("SELECT name \(guards)") { _ = try run("DROP TRIGGER \(name)") }
    _ = try run("PRAGMA ignore_check_constraints = ON; \(sql)")
    if keepsGuardsAway { return }
    for trigger in triggers { _ = try run(trigger) }
  }

  private struct Failure: Error {
    let message: String
  }
}
