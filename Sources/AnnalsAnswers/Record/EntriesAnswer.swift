public import Annals
public import EventLog

/// `timeline`, `log` and `search`: facts or events, one per row.
public struct EntriesAnswer: Answer {
  public let schema: String
  /// Members that say what was asked.
  public let question: JSONObject
  public let entries: [TimelineEntry]
  public let knownBy: RecordState
  /// True for facts with all that was said about them, false for the log's events one by one.
  public let isFacts: Bool
  /// Facts of a timeline that were left out: undated, or not certain by the moment asked about.
  public private(set) var leftOut = 0
  /// The moment asked about.
  public private(set) var on: String?

  /// `timeline`: the facts about all of the subjects, in the order of the world.
  public init(_ timeline: Timeline) {
    schema = "annals.timeline.v2"
    question = JSONObject(members: [
      "subjects": .texts(timeline.subjects.map(\.id)), "on": .text(timeline.on),
      "uncertain_left_out": .whole(timeline.leftOut),
    ])
    leftOut = timeline.leftOut
    on = timeline.on
    entries = timeline.entries
    knownBy = timeline.knownBy
    isFacts = true
  }

  /// `log`: events about all of the subjects, as they were appended. Where a limit leaves some out,
  /// `next` is the position to continue after.
  public static func log(
    about subjects: [String], _ filter: LogFilter, knownBy: KnownBy?, in store: Store
  ) async throws -> EntriesAnswer {
    var wanted = filter
    wanted.limit = filter.limit.map { $0 + 1 }
    let (entries, state) = try await store.log(subjects, filter: wanted, knownBy: knownBy)
    let shown = filter.limit.map { Array(entries.prefix($0)) } ?? entries
    let next = shown.count < entries.count ? shown.last?.fact.position : nil
    return EntriesAnswer(
      schema: "annals.log.v2",
      question: JSONObject(members: [
        "subjects": .texts(subjects), "next": .whole(next?.rawValue),
      ]), entries: shown, knownBy: state)
  }

  private init(
    schema: String, question: JSONObject, entries: [TimelineEntry], knownBy: RecordState
  ) {
    self.schema = schema
    self.question = question
    self.entries = entries
    self.knownBy = knownBy
    isFacts = false
  }

  /// `search`: events in which the text occurs.
  public init(found entries: [TimelineEntry], text: String, knownBy: RecordState) {
    self.init(
      schema: "annals.search.v2", question: JSONObject(members: ["text": .string(text)]),
      entries: entries, knownBy: knownBy)
  }

  public var json: JSON {
    var object: JSONObject = ["schema": .string(schema)]
    object.add(question)
    object["known_by"] = knownBy.json
    object["n"] = .whole(entries.count)
    object["entries"] = .array(entries.map(Self.json))
    return .object(object)
  }

  private static func json(_ entry: TimelineEntry) -> JSON {
    let fact = entry.fact
    var object = entry.evidence
    object["basis"] = .text(fact.basis)
    object["live"] = .bool(fact.isLive)
    object["disputed"] = .bool(fact.isDisputed)
    object["set_aside_by"] = .whole(fact.setAsideBy?.rawValue)
    object["recorded"] = .string(fact.root.batch.recorded.description)
    object["recorder"] = .string(fact.root.batch.recorder)
    object["data"] = fact.data
    object["chain"] = fact.chainJSON
    return .object(object)
  }

  /// The events behind the entries in the import format, in log order. What was said about a fact
  /// comes with it where the entries are facts, so that an import of these lines says the same.
  public var records: [JSON] {
    var events: [Position: RecordedEvent] = [:]
    for entry in entries {
      for event in [entry.fact.root] + (isFacts ? entry.fact.chain : []) {
        events[event.position] = event
      }
    }
    return events.values.sorted { $0.position < $1.position }.map {
      .object(Store.exportObject($0))
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: [
        "seq", "on", "type", "summary", "source", "confidence", "recorded", "recorder", "live",
        "disputed", "id",
      ],
      rows: entries.map { entry in
        let fact = entry.fact
        return [
          .integer(fact.position.rawValue), .text(fact.time?.text), .string(fact.type),
          .string(entry.summary), .text(fact.source), .string(fact.confidence),
          .string(fact.root.batch.recorded.description), .string(fact.root.batch.recorder),
          .bool(fact.isLive), .bool(fact.isDisputed), .string(fact.root.id.description),
        ]
      })
  }
}
