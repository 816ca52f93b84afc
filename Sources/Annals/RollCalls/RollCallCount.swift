import EventLog

/// Puts the answer about one roll call together.
struct RollCallCount {
  let store: Store
  let rollcall: String
  let recordState: RecordState
  let bloc: Entity?
  var displayNames: DisplayNames
  /// What is recorded of the roll call and the votes in it.
  private(set) var record: RollCallRecord
  /// Members of the body, and of the bloc, on the day; nil where no membership is recorded.
  private(set) var members: [String: Certainty]?
  private(set) var blocMembers: [String: Certainty]?
  /// Members of the bloc on the day that had no seat in the body.
  private var withoutSeat: Set<String> = []
  private var sides: [String: String] = [:]

  init(store: Store, rollcall: String, recordState: RecordState, bloc: Entity?) {
    self.store = store
    self.rollcall = rollcall
    self.recordState = recordState
    self.bloc = bloc
    record = RollCallRecord(counted: VoteRollCall(id: rollcall))
    displayNames = DisplayNames(through: recordState.position)
  }

  var through: Position { recordState.position }

  var held: [Fact] { record.held }
  var votes: [String: VoteAccounts] { record.votes }

  mutating func load() async throws {
    record = try await store.record(ofRollcall: rollcall, through: through)
    if let asked = askedTime {
      if let body = record.counted.body {
        members = try await store.members(of: body, at: asked, through: through)
      }
      sides = try await votedSides()
      if let bloc {
        blocMembers = try await store.members(
          of: bloc.id, at: asked, through: through, sides: sides)
        let all = Set((blocMembers ?? [:]).keys)
        blocMembers = blocMembers.map(seated)
        withoutSeat = all.subtracting((blocMembers ?? [:]).keys)
      }
    }
  }

  /// The members of a group that have a seat in the body. A member without a seat cannot vote, so its vote
  /// is not missing. A member that voted has a seat, even if no membership is recorded.
  private func seated(_ group: [String: Certainty]) -> [String: Certainty] {
    guard let members else { return group }
    var seated: [String: Certainty] = [:]
    for (member, certainty) in group {
      if votes[member] != nil || members[member] == .certain {
        seated[member] = certainty
      } else if members[member] == .possible {
        seated[member] = .possible
      }
    }
    return seated
  }

  /// The groups for which votes say that they were cast, by voter after merges.
  private func votedSides() async throws -> [String: String] {
    let named = votes.compactMapValues { accounts in
      accounts.facts.lazy.compactMap(\.fields.group).first
    }
    let merged = try await store.mergedIDs(of: Set(named.values), through: through)
    return named.mapValues { merged[$0] ?? $0 }
  }

  /// The day of the roll call, for questions about who was a member then.
  private var askedTime: AskedTime? { main?.time.map(AskedTime.init) }

  /// The account that is gone by.
  var main: Fact? { record.main }

  mutating func answer() async throws -> RollCallAnswer {
    let all = try await countedVotes()
    let meant = try await meantVotes(all)
    // Where the voters stand: one vote of each.
    let lines = all.filter { !$0.isCasting || record.ordinary[$0.voter.id] == nil }
    let members = memberCount(lines)
    let unrecorded = try await unrecorded()
    let body = try await body()
    return RollCallAnswer(
      rollcall: rollcall, motion: motion, body: body,
      session: record.counted.session, result: record.counted.result,
      on: record.counted.on, knownBy: recordState, accounts: try await accounts(),
      bloc: try await blocView(lines), blocs: try await blocs(lines),
      links: try await links(), sinceLast: try await sinceLast(lines),
      counted: Self.counted(all.map { ($0.known, $0.weight) }), open: open(all), meant: meant,
      countedAsMeant: Self.counted(all, asMeant: meant), votes: all,
      members: members, unrecorded: unrecorded,
      coverage: RollCallAnswer.Coverage(
        imports: try await imports(), notes: try await notes(members)))
  }

  // MARK: the roll call itself

  private func body() async throws -> Entity? {
    guard let id = record.counted.body else { return nil }
    return Entity(id: id, name: try await store.displayName(ofActor: id, through: through))
  }

