import Annals
import AnnalsAnswers
import EventLog

/// Words for votes: choices, tallies, dates, shares.
enum VoteWords {
  // MARK: Choices

  /// A choice in a roll call, as a member made it.
  static func did(_ choice: String) -> String {
    switch choice {
    case "yes": "voted yes"
    case "no": "voted no"
    case "abstain": "abstained"
    case "absent": "absent"
    case "not-voting": "present without voting"
    case "ineligible": "without a right to vote"
    case "paired-yes": "paired for"
    case "paired-no": "paired against"
    case "both": "voted for and against"
    default: choice
    }
  }

  /// The class of its sign, the sign, and the class of its fill in a drawing. A sign says how the choice
  /// bears on the motion: yes is for it, no against it.
  static func sign(_ choice: String) -> (name: String, sign: String, fill: String) {
    switch choice {
    case "yes": ("s2", "▲", "f2")
    case "no": ("n2", "▼", "m2")
    case "abstain": ("s0", "–", "f0")
    case "paired-yes": ("s1", "△", "f1")
    case "paired-no": ("n1", "▽", "m1")
    default: ("un", "·", "none")
    }
  }

  /// A sign and words.
  static func mark(_ choice: String, _ words: String) -> HTML {
    let (name, sign, _) = sign(choice)
    return "<span class=\"lv \(name)\"><i aria-hidden=\"true\">\(sign)</i>\(words)</span>"
  }

  /// "yes"; "no or abstain" where it is open.
  static func or(_ choices: [String]) -> String { choices.joined(separator: " or ") }

  // MARK: Tallies

  /// A count: one number, or the least and the most.
  static func range(_ low: Int, _ high: Int) -> String {
    low == high ? Words.figure(low) : "\(Words.figure(low)) to \(Words.figure(high))"
  }

  /// "93 voted yes, 18 voted no and 65 abstained".
  static func sentence(_ counts: [(choice: String, count: String)]) -> String {
    Words.list(
      counts.map { choice, count in
        switch choice {
        case "absent", "not-voting", "ineligible", "paired-yes", "paired-no":
          "\(count) \(count == "1" ? "was" : "were") \(did(choice))"
        default: "\(count) \(did(choice))"
        }
      })
  }

  /// The result as the opening of a sentence.
  static func result(_ result: String?) -> String {
    switch result {
    case nil, "unknown": "Result not recorded"
    case "no-quorum": "No quorum"
    case let result?: Words.sentence(result)
    }
  }

  /// How far a count is from the official figures: "no difference"; "yes −1, absent 0 to 2".
  static func differences(_ differences: [TallyDifference]) -> String {
    let apart = differences.filter { $0.low != 0 || $0.high != 0 }
    if apart.isEmpty { return "no difference" }
    func signed(_ number: Int) -> String { number > 0 ? "+\(number)" : Words.figure(number) }
    return apart.map { difference in
      let (low, high) = (difference.low, difference.high)
      return low == high
        ? "\(difference.choice) \(signed(low))"
        : "\(difference.choice) \(signed(low)) to \(signed(high))"
    }.joined(separator: ", ")
  }

  // MARK: Dates and texts

  /// A date of the record: "24 February 2025"; as it is written where it is no single day.
  static func date(_ text: String?) -> String {
    guard let text else { return "undated" }
    return CalendarDay(text).map { Words.day($0.number) } ?? text
  }

  /// A text that is cut where it is long.
  static func cut(_ text: String, to length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }

  // MARK: Shares

  /// Figures over fewer common roll calls are withheld: one more vote could turn them round.
  static let least = 20

  /// "72%"; nil where the figure is withheld.
  static func share(_ figures: AgreementFigures) -> String? {
    guard figures.n >= least, let agreement = figures.agreement else { return nil }
    return percent(agreement.value)
  }

  static func percent(_ value: Double) -> String { "\(hundredths(value))%" }

  static func hundredths(_ value: Double) -> Int { Int((value * 100).rounded()) }
}
