public import EventLog

/// What could be saved of a log that does not verify: all that stands before the first fault.
public struct Salvage: Sendable {
  /// The last event that was saved.
  public var saved: Position
  /// Where the damaged log ends, as far as it can be read.
  public var head: Position
  /// Events among them that were erased, where the event that says so was not saved: one that was
  /// appended behind them says it anew.
  public var saidAnew: [Position] = []
  /// What is wrong with the first event that was not saved; nil when all was.
  public var fault: LogVerification.Fault?
  /// Root of the tree over what was saved.
  public var root: [UInt8]

  private static let pageSize = 1000
  /// As many events may one event be about.
  private static let targetLimit = 1024

  /// Copies events that verify from a log to an empty one, exactly as they stand. The index is built
  /// anew, so that its faults keep nothing back, nor do those of what is no event; where the tree does
  /// not fit its events, nobody can say which of the two was altered.
  public static func run(
    from damaged: any EventLog, to new: any EventLog, recorder: String,
    progress: (@Sendable (_ done: Int64, _ of: Int64) -> Void)? = nil
  ) async throws -> Salvage {
    let found = try await damaged.verify(LogVerificationRequest(progress: progress))
    let fault = found.faults.first {
      $0.kind != .index && $0.positions.lowerBound > .start
        && ($0.positions.lowerBound <= found.head.position || $0.kind == .unreadable)
    }
    let end = fault.map { $0.positions.lowerBound.advanced(by: -1) } ?? found.head.position
    var batch: [RecordedEvent] = []
    var lost: [RecordedEvent] = []
    func write() async throws {
      guard !batch.isEmpty else { return }
      _ = try await new.append(try new.prepare(restoring: batch), if: nil)
      batch = []
    }
    var range = EventRange(through: end, limit: pageSize)
    while range.after < end {
      let page = try await damaged.read(.all, in: range)
      guard let last = page.last else { break }
      try Task.checkCancellation()
      for var event in page {
        if let erasure = event.erasure, erasure.by > end {
          event.erasure?.by = end.advanced(by: 1 + lost.count / targetLimit)
          lost.append(event)
        }
        if let first = batch.first, first.batch != event.batch { try await write() }
        batch.append(event)
      }
      range.after = last.position
    }
    try await write()
    let root = try await new.root(ofSize: end.rawValue)
    for start in stride(from: 0, to: lost.count, by: targetLimit) {
      let part = lost[start..<min(start + targetLimit, lost.count)]
      let event = try erasure(of: part.map(\.id), after: try await new.head(), recorder)
      _ = try await new.append(try new.prepare(restoring: [event]), if: nil)
    }
    return Salvage(
      saved: end, head: found.head.position, saidAnew: lost.map(\.position), fault: fault,
      root: root)
  }

  /// Says that payloads were erased, in place of an event that was lost. It is made as one to be
  /// restored, because the payloads are not erased by appending it.
  private static func erasure(
    of ids: [EventID], after head: LogHead, _ recorder: String
  ) throws -> RecordedEvent {
    var random = SystemRandomNumberGenerator()
    let now = Instant.now()
    let ground = "the event that said why was lost when the record was salvaged"
    let body: JSON = try .object(["data": JSON(encoding: PayloadErased(ground: ground))])
    let position = head.position.advanced(by: 1)
    let next = head.recorded.map { Instant(microseconds: $0.microseconds + 1) } ?? now
    var event = RecordedEvent(
      position: position,
      batch: Batch(first: position, recorded: max(now, next), recorder: recorder),
      event: NewEvent(
        id: .timeOrdered(at: now, using: &random), type: PayloadErased.type, targets: ids,
        canonicalBody: JSONWriter.canonical(body)),
      salt: (0..<CanonicalEvent.saltLength).map { _ in .random(in: 0 ... .max, using: &random) },
      leafHash: [])
    event.leafHash = event.computedLeafHash
    return event
  }
}
