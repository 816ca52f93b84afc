import EventLog

/// The types of events that change how an earlier event is read.
package enum Amendment {
  package static let types: Set<String> = [
    "fact.corrected", "fact.retracted", "fact.disputed", "dispute.settled",
  ]

  /// The tag under which corrections of facts of a type are filed.
  static func corrects(_ type: String) -> Tag { Tag(kind: "corrects", value: type) }

  /// Events of these types under these tags, and corrections that put such events there: what any
  /// reader of facts asks for, so that it misses none.
  static func items(_ types: [String], _ tags: [Tag]) -> [EventQuery.Item] {
    [EventQuery.Item(types: types, tags: tags)]
      + types.map { EventQuery.Item(types: ["fact.corrected"], tags: [corrects($0)] + tags) }
  }

  static func query(_ types: [String], _ tags: [Tag]) -> EventQuery {
    EventQuery(items: items(types, tags))
  }
}
