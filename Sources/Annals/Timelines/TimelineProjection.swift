import EventLog

/// The stored view of timelines: what became of the facts that later events are about. A fact
/// without a row stands as it was recorded, which the log's own columns show. For SQL tools alone, as
/// `StanceProjection` is.
struct TimelineProjection: Projection {
  let vocabulary: Vocabulary

  let definition = ProjectionDefinition(
    name: "timeline", version: 2, tables: ["timeline_amendment"],
    schema: SchemaFiles.text("sqlite/views/timeline.sql"))

  let columns: [(table: String, columns: [String])] = [
    (
      "timeline_amendment",
      ["fact", "live", "disputed", "set_aside", "current", "on_text", "earliest", "latest", "data"]
    )
  ]

  func rows(of log: any EventLog, through: Position) async throws -> [[[SQLValue]]] {
    let store = Store(log: log, vocabulary: vocabulary)
    let amendments = try await log.read(
      EventQuery(types: Array(Amendment.types)), in: EventRange(through: through))
    return try await [
      store.facts(of: amendments, through: through).map { fact in
        [
          .integer(fact.position.rawValue), .integer(fact.isLive ? 1 : 0),
          .integer(fact.isDisputed ? 1 : 0),
          fact.setAsideBy.map { .integer($0.rawValue) } ?? .null,
          .integer(fact.current.rawValue),
          fact.time.map { .text($0.text) } ?? .null,
          fact.time.map { .integer($0.earliest - $0.offset) } ?? .null,
          fact.time.map { .integer($0.latest - $0.offset) } ?? .null,
          .text(String(decoding: JSONWriter.canonical(fact.data), as: UTF8.self)),
        ]
      }
    ]
  }
}