  private var motion: Entity? {
    record.counted.motion.map { Entity(id: $0, name: record.counted.title ?? $0) }
  }

  private mutating func accounts() async throws -> [RollCallAnswer.Account] {
    var accounts: [RollCallAnswer.Account] = []
    for fact in held {
      guard let tally = store.tally(fact) else { continue }
      let entry = try await store.entry(fact, &displayNames)
      let differences = Tally.choices.enumerated().compactMap { index, choice in
        // A bloc's votes are a part of what was counted officially.
        bloc == nil && !record.isAnnulled
          ? tally.votes(choice).map { record.counted.difference(index, from: $0) } : nil
      }
      accounts.append(
        RollCallAnswer.Account(tally: tally, entry: entry, differences: differences))
    }
    return accounts
  }

  // MARK: votes

  /// The votes that count: of all voters, or of the bloc's members on the day.
  private mutating func countedVotes() async throws -> [RollCallAnswer.CountedVote] {
    let counted = (Array(record.ordinary) + Array(record.casting)).filter {
      bloc == nil || blocMembers?[$0.key] == .certain
    }
    let names = try await displayNames.names(ofActors: Set(counted.map(\.key)), store: store)
    var lines: [RollCallAnswer.CountedVote] = []
    for (voter, accounts) in counted {
      var entries: [TimelineEntry] = []
      if accounts.facts.count > 1 {
        for fact in accounts.facts { entries.append(try await store.entry(fact, &displayNames)) }
      }
      lines.append(
        RollCallAnswer.CountedVote(
          voter: Entity(id: voter, name: names[voter] ?? voter),
          choices: accounts.reading.known.names, known: accounts.reading.known,
          weight: accounts.weight, isTeller: accounts.facts.contains { $0.fields.isTeller },
          isCasting: accounts.main.fields.isCasting, main: accounts.main, accounts: entries,
          isConflict: accounts.reading.isContradictory,
          isVeto: accounts.facts.contains { $0.fields.isVeto }))
    }
    let order = ChoiceSet.names
    func rank(_ line: RollCallAnswer.CountedVote) -> (Int, Int, String, String, Int) {
      let first = line.choices.first.flatMap { order.firstIndex(of: $0) } ?? 0
      return (
        line.choices.count > 1 ? 1 : 0, first, line.voter.name, line.voter.id,
        line.isCasting ? 1 : 0
      )
    }
    return lines.sorted { rank($0) < rank($1) }
  }

  /// A vote as it is counted.
  typealias Weighted = (choices: ChoiceSet, weight: Int)

  /// How many votes are certainly, and how many may be, one of some choices.
  private static func count(
    of choice: ChoiceSet, in votes: [Weighted]
  ) -> (low: Int, high: Int) {
    votes.reduce(into: (0, 0)) { count, vote in
      guard vote.choices.tallies.contains(choice) else { return }
      if vote.choices.certainTallies.contains(choice) { count.0 += vote.weight }
      count.1 += vote.weight
    }
  }

  static func counted(_ votes: [Weighted]) -> [RollCallAnswer.ChoiceCount] {
    ChoiceSet.names.enumerated().compactMap { index, choice in
      let count = count(of: ChoiceSet(rawValue: 1 << UInt16(index)), in: votes)
      guard count.high > 0 || ["yes", "no", "abstain"].contains(choice) else { return nil }
      return RollCallAnswer.ChoiceCount(choice: choice, low: count.low, high: count.high)
    }
  }

  private func open(
    _ lines: [RollCallAnswer.CountedVote]
  ) -> [RollCallAnswer.OpenChoices] {
    var counts: [RollCallAnswer.OpenChoices] = []
    for line in lines where line.choices.count > 1 {
      if let index = counts.firstIndex(where: { $0.choices == line.choices }) {
        counts[index].count += 1
      } else {
        counts.append(RollCallAnswer.OpenChoices(choices: line.choices, count: 1))
      }
    }
    return counts
  }

  // MARK: members

  /// True when nobody's vote can be missing, because none was taken.
  var isWithoutVotes: Bool {
    record.isAnnulled || record.counted.method == "consensus" && votes.isEmpty
  }

