public import EventLog

/// Somebody drew a comparison, named a cause or motive, predicted something or gave context. It
/// stays a claim: a later claim.made that names it as target and carries check says whether it
/// held.
public struct ClaimMade: EventPayload {
  public static let type = EventType("claim.made")

  /// What sort of claim it is.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case comparison, cause, motive, prediction, context
  }

  /// Who makes the claim.
  public var claimant: String
  /// What sort of claim it is.
  public var kind: Kind
  /// What is claimed, in our own words.
  public var proposition: String
  /// What this concerns; the event is found under each of these.
  public var about: About?
  /// Only on a claim that checks an earlier one.
  public var check: Check?

  public init(
    claimant: String, kind: Kind, proposition: String, about: About? = nil, check: Check? = nil
  ) {
    self.claimant = claimant
    self.kind = kind
    self.proposition = proposition
    self.about = about
    self.check = check
  }

  /// The outcome of checking the claim that the event's target names.
  public struct Check: Codable, Hashable, Sendable {
    /// What the check found.
    public var result: String
    /// What it was checked against: roll calls, event ids, or a description.
    public var by: [String]

    public init(result: String, by: [String]) {
      self.result = result
      self.by = by
    }
  }
}
