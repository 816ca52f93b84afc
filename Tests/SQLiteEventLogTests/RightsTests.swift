import CSQLite
import EventLog
import Synchronization
import Testing

@testable import SQLiteEventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Rights of the files that are made of a log, or beside it.
@Suite struct RightsTests {
  private func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
  }

  /// Modes of all files in a folder whose name begins so, but for indexes.
  private func modes(_ folder: String, _ prefix: String) -> Set<mode_t> {
    guard let list = opendir(folder) else { return [] }
    defer { closedir(list) }
    var modes: Set<mode_t> = []
    while let entry = readdir(list) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(prefix), !name.hasSuffix("-shm"), let mode = mode(folder + "/" + name) {
        modes.insert(mode)
      }
    }
    return modes
  }

  @Test(arguments: [0o600, 0o640, 0o664] as [mode_t])
  func aBackupHasTheRightsOfTheLogWhileItIsMade(_ wanted: mode_t) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    try await log.appendSamples(0..<5000)
    chmod(path, wanted)
    let found = Mutex<Set<mode_t>>([])
    _ = try await log.backup(to: folder.path("copy")) { _, _ in
      found.withLock { $0.formUnion(modes(folder.path, "copy.new-")) }
    }
    #expect(found.withLock { $0 }.isSubset(of: [wanted, wanted & 0o600]))
    #expect(found.withLock { $0 }.contains(wanted))
    #expect(mode(folder.path("copy")) == wanted)
    await log.close()
  }

  @Test func aLogMadeLikeAnotherIsPrivateBeforeItIsFilled() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    await log.close()
    chmod(path, 0o600)
    try await SQLiteEventLog.create(at: folder.path("new"), like: path) { new in
      #expect(mode(new.path) == 0o600)
      try await new.appendSamples(0..<10)
    }
    #expect(mode(folder.path("new")) == 0o600)
  }

  /// A user who can open the index can lock it, and so stop all appends.
  @Test(arguments: [(0o644, 0o600), (0o664, 0o660), (0o600, 0o600)] as [(mode_t, mode_t)])
  func onlyWritersCanOpenTheIndex(_ log: mode_t, _ index: mode_t) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    await (try await SQLiteEventLog.create(at: path)).close()
    chmod(path, log)
    let writer = try await SQLiteEventLog.open(at: path)
    try await writer.appendSamples(0..<10)
    #expect(mode(path + "-shm") == index)
    #expect(mode(path + "-wal") == log)
    await writer.close()
  }
}
