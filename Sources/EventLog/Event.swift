/// What a caller hands to the log.
public struct NewEvent: Hashable, Sendable {
  /// Unique in the log: the same id with the same content is acknowledged again, not stored again.
  public var id: EventID
  public var type: EventType
  /// Under which the event is found, in this order; repeated ones are stored once.
  public var tags: [Tag]
  public var time: ValidTime?
  /// Earlier events of the log that this one is about (corrects, retracts, disputes …).
  public var targets: [EventID]
  /// The payload: canonical JSON (RFC 8785) of one object.
  public var body: [UInt8] {
    didSet { isCanonical = false }
  }
  /// Whether the payload comes from our own writer of canonical JSON, and need not be checked.
  package private(set) var isCanonical = false

  public init(
    id: EventID, type: EventType, tags: [Tag] = [], time: ValidTime? = nil,
    targets: [EventID] = [], body: [UInt8]
  ) {
    self.id = id
    self.type = type
    self.tags = tags
    self.time = time
    self.targets = targets
    self.body = body
  }
}

extension NewEvent {
  /// The same of a payload that our own writer of canonical JSON has written.
  package init(
    id: EventID, type: EventType, tags: [Tag] = [], time: ValidTime? = nil,
    targets: [EventID] = [], canonicalBody body: [UInt8]
  ) {
    self.init(id: id, type: type, tags: tags, time: time, targets: targets, body: body)
    isCanonical = true
  }

  public static func == (a: NewEvent, b: NewEvent) -> Bool {
    a.id == b.id && a.type == b.type && a.tags == b.tags && a.time == b.time
      && a.targets == b.targets && a.body == b.body
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  /// True when the two say the same: all but the id, and the tags, which are derived from the
  /// rest. Texts are compared by their bytes.
  public func hasContent(of other: NewEvent) -> Bool {
    func same(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
    return body == other.body && type.version == other.type.version
      && same(type.name, other.type.name) && targets == other.targets
      && time?.earliest == other.time?.earliest && time?.latest == other.time?.latest
      && same(time?.text ?? "", other.time?.text ?? "")
  }
}

/// What the events of one append share. Stored once for all of them.
public struct Batch: Hashable, Sendable {
  /// The position of its first event: the batch's name.
  public var first: Position
  public var recorded: Instant
  public var recorder: String
  public var note: String?

  public init(first: Position, recorded: Instant, recorder: String, note: String? = nil) {
    self.first = first
    self.recorded = recorded
    self.recorder = recorder
    self.note = note
  }
}

/// One immutable entry of the log.
public struct RecordedEvent: Hashable, Sendable {
  public var position: Position
  public var batch: Batch
  /// What the caller handed in.
  public var event: NewEvent
  /// 16 random bytes that keep the payload's commitment from being guessed.
  public var salt: [UInt8]
  /// Given once the payload was erased. Then it reads `{}`, the salt is all zeros, and there are no
  /// tags.
  public var erasure: Erasure?
  /// RFC 6962 leaf hash over `canonicalBytes`, as stored: 32 bytes.
  public var leafHash: [UInt8]

  public init(
    position: Position, batch: Batch, event: NewEvent, salt: [UInt8], leafHash: [UInt8],
    erasure: Erasure? = nil
  ) {
    self.position = position
    self.batch = batch
    self.event = event
    self.salt = salt
    self.leafHash = leafHash
    self.erasure = erasure
  }

  public var id: EventID { event.id }
  public var type: EventType { event.type }
  public var isErased: Bool { erasure != nil }

}

/// What is left of a payload that was erased.
public struct Erasure: Hashable, Sendable {
  /// What stood for the payload in the event's hash: 32 bytes.
  public var commitment: [UInt8]
  /// The later event that says that the payload was erased.
  public var by: Position

  public init(commitment: [UInt8], by: Position) {
    self.commitment = commitment
    self.by = by
  }

  /// The type of the events that say that payloads were erased. `EventLog.erase` appends them, and
  /// nothing else does.
  public static let typeName = "payload.erased"

  /// What an erased payload reads.
  public static let body = Array("{}".utf8)
}

/// What one event may hold at most. The log refuses an event that holds more.
public enum EventLimit {
  /// Bytes of the payload.
  public static let body = 16 << 20
  /// Bytes of a batch's recorder, and of its note.
  public static let text = 64 << 10
  /// Bytes of a tag, of a type's name and of a date.
  public static let tag = 1024
  /// Tags of an event, and targets.
  public static let list = 1024
}
