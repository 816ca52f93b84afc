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
  /// When it was held, as the account has it that is gone by.
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
  /// Voters of whom anything is recorded.
  var voters = 0
  /// Votes of which the choice is certain, each with its weight, in the order of `ChoiceSet.names`.
  /// Votes for and against are among those for and among those against as well.
  var certain = [Int](repeating: 0, count: ChoiceSet.names.count)
  var open = 0
  var conflicts = 0
  /// What votes that are open or contradictory may have been, in the same order.
  var perhaps = [Int](repeating: 0, count: ChoiceSet.names.count)
  /// Those of them that were absent or not voting, whichever: both are one place of an official tally.
  var away = 0
  /// Those that were absent, not voting or something else.
  var perhapsAway = 0
  /// The casting votes among those in `certain`, and among those in `perhaps`.
  var casting = [Int](repeating: 0, count: ChoiceSet.names.count)
  var perhapsCasting = [Int](repeating: 0, count: ChoiceSet.names.count)

  init(id: String) { self.id = id }

  /// One account of a roll call that holds, with the sources that it was recorded with.
  typealias Account = (time: ValidTime?, fields: PayloadFields, sources: Set<String>)

  /// Takes what the accounts say, which are in log order.
  mutating func take(
    _ held: [Account], titles: MotionTitles, canonical: (String) -> String
  ) {
    accounts = held.count
    let main = held.min {
      AccountRank($0.time, $0.fields) < AccountRank($1.time, $1.fields)
    }
    guard let main else { return }
    motion = main.fields.motion
    title = motion.flatMap { titles.title(of: $0, by: main.sources) }
    body = main.fields.body.map(canonical)
    session = main.fields.session
    (on, earliest, latest) = (main.time?.text, main.time?.earliest, main.time?.latest)
    method = main.fields.method
    result = main.fields.result
    members = main.fields.members
    for (index, choice) in Tally.choices.enumerated() {
      let figures = Set(held.compactMap { $0.fields.official(choice) })
      if figures.count == 1 { official[index] = figures.first }
      if figures.count > 1 { contested.append(choice) }
    }
  }

  /// Counts a vote; its voter is counted once, whether for one vote or two.
  mutating func count(_ reading: VoteReading, weight: Int, isCasting: Bool = false) {
    let cell = VoteCell(reading)
    if cell == .unrecorded { return }
    switch cell {
    case .open, .conflict:
      if cell == .open { open += 1 } else { conflicts += 1 }
      let choices = reading.known
      let absences: ChoiceSet = [.absent, .notVoting]
      if choices.isSuperset(of: absences) {
        if choices == absences { away += weight } else { perhapsAway += weight }
      }
    default: break
    }
    let known = reading.known
    for index in known.certainTallies.indices {
      certain[index] += weight
      if isCasting { casting[index] += weight }
    }
    for index in known.tallies.subtracting(known.certainTallies).indices {
      perhaps[index] += weight
      if isCasting { perhapsCasting[index] += weight }
    }
  }

  /// False for a decision without a vote, and where nothing but its name is known.
  var hasVotes: Bool { voters > 0 }

  /// True when it was certainly held within these seconds.
  func isCertainly(within seconds: Range<Int64>) -> Bool {
    guard let earliest, let latest else { return false }
    return seconds.lowerBound <= earliest && latest <= seconds.upperBound
  }

  /// True where its result is that the vote was declared void.
  var isAnnulled: Bool { result == "annulled" }

  /// How far the count is from the official figure of a choice, where there is one and votes count.
  func difference(_ choice: Int) -> TallyDifference? {
    isAnnulled ? nil : official[choice].map { difference(choice, from: $0) }
  }

  /// How far the count is from a figure for a choice. Some bodies count casting votes in the tally and
  /// others do not: the figure leaves them out where the count is equal to it only without them.
  func difference(_ choice: Int, from official: Int) -> TallyDifference {
    let whole = wholeDifference(choice, from: official)
    let (certain, perhaps) = (casting[choice], perhapsCasting[choice])
    if whole.agrees || certain + perhaps == 0 { return whole }
    var without = whole
    without.low -= certain
    without.high -= certain + perhaps
    without.leavesOutCasting = true
    return without.agrees ? without : whole
  }

  private func wholeDifference(_ choice: Int, from official: Int) -> TallyDifference {
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

/// What motions are called by the accounts of them that hold.
struct MotionTitles: Sendable {
  private var accounts: [String: [(title: String?, sources: Set<String>)]] = [:]

  /// Takes the next account in log order, with the sources that it was recorded with.
  mutating func add(_ title: String?, of motion: String, by sources: Set<String>) {
    accounts[motion, default: []].append((title, sources))
  }

  /// The title in the last account by a source of the roll call's account, or else in the last one.
  func title(of motion: String, by sources: Set<String>) -> String? {
    let all = accounts[motion] ?? []
    return (all.last { !$0.sources.isDisjoint(with: sources) } ?? all.last)?.title
  }
}

// MARK: as a row

extension VoteRollCall {
  private static let awayKey = "absent or not-voting"
  private static let perhapsAwayKey = "absent, not-voting or another"
  private static let perhapsKey = "perhaps "

  /// The columns behind the number.
  static let columns = [
    "rollcall", "accounts", "motion", "title", "body", "session", "on_text", "earliest", "latest",
    "method", "result", "members", "official_yes", "official_no", "official_abstain",
    "official_absent", "contested", "voters", "yes", "no", "abstain", "absent", "not_voting",
    "ineligible", "paired_yes", "paired_no", "both", "open", "conflict", "perhaps", "casting",
  ]

  var row: [SQLValue] {
    func text(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }
    func number(_ number: Int?) -> SQLValue { number.map { .integer(Int64($0)) } ?? .null }
    func object(_ counts: [(key: String, votes: Int)]) -> SQLValue {
      let pairs = counts.filter { $0.votes > 0 }.map { "\"\($0.key)\":\($0.votes)" }
      return pairs.isEmpty ? .null : .text("{\(pairs.joined(separator: ","))}")
    }
    let names = ChoiceSet.names
    let open =
      Array(zip(names, perhaps)) + [(Self.awayKey, away), (Self.perhapsAwayKey, perhapsAway)]
    let cast =
      Array(zip(names, casting)) + Array(zip(names.map { Self.perhapsKey + $0 }, perhapsCasting))
    return [
      .text(id), number(accounts), text(motion), text(title), text(body), text(session), text(on),
      earliest.map(SQLValue.integer) ?? .null, latest.map(SQLValue.integer) ?? .null, text(method),
      text(result), number(members),
    ] + official.map(number)
      + [contested.isEmpty ? .null : .text(contested.joined(separator: ",")), number(voters)]
      + certain.map { .integer(Int64($0)) }
      + [
        number(self.open), number(conflicts), object(open), object(cast),
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
    voters = number(17) ?? 0
    certain = (18..<27).map { number($0) ?? 0 }
    (open, conflicts) = (number(27) ?? 0, number(28) ?? 0)
    func counts(_ column: Int) -> (String) -> Int {
      let object = text(column).flatMap { try? JSON(parsing: Array($0.utf8)) }
      return { object?[$0]?.integer.map { Int($0) } ?? 0 }
    }
    let (spread, cast) = (counts(29), counts(30))
    perhaps = ChoiceSet.names.map(spread)
    (away, perhapsAway) = (spread(Self.awayKey), spread(Self.perhapsAwayKey))
    casting = ChoiceSet.names.map(cast)
    perhapsCasting = ChoiceSet.names.map { cast(Self.perhapsKey + $0) }
  }
}

extension VoteRollCall {
  /// Whether a vote in it counts nowhere, though votes are recorded.
  var countsNoVotes: Bool { isAnnulled || accounts == 0 && !hasVotes }

  var bounds: (earliest: Int64, latest: Int64)? {
    earliest.flatMap { earliest in latest.map { (earliest, $0) } }
  }

  /// Placed in time, however roughly.
  var isDated: Bool { earliest.map { $0 != .min } ?? false }
}
