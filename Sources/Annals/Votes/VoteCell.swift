/// What is recorded of one actor's vote in one roll call: a byte of the grid.
struct VoteCell: RawRepresentable, Hashable, Sendable {
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }

  static let unrecorded = VoteCell(rawValue: 0)
  static let yes = VoteCell(rawValue: 1)
  static let no = VoteCell(rawValue: 2)
  static let abstain = VoteCell(rawValue: 3)
  static let absent = VoteCell(rawValue: 4)
  static let notVoting = VoteCell(rawValue: 5)
  static let ineligible = VoteCell(rawValue: 6)
  static let pairedYes = VoteCell(rawValue: 7)
  static let pairedNo = VoteCell(rawValue: 8)
  static let both = VoteCell(rawValue: 9)
  /// One of several choices.
  static let open = VoteCell(rawValue: 10)
  /// Accounts contradict each other.
  static let conflict = VoteCell(rawValue: 11)

  /// How many different cells there are.
  static let count = 12

  /// What accounts of a vote come to.
  init(_ reading: VoteReading) {
    if reading.any.isEmpty {
      self = .unrecorded
    } else if reading.isContradictory {
      self = .conflict
    } else if reading.common.rawValue.nonzeroBitCount > 1 {
      self = .open
    } else {
      self.init(rawValue: UInt8(reading.common.rawValue.trailingZeroBitCount + 1))
    }
  }

  /// `yes`, `not-voting` …; `open`, `conflict`, `unrecorded`.
  var name: String {
    switch self {
    case .unrecorded: "unrecorded"
    case .open: "open"
    case .conflict: "conflict"
    default: ChoiceSet.names[Int(rawValue) - 1]
    }
  }

  /// Yes, abstain and no stand in a row, one apart; nothing else has a place there.
  var place: Int? {
    switch self {
    case .yes: 1
    case .abstain: 2
    case .no: 3
    default: nil
    }
  }
}
