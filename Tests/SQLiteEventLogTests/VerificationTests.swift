import EventLog
import Testing

@testable import SQLiteEventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `verify` finds every edit behind restored guards, and says where it is.
@Suite struct VerificationTests {
  /// What somebody changes in a log of 700 events, the first fault's position and its kind.
  struct Edit: Sendable, CustomTestStringConvertible {
    let sql: String
    let position: Int64
    let kind: LogVerification.Fault.Kind
    var testDescription: String { sql }
  }

  static let edits: [Edit] = [
    Edit(sql: "INSERT INTO batch VALUES (0, 1, 1, 'x')", position: 0, kind: .batch),
    Edit(sql: "INSERT INTO tag VALUES (1, 0, 0)", position: 0, kind: .index),
    Edit(
      sql: "UPDATE tree SET number = 5 WHERE level = 8 AND number = 1", position: 257, kind: .tree),
    Edit(
      sql: "UPDATE event SET latest = NULL WHERE seq = 5", position: 5, kind: .unreadable),
    Edit(
      sql: "UPDATE name SET kind = 2 WHERE kind = 3", position: 1, kind: .unreadable),
    Edit(
      sql: #"UPDATE event SET body = CAST('{"number":9}' AS BLOB) WHERE seq = 300"#, position: 300,
      kind: .hash),
    Edit(sql: "UPDATE event SET leaf = zeroblob(32) WHERE seq = 256", position: 256, kind: .hash),
    Edit(sql: "UPDATE event SET leaf = zeroblob(32) WHERE seq = 699", position: 699, kind: .hash),
    Edit(sql: "UPDATE event SET salt = zeroblob(16) WHERE seq = 2", position: 2, kind: .hash),
    Edit(sql: "UPDATE event SET id = randomblob(16) WHERE seq = 300", position: 300, kind: .hash),
    Edit(sql: "UPDATE event SET on_text = '2023' WHERE seq = 10", position: 10, kind: .hash),
    Edit(sql: "UPDATE event SET targets = x'01' WHERE seq = 4", position: 4, kind: .hash),
    Edit(sql: "UPDATE event SET earliest = NULL WHERE seq = 10", position: 10, kind: .unreadable),
    Edit(sql: "UPDATE event SET tags = NULL WHERE seq = 8", position: 8, kind: .index),
    Edit(sql: "UPDATE event SET tags = x'7f' WHERE seq = 8", position: 8, kind: .index),
    Edit(sql: "UPDATE event SET type = 2 WHERE seq = 8", position: 8, kind: .unreadable),
    Edit(sql: "UPDATE event SET batch = 1 WHERE seq = 20", position: 20, kind: .hash),
    Edit(sql: "UPDATE event SET body = x'00' WHERE seq = 20", position: 20, kind: .unreadable),
    Edit(
      sql:
        "UPDATE event SET body = CAST(x'0000' || zeroblob(32) AS BLOB), tags = NULL WHERE seq = 20",
      position: 20, kind: .hash),
    Edit(sql: "INSERT INTO erased VALUES (30, 31)", position: 30, kind: .erasure),
    Edit(sql: "INSERT INTO erased VALUES (30, -94)", position: 30, kind: .erasure),
    Edit(sql: "INSERT INTO erased VALUES (9000, 9001)", position: 9000, kind: .erasure),
    Edit(sql: "INSERT INTO erased VALUES (-3, 0)", position: -3, kind: .erasure),
    Edit(sql: "UPDATE batch SET recorded = 5 WHERE first = 11", position: 11, kind: .hash),
    Edit(sql: "UPDATE batch SET note = 'x' WHERE first = 1", position: 1, kind: .hash),
    Edit(sql: "INSERT INTO batch VALUES (13, 1, 1, NULL)", position: 13, kind: .batch),
    Edit(sql: "DELETE FROM batch WHERE first = 11", position: 11, kind: .unreadable),
    Edit(sql: "DELETE FROM event WHERE seq = 500", position: 500, kind: .unreadable),
    Edit(sql: "UPDATE name SET text = 'somebody' WHERE text = 'tester'", position: 1, kind: .hash),
    Edit(sql: "UPDATE name SET text = 'thing.undone.v1' WHERE kind = 1", position: 1, kind: .hash),
    Edit(sql: "UPDATE shape SET text = text || ' '", position: 1, kind: .hash),
    Edit(
      sql: "UPDATE tree SET hash = zeroblob(32) WHERE level = 8 AND number = 1", position: 257,
      kind: .tree),
    Edit(sql: "UPDATE tree SET hash = zeroblob(32) WHERE level = 9", position: 1, kind: .tree),
    Edit(sql: "DELETE FROM tree WHERE level = 9", position: 1, kind: .tree),
    Edit(sql: "INSERT INTO tree VALUES (10, 0, zeroblob(32))", position: 700, kind: .tree),
    Edit(sql: "DELETE FROM tag WHERE seq = 9", position: 9, kind: .index),
    Edit(
      sql:
        "UPDATE tag SET more = more & ~8 WHERE name = (SELECT id FROM name WHERE kind = 1) AND seq > 10",
      position: 15, kind: .index
    ),
    Edit(sql: "INSERT INTO tag VALUES (1, 900, 0)", position: 900, kind: .index),
    Edit(
      sql:
        "INSERT INTO tag SELECT name, 9, 0 FROM tag WHERE seq = 400 AND name > 0 ORDER BY name DESC LIMIT 1",
      position: 9, kind: .index),
    // A leaf that fits the altered event: only what was computed from the old one tells.
    Edit(
      sql:
        "UPDATE event SET body = (SELECT body FROM forged), leaf = (SELECT leaf FROM forged) WHERE seq = 300",
      position: 257, kind: .tree),
  ]

