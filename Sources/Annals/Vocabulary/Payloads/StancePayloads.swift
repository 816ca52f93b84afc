public import EventLog

/// An actor took a stance on a topic, for the first time or anew: declared by itself, attributed
/// to it by another actor, or inferred. Use statement.made, vote.cast or sponsorship.declared where the
/// position shows in one of those.
public struct StanceChanged: EventPayload {
  public static let type = EventType("stance.changed")

  /// Declared by the actor; attributed by another actor; inferred from what it did.
  public enum Basis: String, Codable, CaseIterable, Sendable {
    case declared, attributed, inferred
  }

  /// Whose position it is.
  public var actor: String
  /// Id of the topic.
  public var topic: String
  /// The position: 2 supports, 1 leans towards, 0 neither, -1 leans against, -2 opposes; or a label
  /// where no level fits.
  public var level: StatedLevel
  /// The position before, if the source gives it.
  public var from: StatedLevel?
  /// Last day on which it held, where it ended by itself: what held before holds again. Nil when
  /// only a newer position ended it.
  public var until: EDTF?
  /// How it is known.
  public var basis: Basis
  /// Who attributed or inferred it.
  public var assessor: String?

  public init(
    actor: String, topic: String, level: StatedLevel, from: StatedLevel? = nil, until: EDTF? = nil,
    basis: Basis, assessor: String? = nil
  ) {
    self.actor = actor
    self.topic = topic
    self.level = level
    self.from = from
    self.until = until
    self.basis = basis
    self.assessor = assessor
  }
}
