public import EventLog

/// A person held an office. A statement counts for a state or organisation only when its speaker
/// held an office that spoke for it on that day.
public struct RoleHeld: EventPayload {
  public static let type = EventType("role.held")

  /// Who held the office.
  public var person: String
  /// State or organisation in whose name the office was held.
  public var organisation: String
  /// Title of the office.
  public var title: String
  /// Whether the holder spoke for the organisation.
  public var speaksFor: Bool
  /// When the office was certainly held: only as long as the source bears out.
  public var period: EDTF

  public init(person: String, organisation: String, title: String, speaksFor: Bool, period: EDTF) {
    self.person = person
    self.organisation = organisation
    self.title = title
    self.speaksFor = speaksFor
    self.period = period
  }
}

/// An actor was a member of a body, bloc or party. What counts for a vote is the membership on the
/// day of the vote.
public struct MembershipHeld: EventPayload {
  public static let type = EventType("membership.held")

  /// The member.
  public var actor: String
  /// The body, bloc or party.
  public var group: String
  /// When the membership lasted.
  public var period: EDTF

  public init(actor: String, group: String, period: EDTF) {
    self.actor = actor
    self.group = group
    self.period = period
  }
}
