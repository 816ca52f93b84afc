extension Rule {
  /// The rules that give a position; the others compare votes with votes.
  public static let ofStances: [Rule] = [.latest1, .record1, .classic1]

  static let agreementFormula = [
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
    nor no. Ineligible and unrecorded are neither choice nor absence. A vote known only as a set of \
    choices, or of which accounts contradict each other, is left out and counted as open.
    """,
    """
    A roll call counts for a period when its date lies certainly in it; years are calendar years. \
    Sessions are compared as numbers, and Roman numerals (to XXXIX) are read as such. Unanimous \
    roll calls count unless they are left out (--contested). A figure for all years hides a \
    reversal: the years stand beside it. Below 10 common roll calls a figure is marked as thin.
    """,
    """
    Worked: same 17, half 20, opposite 52 of n 89 gives agreement 27/89 = 0.303371 and S = -0.393258.
    """,
  ]

  static let swingFormula = [
    """
    A series is the roll calls that are linked strongly to one topic, or those of one body whose \
    motions have the same title: without its case, what follows " : ", and a closing "resolution …". \
    They stand in order of their first possible day, then of the log; undated ones are left out.
    """,
    """
    A swing is a step between two consecutive choices of one actor in a series; roll calls in which \
    it chose none of yes, abstain and no lie between them. Its size is 2 for yes against no, 1 where \
    one of the two is an abstention. On a topic the choices are those for and against its \
    proposition, whichever way a roll call was linked.
    """,
    """
    held is how many choices in a row were the same before the swing, kept how many were after it. A \
    swing is confirmed when the next choice was the same again, reversed when it was another, and \
    last when there is none yet.
    """,
    """
    Largest first: by size, then by the smaller of held and kept, then by their sum, then the later \
    one. So a step between two long habits comes before one that lasted a single vote.
    """,
  ]
}
