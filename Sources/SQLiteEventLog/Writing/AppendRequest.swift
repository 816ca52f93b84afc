import EventLog

/// Events on their way to the writer: checked as far as that goes without the log, and with all that
/// can be done ahead of the writer's turn done: tags gathered, payloads taken apart, and the part of
/// the hashes made that does not depend on where the events will stand.
struct AppendRequest: PreparedAppend {
  let events: [NewEvent]
  let recorder: String
  let note: String?
  let tags: RequestTags
  let payloads: SplitPayloads
  /// 16 bytes per event.
  let salts: [UInt8]
  /// `SHA-256(salt ‖ body)`, 32 bytes per event; empty for a large append, see `LeafFeed`.
  let commitments: [UInt8]
  /// Set for events that stand in another log as they are to stand in this one.
  var origin: Origin?

  typealias Limit = EventLimit

  /// Where events stood that are restored.
  struct Origin: Sendable {
    let batch: Batch
    let first: Position
    /// By index, what is left of payloads that were erased.
    var erasures: [Int: Erasure] = [:]
  }

  /// `isErasure` when the event says that payloads are erased by the call that appends it.
  init(
    _ events: [NewEvent], recorder: String, note: String?, isErasure: Bool = false,
    randomBytes: (Int) -> [UInt8]
  ) throws(EventLogError) {
    for (index, event) in events.enumerated()
    where event.type.name == Erasure.typeName && !isErasure {
      throw EventLogError(
        .invalidEvent,
        "Event \(event.id): the log appends events of the type \(Erasure.typeName) itself, when it"
          + " erases.", index: index)
    }
    let salts = randomBytes(events.count * CanonicalEvent.saltLength)
    precondition(salts.count == events.count * CanonicalEvent.saltLength, "too few random bytes")
    var commitments: [UInt8] = []
    if events.count < LeafFeed.threshold {
      for (index, event) in events.enumerated() {
        let salt = salts[index * 16..<index * 16 + 16]
        CanonicalEvent.appendCommitment(salt: salt, body: event.body, to: &commitments)
      }
    }
    try self.init(
      events, recorder: recorder, note: note, salts: salts, commitments: commitments)
  }

  /// Events of one batch of another log.
  init(restoring events: [RecordedEvent]) throws(EventLogError) {
    guard let first = events.first else {
      throw EventLogError(.invalidEvent, "There are no events to restore.")
    }
    var origin = Origin(batch: first.batch, first: first.position)
    for (index, event) in events.enumerated() {
      guard event.batch == first.batch, event.position == first.position.advanced(by: index) else {
        throw EventLogError(
          .invalidEvent, "Event \(event.position) does not continue the batch.", index: index)
      }
      guard event.salt.count == CanonicalEvent.saltLength,
        event.commitment.count == CanonicalEvent.commitmentLength,
        event.computedLeafHash == event.leafHash
      else {
        throw EventLogError(
          .invalidEvent, "Event \(event.position) does not match its hash.", index: index)
      }
      origin.erasures[index] = event.erasure
    }
    try self.init(
      events.map(\.event), recorder: first.batch.recorder, note: first.batch.note,
      salts: events.flatMap(\.salt), commitments: events.flatMap(\.commitment))
    self.origin = origin
  }

  private init(
    _ events: [NewEvent], recorder: String, note: String?, salts: [UInt8], commitments: [UInt8]
  ) throws(EventLogError) {
    var tags = RequestTags()
    var check = CanonicalCheck()
    for (index, event) in events.enumerated() {
      if let fault = Self.fault(of: event, &check) ?? tags.add(event.tags) {
        throw EventLogError(.invalidEvent, "Event \(event.id): \(fault)", index: index)
      }
    }
    for (text, what) in [(recorder, "recorder"), (note ?? "-", "note")] {
      guard Self.isText(text, 1...Limit.text) else {
        throw EventLogError(.invalidEvent, "The \(what) is empty, too long, or holds a zero byte.")
      }
    }
    self.events = events
    self.recorder = recorder
    self.note = note
    self.tags = tags
    payloads = SplitPayloads(events, tags)
    self.salts = salts
    self.commitments = commitments
  }

  func salt(of index: Int) -> ArraySlice<UInt8> { salts[index * 16..<index * 16 + 16] }

  // MARK: Checks

  private static func fault(of event: NewEvent, _ check: inout CanonicalCheck) -> String? {
    let type = event.type
    guard !type.name.isEmpty, type.name.utf8.count <= Limit.tag,
      type.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      (1...Int(Int32.max)).contains(type.version)
    else { return "the type \"\(type)\" is not a name of visible ASCII and a version above zero." }
    guard event.body.count <= Limit.body else { return "the body is over \(Limit.body) bytes." }
    if !event.isCanonical, let fault = check.fault(of: event.body) { return "the body \(fault)." }
    assert(check.fault(of: event.body) == nil, "a payload that was said to be canonical is not")
    guard event.tags.count <= Limit.list, event.targets.count <= Limit.list else {
      return "there are more than \(Limit.list) tags or targets."
    }
    if let time = event.time {
      guard isText(time.text, 1...Limit.tag) else { return "the date is empty or too long." }
      guard time.earliest <= time.latest else { return "the date ends before it begins." }
    }
    return nil
  }

  static func isText(_ text: String, _ length: ClosedRange<Int>) -> Bool {
    length.contains(text.utf8.count) && !text.utf8.contains(0)
  }
}
