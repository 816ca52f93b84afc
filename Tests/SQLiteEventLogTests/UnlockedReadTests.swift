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

/// Reading without locks, as a user does who may not write the log.
@Suite struct UnlockedReadTests {
  private func reader(_ path: String) throws -> LogReader {
    let path = try LogPath(existing: path)
    return try LogReader(NameTable()) { () throws(EventLogError) in
      try LogFile.openUnlocked(path, SQLiteEventLog.Options())
    }
  }

  @Test func aReaderWithoutLocksSeesTheWriteAheadLog() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    try await log.appendSamples(0..<10)
    let reader = try reader(path)
    #expect(try reader.head().position == 10)
    #expect(reader.isCurrent)
    try await log.appendSamples(10..<20)
    #expect(!reader.isCurrent && !reader.isOvertaken)
    #expect(try reader.head().position == 10)
    #expect(try self.reader(path).head().position == 20)
    await log.close()
    #expect(reader.isOvertaken)
    let error = #expect(throws: EventLogError.self) { try reader.head() }
    #expect(error?.code == .busy)
  }

  /// While a fold reads, events are appended and checkpointed, and the log is closed and
  /// opened. Each event comes once, in order, and is what was stored.
  @Test(arguments: [1, 2, 3]) func aFoldWithoutLocksGoesOnBesideAWriter(_ seed: UInt64) async throws
  {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    var log = try await SQLiteEventLog.create(at: path)
    let count = 2000
    for start in stride(from: 0, to: count, by: 500) {
      try await log.appendSamples(start..<start + 500)
    }
    let stored = try await log.everything()
    await log.close()
    log = try await SQLiteEventLog.open(at: path)
    var random = SeededRandom(state: seed)
    var appended = count
    var seen = 0
    let read = LongRead(
      .all, in: EventRange(), of: try reader(path), eventsPerTransaction: 500)
    while let cursor = try read.next() {
      let position = cursor.position
      #expect(position == stored[seen].position)
      var row = EventRow()
      try cursor.read(into: &row)
      #expect(row.id == stored[seen].event.id)
      #expect(row.body == stored[seen].event.body)
      seen += 1
      guard seen.isMultiple(of: 40) else { continue }
      switch random.next() % 3 {
      case 0:
        try await log.appendSamples(appended..<appended + 300)
        appended += 300
      case 1:
        await log.close()
        log = try await SQLiteEventLog.open(at: path)
      default:
        break
      }
    }
    #expect(seen == count)
    await log.close()
  }

  /// A verification that read two states of the file gives no verdict.
  @Test func aVerificationThatAWriterOvertakesIsNoDamage() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    try await log.appendSamples(0..<2000)
    await log.close()
    var request = LogVerificationRequest()
    var verifier = LogVerifier(try reader(path), request)
    #expect(try verifier.run().faults.isEmpty)
    // As a checkpoint does, this gives the file another time of its last change.
    request.progress = { _, _ in chmod(path, 0o600) }
    verifier = LogVerifier(try reader(path), request)
    let error = #expect(throws: EventLogError.self) { try verifier.run() }
    #expect(error?.code == .busy)
  }

  /// A generator whose numbers depend on its seed only.
  private struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }
}
