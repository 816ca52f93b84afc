import EventLog

/// What a vote is known to have been: one choice, or several of which one is true.
struct ChoiceSet: OptionSet, Hashable, Sendable {
  let rawValue: UInt16

  static let names = [
    "yes", "no", "abstain", "absent", "not-voting", "ineligible", "paired-yes", "paired-no",
    "both",
  ]

  static let yes = ChoiceSet(rawValue: 1 << 0)
  static let no = ChoiceSet(rawValue: 1 << 1)
  static let absent = ChoiceSet(rawValue: 1 << 3)
  static let notVoting = ChoiceSet(rawValue: 1 << 4)
  static let both = ChoiceSet(rawValue: 1 << 8)

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Reads `"no"` or `["no", "abstain"]`.
  init?(_ json: JSON) {
    var bits: UInt16 = 0
    for choice in json.array ?? [json] {
      guard let index = choice.string.flatMap(Self.names.firstIndex) else { return nil }
      bits |= 1 << UInt16(index)
    }
    guard bits != 0 else { return nil }
    rawValue = bits
  }

  /// Places of the choices in `names`.
  var indices: [Int] { Self.names.indices.filter { rawValue & 1 << UInt16($0) != 0 } }

  var names: [String] { indices.map { Self.names[$0] } }

  /// The tallies that may count such a vote: those of its choices, and who voted for and against is
  /// counted in both.
  var tallies: ChoiceSet { contains(.both) ? union([.yes, .no]) : self }

  /// The tallies that count such a vote whichever of its choices it was.
  var certainTallies: ChoiceSet {
    indices.map { ChoiceSet(rawValue: 1 << UInt16($0)).tallies }
      .reduce(tallies) { $0.intersection($1) }
  }

  /// In words: "no or abstain".
  var text: String { names.joined(separator: " or ") }

  /// The levels of the choices that have a direction; nil when none has (an absence, a vote
  /// both ways).
  func level(supportingYes: Bool) -> Level? {
    let values = names.compactMap { name -> Int? in
      switch name {
      case "yes", "paired-yes": supportingYes ? 2 : -2
      case "no", "paired-no": supportingYes ? -2 : 2
      case "abstain": 0
      default: nil
      }
    }
    guard let low = values.min(), let high = values.max() else { return nil }
    return Level(low: low, high: high)
  }
}

/// The choices that several accounts of one vote leave possible.
struct VoteReading: Hashable, Sendable {
  /// The choices that all accounts allow; empty where accounts contradict each other.
  private(set) var common: ChoiceSet = []
  /// The choices that at least one account names; empty without accounts.
  private(set) var any: ChoiceSet = []

  init(common: ChoiceSet = [], any: ChoiceSet = []) { (self.common, self.any) = (common, any) }

  init(_ accounts: some Sequence<ChoiceSet>) {
    for choices in accounts { add(choices) }
  }

  mutating func add(_ choices: ChoiceSet) {
    common = any.isEmpty ? choices : common.intersection(choices)
    any.formUnion(choices)
  }

  var isContradictory: Bool { common.isEmpty && !any.isEmpty }

  /// The choices of which one was the vote: the common choices, or all named choices where accounts
  /// contradict each other.
  var known: ChoiceSet { isContradictory ? any : common }

  /// The index of the account that speaks for the vote: the account with the fewest choices, of equals
  /// the first. Nil without accounts.
  static func main(of accounts: some Collection<ChoiceSet>) -> Int? {
    accounts.enumerated().min {
      $0.element.rawValue.nonzeroBitCount < $1.element.rawValue.nonzeroBitCount
    }?.offset
  }
}
