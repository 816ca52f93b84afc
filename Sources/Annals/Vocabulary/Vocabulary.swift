import CSchema
public import EventLog

/// An event type of the vocabulary: its name and version, and the schema of its payload.
public final class EventTypeDefinition: Sendable {
  public let type: EventType
  public let schema: JSONSchema
  /// False for the types that a user added with a folder of schema files.
  public let isBuiltIn: Bool
  /// The schema as written.
  public let text: [UInt8]

  init(type: EventType, schema: JSONSchema, isBuiltIn: Bool, text: [UInt8]) {
    self.type = type
    self.schema = schema
    self.isBuiltIn = isBuiltIn
    self.text = text
  }

  /// Whether events of this type say something of an earlier event, which they name, and why.
  package var isAmendment: Bool { Amendment.types.contains(type.name) }

  /// The kind of entity that events of this type bring into being, and where its id stands.
  var defines: (kind: EntityKind, path: [String])? {
    guard let (kind, path) = schema.defines.first, let kind = EntityKind(rawValue: kind) else {
      return nil
    }
    return (kind, path)
  }
}

/// What events can refer to: each must have been defined by an event before it is referred to.
public enum EntityKind: String, CaseIterable, Sendable {
  case actor, topic, motion, rollcall, source

  /// For messages: "roll call".
  public var noun: String { self == .rollcall ? "roll call" : rawValue }
}

/// The event types that a store accepts: the built-in ones, and a user's own.
public struct Vocabulary: Sendable {
  /// By name, then by version.
  private var definitions: [String: [Int: EventTypeDefinition]] = [:]
  /// Whether any type has more than one version.
  private(set) var hasVersions = false
  /// Structure of a line of the import format.
  let envelope: JSONSchema

  /// The types of `Schema/events`, compiled into the program.
  public static let builtIn: Vocabulary = {
    do { return try Vocabulary() } catch { preconditionFailure("built-in schema: \(error)") }
  }()

  private init() throws {
    let files = SchemaFiles.all
    guard let envelope = files["envelope.v1.json"] else { throw Problems([]) }
    self.envelope = try JSONSchema(parsing: envelope, file: "envelope.v1.json")
    for (path, bytes) in files where path.hasPrefix("events/") {
      try add(bytes, file: String(path.dropFirst("events/".count)), isBuiltIn: true)
    }
  }

  /// This vocabulary with a user's own types: one schema per file, named `TYPE.vN.json`.
  ///
  /// Throws every fault of every file: a keyword that is not supported, a name that is taken.
  public func adding(_ files: [(name: String, bytes: [UInt8])]) throws -> Vocabulary {
    var larger = self
    var problems = ProblemList()
    for (name, bytes) in files {
      do {
        try larger.add(bytes, file: name, isBuiltIn: false)
      } catch let faults as Problems {
        problems.append(contentsOf: faults.problems, more: faults.more)
      }
    }
    try problems.throwIfAny()
    return larger
  }

  private mutating func add(_ bytes: [UInt8], file: String, isBuiltIn: Bool) throws {
    guard let type = Self.type(ofFile: file) else {
      throw Problems([
        Problem(
          .badSchema, "\(file) is not named after an event type",
          help: "name it TYPE.vVERSION.json, such as strike.held.v1.json")
      ])
    }
    if definitions[type.name]?[type.version] != nil {
      throw Problems([
        Problem(
          .badSchema, "\(file): the event type \(type) is in the vocabulary already",
          help: "choose another name, or the next version")
      ])
    }
    let schema = try JSONSchema(parsing: bytes, file: file)
    let kinds = schema.defines.map(\.kind)
    if kinds.count > 1 || kinds.contains(where: { EntityKind(rawValue: $0) == nil }) {
      throw Problems([
        Problem(
          .badSchema, "\(file): x-annals-defines names \(kinds.joined(separator: ", "))",
          help: "it can name one of \(EntityKind.allCases.map(\.rawValue).joined(separator: ", "))")
      ])
    }
    definitions[type.name, default: [:]][type.version] = EventTypeDefinition(
      type: type, schema: schema, isBuiltIn: isBuiltIn, text: bytes)
    hasVersions = hasVersions || definitions[type.name].map { $0.count > 1 } ?? false
  }

  /// `vote.cast.v1.json` → `vote.cast`, 1.
  static func type(ofFile file: String) -> EventType? {
    guard file.hasSuffix(".json") else { return nil }
    let stem = file.dropLast(".json".count)
    guard let dot = stem.lastIndex(of: "."), dot != stem.startIndex else { return nil }
    let version = stem[stem.index(after: dot)...]
    guard version.first == "v", let number = Int(version.dropFirst()), number > 0 else {
      return nil
    }
    let name = String(stem[..<dot])
    let allowed = name.utf8.allSatisfy {
      ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2E || $0 == 0x2D
    }
    return allowed ? EventType(name, version: number) : nil
  }

  /// The newest version of a type, or the one asked for; nil when there is none.
  public func definition(_ name: String, version: Int? = nil) -> EventTypeDefinition? {
    guard let versions = definitions[name] else { return nil }
    return version.map { versions[$0] } ?? versions[versions.keys.max() ?? 0]
  }

  /// Every version of a type, the oldest first.
  func versions(of name: String) -> [EventTypeDefinition] {
    (definitions[name] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
  }

  /// Every type, newest version each, by name.
  public var types: [EventTypeDefinition] {
    definitions.keys.sorted().compactMap { definition($0) }
  }

  /// The types that define entities of a kind: `rollcall.held` for roll calls.
  func definers(of kind: EntityKind) -> [String] {
    types.filter { $0.defines?.kind == kind }.map(\.type.name)
  }
}

/// The files of `Schema/`, `Events/` and `Templates/` that are compiled into the program.
package enum SchemaFiles {
  /// A text file; the list of files in `Schema/schema.c` is under test.
  static func text(_ path: String) -> String {
    String(decoding: all[path] ?? [], as: UTF8.self)
  }

  /// Contents by path below `Schema/`; `Events/…` for the shipped record, `Templates/…` for reports.
  package static let all: [String: [UInt8]] = {
    var files: [String: [UInt8]] = [:]
    for index in 0..<annals_schema_file_count {
      guard let file = annals_schema_files?[index] else { continue }
      files[String(cString: file.name)] = Array(
        UnsafeBufferPointer(start: file.bytes, count: file.length))
    }
    return files
  }()
}

/// The record that is shipped with the program: NDJSON files in the order to import them.
public enum ShippedRecord {
  public static var files: [(name: String, bytes: [UInt8])] {
    SchemaFiles.all.filter { $0.key.hasPrefix("Events/") }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }
}
