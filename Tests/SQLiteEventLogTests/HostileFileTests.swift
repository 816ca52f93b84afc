import EventLog
import SQLiteEventLog
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Files that are no log, or not any more: refused with the right word, soon, and without a crash.
@Suite struct HostileFileTests {
  private func codes(_ path: String) async -> [EventLogError.Code?] {
    var codes: [EventLogError.Code?] = []
    for mode in [SQLiteEventLog.Mode.readWrite, .readOnly] {
      do throws(EventLogError) {
        _ = try await SQLiteEventLog.open(at: path, mode: mode)
        codes.append(nil)
      } catch {
        codes.append(error.code)
      }
    }
    return codes
  }

  private func makeLog(at path: String, events: Int) async throws -> [RecordedEvent] {
    let log = try await SQLiteEventLog.create(at: path)
    for start in stride(from: 0, to: events, by: 50) {
      try await log.appendSamples(start..<min(events, start + 50), note: "note \(start)")
    }
    let stored = try await log.everything()
    await log.close()
    return stored
  }

  @Test func notALog() async throws {
    let folder = try TemporaryFolder()
    #expect(await codes(folder.path("nothing")) == [.notFound, .notFound])
    #expect(await codes(folder.path("nothing/at/all")) == [.notFound, .notFound])
    #expect(await codes(folder.path) == [.notALog, .notALog])
    try TemporaryFolder.write([], to: folder.path("empty"))
    #expect(await codes(folder.path("empty")) == [.notALog, .notALog])
    try TemporaryFolder.write(
      Array(String(repeating: "Dear diary, ", count: 1000).utf8), to: folder.path("text"))
    #expect(await codes(folder.path("text")) == [.notALog, .notALog])
    mkfifo(folder.path("pipe"), 0o600)
    #expect(await codes(folder.path("pipe")) == [.notALog, .notALog])
    try RawDatabase(folder.path("other")).run("CREATE TABLE event (seq INTEGER PRIMARY KEY)")
    #expect(await codes(folder.path("other")) == [.notALog, .notALog])
  }

  @Test func almostALog() async throws {
    let folder = try TemporaryFolder()
    try RawDatabase(folder.path("bare")).run(
      "PRAGMA application_id = 0x416E6C73; PRAGMA user_version = 1; CREATE TABLE t (x)")
    #expect(await codes(folder.path("bare")) == [.tampered, .tampered])
    try RawDatabase(folder.path("newer")).run(
      "PRAGMA application_id = 0x416E6C73; PRAGMA user_version = 99; CREATE TABLE t (x)")
    #expect(await codes(folder.path("newer")) == [.newerFormat, .newerFormat])
  }

