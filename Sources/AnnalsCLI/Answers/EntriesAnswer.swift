import Annals
import EventLog

/// `timeline`, `log` and `search`: facts, one per line.
struct EntriesAnswer: Answer {
  let schema: String
  let entries: [TimelineEntry]
  let knownBy: RecordState
  /// Members that say what was asked.
  var question: KeyValuePairs<String, JSON?> = [:]
  /// True for facts with all that was said about them, false for the log's events one by one, which
  /// are shown with who recorded them.
  let isFacts: Bool
  /// Whether the events that corrected or disputed a fact are shown to people below it.
  var showsHistory = false

  var json: JSON {
    var object: JSONObject = ["schema": .string(schema)]
    for (key, value) in question { object[key] = value }
    object["knownBy"] = knownBy.json
    object["count"] = .integer(Int64(entries.count))
    object["entries"] = .array(entries.map(Self.json))
    return .object(object)
  }

  private static func json(_ entry: TimelineEntry) -> JSON {
    let fact = entry.fact
    guard case .object(var object) = entry.evidenceJSON else { return .null }
    object["basis"] = .text(fact.basis)
    object["live"] = .bool(fact.isLive)
    object["disputed"] = .bool(fact.isDisputed)
    object["setAsideBy"] = fact.setAsideBy.map { .integer($0.rawValue) }
    object["recorded"] = .string(fact.root.batch.recorded.description)
    object["recorder"] = .string(fact.root.batch.recorder)
    object["data"] = fact.data
    object["chain"] = .array(
      fact.chain.map { event in
        .members([
          "seq": .integer(event.position.rawValue), "id": .string(event.id.description),
          "type": .string(event.type.name),
        ])
      })
    return .object(object)
  }

  /// The events behind the entries in the import format, in log order. What was said about a fact
  /// comes with it where the entries are facts, so that an import of these lines says the same.
  var records: [JSON] {
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

  var sheet: Sheet {
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

  func lines(on terminal: Terminal) -> [String] {
    var columns: [Table.Column] = [
      .init("on"), .init("what", give: 1), .init("source", give: 2), .init("event", right: true),
    ]
    if !isFacts { columns += [.init("recorded"), .init("by", give: 1)] }
    var table = Table(columns)
    for entry in entries {
      let fact = entry.fact
      let marks = fact.marks
      table.rows.append(
        cells(
          on: fact.time?.text ?? "undated", what: entry.summary + marks, source: fact.shownSource,
          fact.root, terminal))
      guard showsHistory else { continue }
      for event in fact.chain {
        table.rows.append(
          cells(on: "", what: "  └ \(event.type.name)", source: "", event, terminal))
      }
    }
    return table.lines(width: terminal.width, palette: terminal.output)
  }

  private func cells(
    on: String, what: String, source: String, _ event: RecordedEvent, _ terminal: Terminal
  ) -> [String] {
    var cells = [on, what, source, event.position.description]
    if !isFacts {
      cells += [
        DateText.recorded(event.batch.recorded, delayDays: nil, on: terminal),
        event.batch.recorder,
      ]
    }
    return cells.map(\.printable)
  }
}

extension Fact {
  /// What a reader must not overlook, after the summary.
  var marks: String {
    var marks: [String] = []
    if !isLive { marks.append("retracted") }
    if isDisputed { marks.append("disputed") }
    if let setAsideBy { marks.append("set aside by \(setAsideBy)") }
    if let resolvedBy { marks.append("resolved by \(resolvedBy)") }
    if current != position { marks.append("corrected by \(current)") }
    if confidence != "asserted" { marks.append(confidence) }
    return marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"
  }
}
