public import EventLog

/// A roll call with its official tally.
public struct Tally: Hashable, Sendable {
  public var rollcall: String
  public var motion: String?
  public var on: String?
  public var yes: Int?
  public var no: Int?
  public var abstain: Int?
  public var absent: Int?
  public var result: String?
  /// The event that recorded it.
  public var position: Position

  /// `93–18–65`, or nil when no tally is recorded.
  public var text: String? {
    guard let yes, let no, let abstain else { return nil }
    return "\(yes)–\(no)–\(abstain)"
  }
}

extension Tally {
  /// What an official tally may say.
  public static let choices = ["yes", "no", "abstain", "absent"]

  /// The figure of a choice.
  public func votes(_ choice: String) -> Int? {
    switch choice {
    case "yes": yes
    case "no": no
    case "abstain": abstain
    case "absent": absent
    default: nil
    }
  }
}

/// How far the counted votes are from an official figure.
public struct TallyDifference: Hashable, Sendable {
  public var choice: String
  public var official: Int
  /// Counted minus official.
  public var low: Int
  public var high: Int
  /// Whether the count is taken without casting votes, because it is equal to the official one only
  /// without them.
  public var leavesOutCasting = false

  /// True when the count can be what the official figure says.
  public var agrees: Bool { low <= 0 && 0 <= high }
}

extension Store {
  /// The tallies recorded for a roll call, or for those on a motion; one per source that gave one.
  func tallies(tagged tag: Tag, through: Position) async throws -> [Tally] {
    let events = try await log.read(
      Amendment.query(["rollcall.held"], [tag]), in: EventRange(through: through))
    return try await facts(of: events, through: through).compactMap(tally)
  }

  func tally(_ fact: Fact) -> Tally? {
    guard fact.holds, fact.type == "rollcall.held", let id = fact.fields.rollcall else {
      return nil
    }
    let fields = fact.fields
    return Tally(
      rollcall: id, motion: fields.motion, on: fact.time?.text, yes: fields.official("yes"),
      no: fields.official("no"), abstain: fields.official("abstain"),
      absent: fields.official("absent"), result: fields.result, position: fact.position)
  }
}
