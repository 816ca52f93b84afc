public import EventLog

/// A fact to be appended: its payload, and what is known about it around it.
///
/// ```swift
/// let vote = try NewFact(
///   VoteCast(rollcall: "un-ga/ES-11/7", voter: "USA", choice: Ballot(.no)),
///   on: EDTF("2025-02-24"), basis: .derived,
///   sources: [SourceReference("kremlin-praises-us", locator: "000-03")])
/// try await store.append(vote.line, options: AppendOptions(recorder: "ana"))
/// ```
public struct NewFact: Hashable, Sendable {
  public var type: EventType
  /// The payload.
  public var data: JSONObject
  /// Unique in the log. Nil lets it follow from the content: the same fact appended twice is
  /// stored once.
  public var id: EventID?
  /// When it was so in the world, exactly as certain as the source makes it; nil when the date is
  /// not known.
  public var on: EDTF?
  public var basis: DateBasis?
  public var sources: [SourceReference]
  /// Reporting chain, nearest to us first.
  public var via: [ReportLink]
  /// Nil stands for asserted.
  public var confidence: Confidence?
  /// Earlier events that this one is about.
  public var targets: [EventID]
  /// Why an earlier event is corrected, retracted, disputed or settled.
  public var reason: String?
  /// Remark of the recorder.
  public var note: String?

  /// Throws `EncodingError` when the payload is not an object of JSON, or holds a number that the
  /// log would not keep exactly.
  public init(
    _ payload: some EventPayload, id: EventID? = nil, on: EDTF? = nil, basis: DateBasis? = nil,
    sources: [SourceReference] = [], via: [ReportLink] = [], confidence: Confidence? = nil,
    targets: [EventID] = [], reason: String? = nil, note: String? = nil
  ) throws {
    guard case .object(let data) = try JSON(encoding: payload) else {
      throw EncodingError.invalidValue(
        payload, EncodingError.Context(codingPath: [], debugDescription: "expected an object"))
    }
    self.init(type: Swift.type(of: payload).type, data: data)
    self.id = id
    self.on = on
    self.basis = basis
    self.sources = sources
    self.via = via
    self.confidence = confidence
    self.targets = targets
    self.reason = reason
    self.note = note
  }

  /// A fact of a type for which there is no Swift structure; the rest of it can be set afterwards.
  public init(type: EventType, data: JSONObject) {
    self.type = type
    self.data = data
    sources = []
    via = []
    targets = []
  }

  /// The fact in the import format.
  public func json() -> JSONObject {
    var object: JSONObject = [:]
    func list(_ values: [JSONObject]) -> JSON? {
      values.isEmpty ? nil : .array(values.map(JSON.object))
    }
    object["id"] = id.map { .string($0.description) }
    object["type"] = .string(type.name)
    object["version"] = type.version == 1 ? nil : .integer(Int64(type.version))
    object["on"] = on.map { .string($0.text) }
    object["basis"] = basis.map { .string($0.rawValue) }
    object["data"] = .object(data)
    object["sources"] = list(sources.map { $0.json() })
    object["via"] = list(via.map { $0.json() })
    object["confidence"] = confidence.map { .string($0.rawValue) }
    let ids = targets.map { JSON.string($0.description) }
    object["target"] = ids.count > 1 ? .array(ids) : ids.first
    object["reason"] = reason.map(JSON.string)
    object["note"] = note.map(JSON.string)
    return object
  }

  /// The fact as one line of the import format, with its line end: lines can be joined as they are.
  public var line: [UInt8] { Array(JSONWriter.compact(.object(json())).utf8) + [0x0A] }
}
