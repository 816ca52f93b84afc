import EventLog

/// One voter has one vote in a roll call.
extension DraftValidator {
  /// The votes that the log has in the roll calls of a chunk, read once per roll call.
  mutating func loadVotes(
    of drafts: [EventReader.Draft], isStored: [Bool]
  ) async throws {
    guard head > .start else { return }
    var wanted: [Tag: Set<Tag>] = [:]
    let isSmall = drafts.count <= Self.fewDrafts
    // Most votes stand beside others in the same roll call.
    var latest: (rollcall: Tag, isRecorded: Bool)?
    var recorded: [VoteKey] = []
    var voters: Set<Tag> = []
    for index in drafts.indices where !isStored[index] {
      guard let vote = VoteKey(of: drafts[index].event) else { continue }
      if latest?.rollcall != vote.rollcall {
        latest = (vote.rollcall, isSmall ? true : try await isRecorded(vote.rollcall))
      }
      voters.insert(vote.voter)
      if latest?.isRecorded == true { recorded.append(vote) }
    }
    try await loadMerges(of: voters)
    for vote in recorded {
      if merges.isAlone(String(vote.voter.value)) {
        wanted[vote.rollcall, default: []].insert(vote.voter)
      } else {
        wanted[vote.rollcall, default: []].formUnion(try await keys(of: vote).map(\.voter))
      }
    }
    try await loadVotes(wanted)
  }

  /// For as many drafts it is not worth while to ask first which roll calls the log knows.
  private static let fewDrafts = 8

  /// Whether the log may hold votes in a roll call.
  private mutating func isRecorded(_ rollcall: Tag) async throws -> Bool {
    if let recordedRollcalls { return recordedRollcalls.contains(rollcall) }
    let known = Set(try await store.log.tags(kind: "rollcall"))
    recordedRollcalls = known
    return known.contains(rollcall)
  }

  /// Loads the votes of some voters in some roll calls, unless that was done.
  mutating func loadVotes(_ wanted: [Tag: Set<Tag>]) async throws {
    guard head > .start else { return }
    for (rollcall, voters) in wanted {
      let voters = voters.filter { !votes.isLoaded(.init(rollcall: rollcall, voter: $0)) }
      if voters.isEmpty { continue }
      // A few voters are looked up one by one, many by reading the roll call whole.
      let items =
        voters.count <= 8
        ? voters.flatMap { Amendment.items(["vote.cast"], [rollcall, $0]) }
        : Amendment.items(["vote.cast"], [rollcall])
      let events = try await store.log.read(EventQuery(items: items), in: EventRange(through: head))
      let facts = try await store.facts(of: events, through: Position(.max))
      rest(on: facts.lazy.flatMap { [$0.root] + $0.chain })
      // While an account is disputed, another one may stand beside it; what a settlement set aside
      // is no account any more.
      for fact in facts where fact.holds && !fact.isDisputed && fact.type == "vote.cast" {
        votes.load(fact)
      }
      votes.setLoaded(rollcall, voters: voters.count <= 8 ? voters : nil)
    }
  }

  /// Takes in the vote that a draft casts, and returns the account that it contradicts.
  mutating func takeVote(of draft: EventReader.Draft) async throws -> SecondVote? {
    guard let choices = draft.choices, let vote = draft.vote else { return nil }
    let account = VoteRegister.Account(
      choices: choices, origin: .init(draft.event.id), sources: votes.sources(of: draft.event))
    let keys = try await keys(of: vote)
    if !merges.isEmpty {
      try await loadVotes([vote.rollcall: Set(keys.map(\.voter))])
    }
    // Where this run has said something about accounts of the vote, they are read anew.
    let known =
      keys.allSatisfy { amendments.contested[$0] == nil }
      ? keys.flatMap { votes.accounts(of: $0) }.filter { $0.origin != account.origin }
      : try await accounts(of: vote, besides: account.origin)
    // An event with an id of its own may be named by that id later on.
    let ofItsSource = known.filter { !votes.areApart(account.sources, $0.sources) }
    if !draft.hasOwnID, let same = try await event(saying: draft.event, among: ofItsSource) {
      recorded[draft.event.id] = same
      return nil
    }
    if let known = known.first(where: { !mayStand(account, beside: $0) }) {
      return SecondVote(vote: vote, choices: choices, known: known)
    }
    for other in known where votes.areApart(account.sources, other.sources) {
      secondAccounts.add(choices, beside: other.choices)
    }
    if let other = known.first(where: { $0.choices.isDisjoint(with: choices) }) {
      let text = remarks.hasRoom ? try await remark(on: vote, choices, beside: other) : ""
      remarks.add { Remark(kind: "second-account", position: nil, text: text) }
    }
    votes.add(vote, account)
    return nil
  }

  /// A vote of which another account is known.
  struct SecondVote {
    var vote: VoteKey
    var choices: ChoiceSet
    var known: VoteRegister.Account
  }

  /// One voter has one vote in a roll call. A later account may confirm it, narrow a set of choices down
  /// or leave open what is known, and another source may give an account of its own; any other must be
  /// a correction.
  private func mayStand(
    _ account: VoteRegister.Account, beside known: VoteRegister.Account
  ) -> Bool {
    account.choices.isSubset(of: known.choices) || account.choices.isSuperset(of: known.choices)
      || votes.areApart(account.sources, known.sources)
  }

  /// The event of the log that says what a vote says: a later release of the same source, in which only
  /// the date or the place of the row is another.
  private func event(
    saying vote: NewEvent, among known: [VoteRegister.Account]
  ) async throws -> NewEvent? {
    for case .stored(let position) in known.map(\.origin) {
      if let same = try await event(at: position, saying: vote, onAnyDay: true) { return same }
    }
    return nil
  }

