/// What the words of a data set stand for. Case does not count, nor whether a space, a hyphen or
/// an underscore stands between words.
enum PopoloWords {
  /// The choices that an option of a vote leaves open: one, or several; nil for an unknown one.
  static func choices(_ option: String) -> [String]? { options[folded(option)] }

  /// Whether the word says that the voter told the votes, for the side that `choices` says.
  static func isTeller(_ word: String) -> Bool {
    ["teller", "tellaye", "tellno"].contains(folded(word))
  }

  /// Whether the word says that the vote is the casting vote of a presiding officer.
  static func isCasting(_ word: String) -> Bool {
    ["casting", "casting-vote", "casting-voter", "tie-breaker", "tiebreaker", "tie-breaking-vote"]
      .contains(folded(word))
  }

  /// The choices of a voter who took no part by arrangement with one of the other side.
  static func paired(_ choices: [String]) -> [String] {
    choices.map { ["yes": "paired-yes", "no": "paired-no"][$0] ?? $0 }
  }

  /// The option that an unknown word resembles.
  static func option(near text: String, _ suggester: inout Suggester) -> String? {
    if suggester.isSpent { return nil }
    guard let near = suggester.nearest(to: folded(text), among: options.keys.sorted()),
      let choices = options[near]
    else { return nil }
    return (choices.count == 1 ? choices[0] : near).replacing("-", with: " ")
  }

  /// The result of a vote in the words of the record; nil for an unknown one.
  static func result(_ text: String) -> String? { results[folded(text)] }

  /// What an organisation of this classification is.
  static func kind(_ classification: String?) -> String {
    classification.flatMap { kinds[folded($0)] } ?? "organisation"
  }

  static func folded(_ text: String) -> String {
    text.lowercased().split { $0 == " " || $0 == "-" || $0 == "_" }.joined(separator: "-")
  }

  private static let options: [String: [String]] = [
    "yes": ["yes"], "y": ["yes"], "aye": ["yes"], "yea": ["yes"], "for": ["yes"],
    "in-favour": ["yes"], "in-favor": ["yes"],
    "no": ["no"], "n": ["no"], "nay": ["no"], "noe": ["no"], "against": ["no"],
    "abstain": ["abstain"], "abstained": ["abstain"], "abstention": ["abstain"],
    "abstaining": ["abstain"],
    "absent": ["absent"], "excused": ["absent"],
    "not-voting": ["not-voting"], "did-not-vote": ["not-voting"],
    "ineligible": ["ineligible"], "not-eligible": ["ineligible"],
    "paired-yes": ["paired-yes"], "paired-no": ["paired-no"],
    "paired-for": ["paired-yes"], "paired-against": ["paired-no"],
    // The source does not say which of the two.
    "paired": ["paired-yes", "paired-no"],
    // An abstention in some parliaments, no vote at all in others.
    "present": ["abstain", "not-voting"],
    // Neither for nor against; the source does not say what.
    "other": ["abstain", "absent", "not-voting"],
    "both": ["both"],
    "tellaye": ["yes"], "tellno": ["no"],
  ]

  private static let results: [String: String] = [
    "pass": "adopted", "passed": "adopted", "adopted": "adopted", "agreed": "adopted",
    "agreed-to": "adopted", "carried": "adopted", "accepted": "adopted", "approved": "adopted",
    "fail": "rejected", "failed": "rejected", "rejected": "rejected", "defeated": "rejected",
    "negatived": "rejected", "lost": "rejected", "not-adopted": "rejected",
    "not-agreed": "rejected", "vetoed": "vetoed", "tie": "tied", "tied": "tied",
    "no-quorum": "no-quorum", "annulled": "annulled", "void": "annulled", "unknown": "unknown",
  ]

  private static let kinds: [String: String] = [
    "legislature": "body", "parliament": "body", "chamber": "body", "upper-house": "body",
    "lower-house": "body", "upper-chamber": "body", "lower-chamber": "body", "upper": "body",
    "lower": "body", "senate": "body", "assembly": "body", "council": "body",
    "committee": "body", "subcommittee": "body", "commission": "body", "court": "body",
    "party": "bloc", "political-party": "bloc", "faction": "bloc", "group": "bloc",
    "political-group": "bloc", "parliamentary-group": "bloc", "caucus": "bloc",
    "coalition": "bloc", "alliance": "bloc", "bloc": "bloc",
    "state": "state", "country": "state", "member-state": "state",
  ]
}