  @Test(arguments: edits)
  func editIsFound(_ edit: Edit) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let event = try await makeLog(path)[299]
    var forged = event
    forged.event.body = Array(#"{"number":77}"#.utf8)
    try alter(
      path,
      edit.sql.replacing(
        "(SELECT body FROM forged)", with: "x'\(forged.event.body.hexDigits)'"
      ).replacing("(SELECT leaf FROM forged)", with: "x'\(forged.computedLeafHash.hexDigits)'"))
    var options = SQLiteEventLog.Options()
    options.checksEnd = false
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly, options: options)
    let result = try await log.verify(LogVerificationRequest())
    let first = try #require(result.faults.first, "not found")
    #expect(first.positions.lowerBound == Position(edit.position), "\(result.faults)")
    #expect(first.kind == edit.kind, "\(result.faults)")
    await log.close()
  }

  /// A row of the schema that SQLite does not read.
  @Test func aTriggerHasNoPage() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    _ = try await makeLog(path)
    let raw = try RawDatabase(path)
    try raw.run(
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'name_delete'"
    )
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    #expect(try await log.storageFaults().count == 1)
    await log.close()
  }

  #if os(Linux)
  /// To close a second descriptor of a file gives up all locks that the process has on it, and the
  /// last of others to close would remove the write-ahead log that is still read.
  @Test func lookingAtTheFileKeepsItsLocks() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    _ = try await makeLog(path)
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    #expect(try await log.storageFaults() == [])
    // SQLite's bytes for shared locks, asked for by a description of its own (F_OFD_GETLK).
    let descriptor = open(path, O_RDWR)
    var lock = flock()
    (lock.l_type, lock.l_whence) = (Int16(F_WRLCK), Int16(SEEK_SET))
    (lock.l_start, lock.l_len) = (0x4000_0002, 510)
    #expect(fcntl(descriptor, 36, &lock) == 0)
    #expect(lock.l_type == F_RDLCK, "nothing keeps others from closing as the last")
    close(descriptor)
    await log.close()
  }
  #endif

  @Test func wholeLogsVerify() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("log"))
    let empty = try await log.verify(LogVerificationRequest())
    #expect(empty.faults.isEmpty && empty.root == MerkleTree.emptyRoot && empty.rehashed == 0)
    var end = 0
    for size in [1, 9, 245, 1, 300, 1500, 3] {
      try await log.appendSamples(end..<end + size)
      end += size
      for after in [0, 1, 255, 256, 257, end - 1, end, end + 5] where after <= end + 5 {
        let result = try await log.verify(LogVerificationRequest(after: Position(Int64(after))))
        #expect(result.faults == [], "\(end) after \(after)")
        #expect(result.root == (try await log.root(ofSize: Int64(end))))
        #expect(result.rehashed == Int64(max(0, end - after)))
        #expect(result.head.position == Position(Int64(end)))
      }
    }
    await log.close()
  }

  /// Events that are not to be hashed anew are taken as they are; those behind are not.
  @Test func fromAPosition() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    _ = try await makeLog(path)
    try alter(path, #"UPDATE event SET body = CAST('{"number":9}' AS BLOB) WHERE seq = 300"#)
    let log = try await SQLiteEventLog.open(at: path)
    for (after, isFound): (Int64, Bool) in [(0, true), (299, true), (300, false), (600, false)] {
      let result = try await log.verify(LogVerificationRequest(after: Position(after)))
      #expect(result.faults.map(\.positions) == (isFound ? [300...300] : []))
    }
    await log.close()
  }

  /// A damaged page hides the events that stand on it: those are named, and no others. A damaged cell
  /// of a page hides one.
  @Test func eventsOnADamagedPageAreNamed() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    _ = try await makeLog(path)
    let whole = try TemporaryFolder.read(path)
    let leaves = try RawDatabase(path).text(
      "SELECT group_concat(pageno) FROM dbstat WHERE name = 'event' AND pagetype = 'leaf'")
    var hidden: Set<Int64> = []
    for leaf in leaves.split(separator: ",") {
      let start = (try #require(Int(leaf)) - 1) * 8192
      var bytes = whole
      bytes[start] ^= 8
      try TemporaryFolder.write(bytes, to: folder.path("page-\(leaf)"))
      let raw = try RawDatabase(folder.path("page-\(leaf)"))
      let missing = (1...700).map(Int64.init).filter {
        (try? raw.text("SELECT 'x' FROM event WHERE seq = \($0)")) == nil
      }
      let (first, last) = (try #require(missing.first), try #require(missing.last))
      hidden.formUnion(missing)
      let hiding = try await faults(folder.path("page-\(leaf)")).first
      #expect(hiding?.kind == .unreadable && hiding?.positions.lowerBound == Position(first))
      // Behind the last page nobody knows how much there was.
      #expect(hiding?.positions.upperBound == Position(last == 700 ? first : last))

      bytes = whole
      bytes[start + 8 + 2 * 3] ^= 0x10
      try TemporaryFolder.write(bytes, to: folder.path("cell-\(leaf)"))
      // It also misleads whoever looks for its neighbours by number.
      let found = try await faults(folder.path("cell-\(leaf)"))
      #expect(found.contains { $0.positions.contains(Position(first + 3)) }, "\(found)")
      #expect(try #require(found.first).positions.lowerBound > Position(first), "\(found)")
    }
    #expect(hidden.count == 700)
  }

  private func faults(_ path: String) async throws -> [LogVerification.Fault] {
    var options = SQLiteEventLog.Options()
    options.checksEnd = false
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly, options: options)
    let result = try await log.verify(LogVerificationRequest())
    await log.close()
    return result.faults
  }

  /// However many faults there are, and in whatever order they are come upon.
  @Test func theFirstFaultIsNamedAmongMany() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    _ = try await makeLog(path)
    try alter(
      path,
      """
      UPDATE event SET body = x'00' WHERE seq > 300;
      UPDATE event SET salt = zeroblob(16) WHERE seq BETWEEN 50 AND 90;
      UPDATE tree SET hash = zeroblob(32) WHERE level = 8 AND number = 1;
      DELETE FROM tag WHERE seq = 600
      """)
    var options = SQLiteEventLog.Options()
    options.checksEnd = false
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly, options: options)
    let result = try await log.verify(LogVerificationRequest())
    #expect(result.faults.first?.positions == 50...50 && result.faults.first?.kind == .hash)
    // What should stand in the index, nobody knows of events that cannot be read.
    #expect(result.faultCounts == [.unreadable: 400, .hash: 41, .tree: 1])
    let kept = result.faults.filter { $0.kind == .hash }.map(\.positions.lowerBound.rawValue)
    #expect(kept == Array(50..<50 + Int64(LogVerification.faultLimit)))
    #expect(result.faults.contains { $0.kind == .tree })
    await log.close()
  }

  private func makeLog(_ path: String) async throws -> [RecordedEvent] {
    let log = try await SQLiteEventLog.create(at: path)
    try await log.appendSamples(0..<10)
    for start in stride(from: 10, to: 700, by: 230) {
      try await log.appendSamples(start..<start + 230)
    }
    let events = try await log.everything()
    await log.close()
    return events
  }

  /// Runs statements without guards and checks, and puts the guards back.
  private func alter(_ path: String, _ sql: String) throws {
    let raw = try RawDatabase(path)
    let triggers = try raw.text(
      "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name)"
    )
    let names = try raw.text(
      "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema WHERE type = 'trigger'")
    try raw.run("PRAGMA ignore_check_constraints = ON; \(names); \(sql); \(triggers)")
  }
}
