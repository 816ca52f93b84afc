import EventLog

/// What `init` made.
struct CreationAnswer: Answer {
  let path: String
  let events: Int
  let actors: Int
  let topics: Int

  var json: JSON {
    .members([
      "schema": "annals.init.v1", "store": .string(path), "events": .integer(Int64(events)),
      "actors": .integer(Int64(actors)), "topics": .integer(Int64(topics)),
    ])
  }
  var records: [JSON] { [json] }
  var sheet: Sheet {
    Sheet(
      columns: ["store", "events", "actors", "topics"],
      rows: [
        [
          .string(path), .integer(Int64(events)), .integer(Int64(actors)), .integer(Int64(topics)),
        ]
      ])
  }

  func lines(on terminal: Terminal) -> [String] {
    guard events > 0 else { return ["Created \(path.printable)"] }
    return [
      "Created \(path.printable) — \(events.grouped) events, \(actors.grouped) actors, "
        + (topics == 1 ? "1 topic" : "\(topics.grouped) topics")
    ]
  }
}
