public import EventLog

extension Store {
  /// Hands out the log as lines of the import format, in log order, each with a line end.
  ///
  /// `seq`, `recorded`, `recorder`, `batch` and its note, `salt` and `leaf` stand beside what was
  /// appended. An import passes over them, so that the lines of one log give the same events in the
  /// same order in another; `restore` makes the same log of them.
  /// The lines are one state of the log, and all of it is durable; see `EventLog.export`.
  public func export(
    after: Position = .start, through: Position = Position(.max), _ write: ([UInt8]) throws -> Void
  ) async throws {
    try await log.export(in: EventRange(after: after, through: through)) { event in
      try write(Self.exportLine(event))
    }
  }

  /// One event as a line of the import format, with what the log gave it beside.
  public static func exportLine(_ event: RecordedEvent) -> [UInt8] {
    var object = exportObject(event)
    object["batchNote"] = event.batch.note.map(JSON.string)
    if !event.isErased { object["salt"] = .string(event.salt.hexDigits) }
    object["leaf"] = .string(event.leafHash.hexDigits)
    // What a correction is filed under does not follow from its own line.
    if event.type.name == "fact.corrected" {
      object["tags"] = .array(event.event.tags.map { .string($0.description) })
    }
    return Array((JSONWriter.compact(.object(object)) + "\n").utf8)
  }

  /// The same as a value.
  public static func exportObject(_ event: RecordedEvent) -> JSONObject {
    var object: JSONObject = [
      "id": .string(event.id.description), "type": .string(event.type.name),
      "version": .integer(Int64(event.type.version)),
    ]
    if let time = event.event.time { object["on"] = .string(time.text) }
    var tape = JSONTape()
    if (try? tape.parse(event.event.body)) != nil, let body = tape.value(tape.root).object {
      for field in ["basis", "data", "sources", "via", "confidence", "reason", "note"] {
        if let value = body[field] { object[field] = value }
      }
    }
    if let erasure = event.erasure {
      object["data"] = .object([:])
      object["erased"] = .object([
        "by": .integer(erasure.by.rawValue),
        "commitment": .string(erasure.commitment.hexDigits),
      ])
    }
    let targets = event.event.targets.map { JSON.string($0.description) }
    if !targets.isEmpty { object["target"] = targets.count == 1 ? targets[0] : .array(targets) }
    object["seq"] = .integer(event.position.rawValue)
    object["recorded"] = .string(event.batch.recorded.description)
    object["recorder"] = .string(event.batch.recorder)
    object["batch"] = .integer(event.batch.first.rawValue)
    return object
  }
}
