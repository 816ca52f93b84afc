import CSQLite
import EventLog
import Foundation
import Testing

@testable import SQLiteEventLog

/// A log whose files lose their names, or gain others, while it is open.
@Suite struct ReplacedFileTests {
  enum Change: String, CaseIterable {
    case replaced, removed, journalRemoved, indexRemoved, secondName, nameElsewhere

    func make(_ path: String, _ copy: String) throws {
      let files = FileManager.default
      switch self {
      case .replaced:
        // As `mv` does, in one step.
        #expect(rename(copy, path) == 0)
      case .removed: try files.removeItem(atPath: path)
      case .journalRemoved: try files.removeItem(atPath: path + "-wal")
      case .indexRemoved: try files.removeItem(atPath: path + "-shm")
      case .secondName: try files.linkItem(atPath: path, toPath: path + ".other")
      case .nameElsewhere:
        let folder = (path as NSString).deletingLastPathComponent
        try files.linkItem(atPath: path, toPath: folder + "/elsewhere/log")
      }
    }
  }

  /// With `isStill`, nothing has changed in the folder for a while, so the log looks at the folder alone.
  @Test(arguments: Change.allCases, [false, true])
  func nothingIsAcknowledgedAfterwards(_ change: Change, isStill: Bool) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    try FileManager.default.createDirectory(
      atPath: folder.path("elsewhere"), withIntermediateDirectories: false)
    let log = try await SQLiteEventLog.create(at: path)
    try await log.appendSamples(0..<10)
    _ = try await log.backup(to: folder.path("copy"))
    let follower = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    #expect(try await follower.head().position == 10)
    if isStill {
      try await Task.sleep(for: .milliseconds(2100))
      try await log.appendSamples(0..<1)
      #expect(try await follower.head().position == 10)
    }
    try change.make(path, folder.path("copy"))
    for number in 10..<12 {
      let error = await #expect(throws: EventLogError.self) {
        try await log.appendSamples(number..<number + 1)
      }
      #expect(error?.code == .replaced)
    }
    let error = await #expect(throws: EventLogError.self) { try await log.settle() }
    #expect(error?.code == .replaced)
    // A reader looks no further than the folder: a second name takes nothing from it.
    if change != .nameElsewhere {
      let unread = await #expect(throws: EventLogError.self) {
        for try await _ in follower.follow(after: 10) {}
      }
      #expect(unread?.code == .replaced)
    }
    await follower.close()
    await log.close()
  }

  /// Closing removes the journal, as long as no other connection needs it.
  @Test func closingAndOpeningAgainIsNoReplacement() async throws {
    let folder = try TemporaryFolder()
    let reader: SQLiteEventLog
    do {
      let log = try await SQLiteEventLog.create(at: folder.path("log"))
      try await log.appendSamples(0..<10)
      reader = try await SQLiteEventLog.open(at: folder.path("log"), mode: .readOnly)
      #expect(try await reader.head().position == 10)
      await log.close()
    }
    let again = try await SQLiteEventLog.open(at: folder.path("log"))
    try await again.appendSamples(10..<20)
    #expect(try await reader.head().position == 20)
    await again.close()
    #expect(try await reader.head().position == 20)
    await reader.close()
  }

  @Test func theLockIsForThoseWhoMayWriteTheLog() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    await log.close()
    for (mode, expected) in [(0o600, 0o600), (0o644, 0o600), (0o664, 0o660), (0o666, 0o666)] {
      // An earlier version opened the lock to everyone.
      chmod(path, mode_t(mode))
      chmod(path + ".lock", 0o644)
      let log = try await SQLiteEventLog.open(at: path)
      try await log.appendSamples(0..<1)
      await log.close()
      let status = try #require(LogPath.status(of: path + ".lock"))
      #expect(status.st_mode & 0o777 == mode_t(expected))
    }
  }
}