  /// Certain members on the day: of the bloc where one is asked for, else of the body.
  var asked: [String: Certainty]? { bloc == nil ? members : blocMembers }

  private func memberCount(
    _ lines: [RollCallAnswer.CountedVote]
  ) -> RollCallAnswer.MemberCount {
    // Who presides need not be a member, and has a casting vote all the same.
    let presiding = lines.count { $0.isCasting && asked?[$0.voter.id] != .certain }
    let ineligible = lines.count { $0.choices == ["ineligible"] }
    var count = RollCallAnswer.MemberCount(
      stated: bloc == nil ? record.counted.members : nil,
      listed: asked.map { $0.values.count { $0 == .certain } },
      recorded: lines.count - ineligible - presiding, ineligible: ineligible, unrecorded: nil)
    if isWithoutVotes { return count }
    if let asked {
      count.unrecorded = asked.count { $0.value == .certain && votes[$0.key] == nil }
    } else if let stated = count.stated {
      count.unrecorded = max(0, stated - count.recorded - presiding)
    }
    return count
  }

  private mutating func unrecorded() async throws -> [Entity] {
    if isWithoutVotes { return [] }
    let missing = (asked ?? [:]).filter { $0.value == .certain && votes[$0.key] == nil }
    return try await entities(Set(missing.keys))
  }

  /// By id.
  mutating func entities(_ ids: Set<String>) async throws -> [Entity] {
    let names = try await displayNames.names(ofActors: ids, store: store)
    return ids.sorted().map { Entity(id: $0, name: names[$0] ?? $0) }
  }

  // MARK: a bloc

  private mutating func blocView(
    _ lines: [RollCallAnswer.CountedVote]
  ) async throws -> RollCallAnswer.Bloc? {
    guard let bloc else { return nil }
    var view = try await blocView(bloc, blocMembers ?? [:], lines)
    view.withoutSeat = try await entities(withoutSeat)
    return view
  }

  /// The other groups of which somebody was certainly a member on that day, where their members
  /// differ; none where one is asked for.
  private mutating func blocs(
    _ lines: [RollCallAnswer.CountedVote]
  ) async throws -> [RollCallAnswer.Bloc] {
    guard bloc == nil, let asked = askedTime else { return [] }
    let own = record.counted.body
    let groups = Set(
      try await store.memberships(of: Set(votes.keys), through: through).map(\.group)
    ).subtracting(own.map { [$0] } ?? [])
    var blocs: [RollCallAnswer.Bloc] = []
    for group in try await entities(groups) {
      let members = seated(
        try await store.members(of: group.id, at: asked, through: through, sides: sides) ?? [:])
      let view = try await blocView(
        group, members, lines.filter { members[$0.voter.id] == .certain })
      if view.majorityCount > 1 { blocs.append(view) }
    }
    return blocs
  }

  /// `lines` are the votes of certain members.
  private mutating func blocView(
    _ group: Entity, _ members: [String: Certainty], _ lines: [RollCallAnswer.CountedVote]
  ) async throws -> RollCallAnswer.Bloc {
    let choices = ["yes", "no", "abstain"]
    let counts = choices.map { choice in lines.count { $0.choices == [choice] } }
    let most = counts.max() ?? 0
    let leaders = choices.indices.filter { counts[$0] == most }
    let majority = most > 0 && leaders.count == 1 ? choices[leaders[0]] : nil
    var view = RollCallAnswer.Bloc(
      group: group, members: members.values.count { $0 == .certain },
      majority: majority, majorityCount: majority == nil ? 0 : most, broke: [], mayHaveBroken: [],
      possibleMembers: try await entities(
        Set(members.filter { $0.value == .possible }.keys)))
    if let majority {
      for line in lines {
        let directed = line.choices.filter(choices.contains)
        if directed.isEmpty || line.choices == [majority] { continue }
        if directed.count == line.choices.count && !directed.contains(majority) {
          view.broke.append(line)
        } else {
          view.mayHaveBroken.append(line)
        }
      }
    }
    return view
  }
}
