import EventLog
import Synchronization

/// A log in front of another one that lets another writer act at the worst moment: after all checks,
/// right before the append or the erasure.
final class InterposedLog: ForwardingLog, @unchecked Sendable {
  private let interruption: Mutex<(@Sendable () async throws -> Void)?>

  /// `interruption` runs once.
  init(_ base: any EventLog, interruption: @escaping @Sendable () async throws -> Void) {
    self.interruption = Mutex(interruption)
    super.init(base)
  }

  private func interrupt() async throws(EventLogError) {
    let first = interruption.withLock { interruption in
      defer { interruption = nil }
      return interruption
    }
    do {
      try await first?()
    } catch {
      // What the other writer cannot do is found by the test.
    }
  }

  override func append(
    _ prepared: any PreparedAppend, if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    try await interrupt()
    return try await base.append(prepared, if: condition)
  }

  override func erase(
    _ ids: [EventID], saying event: NewEvent, recorder: String, note: String?,
    if condition: AppendCondition?
  ) async throws(EventLogError) -> AppendReceipt {
    try await interrupt()
    return try await base.erase(ids, saying: event, recorder: recorder, note: note, if: condition)
  }
}
