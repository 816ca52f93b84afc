import EventLog

/// The tags under which an event is filed.
extension JSONSchema {
  /// The tags of an event on the tape: those that the schema derives from the payload, and one per
  /// captured source. They end behind the first that is too many. Names are filed as `fold` has them.
  func eventTags(
    on tape: borrowing JSONTape, fold: (String) -> String = ActorName.folded
  ) -> [Tag] {
    var tags = TagList()
    if let data = tape.member(tape.root, "data") {
      for (kind, paths) in self.tags {
        for path in paths { Self.collect(kind, path[...], at: data, on: tape, fold, into: &tags) }
      }
    }
    if let sources = tape.member(tape.root, "sources") {
      for source in tape.elements(sources) {
        guard let id = tape.member(source, "source") else { continue }
        if tags.tags.count > EventLimit.list { break }
        let text = tape.string(id)
        if !Citation.isURL(text) { tags.add(Tag(kind: "source", value: text)) }
      }
    }
    return tags.tags
  }

  private static func collect(
    _ kind: String, _ path: ArraySlice<String>, at node: Int, on tape: borrowing JSONTape,
    _ fold: (String) -> String, into tags: inout TagList
  ) {
    if tags.tags.count > EventLimit.list { return }
    if tape.kind(node) == .array {
      for element in tape.elements(node) {
        collect(kind, path, at: element, on: tape, fold, into: &tags)
      }
    } else if let field = path.first {
      guard tape.kind(node) == .object, let next = tape.member(node, named: field) else { return }
      collect(kind, path.dropFirst(), at: next, on: tape, fold, into: &tags)
    } else if tape.kind(node) == .string {
      let text = tape.string(node)
      let value = kind == "name" ? fold(text) : text
      if !value.isEmpty { tags.add(Tag(kind: kind, value: value)) }
    }
  }

  /// The same tags, from a payload that is not on the tape: of a fact as corrected.
  func eventTags(
    of data: JSON, sources: [Citation] = [], fold: (String) -> String = ActorName.folded
  ) -> [Tag] {
    var tags = TagList()
    for (kind, paths) in self.tags {
      for path in paths {
        for text in data.strings(at: path[...]) {
          let value = kind == "name" ? fold(text) : text
          if !value.isEmpty { tags.add(Tag(kind: kind, value: value)) }
        }
      }
    }
    for source in sources where !Citation.isURL(source.source) {
      tags.add(Tag(kind: "source", value: source.source))
    }
    return tags.tags
  }
}

extension Store {
  /// The tags of a fact as corrected.
  func tags(of fact: Fact) -> [Tag] {
    guard
      let schema = vocabulary.definition(fact.type, version: fact.root.type.version)?.schema
    else { return fact.root.event.tags }
    return schema.eventTags(of: fact.data, sources: fact.sources)
  }
}
