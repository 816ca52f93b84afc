import Annals
import EventLog
import SQLiteEventLog

/// Opens a store, and closes it whatever happens: only this file knows the back end's settings.
enum StoreAccess {
  static func open<Result>(
    _ path: String, writing: Bool, vocabulary: Vocabulary,
    _ body: (Store) async throws -> Result
  ) async throws -> Result {
    let log = try SQLiteEventLog.open(at: path, mode: writing ? .readWrite : .readOnly)
    do {
      let result = try await body(Store(log: log, vocabulary: vocabulary))
      await log.close()
      return result
    } catch is CancellationError {
      // Each batch is all or nothing: say up to where the record stands.
      let head = try? await log.head().position
      await log.close()
      throw Failure.interrupted(head)
    } catch {
      await log.close()
      throw error
    }
  }
}
