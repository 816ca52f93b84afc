import Annals
import EventLog
import Foundation
import SQLiteEventLog

/// Runs `body` on an empty store in a folder of its own, and removes it afterwards.
func withStore<Result>(
  options: SQLiteEventLog.Options = SQLiteEventLog.Options(),
  _ body: (Store) async throws -> Result
) async throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "annals-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let log = try await SQLiteEventLog.create(
    at: folder.appendingPathComponent("a.annals").path, options: options)
  let result = try await body(Store(log: log))
  await log.close()
  return result
}
