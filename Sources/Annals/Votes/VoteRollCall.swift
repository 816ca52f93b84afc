import EventLog

/// A roll call in the grid of votes: what accounts say of it, and what its recorded votes come to.
struct VoteRollCall: Hashable, Sendable {
  var id: String
  /// Accounts of the roll call itself that hold.
  var accounts = 0
  var motion: String?
  var title: String?
  var body: String?
  var session: String?
  /// When it was held, as the most exact account has it.
  var on: String?
  var earliest: Int64?
  var latest: Int64?
  var method: String?
  var result: String?
  var members: Int?
  /// In the order of `Tally.choices`; nil where no account says it, or where they differ.
  var official: [Int?] = [nil, nil, nil, nil]
  /// The choices on which accounts differ.
  var contested: [String] = []
  /// Votes of which the choice is certain, in the order of `ChoiceSet.names`.
  var certain = [Int](repeating: 0, count: ChoiceSet.names.count)
  var open = 0
  var conflicts = 0
  /// What votes that are open or contradictory may have been, in the same order.
  var perhaps = [Int](repeating: 0, count: ChoiceSet.names.count)
  /// Those of them that were absent or not voting, whichever: both are one place of an official tally.
  var away = 0
  /// Those that were absent, not voting or something else.
  var perhapsAway = 0

  init(id: String) { self.id = id }

  /// One account of a roll call that holds.
  typealias Account = (time: ValidTime?, fields: PayloadFields)

  /// Takes what the accounts say, which are in log order.
  mutating func take(
    _ held: [Account], titles: [String: String], canonical: (String) -> String
  ) {
    accounts = held.count
    // The account that dates the roll call most exactly; of equals the first.
    guard let main = held.min(by: { $0.time.uncertainty < $1.time.uncertainty }) else { return }
    motion = main.fields.motion
    title = motion.flatMap { titles[$0] }
    body = main.fields.body.map(canonical)
    session = held.lazy.compactMap { $0.fields.session }.first
    (on, earliest, latest) = (main.time?.text, main.time?.earliest, main.time?.latest)
    method = main.fields.method
    result = main.fields.result
    members = held.compactMap { $0.fields.members }.last
    for (index, choice) in Tally.choices.enumerated() {
      let figures = Set(held.compactMap { $0.fields.official(choice) })
      if figures.count == 1 { official[index] = figures.first }
      if figures.count > 1 { contested.append(choice) }
    }
  }

  /// Counts a vote.
  mutating func count(_ reading: VoteReading) {
    let cell = VoteCell(reading)
    switch cell {
    case .unrecorded: return
    case .open, .conflict:
      if cell == .open { open += 1 } else { conflicts += 1 }
      let choices = reading.known
      let absences: ChoiceSet = [.absent, .notVoting]
      if choices.isSuperset(of: absences) {
        if choices == absences { away += 1 } else { perhapsAway += 1 }
      }
      for index in ChoiceSet.names.indices where choices.rawValue & 1 << UInt16(index) != 0 {
        perhaps[index] += 1
      }
    default: certain[Int(cell.rawValue) - 1] += 1
    }
  }

  /// Voters of whom anything is recorded.
  var recorded: Int { certain.reduce(open + conflicts, +) }

  /// False for a decision without a vote, and where nothing but its name is known.
  var hasVotes: Bool { recorded > 0 }

  /// True when it was certainly held within these seconds.
  func isCertainly(within seconds: Range<Int64>) -> Bool {
    guard let earliest, let latest else { return false }
    return seconds.lowerBound <= earliest && latest <= seconds.upperBound
  }

  /// How far the count is from the official figure of a choice, where there is one.
  func difference(_ choice: Int) -> TallyDifference? {
    official[choice].map { difference(choice, from: $0) }
  }

  /// How far the count is from a figure for a choice.
  func difference(_ choice: Int, from official: Int) -> TallyDifference {
    // A tally has one place for all who took no part, present or not.
    let isAbsence = Tally.choices[choice] == "absent"
    let places = isAbsence ? [3, 4] : [choice]
    let low = places.reduce(isAbsence ? away : 0) { $0 + certain[$1] }
    // A voter who was absent or not voting counts once, not under both.
    let twice = isAbsence ? 2 * away + perhapsAway : 0
    let high = low + places.reduce(-twice) { $0 + perhaps[$1] }
    return TallyDifference(
      choice: Tally.choices[choice], official: official, low: low - official,
      high: high - official)
  }

  var differences: [TallyDifference] {
    Tally.choices.indices.compactMap { difference($0) }
  }
}

// MARK: as a row

extension VoteRollCall {
  private static let awayKey = "absent or not-voting"
  private static let perhapsAwayKey = "absent, not-voting or another"

  /// The columns behind the number.
  static let columns = [
    "rollcall", "accounts", "motion", "title", "body", "session", "on_text", "earliest", "latest",
    "method", "result", "members", "official_yes", "official_no", "official_abstain",
    "official_absent", "contested", "yes", "no", "abstain", "absent", "not_voting", "ineligible",
    "paired_yes", "paired_no", "open", "conflict", "perhaps",
  ]

  var row: [SQLValue] {
    func text(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }
    func number(_ number: Int?) -> SQLValue { number.map { .integer(Int64($0)) } ?? .null }
    let pairs =
      ChoiceSet.names.indices.filter { perhaps[$0] > 0 }
      .map { "\"\(ChoiceSet.names[$0])\":\(perhaps[$0])" }
      + [(Self.awayKey, away), (Self.perhapsAwayKey, perhapsAway)].filter { $0.1 > 0 }
      .map { "\"\($0)\":\($1)" }
    return [
      .text(id), number(accounts), text(motion), text(title), text(body), text(session), text(on),
      earliest.map(SQLValue.integer) ?? .null, latest.map(SQLValue.integer) ?? .null, text(method),
      text(result), number(members),
    ] + official.map(number)
      + [contested.isEmpty ? .null : .text(contested.joined(separator: ","))]
      + certain.map { .integer(Int64($0)) }
      + [
        number(open), number(conflicts),
        pairs.isEmpty ? .null : .text("{\(pairs.joined(separator: ","))}"),
      ]
  }

  /// Reads what `row` writes.
  init(row: ArraySlice<SQLValue>) {
    let start = row.startIndex
    func text(_ column: Int) -> String? {
      if case .text(let text) = row[start + column] { text } else { nil }
    }
    func whole(_ column: Int) -> Int64? {
      if case .integer(let number) = row[start + column] { number } else { nil }
    }
    func number(_ column: Int) -> Int? { whole(column).map { Int($0) } }
    id = text(0) ?? ""
    accounts = number(1) ?? 0
    (motion, title, body, session, on) = (text(2), text(3), text(4), text(5), text(6))
    (earliest, latest, method, result) = (whole(7), whole(8), text(9), text(10))
    members = number(11)
    official = (12..<16).map(number)
    contested = text(16)?.split(separator: ",").map(String.init) ?? []
    certain = (17..<25).map { number($0) ?? 0 }
    (open, conflicts) = (number(25) ?? 0, number(26) ?? 0)
    guard let text = text(27), let spread = try? JSON(parsing: Array(text.utf8)) else { return }
    perhaps = ChoiceSet.names.map { spread[$0]?.integer.map { Int($0) } ?? 0 }
    away = spread[Self.awayKey]?.integer.map { Int($0) } ?? 0
    perhapsAway = spread[Self.perhapsAwayKey]?.integer.map { Int($0) } ?? 0
  }
}

extension VoteRollCall {
  /// Placed in time, however roughly.
  var isDated: Bool { earliest.map { $0 != .min } ?? false }
}
