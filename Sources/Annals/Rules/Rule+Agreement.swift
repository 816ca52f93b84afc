extension Rule {
  /// The rules that give a stance on a day.
  public static let ofLines: [Rule] = [.latest2, .latest1]

  /// The rules that give a stance, on a day or as a share of a period; the others compare votes with
  /// votes.
  public static let ofStances: [Rule] = ofLines + [.record1, .classic1]

  public static let ofSwings: [Rule] = [.swing2, .swing1]

  /// Whether the rule gives a stance on a day.
  public var givesLine: Bool { Self.ofLines.contains(self) }

  static let agreementFormula: [Help] = [
    """
    The roll calls in which both chose yes, abstain or no, coded 1, 2, 3. n is how many these are. \
    agreement = mean(1 - |x-y|/2): 1 for the same choice, 0.5 when one of the two abstained, 0 for \
    yes against no.
    """,
    """
    S = 1 - mean|x-y| = 2 * agreement - 1. identical is the share of x = y. kappa and pi are \
    1 - D_o/D_e with D_o = mean|x-y| and D_e what the margins give by chance: of both apart (kappa), \
    or of their average (pi). Where D_e is 0 they are undefined, which is not 0.
    """,
    """
    Absences are counted apart: absent, not voting and paired take no part, so they are neither yes \
    nor no; so is a vote for and against. A casting vote counts where its voter has no vote as a member. \
    Ineligible and unrecorded are neither choice nor absence. A vote known only as a set of choices, or \
    of which accounts contradict each other, is left out and counted as open.
    """,
    """
    A roll call counts for a period when its date lies certainly in it; years are calendar years. \
    Sessions are compared as numbers, and Roman numerals (to XXXIX) are read as such. Unanimous \
    roll calls count unless they are left out (\(option: "contested")). A figure for all years \
    hides a reversal: the years stand beside it. Below 10 common roll calls a figure is marked as thin.
    """,
    """
    Worked: same 17, half 20, opposite 52 of n 89 gives agreement 27/89 = 0.303371 and S = -0.393258.
    """,
  ]

  static let swing2Order: Help = """
    Roll calls with the same first and last possible day are ordered by their times of day. If the times \
    do not give the order, and an actor chose differently in these roll calls, the rule ignores the \
    choices of that actor in them: the last choice is unknown.
    """

  static let swing1Order: Help = """
    Roll calls with the same first and last possible day are ordered by their times of day, then by \
    their place in the log.
    """

  static func swingFormula(_ order: Help) -> [Help] {
    [
      """
      A series is the roll calls that are linked strongly to one topic, or those of one body whose \
      motions have the same title: without its case, what follows " : ", and a closing "resolution …". \
      They stand in order of their first possible day; undated ones are left out.
      """,
      order,
      """
      A swing is a step between two consecutive choices of one actor in a series; roll calls in which \
      it chose none of yes, abstain and no lie between them. Its size is 2 for yes against no, 1 where \
      one of the two is an abstention. On a topic the choices are those for and against its \
      proposition, whichever way a roll call was linked.
      """,
      """
        held counts the equal choices in a row before the swing, kept counts those from the swing on. A \
      swing is confirmed if the next choice is the same, reversed if the next choice is different, and \
      last if there is no next choice yet.
      """,
      """
      Largest first: by size, then by the smaller of held and kept, then by their sum, then the later \
      one. So a step between two long habits comes before one that lasted a single vote.
      """,
    ]
  }
}
