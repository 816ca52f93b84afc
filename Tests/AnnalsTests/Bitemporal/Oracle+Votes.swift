import EventLog

@testable import Annals

/// Roll calls: what accounts say of them, and what their votes come to.
extension Oracle {
  struct RollCall {
    var id: String
    /// The accounts of the roll call that hold.
    var accounts: [Fact] = []
    /// Of the dated accounts, or else of all, those with an official tally, or else all; of these the
    /// first with the shortest date.
    var main: Fact? {
      var left = accounts
      for isBetter in [
        { $0.days != nil }, { $0.fields["official"]?.object?.isEmpty == false },
      ] as [(Fact) -> Bool]
      where left.contains(where: isBetter) {
        left = left.filter(isBetter)
      }
      return left.first { one in
        left.allSatisfy { one.days?.count ?? 0 <= $0.days?.count ?? 0 }
      }
    }
    /// Whether an account of it is recorded that does not hold.
    var wasTakenBack = false
    /// Nobody's vote counts: all that was said of the roll call was taken back, or it was declared void.
    var isAnnulled: Bool {
      accounts.isEmpty ? wasTakenBack : main?.text("result") == "annulled"
    }
    /// By voter after merges: the vote as a member, and the casting vote of who presides.
    var own: [String: Vote] = [:]
    var casting: [String: Vote] = [:]
    /// Where each voter stands: the casting vote says it only of those who have no other vote.
    var votes: [String: Vote] {
      var votes = casting
      for (voter, vote) in own { votes[voter] = vote }
      return votes
    }
    /// All votes that a tally counts.
    var ballots: [Vote] { Array(own.values) + Array(casting.values) }
    var motion: String? { main?.text("motion") }
    var days: ClosedRange<Int>? { main?.days }
  }

  /// All accounts of one vote that hold.
  struct Vote {
    var accounts: [Fact]

    /// What all accounts allow; where nothing is left, whatever any of them says.
    var choices: Set<String> {
      let sets = accounts.map { Oracle.choices($0.fields) }
      let common = sets.reduce(Set(History.choices)) { $0.intersection($1) }
      return common.isEmpty ? sets.reduce([]) { $0.union($1) } : common
    }

    var isConflict: Bool {
      accounts.map { Oracle.choices($0.fields) }
        .reduce(Set(History.choices)) { $0.intersection($1) }.isEmpty
    }

    /// The account that says most; of equals the first.
    var main: Fact {
      func size(_ fact: Fact) -> Int { Oracle.choices(fact.fields).count }
      return accounts.first { one in accounts.allSatisfy { size(one) <= size($0) } } ?? accounts[0]
    }

    /// How many votes it counts: none by a teller, one where no account says more.
    var weight: Int {
      let weights = accounts.compactMap { account -> Int? in
        if account.fields["teller"] == true { return 0 }
        return account.fields["weight"]?.integer.map { Int($0) }
      }
      return weights.first ?? 1
    }

    /// As a table shows it: one choice, `open` or `conflict`.
    var cell: String { isConflict ? "conflict" : choices.count > 1 ? "open" : choices.first ?? "" }
  }

  static func choices(_ fields: [String: JSON]) -> Set<String> {
    let value = fields["choice"] ?? .null
    return Set((value.array ?? [value]).compactMap(\.string))
  }

  /// `counts` says which facts are looked at.
  func rollcall(_ id: String, counts: (Fact) -> Bool = { _ in true }) -> RollCall {
    var rollcall = RollCall(id: id)
    for account in facts where account.kind == .rollcall && account.text("rollcall") == id {
      if account.holds { rollcall.accounts.append(account) } else { rollcall.wasTakenBack = true }
    }
    if rollcall.isAnnulled { return rollcall }
    for vote in holding(.vote) where vote.text("rollcall") == id && counts(vote) {
      let voter = current(vote.text("voter"))
      let account = dated(vote, in: rollcall)
      if vote.fields["casting"] == true {
        rollcall.casting[voter, default: Vote(accounts: [])].accounts.append(account)
      } else {
        rollcall.own[voter, default: Vote(accounts: [])].accounts.append(account)
      }
    }
    return rollcall
  }

  /// A vote was cast on the day of its roll call. Its own date counts where that day is not known, and
  /// where it lies within the days on which the roll call may have been held.
  private func dated(_ vote: Fact, in rollcall: RollCall) -> Fact {
    guard let held = rollcall.days else { return vote }
    var vote = vote
    if let own = vote.days, held.contains(own.lowerBound), held.contains(own.upperBound) {
      return vote
    }
    vote.days = held
    return vote
  }

  /// A fact with the date that answers give it.
  func dated(_ fact: Fact) -> Fact {
    fact.kind == .vote
      ? dated(fact, in: rollcall(fact.text("rollcall"), counts: { _ in false })) : fact
  }

  /// What a roll call is linked to a topic by: the last link of its own, else that of its motion.
  func link(of rollcall: RollCall, to topic: String) -> Fact? {
    link("rollcall", rollcall.id, to: topic)
      ?? rollcall.motion.flatMap { link("motion", $0, to: topic) }
  }

