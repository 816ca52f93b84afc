import EventLog

/// Tags in the order in which they come, each once.
struct TagList {
  private(set) var tags: [Tag] = []
  /// The same, once there are so many that going through them takes long.
  private var seen: Set<Tag> = []

  private static let longest = 32

  mutating func add(_ tag: Tag) {
    if tags.count < Self.longest {
      if !tags.contains(tag) { tags.append(tag) }
      return
    }
    if seen.isEmpty { seen = Set(tags) }
    if seen.insert(tag).inserted { tags.append(tag) }
  }
}
