public import EventLog

/// The state of the record that an answer was computed from.
public struct RecordState: Hashable, Sendable {
  /// Everything after this position was ignored.
  public var position: Position
  /// When that event was recorded; nil for an empty record.
  public var recorded: Instant?
  /// How many payloads that were there at this position have been erased since. The answer then may
  /// differ from the one that was given at that time.
  public var erasedSince: Int

  public init(position: Position, recorded: Instant?, erasedSince: Int = 0) {
    self.position = position
    self.recorded = recorded
    self.erasedSince = erasedSince
  }
}
