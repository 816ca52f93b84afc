import CSQLite
import EventLog
import Foundation
import Testing

@testable import SQLiteEventLog

/// What the lock file records of the journal, and what is written again when it records too little.
@Suite struct JournalTests {
  /// A store that a killed process has left: its events stand in the journal alone.
  private struct Leftover {
    let folder: TemporaryFolder
    let path: LogPath
    let lock: FileLock

    init(events: Range<Int>) async throws {
      folder = try TemporaryFolder()
      var log: SQLiteEventLog? = try await SQLiteEventLog.create(at: folder.path("log"))
      try await log?.appendSamples(events)
      log = nil
      path = try LogPath(existing: folder.path("log"))
      lock = try FileLock(path)
    }

    /// Forgets that the frames after the first `frames` have been synced.
    func forget(after frames: UInt32) throws {
      var record = try #require(lock.record)
      record.frames = frames
      record.journalLength = 0
      lock.record = record
    }

    /// Sets the time of the journal's last change to the beginning of 1970.
    func backdateJournal() throws {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: path.log)
    }

    /// Whether the journal was written to since then.
    var isRewritten: Bool { LogPath.status(of: path.log)?.st_mtim.tv_sec != 0 }

    /// Changes a byte of the journal, counted from its end.
    func damageJournal(_ place: Int) throws {
      var bytes = try Data(contentsOf: URL(filePath: path.log))
      bytes[bytes.count - place] ^= 1
      let file = try FileHandle(forWritingTo: URL(filePath: path.log))
      try file.write(contentsOf: bytes)
      try file.close()
    }
  }

  @Test func theRecordSurvivesBeingWrittenAndNoChangeOfAByte() throws {
    var record = SyncRecord(
      file: FileIdentity(device: 1, number: 2), journal: FileIdentity(device: 1, number: 3))
    (record.salts, record.frames, record.backfilled) = (.max - 7, .max - 1, 77)
    (record.head, record.journalLength, record.fileLength) = (12, 1 << 40, 1 << 41)
    let bytes = record.bytes
    #expect(bytes.count == SyncRecord.length)
    #expect(SyncRecord(bytes) == record)
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x10
      #expect(SyncRecord(damaged) == nil)
    }
    #expect(SyncRecord([]) == nil)
    #expect(SyncRecord([UInt8](repeating: 0, count: SyncRecord.length)) == nil)
  }

  @Test func anAppendIsRecordedAsSynced() async throws {
    let left = try await Leftover(events: 0..<20)
    let record = try #require(left.lock.record)
    #expect(record.head == 20)
    #expect(record.file == LogPath.status(of: left.path.file).map(FileIdentity.init))
    #expect(record.journal == LogPath.status(of: left.path.log).map(FileIdentity.init))
    #expect(record.frames > 0)
    #expect(record.journalLength == LogPath.status(of: left.path.log).map { Int64($0.st_size) })
  }

  @Test func framesOnRecordAreAcknowledgedAgainWithoutBeingWritten() async throws {
    let left = try await Leftover(events: 0..<20)
    try left.backdateJournal()
    let log = try await SQLiteEventLog.open(at: left.path.file)
    let receipt = try await log.appendSamples(0..<20)
    #expect(receipt.entries.allSatisfy { !$0.isNew })
    #expect(!left.isRewritten)
    await log.close()
  }

  @Test(arguments: [UInt32(0), 3])
  func framesOffRecordAreWrittenBeforeTheyAreAcknowledgedAgain(_ frames: UInt32) async throws {
    let left = try await Leftover(events: 0..<20)
    try left.forget(after: frames)
    try left.backdateJournal()
    let log = try await SQLiteEventLog.open(at: left.path.file)
    #expect(try await log.head().position == 20)
    #expect(!left.isRewritten)
    let receipt = try await log.appendSamples(0..<20)
    #expect(receipt.entries.allSatisfy { !$0.isNew })
    #expect(left.isRewritten)
    #expect(left.lock.record?.head == 20)
    try await log.appendSamples(20..<25)
    await log.close()
    let again = try await SQLiteEventLog.open(at: left.path.file)
    #expect(try await again.verify(LogVerificationRequest()).faults.isEmpty)
    #expect(try await again.head().position == 25)
    await again.close()
  }

  @Test func aReaderThatPromisesMoreWritesThemToo() async throws {
    let left = try await Leftover(events: 0..<20)
    try left.forget(after: 2)
    try left.backdateJournal()
    let log = try await SQLiteEventLog.open(at: left.path.file, mode: .readOnly)
    try await log.settle()
    #expect(left.isRewritten)
    try left.backdateJournal()
    try await log.settle()
    #expect(!left.isRewritten)
    await log.close()
  }

  /// What is handed out must not be lost in a power cut afterwards.
  @Test(arguments: [SQLiteEventLog.Mode.readOnly, .readWrite])
  func anExportWritesThemBeforeItHandsOutTheFirst(_ mode: SQLiteEventLog.Mode) async throws {
    let left = try await Leftover(events: 0..<20)
    try left.forget(after: 2)
    try left.backdateJournal()
    let log = try await SQLiteEventLog.open(at: left.path.file, mode: mode)
    #expect(!left.isRewritten)
    var count = 0
    try await log.export(in: EventRange()) { _ in
      #expect(left.isRewritten)
      #expect(left.lock.record?.head == 20)
      count += 1
    }
    #expect(count == 20)
    await log.close()
  }

  @Test(arguments: [SQLiteEventLog.Mode.readOnly, .readWrite])
  func aBackupWritesThemToo(_ mode: SQLiteEventLog.Mode) async throws {
    let left = try await Leftover(events: 0..<20)
    try left.forget(after: 2)
    try left.backdateJournal()
    let log = try await SQLiteEventLog.open(at: left.path.file, mode: mode)
    #expect(!left.isRewritten)
    let backup = try await log.backup(to: left.folder.path("copy"))
    #expect(left.isRewritten)
    #expect(left.lock.record?.head == 20)
    #expect(backup.head.position == 20)
    await log.close()
  }

  @Test func aRecordOfAnotherJournalCountsForNothing() async throws {
    let left = try await Leftover(events: 0..<20)
    var record = try #require(left.lock.record)
    record.journal.number += 1
    left.lock.record = record
    try left.backdateJournal()
    let log = try await SQLiteEventLog.open(at: left.path.file)
    try await log.settle()
    #expect(left.isRewritten)
    await log.close()
  }

  @Test func framesThatTheDiskHasLostAreNotAcknowledged() async throws {
    let left = try await Leftover(events: 0..<20)
    // A reader keeps the index, which still lists the frames.
    let reader = try await SQLiteEventLog.open(at: left.path.file, mode: .readOnly)
    #expect(try await reader.head().position == 20)
    try left.forget(after: 0)
    try left.damageJournal(100)
    let log = try await SQLiteEventLog.open(at: left.path.file)
    let error = await #expect(throws: EventLogError.self) { try await log.settle() }
    #expect(error?.code == .io)
    await log.close()
    await reader.close()
  }

  /// A checkpoint that a reader cut short has moved pages; the disk then lost them.
  @Test func pagesOfTheDatabaseOffRecordAreWrittenAgain() async throws {
    let left = try await Leftover(events: 0..<200)
    let log = try await SQLiteEventLog.open(at: left.path.file)
    let connection = try LogFile.openForAppending(left.path, SQLiteEventLog.Options())
    let journal = try Journal(connection, isNew: false)
    let reader = try LogFile.openForReading(left.path, SQLiteEventLog.Options())
    let snapshot = LogReader(reader, NameTable())
    _ = try snapshot.begin()
    try await log.appendSamples(200..<400)
    try left.lock.acquire(within: 5)
    #expect(try !journal.checkpoint(left.lock, truncate: false))
    left.lock.release()
    let index = try JournalIndex(of: connection)
    #expect(index.backfilled > 0)
    // What the disk has lost: pages that were moved, as an earlier state of them.
    var record = try #require(left.lock.record)
    #expect(record.backfilled == index.backfilled)
    record.backfilled = 0
    left.lock.record = record
    let lost = 4
    try connection.write(
      page: [UInt8](repeating: 0xAA, count: index.pageSize), at: Int64(lost * index.pageSize))
    snapshot.end()
    try left.lock.acquire(within: 5)
    #expect(try journal.checkpoint(left.lock, truncate: true))
    left.lock.release()
    #expect(
      try connection.read(pageAt: Int64(lost * index.pageSize), size: 8)
        != [UInt8](repeating: 0xAA, count: 8))
    #expect(try await log.storageFaults().isEmpty)
    #expect(try await log.verify(LogVerificationRequest()).faults.isEmpty)
    await log.close()
  }
}
