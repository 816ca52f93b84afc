public import EventLog

/// Somebody said or wrote something. The text is a paraphrase of our own or the quoted words; the
/// stance is given only where the words bear it out.
public struct StatementMade: EventPayload {
  public static let type = EventType("statement.made")

  /// The quoted words; a paraphrase; a translation of written words; interpreted from speech.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case quote, paraphrase, translation, interpreted
  }

  /// Who spoke.
  public var speaker: String
  /// For whom, if not for themselves.
  public var onBehalfOf: String?
  /// How the source gives the words.
  public var kind: Kind
  /// What was said.
  public var text: String
  /// Where, or through which medium.
  public var venue: String?
  /// To whom.
  public var audience: String?
  /// What this concerns; the event is found under each of these.
  public var about: About?
  /// Only where the words bear it out.
  public var stance: Stance?
  /// Whether it was said under a condition.
  public var conditional: Bool?
  /// Id of the vote.cast event that this statement explains.
  public var explains: EventID?
  /// How the voter says that it had meant to vote, where its vote is recorded otherwise.
  public var meant: Meant?

  public init(
    speaker: String, onBehalfOf: String? = nil, kind: Kind, text: String, venue: String? = nil,
    audience: String? = nil, about: About? = nil, stance: Stance? = nil,
    conditional: Bool? = nil, explains: EventID? = nil, meant: Meant? = nil
  ) {
    self.speaker = speaker
    self.onBehalfOf = onBehalfOf
    self.kind = kind
    self.text = text
    self.venue = venue
    self.audience = audience
    self.about = about
    self.stance = stance
    self.conditional = conditional
    self.explains = explains
    self.meant = meant
  }

  /// The position that the words express.
  public struct Stance: Codable, Hashable, Sendable {
    /// Id of the topic.
    public var topic: String
    /// The level: 2 supports, 1 leans towards, 0 neither, -1 leans against, -2 opposes.
    public var level: Int

    public init(topic: String, level: Int) {
      self.topic = topic
      self.level = level
    }
  }

  /// A vote as it was meant.
  public struct Meant: Codable, Hashable, Sendable {
    /// Id of the roll call.
    public var rollcall: String
    /// The choice that was meant.
    public var choice: VoteChoice

    public init(rollcall: String, choice: VoteChoice) {
      self.rollcall = rollcall
      self.choice = choice
    }
  }
}