  /// Tells that two sources contradict each other.
  private func remark(
    on vote: VoteKey, _ choices: ChoiceSet, beside other: VoteRegister.Account
  ) async throws -> String {
    "\(vote.voter.value) voted \(choices.text) in \(vote.rollcall.value), and "
      + "\(other.choices.text) by another source (\(try await place(of: other))): both accounts "
      + "are kept"
  }

  /// Both accounts of a vote with their sources, and the way out.
  func refusal(
    of second: SecondVote, in draft: EventReader.Draft, _ reader: inout EventReader
  ) async throws -> Problem {
    let known = second.known
    var position: Position?
    if case .stored(let stored) = known.origin { position = stored }
    return reader.problem(
      .secondVote, in: draft, at: .value(String(second.vote.voter.value)),
      "\(second.vote.voter.value) has voted \(known.choices.text) in "
        + "\(second.vote.rollcall.value) already (\(try await place(of: known))), and "
        + "\(second.choices.text) here (\(Self.text(EventBody(draft.event.body).sources)))",
      help: position.map { position -> Help in
        let change = "--set choice=\(second.choices.names[0]) --reason \"…\""
        return "if that was wrong:  \(command: "correct \(position.rawValue) \(change)"); "
          + "what another source says stands beside it, with that source named"
      })
  }

  /// Where an account of a vote is recorded, and what it rests on.
  private func place(of account: VoteRegister.Account) async throws -> String {
    var place = "earlier in this input"
    if case .stored(let position) = account.origin { place = "\(position)" }
    return try await sources(of: account).map { "\(place), \($0)" } ?? place
  }

  /// What the account of a vote rests on; nil for one of this run that cannot be found again.
  private func sources(of account: VoteRegister.Account) async throws -> String? {
    if case .stored(let position) = account.origin {
      guard let event = try await store.event(at: position) else { return nil }
      let facts = try await store.facts(of: [event], through: Position(.max))
      return facts.first { $0.position == position }.map { Self.text($0.sources) }
    }
    guard let place = castHere[account.origin].flatMap({ pending[$0] }),
      let event = try EventReader.reread(place, in: inputs[place.input], store.vocabulary)
    else { return nil }
    return Self.text(EventBody(event.body).sources)
  }

  private static func text(_ sources: [Citation]) -> String {
    var texts: [String] = []
    for source in sources where !texts.contains(source.text) { texts.append(source.text) }
    return texts.isEmpty ? "no source" : "by " + texts.joined(separator: ", ")
  }

  /// What a correction makes of a vote must not be a second vote either.
  mutating func checkCorrectedVote(
    _ draft: EventReader.Draft, of root: Amended, isDoubted: Bool, to after: JSON,
    _ reader: inout EventReader, _ problems: inout ProblemList
  ) async throws {
    // Beside an account that is disputed or set aside another may stand.
    guard !isDoubted, let second = try await secondVote(of: root, saying: after) else { return }
    let problem = try await refusal(of: second, in: draft, &reader)
    problems.append(problem)
  }

  /// A vote that holds again must not stand beside another that was recorded in its place.
  mutating func checkBroughtBackVote(
    _ vote: Fact, by draft: EventReader.Draft, _ reader: inout EventReader,
    _ problems: inout ProblemList
  ) async throws {
    let root = Amended(
      event: vote.root.event, stored: vote.position <= head ? vote.root : nil)
    guard !vote.isDisputed, let second = try await secondVote(of: root, saying: vote.data) else {
      return
    }
    let (key, known) = (second.vote, second.known)
    var position: Position?
    if case .stored(let stored) = known.origin { position = stored }
    let place = try await place(of: known)
    problems.append(
      reader.problem(
        .secondVote, in: draft, at: .value(draft.event.targets[0].description),
        "\(key.voter.value) would have voted \(second.choices.text) in \(key.rollcall.value) again, "
          + "and has voted \(known.choices.text) there (\(place))",
        help: position.map { position -> Help in
          "if the other is wrong, take that back first:  "
            + "\(command: "retract \(position.rawValue) --reason \"…\"")"
        }))
  }

  /// The account that contradicts what a recorded vote is to say.
  private mutating func secondVote(
    of root: Amended, saying data: JSON
  ) async throws -> SecondVote? {
    guard root.event.type.name == "vote.cast", let vote = VoteKey(of: data),
      let choices = PayloadFields(data).choice
    else { return nil }
    let known = try await accounts(
      of: vote, besides: root.position.map { .stored($0) } ?? .init(root.event.id), root.event.id)
    let account = VoteRegister.Account(
      choices: choices, origin: .init(root.event.id), sources: votes.sources(of: root.event))
    return known.first { !mayStand(account, beside: $0) }
      .map { SecondVote(vote: vote, choices: choices, known: $0) }
  }

  /// Whether the log or this run has any other account of a vote, whether that holds or not.
  mutating func hasOtherAccount(ofVote fact: EventID) async throws -> Bool {
    var keys: Set<VoteKey> = []
    for vote in try await votes(of: fact) { keys.formUnion(try await self.keys(of: vote)) }
    let own = VoteRegister.Account.Origin(fact)
    for key in keys {
      for account in votes.accounts(of: key) where account.origin != own {
        guard case .stored(let position) = account.origin else { return true }
        if try await store.event(at: position)?.id != fact { return true }
      }
    }
    let items = Set(keys.map { [$0.rollcall, $0.voter] }).flatMap {
      Amendment.items(["vote.cast"], $0)
    }
    // Another account may have become one of this vote by a correction.
    return try await store.log.events(matching: items, through: head).contains {
      $0.id != fact && !$0.event.targets.contains(fact)
    }
  }
}