  func link(_ field: String, _ target: String, to topic: String) -> Fact? {
    holding(.link).last { $0.text(field) == target && $0.text("topic") == topic }
  }

  // MARK: counted and official

  struct Count: Equatable {
    var choice: String
    var low: Int
    var high: Int
  }

  /// Votes that certainly are, and votes that may be, in one of some tallies. A vote both ways is in
  /// that of yes and in that of no.
  static func count(_ tallies: Set<String>, in votes: some Collection<Vote>) -> (
    low: Int, high: Int
  ) {
    func isIn(_ choice: String) -> Bool {
      tallies.contains(choice)
        || choice == "both" && (tallies.contains("yes") || tallies.contains("no"))
    }
    return votes.reduce((0, 0)) { count, vote in
      (
        count.0 + (vote.choices.allSatisfy(isIn) ? vote.weight : 0),
        count.1 + (vote.choices.contains(where: isIn) ? vote.weight : 0)
      )
    }
  }

  /// Every choice with a vote, and always yes, no and abstain.
  func counted(_ rollcall: RollCall) -> [Count] {
    History.choices.compactMap { choice in
      let count = Self.count([choice], in: rollcall.ballots)
      if count.high == 0, !["yes", "no", "abstain"].contains(choice) { return nil }
      return Count(choice: choice, low: count.low, high: count.high)
    }
  }

  static let tallied = ["yes", "no", "abstain", "absent"]

  static func official(_ account: Fact, _ choice: String) -> Int? {
    account.fields["official"]?[choice]?.integer.map { Int($0) }
  }

  /// The choices on which official accounts differ.
  func contested(_ rollcall: RollCall) -> [String] {
    Self.tallied.filter { choice in
      Set(rollcall.accounts.compactMap { Self.official($0, choice) }).count > 1
    }
  }

  /// Counted minus official, of one account.
  func differences(_ rollcall: RollCall, from account: Fact) -> [Count] {
    if rollcall.isAnnulled { return [] }
    return Self.tallied.compactMap { choice in
      guard let official = Self.official(account, choice) else { return nil }
      // A tally does not tell who was absent from who was there and did not vote.
      let choices: Set<String> = choice == "absent" ? ["absent", "not-voting"] : [choice]
      func apart(_ votes: some Collection<Vote>) -> Count {
        let count = Self.count(choices, in: votes)
        return Count(choice: choice, low: count.low - official, high: count.high - official)
      }
      // Some bodies leave casting votes out of the tally. Those who presided and were absent all the
      // same are counted under absent alone.
      let (all, without) = (apart(rollcall.ballots), apart(rollcall.own.values))
      func isEqual(_ count: Count) -> Bool { count.low <= 0 && 0 <= count.high }
      return !isEqual(all) && isEqual(without) ? without : all
    }
  }

  /// Those on which no account differs.
  func differences(_ rollcall: RollCall) -> [Count] {
    let contested = contested(rollcall)
    return Self.tallied.filter { !contested.contains($0) }.compactMap { choice in
      rollcall.accounts.flatMap { differences(rollcall, from: $0) }.first { $0.choice == choice }
    }
  }

  func differs(_ rollcall: RollCall) -> Bool {
    !contested(rollcall).isEmpty || differences(rollcall).contains { $0.low > 0 || $0.high < 0 }
  }

  /// Roll calls of which anything is known, in the order of their dates, with those on a topic alone.
  func rollcalls(topic: String? = nil) -> [RollCall] {
    History.rollcalls.map { rollcall($0) }.filter { rollcall in
      (!rollcall.accounts.isEmpty || !rollcall.votes.isEmpty)
        && topic.map { link(of: rollcall, to: $0) != nil } ?? true
    }.sorted { a, b in
      let (x, y) = (a.days ?? 99...99, b.days ?? 99...99)
      return (x.lowerBound, x.upperBound, a.id) < (y.lowerBound, y.upperBound, b.id)
    }
  }

  // MARK: agreement

  struct Agreement: Equatable {
    var agenda = 0
    var both = 0
    var same = 0
    var half = 0
    var opposite = 0
    /// What both chose, by roll call in which both could vote.
    var facts: [String] = []
  }

  func agreement(_ a: String, _ b: String, topic: String? = nil) -> Agreement {
    var result = Agreement()
    for rollcall in rollcalls(topic: topic) where !rollcall.votes.isEmpty {
      result.agenda += 1
      guard let one = rollcall.votes[a], let other = rollcall.votes[b],
        one.cell != "ineligible", other.cell != "ineligible"
      else { continue }
      result.both += 1
      result.facts.append(
        "\(rollcall.id) \(one.cell) \(other.cell) \(one.main.index) \(other.main.index)")
      let row = ["yes", "abstain", "no"]
      guard let x = row.firstIndex(of: one.cell), let y = row.firstIndex(of: other.cell) else {
        continue
      }
      if x == y { result.same += 1 }
      if abs(x - y) == 1 { result.half += 1 }
      if abs(x - y) == 2 { result.opposite += 1 }
    }
    return result
  }
}
