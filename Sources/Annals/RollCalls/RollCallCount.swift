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
      if let bloc {
        blocMembers = try await store.members(of: bloc.id, at: asked, through: through)
      }
    }
  }

  /// The day of the roll call, for questions about who was a member then.
  private var askedTime: AskedTime? { main?.time.map(AskedTime.init) }

  /// The account that dates the roll call most exactly.
  var main: Fact? { record.main }

  mutating func answer() async throws -> RollCallAnswer {
    let lines = try await countedVotes()
    let counted = counted(lines)
    let members = memberCount(lines)
    let unrecorded = try await unrecorded()
    let body = try await body()
    return RollCallAnswer(
      rollcall: rollcall, motion: motion, body: body,
      session: record.counted.session, result: record.counted.result,
      on: record.counted.on, knownBy: recordState, accounts: try await accounts(),
      bloc: try await blocView(lines), blocs: try await blocs(lines),
      sinceLast: try await sinceLast(lines), counted: counted, open: open(lines), votes: lines,
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
        bloc == nil
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
    let counted = votes.filter { bloc == nil || blocMembers?[$0.key] == .certain }
    let names = try await displayNames.names(ofActors: Set(counted.keys), store: store)
    var lines: [RollCallAnswer.CountedVote] = []
    for (voter, accounts) in counted {
      var entries: [TimelineEntry] = []
      if accounts.facts.count > 1 {
        for fact in accounts.facts { entries.append(try await store.entry(fact, &displayNames)) }
      }
      lines.append(
        RollCallAnswer.CountedVote(
          voter: Entity(id: voter, name: names[voter] ?? voter),
          choices: accounts.reading.known.names,
          main: accounts.main, accounts: entries, isConflict: accounts.reading.isContradictory,
          isVeto: accounts.facts.contains { $0.fields.isVeto }))
    }
    let order = ChoiceSet.names
    func rank(_ line: RollCallAnswer.CountedVote) -> (Int, Int, String, String) {
      let first = line.choices.first.flatMap { order.firstIndex(of: $0) } ?? 0
      return (line.choices.count > 1 ? 1 : 0, first, line.voter.name, line.voter.id)
    }
    return lines.sorted { rank($0) < rank($1) }
  }

  /// How many votes are certainly, and how many may be, one of some choices.
  private static func count(
    of choices: [String], in lines: [RollCallAnswer.CountedVote]
  ) -> (low: Int, high: Int) {
    (
      lines.count { $0.choices.allSatisfy(choices.contains) },
      lines.count { $0.choices.contains(where: choices.contains) }
    )
  }

  private func counted(
    _ lines: [RollCallAnswer.CountedVote]
  ) -> [RollCallAnswer.ChoiceCount] {
    ChoiceSet.names.compactMap { choice in
      let count = Self.count(of: [choice], in: lines)
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
    record.counted.method == "consensus" && votes.isEmpty
  }

  /// Certain members on the day: of the bloc where one is asked for, else of the body.
  private var asked: [String: Certainty]? { bloc == nil ? members : blocMembers }

  private func memberCount(
    _ lines: [RollCallAnswer.CountedVote]
  ) -> RollCallAnswer.MemberCount {
    let ineligible = lines.count { $0.choices == ["ineligible"] }
    var count = RollCallAnswer.MemberCount(
      stated: bloc == nil ? record.counted.members : nil,
      listed: asked.map { $0.values.count { $0 == .certain } },
      recorded: lines.count - ineligible, ineligible: ineligible, unrecorded: nil)
    if isWithoutVotes { return count }
    if let asked {
      count.unrecorded = asked.count { $0.value == .certain && votes[$0.key] == nil }
    } else if let stated = count.stated {
      count.unrecorded = max(0, stated - count.recorded)
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
    return try await blocView(bloc, blocMembers ?? [:], lines)
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
      let members =
        try await store.members(of: group.id, at: asked, through: through) ?? [:]
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
