/// A named, versioned formula that turns evidence into a stance. A change of a formula is a new
/// version; old ones stay.
public enum Rule: String, CaseIterable, Sendable {
  /// The default: a line of steps, one for each piece of directed evidence that becomes the latest.
  case latest2 = "latest/2"
  /// The same as it was before: within a day the kind of evidence outweighs the time of day.
  case latest1 = "latest/1"
  /// A share of the strongly linked votes, per period.
  case record1 = "record/1"
  /// The older share of votes, for comparison.
  case classic1 = "classic/1"
  /// How far two actors voted alike.
  case agreement1 = "agreement/1"
  /// Who moved most from one roll call of a series to the next.
  case swing2 = "swing/2"
  /// The same as it was before: within a day the log gives the order of roll calls.
  case swing1 = "swing/1"

  public var name: String { rawValue }

  /// In one line.
  public var title: String {
    switch self {
    case .latest2: "The latest directed evidence gives the stance"
    case .latest1: "As latest/2, but within a day the kind of evidence goes before the time"
    case .record1: "The share of strongly linked votes that went against the proposition"
    case .classic1: "The older distance: absences count half, informative votes a little"
    case .agreement1: "How far two actors voted alike in the same roll calls"
    case .swing2: "Who moved most from one roll call of a series to the next"
    case .swing1: "As swing/2, but within a day the order of the log counts"
    }
  }

  /// The formula in words and figures, one paragraph per element.
  public func formula(for face: Face) -> [String] { paragraphs.map { $0.words(for: face) } }

  private var paragraphs: [Help] {
    switch self {
    case .latest2: Self.evidenceFormula + Self.latest2Formula
    case .latest1: Self.evidenceFormula + Self.latest1Formula
    case .record1: Self.recordFormula
    case .classic1: Self.classicFormula
    case .agreement1: Self.agreementFormula
    case .swing2: Self.swingFormula(Self.swing2Order)
    case .swing1: Self.swingFormula(Self.swing1Order)
    }
  }

  /// The share and its words under this rule; nil where the rule gives none.
  func share(_ counts: VoteCounts) -> Share? {
    switch self {
    case .latest2, .latest1, .agreement1, .swing2, .swing1: nil
    case .record1: RecordRule.share(counts)
    case .classic1: ClassicRule.share(counts)
    }
  }

  private static let evidenceFormula: [Help] = [
    """
    Evidence on an actor and a topic: its votes in roll calls that are linked to the topic (directly, \
    or through their motion), its sponsorships of linked motions, its stance.changed events, and \
    statements with a stance on the topic: its own, and those of a person who spoke for it. A person \
    speaks for an organisation on a day that an office (role.held with speaksFor) covers or may cover; \
    a statement that names another organisation (onBehalfOf) does not count.
    """,
    """
    Levels: 2 supports, 1 leans for, 0 neutral, -1 leans against, -2 opposes. A vote on a strong link \
    is 2 for the choice that supports the proposition, -2 for the other, 0 for an abstention. A paired \
    vote counts as the side for which it was paired. Who voted as a member and gave a casting vote too \
    counts with the vote as a member; a casting vote alone counts as a vote. A set of choices is the \
    interval of the values that its choices have; a set of absences has none. Several accounts of one vote are one piece of \
    evidence: the choices that all accounts allow, or all named choices where accounts contradict each \
    other. A sponsorship that was joined is 2, one that was declined or withdrawn -1; 2 becomes -2 and \
    -1 becomes 1 where no supports the proposition. Absences and informative links have no level: they \
    are listed and make no step.
    """,
    """
    Each piece of evidence counts from the day by whose end it had certainly happened (with \
    \(option: "possibly"): may have happened). The stance on a day is that of the latest evidence. \
    Evidence with the later first possible day is later; of the same first possible day, evidence \
    with the later last possible day.
    """,
  ]

  private static let latest2Formula: [Help] = [
    """
    Evidence with the same first and last possible day: a piece with a time of day that certainly lies \
    before the time of another piece is not the latest. Of the others the strongest kind is the latest \
    (recorded vote, then declared change, then sponsorship, then statement). If several pieces of that \
    kind differ in level, their order is not known: the stance is the interval of their levels, which \
    is told in a remark, and neither counts as a change of stance.
    """,
    """
    A statement made under a condition (conditional) makes no step. A statement by a person who held \
    offices in several organisations on that day counts for none of them unless it names one.
    """,
    """
    A stance that ended by itself (until) gives way to what held before it. "No data" is not 0.
    """,
  ]

  private static let latest1Formula: [Help] = [
    """
    Evidence with the same first and last possible day stands in the order: kind (recorded vote before \
    declared change before sponsorship before statement), time of day, and the position of the event \
    that first recorded it. So a late correction of an old fact does not outweigh a newer fact.
    """,
    """
    A stance that ended by itself (until) gives way to what held before it. "No data" is not 0.
    """,
  ]

  private static let recordFormula: [Help] = [
    """
    Strongly linked votes whose date falls certainly into the period. Different from the proposition \
    10 of 10 points, same 0 of 10, abstention 5 of 10, absence 0 of 0. A paired vote counts as the side \
    for which it was paired; a casting vote counts where its voter has no vote as a member. Absent and not voting are both absences, and so is a vote that was one of \
    the two. Ineligible voters are left out.
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
    reversal. Several accounts of one vote are one vote. A vote that is known only as a set of choices \
    with different points is left out and named.
    """,
  ]

  private static let classicFormula: [Help] = [
    """
    Strong links: same as the proposition 0 of 50 points, different 50 of 50, absent or abstaining \
    25 of 50. Informative links: same 0 of 10, different 10 of 10, absent or abstaining 1 of 2. \
    Paired votes, casting votes, sets of choices and several accounts of one vote count as under record/1.
    """,
    "score = points / available; \"no data\" when nothing is available. 0 is with the proposition.",
    "It counts an absence as half a vote, and is kept only to compare with older figures.",
  ]
}