  /// A view in a table's place that never ends must not even be looked at.
  @Test func endlessView() async throws {
    let folder = try TemporaryFolder()
    let endless =
      "AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS seq FROM n"
    try RawDatabase(folder.path("trap")).run(
      """
      PRAGMA application_id = 0x416E6C73; PRAGMA user_version = 1;
      CREATE VIEW event \(endless); CREATE VIEW projection \(endless); CREATE VIEW batch \(endless);
      """)
    #expect(await codes(folder.path("trap")) == [.tampered, .tampered])
    let error = await #expect(throws: EventLogError.self) {
      try await SQLiteEventLog.open(at: folder.path("trap"))
    }
    // Refused for what it is, and not because a deadline had passed.
    #expect(error?.message.contains("in time") == false)
  }

  @Test func leftOvers() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    try TemporaryFolder.write([1, 2, 3], to: path + "-wal")
    await #expect(throws: EventLogError.self) { try await SQLiteEventLog.create(at: path) }
    unlink(path + "-wal")
    try await SQLiteEventLog.create(at: path).close()
    try TemporaryFolder.write([1, 2, 3], to: path + "-journal")
    #expect(await codes(path) == [.tampered, .tampered])
  }

  @Test func truncated() async throws {
    let folder = try TemporaryFolder()
    let events = try await makeLog(at: folder.path("log"), events: 500)
    let whole = try TemporaryFolder.read(folder.path("log"))
    for length in [100, 4096, 8192, 20_000, whole.count / 2, whole.count - 8192, whole.count - 1] {
      try TemporaryFolder.write(Array(whole.prefix(length)), to: folder.path("cut"))
      do {
        let log = try await SQLiteEventLog.open(at: folder.path("cut"), mode: .readOnly)
        // One byte less is read as a zero.
        for (event, old) in zip(try await log.everything(), events) where event != old {
          #expect(event.computedLeafHash != event.leafHash, "\(length): \(old.position)")
        }
        #expect(length == whole.count - 1)
      } catch let error as EventLogError {
        #expect([.corrupt, .notALog, .tampered].contains(error.code), "\(length): \(error)")
      }
    }
  }

  /// Any byte may be wrong: what is read is right, or does not match its hash, or is refused.
  @Test func flippedBits() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let events = try await makeLog(at: path, events: 300)
    let whole = try TemporaryFolder.read(path)
    var generator = SystemRandomNumberGenerator()
    var readCount = 0
    for _ in 0..<300 {
      let offset = Int.random(in: 0..<whole.count, using: &generator)
      var bytes = whole
      bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try TemporaryFolder.write(bytes, to: folder.path("flipped"))
      do {
        let log = try await SQLiteEventLog.open(at: folder.path("flipped"))
        let found = try await log.everything()
        _ = try await log.read(EventQuery(tags: [Tag(kind: "all", value: "x")]), in: EventRange())
        for (event, original) in zip(found, events)
        where event.leafHash == event.computedLeafHash && event.leafHash == original.leafHash {
          #expect(event.event.body == original.event.body, "bit at \(offset)")
          #expect(event.batch == original.batch && event.id == original.id, "bit at \(offset)")
          #expect(event.position == original.position, "bit at \(offset)")
        }
        readCount += 1
        await log.close()
      } catch is EventLogError {}
    }
    #expect(readCount > 30)
  }

  /// Each bit of the file's header: the file is refused as damaged or none of ours, or reads the same.
  @Test func flippedBitsOfTheHeader() async throws {
    let folder = try TemporaryFolder()
    let events = try await makeLog(at: folder.path("log"), events: 50)
    let whole = try TemporaryFolder.read(folder.path("log"))
    var found: Set<Int> = []
    for bit in 0..<800 {
      var bytes = whole
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      let path = folder.path("flipped-\(bit)")
      try TemporaryFolder.write(bytes, to: path)
      defer { unlink(path) }
      do {
        let log = try await SQLiteEventLog.open(at: path, mode: .readOnly)
        #expect(try await log.everything() == events, "bit \(bit)")
        // What a log's header never says is found, also where SQLite does not mind.
        if try await !log.storageFaults().isEmpty { found.insert(bit / 8) }
        await log.close()
      } catch let error as EventLogError {
        let codes: [EventLogError.Code] = [.corrupt, .notALog, .tampered, .newerFormat]
        #expect(codes.contains(error.code), "bit \(bit): \(error)")
      }
    }
    // The versions of the format, the list of free pages, and what goes with vacuuming by itself.
    #expect(found == Set([18...19, 32...39, 52...55, 64...67].joined()))
  }

  @Test func linksAndPermissions() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    _ = try await makeLog(at: path, events: 10)
    symlink(path, folder.path("alias"))
    let log = try await SQLiteEventLog.open(at: folder.path("alias"))
    #expect(log.path == path)
    try await log.appendSamples(10..<11)
    await log.close()
    link(path, folder.path("twin"))
    #expect(await codes(path) == [.notPermitted, .notPermitted])
    unlink(folder.path("twin"))
    #expect(await codes(path) == [nil, nil])
    let error = await #expect(throws: EventLogError.self) {
      try await SQLiteEventLog.create(at: path)
    }
    #expect(error?.code == .exists)
    symlink(folder.path("nowhere"), folder.path("dangling"))
    let dangling = await #expect(throws: EventLogError.self) {
      try await SQLiteEventLog.create(at: folder.path("dangling"))
    }
    #expect(dangling?.code == .exists)
    #expect(await codes(folder.path("dangling")) == [.notFound, .notFound])
    for name in ["", ".", "..", "no/such/folder/log"] {
      let error = await #expect(throws: EventLogError.self) {
        try await SQLiteEventLog.create(at: name.isEmpty ? "" : folder.path(name))
      }
      #expect(error?.code == .notFound, "\(name)")
    }
  }
}
