import EventLog

/// How the date of a fact is known.
public enum DateBasis: String, Codable, CaseIterable, Sendable {
  /// The source prints it.
  case explicit
  /// It follows from what the source prints: "Monday", "the next day".
  case derived
  /// It was judged from the context.
  case inferred
  case unknown
}

/// How firmly a source puts a fact.
public enum Confidence: String, Codable, CaseIterable, Sendable {
  case asserted, reported, alleged, disputed
}

/// A source of a fact, and where in it the fact stands.
public struct SourceReference: Codable, Hashable, Sendable {
  /// How the source bears on the fact.
  public enum Relation: String, Codable, CaseIterable, Sendable {
    case states, implies, contradicts
  }

  /// Id of a captured source, or a web address.
  public var source: String
  /// A page, a paragraph, the number of a fact.
  public var locator: String?
  /// The few words it rests on, as the source prints them.
  public var quote: String?
  /// Nil stands for states.
  public var relation: Relation?

  public init(
    _ source: String, locator: String? = nil, quote: String? = nil, relation: Relation? = nil
  ) {
    self.source = source
    self.locator = locator
    self.quote = quote
    self.relation = relation
  }

  func json() -> JSONObject {
    var object: JSONObject = ["source": .string(source)]
    object["locator"] = locator.map(JSON.string)
    object["quote"] = quote.map(JSON.string)
    object["relation"] = relation.map { .string($0.rawValue) }
    return object
  }
}

/// One link of the chain over which a report reached the source.
public struct ReportLink: Codable, Hashable, Sendable {
  /// What passed the report on.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case outlet, agency, person, anonymous, document
  }

  public var kind: Kind
  /// Nil where the source gives none.
  public var name: String?
  /// What else is known about it.
  public var note: String?

  public init(_ kind: Kind, name: String? = nil, note: String? = nil) {
    self.kind = kind
    self.name = name
    self.note = note
  }

  func json() -> JSONObject {
    var object: JSONObject = ["kind": .string(kind.rawValue)]
    object["name"] = name.map(JSON.string)
    object["note"] = note.map(JSON.string)
    return object
  }
}
