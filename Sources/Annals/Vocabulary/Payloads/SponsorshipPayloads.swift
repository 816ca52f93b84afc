public import EventLog

/// An actor put its name to a motion, refused to, or took it back. Give `count` instead of `actor`
/// when only a number is known ("over 50 countries").
public struct SponsorshipDeclared: EventPayload {
  public static let type = EventType("sponsorship.declared")

  /// author: drafted or brought it; co-sponsor: formally signed it; backer: stood behind it.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case author
    case coSponsor = "co-sponsor"
    case backer
  }

  /// Joined, declined to join, or withdrew after joining.
  public enum Answer: String, Codable, CaseIterable, Sendable {
    case joined, declined, withdrew
  }

  /// The sponsor; nil where only their number is known.
  public var actor: String?
  /// Given instead of `actor` where only a number is known.
  public var count: Count?
  /// Id of the motion.
  public var motion: String
  /// What it was to the motion.
  public var kind: Kind
  /// Whether it put its name to it.
  public var answer: Answer

  public init(
    actor: String? = nil, count: Count? = nil, motion: String, kind: Kind, answer: Answer
  ) {
    self.actor = actor
    self.count = count
    self.motion = motion
    self.kind = kind
    self.answer = answer
  }

  /// A number of sponsors without names.
  public struct Count: Codable, Hashable, Sendable {
    /// The least number that the source allows.
    public var atLeast: Int
    /// Of what: countries, members.
    public var of: String

    public init(atLeast: Int, of: String) {
      self.atLeast = atLeast
      self.of = of
    }
  }
}
