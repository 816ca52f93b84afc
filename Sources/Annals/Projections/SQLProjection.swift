public import EventLog

/// A view of the user's own: tables, and statements for types of events, written in SQL.
///
/// Read from a file by `SQLProjection.read`. A log that was opened with it keeps it current with
/// each append; `Store.replay` and `Store.check` treat it like the built-in views.
public struct SQLProjection: InlineProjection {
  public let definition: ProjectionDefinition
  public let types: [String]
  private let rules: [String: [SQLRule]]

  init(definition: ProjectionDefinition, rules: [String: [SQLRule]]) {
    self.definition = definition
    self.rules = rules
    types = rules.keys.sorted()
  }

  public func statements(
    for event: RecordedEvent, past: any LogPast
  ) throws -> [ProjectionStatement] {
    let rules = rules[event.type.name] ?? []
    if rules.isEmpty { return [] }
    let values = SQLEventValues(event, past)
    return try rules.map { rule in
      ProjectionStatement(rule.sql, rows: [try rule.parameters.map(values.value)])
    }
  }
}

/// A statement to be run for each event of a type.
struct SQLRule: Sendable {
  var sql: String
  /// What is bound, in the order in which the parameters first stand in the statement.
  var parameters: [SQLParameter]
}

/// What a parameter stands for.
enum SQLParameter: Hashable, Sendable {
  case envelope(SQLEnvelopeName)
  /// A field of the payload, by its path.
  case field([String])
}

/// `:name`: what stands around the payload.
enum SQLEnvelopeName: String, CaseIterable, Sendable {
  case seq, id, type, version, on, earliest, latest, basis, confidence, recorded, recorder, batch
  case target, targets, root, reason, note, source, sources, via, data
}

/// The values that one event gives to parameters.
struct SQLEventValues {
  private let event: RecordedEvent
  private let past: any LogPast
  private let body: JSON

  init(_ event: RecordedEvent, _ past: any LogPast) {
    self.event = event
    self.past = past
    // The log holds only bodies that were checked; one that was damaged reads as an empty one.
    body = (try? JSON(parsing: event.event.body)) ?? .null
  }

  func value(_ parameter: SQLParameter) throws -> SQLValue {
    switch parameter {
    case .envelope(let name): try value(name)
    case .field(let path): Self.value(path.reduce(body["data"]) { $0?[$1] })
    }
  }

  private func value(_ name: SQLEnvelopeName) throws -> SQLValue {
    switch name {
    case .seq: .integer(event.position.rawValue)
    case .id: .text(event.id.description)
    case .type: .text(event.type.name)
    case .version: .integer(Int64(event.type.version))
    case .on: event.event.time.map { .text($0.text) } ?? .null
    case .earliest: event.event.time.map { .integer($0.earliest) } ?? .null
    case .latest: event.event.time.map { .integer($0.latest) } ?? .null
    case .recorded: .text(event.batch.recorded.description)
    case .recorder: .text(event.batch.recorder)
    case .batch: .integer(event.batch.first.rawValue)
    case .target: try event.event.targets.first.map(position) ?? .null
    case .targets: try targets()
    case .root: .integer(try root(of: event).rawValue)
    case .source: source
    case .basis, .confidence, .reason, .note, .sources, .via, .data:
      Self.value(body[name.rawValue])
    }
  }

  /// A JSON value as SQL has it: lists and objects as their text, what is missing as NULL.
  private static func value(_ value: JSON?) -> SQLValue {
    switch value {
    case nil, .null: .null
    case .bool(let flag): .integer(flag ? 1 : 0)
    case .integer(let number): .integer(number)
    case .number(let number): .real(number)
    case .string(let text): .text(text)
    case .array, .object:
      .text(String(decoding: JSONWriter.canonical(value ?? .null), as: UTF8.self))
    }
  }

  private func position(of target: EventID) throws -> SQLValue {
    try past.position(of: target).map { .integer($0.rawValue) } ?? .null
  }

  private func targets() throws -> SQLValue {
    if event.event.targets.isEmpty { return .null }
    let positions = try event.event.targets.compactMap { try past.position(of: $0) }
    return Self.value(.array(positions.map { .integer($0.rawValue) }))
  }

  /// The first source with the place in it, as on the command line.
  private var source: SQLValue {
    guard let first = body["sources"]?.array?.first, let id = first["source"]?.string else {
      return .null
    }
    return .text(first["locator"]?.string.map { "\(id):\($0)" } ?? id)
  }

  /// The fact behind an event: what it amends, past corrections of that; itself when it amends
  /// nothing.
  private func root(of event: RecordedEvent) throws -> Position {
    var root = event
    var isFirst = true
    while let kind = AmendmentState.kind(of: root.type.name), isFirst || kind == .correction,
      let id = root.event.targets.first, let position = try past.position(of: id)
    {
      root = try past.event(at: position)
      isFirst = false
    }
    return root.position
  }
}
