public import EventLog

/// An actor entered the record: a state, person, organisation, body, bloc, or somebody whom the
/// source does not name. Use it once for each actor, before the first event that names it.
public struct ActorRegistered: EventPayload {
  public static let type = EventType("actor.registered")

  /// What the actor is; anonymous for persons or groups that the source does not name.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case state, person, organisation, body, bloc, anonymous
  }

  /// Id of the actor. States have their ISO 3166-1 alpha-3 code (dissolved ones the withdrawn
  /// code), all others a short readable id.
  public var actor: String
  /// What the actor is.
  public var kind: Kind
  /// Main name. It must belong to this actor alone.
  public var name: String

  public init(actor: String, kind: Kind, name: String) {
    self.actor = actor
    self.kind = kind
    self.name = name
  }
}

/// An actor has another name: a spelling, a short form, a metonym such as a capital. Names given
/// here resolve to the actor wherever an actor is asked for.
public struct ActorNamed: EventPayload {
  public static let type = EventType("actor.named")

  /// Id of the actor.
  public var actor: String
  /// The further name. It must belong to this actor alone.
  public var name: String
  /// Language of the name.
  public var language: String?
  /// When the name was in use.
  public var period: EDTF?

  public init(actor: String, name: String, language: String? = nil, period: EDTF? = nil) {
    self.actor = actor
    self.name = name
    self.language = language
    self.period = period
  }
}

/// An actor has an identifier in a known scheme. Use it to join the record to other data sets.
public struct ActorIdentified: EventPayload {
  public static let type = EventType("actor.identified")

  /// Id of the actor.
  public var actor: String
  /// Scheme of the identifier: iso3, cow, wikidata, undl, icpsr or another one.
  public var scheme: String
  /// The identifier as the scheme writes it.
  public var value: String

  public init(actor: String, scheme: String, value: String) {
    self.actor = actor
    self.scheme = scheme
    self.value = value
  }
}

/// Two actor ids turned out to mean the same actor. The losing id keeps resolving, to the winning
/// one.
public struct ActorMerged: EventPayload {
  public static let type = EventType("actor.merged")

  /// The id that stays.
  public var winner: String
  /// The id that now leads to the winner.
  public var loser: String

  public init(winner: String, loser: String) {
    self.winner = winner
    self.loser = loser
  }
}

/// One actor took the place of another: a successor state, a renamed body. Both stay actors of
/// their own; use actor.merged for two ids of one actor.
public struct ActorSucceeded: EventPayload {
  public static let type = EventType("actor.succeeded")

  /// The actor that came before.
  public var predecessor: String
  /// The actor that followed.
  public var successor: String

  public init(predecessor: String, successor: String) {
    self.predecessor = predecessor
    self.successor = successor
  }
}
