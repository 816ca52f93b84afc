import Annals
import AnnalsAnswers
import EventLog
import SQLiteEventLog

/// Opens a store, and closes it whatever happens: only this file knows the back end's settings.
enum StoreAccess {
  static func open<Result>(
    _ path: String, writing: Bool, serving: Bool = false, checksEnd: Bool = true,
    acceptsClock: Bool = false,
    vocabulary: Vocabulary,
    projections: [SQLProjection], _ body: (Store) async throws -> Result
  ) async throws -> Result {
    var options = serving ? servingOptions(projections) : options(projections)
    options.checksEnd = checksEnd
    options.clockBounds = acceptsClock ? nil : .init()
    let log = try await SQLiteEventLog.open(
      at: path, mode: writing ? .readWrite : .readOnly, options: options)
    do {
      let result = try await body(
        Store(log: log, vocabulary: vocabulary, projections: projections))
      await log.close()
      return result
    } catch  where Failure.isCancellation(error) {
      // Each batch is all or nothing: say up to where the record stands. The cancelled task cannot
      // read the log any more, so a new one does.
      let head = await Task { try? await log.head().position }.value
      await log.close()
      throw Failure.interrupted(head)
    } catch {
      await log.close()
      throw error
    }
  }

  /// Settings of a log whose appends take the projections along.
  static func options(_ projections: [SQLProjection]) -> SQLiteEventLog.Options {
    var options = SQLiteEventLog.Options()
    options.inline = projections
    options.blocksCaller = true
    return options
  }

  /// Settings of a log that a server keeps open: no call may keep a thread of Swift's own busy.
  static func servingOptions(_ projections: [SQLProjection]) -> SQLiteEventLog.Options {
    var options = options(projections)
    options.blocksCaller = false
    return options
  }

  /// Reads a user's projections, with the back end's verdict on their SQL.
  static func projections(
    _ files: [(name: String, bytes: [UInt8])], _ vocabulary: Vocabulary
  ) throws -> [SQLProjection] {
    try SQLProjection.read(
      files, vocabulary: vocabulary, findFaults: SQLiteEventLog.faults(of:schema:statements:))
  }
}
