/// One event as a fold sees it: interned numbers and raw bytes, in storage that is used again for
/// the next row. Copy out what must outlive the call.
public struct EventRow: Sendable {
  public var position: Position = .start
  public var id = EventID(high: 0, low: 0)
  /// The type's number in this log; `LogNames` says what it stands for.
  public var type: NameID = 0
  /// The tags' numbers in this log, in the order in which the event was tagged.
  public var tags: [NameID] = []
  /// Bounds of the valid time in seconds since 1970, half open; nil when undated.
  public var bounds: (earliest: Int64, latest: Int64)?
  /// The valid time as written; empty when undated.
  public var timeText: [UInt8] = []
  /// Positions of the earlier events that this one is about.
  public var targets: [Position] = []
  /// First position of the event's batch.
  public var batch: Position = .start
  /// The payload, canonical JSON.
  public var body: [UInt8] = []

  public init() {}
}

/// The number under which a log has interned a type or a tag. It means nothing in another log.
public typealias NameID = Int32

/// What the numbers of `EventRow` stand for. Grows while a log is read; never changes an entry.
public protocol LogNames: AnyObject, Sendable {
  func type(_ id: NameID) -> EventType
  func tag(_ id: NameID) -> Tag
  /// The number of a tag, nil when no event of this log carries it.
  func id(of tag: Tag) -> NameID?
}
