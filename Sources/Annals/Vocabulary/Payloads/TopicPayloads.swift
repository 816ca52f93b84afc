public import EventLog

/// A topic was opened: a proposition that one can support or oppose. Positions are always positions
/// on a topic.
public struct TopicDefined: EventPayload {
  public static let type = EventType("topic.defined")

  /// Id of the topic.
  public var topic: String
  /// The proposition, worded so that supporting it and opposing it are both clear.
  public var proposition: String
  /// The wider topic this one belongs to.
  public var parent: String?
  /// How the proposition is to be read; what it leaves out.
  public var notes: String?

  public init(topic: String, proposition: String, parent: String? = nil, notes: String? = nil) {
    self.topic = topic
    self.proposition = proposition
    self.parent = parent
    self.notes = notes
  }
}

/// An editor judged that a motion or a roll call bears on a topic, and in which direction. Name
/// exactly one of the two: a motion makes its sponsorships count, a roll call its votes. Retract
/// the event to unlink.
public struct TopicLinked: EventPayload {
  public static let type = EventType("topic.linked")

  /// Which choice supports the proposition.
  public enum SupportingChoice: String, Codable, CaseIterable, Sendable {
    case yes, no
  }

  /// strong: makes a step in the position; informative: shown beside it only.
  public enum Strength: String, Codable, CaseIterable, Sendable {
    case strong, informative
  }

  /// Id of the topic.
  public var topic: String
  /// The motion that bears on it; nil when `rollcall` is given.
  public var motion: String?
  /// The roll call that bears on it; nil when `motion` is given.
  public var rollcall: String?
  /// Which choice supports the proposition.
  public var supporting: SupportingChoice
  /// Whether it makes a step in the position.
  public var strength: Strength
  /// Why it bears on the topic, and why so strongly.
  public var rationale: String

  public init(
    topic: String, motion: String? = nil, rollcall: String? = nil, supporting: SupportingChoice,
    strength: Strength, rationale: String
  ) {
    self.topic = topic
    self.motion = motion
    self.rollcall = rollcall
    self.supporting = supporting
    self.strength = strength
    self.rationale = rationale
  }
}

/// A topic is no longer used for new links and stances. What was recorded on it stays.
public struct TopicRetired: EventPayload {
  public static let type = EventType("topic.retired")

  /// Id of the topic.
  public var topic: String
  /// The topic to use from now on.
  public var replacedBy: String?

  public init(topic: String, replacedBy: String? = nil) {
    self.topic = topic
    self.replacedBy = replacedBy
  }
}
