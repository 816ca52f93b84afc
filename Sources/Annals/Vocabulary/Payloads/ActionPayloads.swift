public import EventLog

/// Actors did something, planned it, or left it undone: a meeting, an annexation, a deal that was
/// not signed. A planned action is confirmed or cancelled by a later event.
public struct ActionTaken: EventPayload {
  public static let type = EventType("action.taken")

  /// Where it stood on that date.
  public enum Status: String, Codable, CaseIterable, Sendable {
    case done, planned, cancelled
    case notDone = "not-done"
    case ongoing
  }

  /// Who acted.
  public var actors: [String]
  /// What the action was, as a short noun phrase.
  public var act: String
  /// What or whom it was directed at. Name actors in about.actors too.
  public var target: String?
  /// Where it stood on that date.
  public var status: Status
  /// What came of it.
  public var outcome: String?
  /// What this concerns; the event is found under each of these.
  public var about: About?

  public init(
    actors: [String], act: String, target: String? = nil, status: Status,
    outcome: String? = nil, about: About? = nil
  ) {
    self.actors = actors
    self.act = act
    self.target = target
    self.status = status
    self.outcome = outcome
    self.about = about
  }
}
