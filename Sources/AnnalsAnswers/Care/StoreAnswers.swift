public import EventLog

/// `init`: what was made.
public struct CreationAnswer: Answer {
  public let store: String
  public let events: Int
  public let actors: Int
  public let topics: Int

  public init(store: String, events: Int, actors: Int, topics: Int) {
    self.store = store
    self.events = events
    self.actors = actors
    self.topics = topics
  }

  public var json: JSON {
    .members([
      "schema": "annals.init.v2", "store": .string(store), "events": .whole(events),
      "actors": .whole(actors), "topics": .whole(topics),
    ])
  }
  public var records: [JSON] { [json] }
  public var sheet: Sheet {
    Sheet(
      columns: ["store", "events", "actors", "topics"],
      rows: [[.string(store), .whole(events), .whole(actors), .whole(topics)]])
  }
}

/// `backup`: what the copy holds.
public struct BackupAnswer: Answer {
  public let file: String
  public let head: LogHead
  public let root: [UInt8]
  public let bytes: Int

  public init(file: String, head: LogHead, root: [UInt8], bytes: Int) {
    self.file = file
    self.head = head
    self.root = root
    self.bytes = bytes
  }

  public var json: JSON {
    .members([
      "schema": "annals.backup.v2", "file": .string(file), "seq": .integer(head.position.rawValue),
      "recorded": .text(head.recorded?.description), "root": .string(root.hexDigits),
      "bytes": .whole(bytes),
    ])
  }
  public var records: [JSON] { [json] }
  public var sheet: Sheet {
    Sheet(
      columns: ["file", "seq", "recorded", "root", "bytes"],
      rows: [
        [
          .string(file), .integer(head.position.rawValue), .text(head.recorded?.description),
          .string(root.hexDigits), .whole(bytes),
        ]
      ])
  }
}

/// `doctor`: the state of the program and the store, as names and values.
public struct DoctorAnswer: Answer {
  public private(set) var rows: [(name: String, value: String)] = []

  public init() {}

  public mutating func add(_ name: String, _ value: String) { rows.append((name, value)) }

  public var json: JSON { .members(["schema": "annals.doctor.v2", "rows": .array(records)]) }
  public var records: [JSON] {
    rows.map { .members(["name": .string($0.name), "value": .string($0.value)]) }
  }
  public var sheet: Sheet {
    Sheet(columns: ["name", "value"], rows: rows.map { [.string($0.name), .string($0.value)] })
  }
}
