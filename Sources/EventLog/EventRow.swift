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
  /// The number of the payload's shape in this log; 0 for a payload without one.
  ///
  /// Payloads of one shape and type have the same members. They differ in numbers, and in texts that
  /// hold anything but the letters a to z and hyphens; so what a fold learns from such a word (the
  /// choice of a vote), it need learn once per shape only.
  public var shape: NameID = 0
  /// True when the payload was erased: then it reads `{}`, and there are no tags.
  public var isErased = false
  /// The payload as stored, for `source` to put together where it has a shape; of an erased one the
  /// 32 bytes of its commitment.
  public var storedBody: [UInt8] = []
  /// Where payloads of a shape come from; nil where none has one.
  public var source: (any PayloadSource)?

  public init() {}

  /// The payload, canonical JSON. Of one with a shape it is put together at each call.
  public var body: [UInt8] {
    get {
      if shape == 0 && !isErased { return storedBody }
      var bytes: [UInt8] = []
      appendBody(to: &bytes)
      return bytes
    }
    set {
      shape = 0
      isErased = false
      storedBody = newValue
    }
  }

  /// Appends the payload to `bytes`.
  public func appendBody(to bytes: inout [UInt8]) {
    if isErased {
      bytes += Erasure.body
    } else if shape != 0, let source {
      source.appendPayload(of: self, to: &bytes)
    } else {
      bytes += storedBody
    }
  }
}

/// Puts payloads together that a log stores in parts.
public protocol PayloadSource: AnyObject, Sendable {
  func appendPayload(of row: borrowing EventRow, to bytes: inout [UInt8])
}

/// The number under which a log has interned a type, a tag or a shape. It means nothing in another
/// log.
public typealias NameID = Int32

/// What the numbers of `EventRow` stand for. Grows while a log is read; never changes an entry.
public protocol LogNames: AnyObject, Sendable {
  func type(_ id: NameID) -> EventType
  func tag(_ id: NameID) -> Tag
  /// The number of a tag, nil when no event of this log carries it.
  func id(of tag: Tag) -> NameID?
}
