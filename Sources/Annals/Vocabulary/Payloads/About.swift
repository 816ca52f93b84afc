/// What this concerns; the event is found under each of these.
public struct About: Codable, Hashable, Sendable {
  /// Topics it concerns.
  public var topics: [String]?
  /// Motions it concerns.
  public var motions: [String]?
  /// Roll calls it concerns.
  public var rollcalls: [String]?
  /// Actors it concerns, beside those named elsewhere in the event.
  public var actors: [String]?

  public init(
    topics: [String]? = nil, motions: [String]? = nil, rollcalls: [String]? = nil,
    actors: [String]? = nil
  ) {
    self.topics = topics
    self.motions = motions
    self.rollcalls = rollcalls
    self.actors = actors
  }
}
