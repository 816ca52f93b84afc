public import EventLog

/// What could be saved of a log that does not verify: all that stands before the first fault.
public struct Salvage: Sendable {
  /// The last event that was saved.
  public var saved: Position
  /// Where the damaged log ends, as far as it can be read.
  public var head: Position
  /// What is wrong with the first event that was not saved; nil when all was.
  public var fault: LogVerification.Fault?
  /// Root of the tree over what was saved.
  public var root: [UInt8]

  private static let pageSize = 1000

  /// Copies events that verify from a log to an empty one, exactly as they stand. The index and the
  /// tree are built anew, so that faults of those keep nothing back.
  public static func run(
    from damaged: any EventLog, to new: any EventLog,
    progress: (@Sendable (_ done: Int64, _ of: Int64) -> Void)? = nil
  ) async throws -> Salvage {
    let found = try await damaged.verify(LogVerificationRequest(progress: progress))
    let fault = found.faults.first { $0.kind != .index }
    let end = fault.map { $0.positions.lowerBound.advanced(by: -1) } ?? found.head.position
    var batch: [RecordedEvent] = []
    func write() async throws {
      guard !batch.isEmpty else { return }
      _ = try await new.append(try new.prepare(restoring: batch), if: nil)
      batch = []
    }
    var range = EventRange(through: end, limit: pageSize)
    while range.after < end {
      let page = try await damaged.read(.all, in: range)
      guard let last = page.last else { break }
      for event in page {
        if let first = batch.first, first.batch != event.batch { try await write() }
        batch.append(event)
      }
      range.after = last.position
    }
    try await write()
    return Salvage(
      saved: end, head: found.head.position, fault: fault,
      root: try await new.root(ofSize: end.rawValue))
  }
}
