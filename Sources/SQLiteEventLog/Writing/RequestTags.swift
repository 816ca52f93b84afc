import EventLog

/// The tags of the events of a request: each tag once, and for each event the indices of its own. A
/// million votes have a few thousand tags between them.
struct RequestTags: Sendable {
  private(set) var keys: [NameTable.Key] = []
  /// The part behind the colon, in bytes, of each tag.
  private(set) var values: [[UInt8]] = []
  private var indices: [NameTable.Key: Int32] = [:]
  /// Indices in `keys`, event by event, and where those of each event begin.
  private var ofEvents: [Int32] = []
  private var starts: [Int] = [0]

  /// The tags of an event: indices in `keys`, in the event's order, each once.
  subscript(event: Int) -> ArraySlice<Int32> { ofEvents[starts[event]..<starts[event + 1]] }

  /// Takes in the tags of the next event; answers what is wrong with them.
  mutating func add(_ tags: [Tag]) -> String? {
    let start = ofEvents.count
    for tag in tags {
      let key = NameTable.Key(kind: .tag, text: tag.description)
      let index: Int32
      if let known = indices[key] {
        index = known
      } else {
        if let fault = Self.fault(of: tag) { return fault }
        index = Int32(keys.count)
        indices[key] = index
        keys.append(key)
        values.append(Array(PayloadShape.value(ofTag: tag.description.utf8)))
      }
      if !ofEvents[start...].contains(index) { ofEvents.append(index) }
    }
    starts.append(ofEvents.count)
    return nil
  }

  private static func fault(of tag: Tag) -> String? {
    guard AppendRequest.isText(tag.description, 3...AppendRequest.Limit.tag),
      Tag(tag.description) != nil
    else {
      return
        "the tag \"\(tag)\" is not of the form kind:value, with no colon in the kind, or is too"
        + " long."
    }
    guard !tag.description.utf8.starts(with: "target:".utf8) else {
      return "tags of the kind target are the log's own; name the event among the targets."
    }
    return nil
  }
}
