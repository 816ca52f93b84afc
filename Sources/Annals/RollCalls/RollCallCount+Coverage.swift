import EventLog

/// What the record says of its own completeness, as far as one roll call goes.
extension RollCallCount {
  /// The imports that say they cover the day of the roll call.
  func imports() async throws -> [RollCallAnswer.CoveringImport] {
    guard let time = main?.time else { return [] }
    return try await store.coverageStatements(through: through).compactMap { statement in
      guard let what = statement.what, statement.covers(time) else { return nil }
      return RollCallAnswer.CoveringImport(
        dataset: statement.dataset, version: statement.fact.fields.version, what: what,
        from: statement.from, to: statement.to, position: statement.fact.position)
    }
  }

  /// What a reader must know beside the numbers.
  mutating func notes(
    _ members: RollCallAnswer.MemberCount
  ) async throws -> [String] {
    var notes: [String] = []
    if record.isAnnulled {
      let why =
        held.isEmpty
        ? "every account of the roll call itself was taken back" : "its result is annulled"
      let count = record.voters.count
      notes.append(
        count == 0
          ? why
          : "\(why), so the \(count) vote\(count == 1 ? "" : "s") recorded in it count nowhere")
    }
    let dates = Set(held.compactMap { $0.time?.text })
    let results = Set(held.compactMap { $0.fields.result })
    for (what, given) in [("dates", dates), ("results", results)] where given.count > 1 {
      notes.append("its accounts give different \(what): \(given.sorted().joined(separator: ", "))")
    }
    if let choice = chosenAccount { notes.append(choice) }
    for (count, what) in [
      (
        votes.values.count { $0.reading.common == .both },
        "voted for and against: counted in both tallies"
      ),
      (
        votes.values.count { $0.facts.contains(where: \.fields.isTeller) },
        "told the votes: counted in no tally"
      ),
    ] where count > 0 {
      notes.append("\(count) \(what)")
    }
    if bloc == nil { notes += record.counted.castingNotes }
    if isWithoutVotes, !record.isAnnulled {
      notes.append("decided by consensus, so nobody's vote is missing")
    }
    if let bloc { return notes + blocNotes(bloc, members) }
    return try await notes + memberNotes(members)
  }

  /// Which account is gone by, and why, where the accounts differ; nil where they do not.
  private var chosenAccount: String? {
    guard let main else { return nil }
    let said = Set(
      held.map { fact in
        let fields = fact.fields
        return [
          fact.time?.text, fields.body, fields.motion, fields.session, fields.method, fields.result,
          fields.members.map(String.init),
        ]
      })
    if said.count < 2 { return nil }
    let rank = main.accountRank
    let others = held.filter { $0.position != main.position }.map(\.accountRank)
    let reason: String
    if rank.isUndated || others.allSatisfy({ !($0 < rank) && !(rank < $0) }) {
      reason = "the first"
    } else if others.allSatisfy({ $0.origin == rank.origin || $0.isUndated }) {
      reason = "the one with the most exact date"
    } else {
      reason =
        rank.origin == .officialPage
        ? "the one that names the official page" : "the one that gives an official tally"
    }
    let source = main.sources.first.map { " (\($0.source))" } ?? ""
    return
      "the accounts of the roll call differ; this answer uses \(main.position)\(source), \(reason)"
  }

  private func blocNotes(
    _ bloc: Entity, _ members: RollCallAnswer.MemberCount
  ) -> [String] {
    if main?.time == nil {
      return ["the roll call is undated, so nobody is known as a member on its day"]
    }
    if blocMembers == nil { return ["no membership of \(bloc.id) is recorded"] }
    return members.listed == 0 ? ["no member of \(bloc.id) on that day is certain"] : []
  }

  private mutating func memberNotes(
    _ members: RollCallAnswer.MemberCount
  ) async throws -> [String] {
    var notes: [String] = []
    if members.stated == nil && members.listed == nil {
      notes.append("how many members could vote is not recorded")
    }
    if let stated = members.stated {
      if let listed = members.listed, listed != stated {
        notes.append("\(stated) members by its account, \(listed) by recorded memberships")
      }
      if members.recorded > stated {
        notes.append("more votes are recorded (\(members.recorded)) than members (\(stated))")
      }
    }
    if let known = self.members {
      let strangers = try await entities(Set(record.ordinary.keys.filter { known[$0] == nil }))
      if !strangers.isEmpty {
        notes.append(
          "not known as members on that day: \(strangers.map(\.id).joined(separator: ", "))")
      }
      let open = known.filter { $0.value == .possible && votes[$0.key] == nil }.keys.sorted()
      if !open.isEmpty {
        notes.append("possibly members, and no vote recorded: \(open.joined(separator: ", "))")
      }
    }
    return try await notes + predecessorNotes()
  }

  /// Members without a recorded vote whose predecessor has one.
  private func predecessorNotes() async throws -> [String] {
    guard !isWithoutVotes, let members else { return [] }
    var notes: [String] = []
    let missing = members.keys.filter { votes[$0] == nil }.sorted()
    let succeeded = try await store.facts(
      ["actor.succeeded"], underAnyOf: Store.tags(Set(missing)), through: through)
    let successors = Set(succeeded.filter(\.holds).compactMap(\.fields.successor))
    for member in missing where successors.contains(member) {
      for earlier in try await store.predecessors(of: member, through: through)
      where votes[earlier.id] != nil {
        notes.append("\(member) has no vote; \(earlier.id), which it succeeded, has one")
      }
    }
    return notes
  }
}
