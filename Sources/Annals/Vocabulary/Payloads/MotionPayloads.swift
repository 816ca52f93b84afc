public import EventLog

/// A motion was put before a body: a draft resolution, a bill, an amendment with a vote of its own.
/// One motion may have several roll calls.
public struct MotionTabled: EventPayload {
  public static let type = EventType("motion.tabled")

  /// Id of the motion: its symbol where it has one.
  public var motion: String
  /// The body it was put before.
  public var body: String
  /// Official symbol, as printed.
  public var symbol: String?
  /// Title, official or descriptive.
  public var title: String
  /// What the motion says, in short.
  public var text: String?
  /// The motion this one amends, divides or derives from.
  public var parent: String?

  public init(
    motion: String, body: String, symbol: String? = nil, title: String, text: String? = nil,
    parent: String? = nil
  ) {
    self.motion = motion
    self.body = body
    self.symbol = symbol
    self.title = title
    self.text = text
    self.parent = parent
  }
}

/// The text of a motion was changed, or a change was proposed and its fate is known. Use
/// motion.tabled with a parent for an amendment that had a roll call of its own.
public struct MotionAmended: EventPayload {
  public static let type = EventType("motion.amended")

  /// What became of it.
  public enum Outcome: String, Codable, CaseIterable, Sendable {
    case adopted, rejected, withdrawn, unknown
  }

  /// Id of the motion.
  public var motion: String
  /// Who proposed the change.
  public var by: [String]?
  /// What the change was, in short.
  public var text: String
  /// What became of it.
  public var outcome: Outcome?

  public init(motion: String, by: [String]? = nil, text: String, outcome: Outcome? = nil) {
    self.motion = motion
    self.by = by
    self.text = text
    self.outcome = outcome
  }
}

/// A motion was taken back before it was decided.
public struct MotionWithdrawn: EventPayload {
  public static let type = EventType("motion.withdrawn")

  /// Id of the motion.
  public var motion: String
  /// Who withdrew it.
  public var by: [String]?
  /// The reason that was given for it.
  public var explanation: String?

  public init(motion: String, by: [String]? = nil, explanation: String? = nil) {
    self.motion = motion
    self.by = by
    self.explanation = explanation
  }
}
