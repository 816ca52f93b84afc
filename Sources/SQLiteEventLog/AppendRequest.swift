import EventLog

/// An append on its way to the writer: checked as far as that goes without the log, and with the
/// part of its hashes that does not depend on where it will stand.
struct AppendRequest: Sendable {
  let events: [NewEvent]
  let recorder: String
  let note: String?
  let condition: AppendCondition?
  /// 16 bytes per event.
  let salts: [UInt8]
  /// `SHA-256(salt ‖ body)`, 32 bytes per event; empty for a large append, see `LeafFeed`.
  let commitments: [UInt8]

  enum Limit {
    static let body = 16 << 20
    static let text = 64 << 10
    static let tag = 1024
    static let list = 1024
  }

  init(
    _ events: [NewEvent], recorder: String, note: String?, condition: AppendCondition?,
    randomBytes: (Int) -> [UInt8]
  ) throws(EventLogError) {
    for (index, event) in events.enumerated() {
      if let fault = Self.fault(of: event) {
        throw EventLogError(.invalidEvent, "Event \(event.id): \(fault)", index: index)
      }
    }
    for (text, what) in [(recorder, "recorder"), (note ?? "-", "note")] {
      guard Self.isText(text, 1...Limit.text) else {
        throw EventLogError(.invalidEvent, "The \(what) is empty, too long, or holds a zero byte.")
      }
    }
    self.events = events.contains(where: Self.repeatsTags) ? events.map(Self.tidied) : events
    self.recorder = recorder
    self.note = note
    self.condition = condition
    salts = randomBytes(events.count * CanonicalEvent.saltLength)
    precondition(salts.count == events.count * CanonicalEvent.saltLength, "too few random bytes")
    var commitments: [UInt8] = []
    if events.count < LeafFeed.threshold {
      for (index, event) in events.enumerated() {
        let salt = salts[index * 16..<index * 16 + 16]
        CanonicalEvent.appendCommitment(salt: salt, body: event.body, to: &commitments)
      }
    }
    self.commitments = commitments
  }

  func salt(of index: Int) -> ArraySlice<UInt8> { salts[index * 16..<index * 16 + 16] }

  // MARK: Checks

  private static func fault(of event: NewEvent) -> String? {
    let type = event.type
    guard !type.name.isEmpty, type.name.utf8.count <= Limit.tag,
      type.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      (1...Int(Int32.max)).contains(type.version)
    else { return "the type \"\(type)\" is not a name of visible ASCII and a version above zero." }
    guard event.body.count <= Limit.body else { return "the body is over \(Limit.body) bytes." }
    guard !event.body.isEmpty, UTF8Check.isText(event.body) else {
      return "the body is empty, not UTF-8, or holds a zero byte."
    }
    guard event.tags.count <= Limit.list, event.targets.count <= Limit.list else {
      return "there are more than \(Limit.list) tags or targets."
    }
    for tag in event.tags {
      guard isText(tag.description, 3...Limit.tag), Tag(tag.description) != nil else {
        return "the tag \"\(tag)\" is not of the form kind:value, or too long."
      }
      guard !tag.description.utf8.starts(with: "target:".utf8) else {
        return "tags of the kind target are the log's own; name the event among the targets."
      }
    }
    if let time = event.time {
      guard isText(time.text, 1...Limit.tag) else { return "the date is empty or too long." }
      guard time.earliest <= time.latest else { return "the date ends before it begins." }
    }
    return nil
  }

  private static func isText(_ text: String, _ length: ClosedRange<Int>) -> Bool {
    length.contains(text.utf8.count) && !text.utf8.contains(0)
  }

  // MARK: Repeated tags

  private static func repeatsTags(_ event: NewEvent) -> Bool {
    event.tags.indices.contains { isRepeat($0, in: event.tags) }
  }

  /// Each tag once, at its first place.
  private static func tidied(_ event: NewEvent) -> NewEvent {
    var event = event
    let tags = event.tags
    event.tags = tags.indices.filter { !isRepeat($0, in: tags) }.map { tags[$0] }
    return event
  }

  private static func isRepeat(_ index: Int, in tags: [Tag]) -> Bool {
    let text = tags[index].description.utf8
    return tags[..<index].contains { $0.description.utf8.elementsEqual(text) }
  }
}
