import EventLog

extension Store {
  /// The largest steps from one choice to the next in series of roll calls.
  ///
  /// Throws `.unknownActor` and `.unknownTopic`.
  public func swings(
    _ filter: SwingFilter = SwingFilter(), knownBy: KnownBy? = nil
  ) async throws -> SwingList {
    let recordState = try await recordState(knownBy)
    return try await asking(at: recordState.position).swings(filter, recordState)
  }

  private func swings(
    _ filter: SwingFilter, _ recordState: RecordState
  ) async throws -> SwingList {
    let through = recordState.position
    var actors: [Entity] = []
    for name in filter.actors { actors.append(try await knownActor(name, through: through)) }
    var topics: [Entity] = []
    for name in filter.topics { topics.append(try await resolveTopic(name, through: through)) }
    let grid = try await voteGrid(through: through)
    let voted = grid.rollcalls.indices.filter { grid.rollcalls[$0].hasVotes }
    let dated = voted.filter { grid.rollcalls[$0].isDated }
    let numbers = grid.inOrderOfDate(dated)

    var series: [RollCallSeries] = []
    let named = topics.isEmpty ? try await self.topics(through: through) : topics.map(\.id)
    let links = try await reader(through).links(ofTopics: named)
    for topic in named {
      if let own = RollCallSeries.linked(to: topic, by: links, grid, numbers) { series.append(own) }
    }
    if topics.isEmpty { series += RollCallSeries.byTitle(grid, numbers) }
    if filter.rule == .swing2 {
      for index in series.indices { series[index].noteUnordered(grid) }
    }

    let wanted = Set(actors.map(\.id))
    var steps: [RollCallSeries.Step] = []
    var voters = 0
    for (actor, id) in grid.actors.enumerated() where wanted.isEmpty || wanted.contains(id) {
      let cells = grid.cells(of: actor)
      var own: [RollCallSeries.Step] = []
      // The same two votes may stand in a topic's series and in a title's; the topic's comes first.
      var seen: Set<Int> = []
      var chose = false
      for (index, series) in series.enumerated() {
        chose = chose || series.numbers.contains { VoteCell(rawValue: cells[$0]).place != nil }
        for step in series.steps(
          cells, grid, series: index, actor: actor)
        where grid.rollcalls[step.after].lies(since: filter.since, until: filter.until)
          && seen.insert(step.before * grid.rollcalls.count + step.after).inserted
        {
          own.append(step)
        }
      }
      if chose { voters += 1 }
      steps += own
    }
    steps.sort { a, b in
      if a.size != b.size { return a.size > b.size }
      let (least, other) = (min(a.held, a.kept), min(b.held, b.kept))
      if least != other { return least > other }
      if a.held + a.kept != b.held + b.kept { return a.held + a.kept > b.held + b.kept }
      let (one, two) = (
        grid.rollcalls[a.after].earliest ?? 0, grid.rollcalls[b.after].earliest ?? 0
      )
      if one != two { return one > two }
      return (a.actor, a.series, a.after) < (b.actor, b.series, b.after)
    }
    let inSeries = Set(series.flatMap(\.numbers))
    return SwingList(
      rule: filter.rule.name, knownBy: recordState, topics: topics, actors: actors,
      count: steps.count, series: series.count, rollcalls: inSeries.count, voters: voters,
      alone: dated.count - inSeries.count, undated: voted.count - dated.count,
      swings: try await swings(Array(steps.prefix(filter.limit)), grid, series, through))
  }

  /// Names and positions for those that are shown.
  private func swings(
    _ steps: [RollCallSeries.Step], _ grid: VoteGrid, _ series: [RollCallSeries],
    _ through: Position
  ) async throws -> [Swing] {
    let ids = Set(steps.map { grid.actors[$0.actor] })
    let names = try await displayNames(ofActors: ids, through: through)
    let votes = steps.flatMap { step in
      [step.before, step.after, step.next].filter { $0 >= 0 }.map {
        RecordedVote(rollcall: grid.rollcalls[$0].id, voter: grid.actors[step.actor])
      }
    }
    let positions = try await positions(ofVotes: votes, through: through)
    return steps.map { step in
      let id = grid.actors[step.actor]
      let own = series[step.series]
      let cells = grid.cells(of: step.actor)
      func vote(_ number: Int) -> Swing.Vote {
        let rollcall = grid.rollcalls[number]
        let effects = ["for", "neither", "against"]
        return Swing.Vote(
          rollcall: rollcall.id, on: rollcall.on, choice: VoteCell(rawValue: cells[number]).name,
          effect: own.kind == .topic
            ? own.place(cells[number], in: number).map { effects[$0 - 1] } : nil,
          position: positions[RecordedVote(rollcall: rollcall.id, voter: id)])
      }
      return Swing(
        actor: Entity(id: id, name: names[id] ?? id), series: own.series,
        before: vote(step.before), after: vote(step.after), size: step.size, held: step.held,
        kept: step.kept,
        persistence: step.kept > 1 ? .confirmed : step.next >= 0 ? .reversed : .last,
        next: step.next >= 0 ? vote(step.next) : nil)
    }
  }
}

extension VoteRollCall {
  /// Whether it was certainly held between two days.
  fileprivate func lies(since: Int64?, until: Int64?) -> Bool {
    if let since {
      guard let earliest, Day.of(second: earliest) >= since else { return false }
    }
    if let until {
      guard let latest, Day.last(before: latest) <= until else { return false }
    }
    return true
  }
}
