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
    if held.isEmpty { notes.append("every account of the roll call itself was retracted") }
    let dates = Set(held.compactMap { $0.time?.text })
    let results = Set(held.compactMap { $0.fields.result })
    for (what, given) in [("dates", dates), ("results", results)] where given.count > 1 {
      notes.append("its accounts give different \(what): \(given.sorted().joined(separator: ", "))")
    }
    if isWithoutVotes { notes.append("decided by consensus, so nobody's vote is missing") }
    if let bloc { return notes + blocNotes(bloc, members) }
    return try await notes + memberNotes(members)
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
      let strangers = try await entities(Set(votes.keys.filter { known[$0] == nil }))
      if !strangers.isEmpty {
        notes.append(
          "not known as members on that day: \(strangers.map(\.id).joined(separator: ", "))")
      }
      let open = known.filter { $0.value == .possible && votes[$0.key] == nil }.keys.sorted()
      if !open.isEmpty {
        notes.append("possibly members, and no vote recorded: \(open.joined(separator: ", "))")
      }
    }
    return notes
  }
}
