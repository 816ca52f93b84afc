import CSQLite
import EventLog
import Testing

@testable import SQLiteEventLog

/// SQL functions as the statements of projections have them.
@Suite struct ProjectionFunctionTests {
  private func connection(isReady: Bool) throws -> Connection {
    let connection = try Connection(":memory:", flags: SQLITE_OPEN_READWRITE)
    if isReady { try connection.readyForProjections() }
    return connection
  }

  private func value(_ expression: String, on connection: Connection) throws -> SQLValue {
    let statement = try connection.prepare("SELECT \(expression)")
    _ = try statement.step()
    return statement.value(0)
  }

  @Test(arguments: [
    "date('2022-03-02')", "time(0, 'unixepoch')", "datetime(1646200000, 'unixepoch', '+1 day')",
    "datetime('2022-03-02T10:00:00+02:00')", "julianday('2022-03-02')", "datetime(NULL)",
    "strftime('%Y-%m', '2022-03-02', 'start of month')", "strftime('%s', 0)", "date('x')",
    "instr('abcd', 'c')", "instr(x'616263', x'62')", "instr(NULL, 'a')",
    "replace('abab', 'b', 'xy')",
    "replace('a', '', 'x')", "trim('xxaxx', 'x')", "ltrim('xxa', 'x')", "rtrim('a ', ' ')",
    "trim(' a ')", "'ABC' LIKE 'a%c'", "'a%c' LIKE 'a\\%c' ESCAPE '\\'", "NULL LIKE 'a'",
    "'abc' GLOB 'a?c'", "'ABC' GLOB 'a*'", "json_patch('{\"a\":1}', '{\"a\":null,\"b\":[2]}')",
    "printf('%05d|%-6s|%.2f|%%|%*d', 7, 'ab', 1.5, 4, 3)", "format('%s', 'x')", "printf(NULL)",
    "json_object('p', json(json_patch('{}', '{\"b\":1}')))",
  ])
  func ordinaryCallsGiveWhatSQLiteGives(_ expression: String) throws {
    let own = try? value(expression, on: connection(isReady: false))
    #expect(try value(expression, on: connection(isReady: true)) == own)
  }

  @Test(arguments: [
    "datetime()", "date()", "time()", "julianday()", "strftime('%s')", "datetime('n' || 'ow')",
    "date('NOW')", "strftime('%s', 'now')", "datetime(0, 'unixepoch', 'localtime')",
    "datetime('2022-01-01', 'UTC')", "datetime(CAST('now' AS BLOB))",
    "datetime('now' || char(0) || 'x')",
    "date('subsec')", "current_timestamp", "random()", "sqlite_version()",
  ])
  func nothingDependsOnTheClockOrTheMachine(_ expression: String) throws {
    let connection = try connection(isReady: true)
    #expect(throws: EventLogError.self) { try value(expression, on: connection) }
    // Nor does what a column is given when nothing else is.
    try connection.execute("CREATE TABLE t (a, b DEFAULT (\(expression)))")
    #expect(throws: EventLogError.self) { try connection.execute("INSERT INTO t (a) VALUES (1)") }
  }

  @Test(arguments: [
    "instr(printf('%.900000c', 'a'), printf('%.400000c', 'a') || 'b')",
    "replace(printf('%.900000c', 'a'), printf('%.400000c', 'a') || 'b', '')",
    "trim(printf('%.900000c', 'a'), printf('%.900000c', 'b') || 'a')",
    "printf('%.900000c', 'a') LIKE '%a%a%' || printf('%.9000c', 'a') || 'b'",
    "printf('%.900000c', 'a') GLOB '*a*a*' || printf('%.9000c', 'a') || 'b'",
    "json_patch('{' || printf('%.900000c', ' ') || '}', '{' || printf('%.900000c', ' ') || '}')",
    "printf('%.*c', 2000000000, 'x')", "printf('%2000000000d', 1)", "printf('%*d', -2000000000, 1)",
    "zeroblob(900000000)", "hex(zeroblob(900000))",
  ])
  func noFunctionWorksOnMoreThanALittleAtOnce(_ expression: String) throws {
    let connection = try connection(isReady: true)
    #expect(throws: EventLogError.self) {
      try connection.projecting(valueLimit: 1 << 20) { () throws(EventLogError) in
        try connection.execute("SELECT \(expression)")
      }
    }
    // The connection's own statements may make as much as before.
    try connection.execute("SELECT zeroblob(3000000)")
  }
}
