/// A named, versioned formula that turns evidence into a stance. A change of a formula is a new
/// version; old ones stay.
public enum Rule: String, CaseIterable, Sendable {
  /// The default: a line of steps, one for each piece of directed evidence that becomes the latest.
  case latest1 = "latest/1"
  /// A share of the strongly linked votes, per period.
  case record1 = "record/1"
  /// The older share of votes, for comparison.
  case classic1 = "classic/1"
  /// How far two actors voted alike.
  case agreement1 = "agreement/1"
  /// Who moved most from one roll call of a series to the next.
  case swing1 = "swing/1"

  public var name: String { rawValue }

  /// In one line.
  public var title: String {
    switch self {
    case .latest1: "The latest directed evidence gives the position"
    case .record1: "The share of strongly linked votes that went against the proposition"
    case .classic1: "The older distance: absences count half, informative votes a little"
    case .agreement1: "How far two actors voted alike in the same roll calls"
    case .swing1: "Who moved most from one roll call of a series to the next"
    }
  }

  /// The formula in words and figures, one paragraph per element.
  public var formula: [String] {
    switch self {
    case .latest1: Self.latestFormula
    case .record1: Self.recordFormula
    case .classic1: Self.classicFormula
    case .agreement1: Self.agreementFormula
    case .swing1: Self.swingFormula
    }
  }

  /// The share and its words under this rule; nil where the rule gives none.
  func share(_ counts: VoteCounts) -> Share? {
    switch self {
    case .latest1, .agreement1, .swing1: nil
    case .record1: RecordRule.share(counts)
    case .classic1: ClassicRule.share(counts)
    }
  }

  private static let latestFormula = [
    """
    Evidence on an actor and a topic: its votes in roll calls that are linked to the topic (directly, \
    or through their motion), its sponsorships of linked motions, statements with a stance on the \
    topic by somebody who spoke for the actor on that day, and stance.changed events.
    """,
    """
    Levels: 2 supports, 1 leans for, 0 neutral, -1 leans against, -2 opposes. A vote on a strong link \
    is 2 for the choice that supports the proposition, -2 for the other, 0 for an abstention; a set \
    of choices is the interval of its values. A sponsorship that was joined is 2, one that was \
    declined or withdrawn -1. Absences and informative links have no direction: shown, no step.
    """,
    """
    Each piece of evidence counts from the day by whose end it had certainly happened (with \
    --possibly: may have happened). The stance on a day is that of the latest evidence, in the \
    order: first possible day, last possible day, kind (recorded vote before declared change before \
    sponsorship before statement), time of day, and the position of the event that first recorded \
    it. So a late correction of an old fact does not outweigh a newer fact.
    """,
    """
    A stance that ended by itself (until) gives way to what held before it. "No data" is not 0.
    """,
  ]

  private static let recordFormula = [
    """
    Strongly linked votes whose date falls certainly into the period. Different from the proposition \
    10 of 10 points, same 0 of 10, abstention 5 of 10, absence 0 of 0.
    """,
    "score = points / available; \"no data\" when nothing is available. 0 is with the proposition.",
    """
    Then two caps, in this order. More than one absence: a score of at most 0.05 becomes 0.06, one \
    of at least 0.95 becomes 0.94. At least one absence, and absences at least a third of the votes: \
    at most 0.15 becomes 0.16, at least 0.85 becomes 0.84.
    """,
    """
    In words: up to 0.05 consistently for, up to 0.15 almost always for, up to 0.30 generally for, \
    up to 0.40 tended to be for, up to 0.60 a mixture, and mirrored for against.
    """,
    """
    A share is given per period and never for all time alone: one figure for all time hides a \
    reversal. A vote known only as a set of choices is left out and named.
    """,
  ]

  private static let classicFormula = [
    """
    Strong links: same as the proposition 0 of 50 points, different 50 of 50, absent or abstaining \
    25 of 50. Informative links: same 0 of 10, different 10 of 10, absent or abstaining 1 of 2.
    """,
    "score = points / available; \"no data\" when nothing is available. 0 is with the proposition.",
    "It counts an absence as half a vote, and is kept only to compare with older figures.",
  ]
}
