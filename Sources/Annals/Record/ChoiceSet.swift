import EventLog

/// What a vote is known to have been: one choice, or several of which one is true.
struct ChoiceSet: OptionSet, Hashable, Sendable {
  let rawValue: UInt16

  static let names = [
    "yes", "no", "abstain", "absent", "not-voting", "ineligible", "paired-yes", "paired-no",
  ]

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

  var names: [String] {
    Self.names.indices.filter { rawValue & 1 << UInt16($0) != 0 }.map { Self.names[$0] }
  }

  /// What is known of a vote from several accounts: what all of them allow. When nothing is left they
  /// contradict each other, and it may have been whatever any of them says.
  static func known(from accounts: [ChoiceSet]) -> (choices: ChoiceSet, isContradictory: Bool) {
    let common = accounts.reduce(ChoiceSet(rawValue: .max)) { $0.intersection($1) }
    guard common.isEmpty else { return (common, false) }
    return (accounts.reduce([]) { $0.union($1) }, true)
  }

  /// The levels of the choices that have a direction; nil when none has (an absence).
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
