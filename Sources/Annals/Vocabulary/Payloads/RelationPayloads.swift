public import EventLog

/// A source says how one actor stood to another: ally, feud, strategic partner.
public struct RelationAsserted: EventPayload {
  public static let type = EventType("relation.asserted")

  /// Whether the relation is friendly.
  public enum Polarity: String, Codable, CaseIterable, Sendable {
    case positive, neutral, negative
  }

  /// The actor described.
  public var a: String
  /// The actor it is related to.
  public var b: String
  /// The relation: `ally`, `feud`, `strategic partner`.
  public var kind: String
  /// How friendly the relation is.
  public var polarity: Polarity?
  /// What this concerns; the event is found under each of these.
  public var about: About?

  public init(a: String, b: String, kind: String, polarity: Polarity? = nil, about: About? = nil) {
    self.a = a
    self.b = b
    self.kind = kind
    self.polarity = polarity
    self.about = about
  }
}
