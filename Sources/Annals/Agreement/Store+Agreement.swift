import EventLog

extension Store {
  /// The agreement of two actors, under rule `agreement/1`.
  ///
  /// Throws `.unknownActor` and `.unknownTopic`.
  public func agreement(
    _ a: String, _ b: String, in scope: RollCallScope = RollCallScope(),
    every unit: RollCallScope.Unit? = nil, listingFacts: Bool = false, knownBy: KnownBy? = nil
  ) async throws -> AgreementAnswer {
    let recordState = try await recordState(knownBy)
    return try await asking(at: recordState.position)
      .agreement(a, b, scope, unit, listingFacts, recordState)
  }

  private func agreement(
    _ a: String, _ b: String, _ scope: RollCallScope, _ unit: RollCallScope.Unit?,
    _ listingFacts: Bool, _ recordState: RecordState
  ) async throws -> AgreementAnswer {
    let through = recordState.position
    let first = try await knownActor(a, through: through)
    let second = try await knownActor(b, through: through)
    var earlier: [(actor: Entity, predecessor: Entity)] = []
    for actor in [first, second] {
      earlier += try await predecessors(of: actor.id, through: through).map { (actor, $0) }
    }
    let grid = try await voteGrid(
      of: [first.id, second.id] + earlier.map(\.predecessor.id), through: through)
    let selection = try await select(scope, from: grid, through: through)
    let pair = AgreementPair(grid, first.id, second.id)
    // One figure for all time hides a reversal: the years stand beside it.
    let isWhole = scope.period == nil && scope.session == nil
    let cut = unit ?? (isWhole ? .year : nil)
    var rows: [AgreementRow] = []
    if let cut {
      rows = grid.groups(selection.numbers, every: cut)
        .map { pair.row($0.numbers, label: $0.label) }.filter { $0.both > 0 }
    }
    var answer = AgreementAnswer(
      a: first, b: second, rule: Rule.agreement1.name, knownBy: recordState, selection: selection,
      total: pair.row(selection.numbers, label: nil), every: unit, rows: rows)
    if first.id == second.id, a != b {
      answer.notes.append("\"\(a)\" and \"\(b)\" are one actor, \(first.id)")
    }
    for (actor, predecessor) in earlier {
      let votes = AgreementPair(grid, actor.id, predecessor.id)
      let count = selection.numbers.count {
        let (own, other) = votes.cells($0)
        return own == .unrecorded && other != .unrecorded
      }
      guard count > 0 else { continue }
      answer.notes.append(
        "\(actor.id) has no vote in \(count) roll call\(count == 1 ? "" : "s") in which "
          + "\(predecessor.id) has one, which it succeeded: ask for \(predecessor.id)")
    }
    if listingFacts { answer.facts = try await facts(behind: pair, selection, through) }
    return answer
  }

  /// One actor against all others, the most alike first; `top` and `bottom` say how many of either
  /// end. Pairs with fewer than `least` common roll calls are left out.
  public func agreements(
    of a: String, in scope: RollCallScope = RollCallScope(), every unit: RollCallScope.Unit? = nil,
    top: Int? = nil, bottom: Int? = nil, least: Int = 1, knownBy: KnownBy? = nil
  ) async throws -> AgreementRanking {
    let recordState = try await recordState(knownBy)
    return try await asking(at: recordState.position)
      .agreements(of: a, scope, unit, top, bottom, max(1, least), recordState)
  }

  private func agreements(
    of a: String, _ scope: RollCallScope, _ unit: RollCallScope.Unit?, _ top: Int?, _ bottom: Int?,
    _ least: Int, _ recordState: RecordState
  ) async throws -> AgreementRanking {
    let through = recordState.position
    let first = try await knownActor(a, through: through)
    let grid = try await voteGrid(through: through)
    let selection = try await select(scope, from: grid, through: through)
    let groups = Self.groups(grid, selection, unit)
    let planes = ChoicePlanes(
      grid, groups: groups.map(\.numbers), actors: Array(grid.actors.indices))
    let names = try await displayNames(ofActors: Set(grid.actors), through: through)
    var ranking = AgreementRanking(
      a: first, rule: Rule.agreement1.name, knownBy: recordState, selection: selection, every: unit,
      least: least, groups: [])
    for (index, group) in groups.enumerated() {
      var rows: [AgreementRanking.Row] = []
      var thinner = 0
      if let own = grid.index(of: first.id) {
        for (other, id) in grid.actors.enumerated() where other != own {
          let figures = planes.figures(own, other, in: index)
          if figures.n >= ranking.least {
            rows.append(
              AgreementRanking.Row(
                rank: 0, b: Entity(id: id, name: names[id] ?? id), figures: figures))
          } else if figures.n > 0 {
            thinner += 1
          }
        }
      }
      rows.sort { a, b in
        let (one, other) = (a.figures.agreement?.value ?? 0, b.figures.agreement?.value ?? 0)
        if one != other { return one > other }
        return a.figures.n == b.figures.n
          ? a.b.id.utf8Precedes(b.b.id) : a.figures.n > b.figures.n
      }
      for index in rows.indices { rows[index].rank = index + 1 }
      if top != nil || bottom != nil {
        let head = rows.prefix(top ?? 0)
        rows = head + rows.dropFirst(head.count).suffix(bottom ?? 0)
      }
      ranking.groups.append(
        AgreementRanking.Group(
          label: unit == nil ? nil : group.label, agenda: group.numbers.count, rows: rows,
          thinner: thinner))
    }
    return ranking
  }

  /// All pairs of actors.
  public func agreements(
    in scope: RollCallScope = RollCallScope(), every unit: RollCallScope.Unit? = nil,
    least: Int = 1, knownBy: KnownBy? = nil
  ) async throws -> AgreementMatrix {
    let recordState = try await recordState(knownBy)
    let grid = try await voteGrid(through: recordState.position)
    let selection = try await asking(at: recordState.position)
      .select(scope, from: grid, through: recordState.position)
    let groups = Self.groups(grid, selection, unit)
    let planes = ChoicePlanes(
      grid, groups: groups.map(\.numbers), actors: Array(grid.actors.indices))
    return AgreementMatrix(
      rule: Rule.agreement1.name, knownBy: recordState, selection: selection, every: unit,
      least: max(1, least), actors: grid.actors,
      groups: groups.map { (unit == nil ? nil : $0.label, $0.numbers.count) }, planes: planes)
  }

  private static func groups(
    _ grid: VoteGrid, _ selection: RollCallSelection, _ unit: RollCallScope.Unit?
  ) -> [RollCallSelection.Group] {
    guard let unit else {
      return [RollCallSelection.Group(label: "", numbers: selection.numbers)]
    }
    return grid.groups(selection.numbers, every: unit)
  }

  /// The roll calls in which both could vote, with the positions of both votes.
  private func facts(
    behind pair: AgreementPair, _ selection: RollCallSelection, _ through: Position
  ) async throws -> [AgreementFact] {
    let numbers = selection.numbers.filter { pair.couldBothVote(in: $0) }
    let wanted = numbers.flatMap { number in
      [pair.a, pair.b].map { RecordedVote(rollcall: pair.grid.rollcalls[number].id, voter: $0) }
    }
    let positions = try await positions(ofVotes: wanted, through: through)
    return numbers.map { number in
      let rollcall = pair.grid.rollcalls[number]
      let (one, other) = pair.cells(number)
      return AgreementFact(
        rollcall: rollcall.id, on: rollcall.on, title: rollcall.title, a: one.name,
        b: other.name,
        seqA: positions[RecordedVote(rollcall: rollcall.id, voter: pair.a)],
        seqB: positions[RecordedVote(rollcall: rollcall.id, voter: pair.b)],
        agreement: one.place.flatMap { one in
          other.place.map { 1 - Double(abs(one - $0)) / 2 }
        })
    }
  }
}

/// Two actors, roll call by roll call.
struct AgreementPair {
  let grid: VoteGrid
  let a: String
  let b: String
  private let first: [UInt8]
  private let second: [UInt8]

  init(_ grid: VoteGrid, _ a: String, _ b: String) {
    self.grid = grid
    (self.a, self.b) = (a, b)
    let nothing = [UInt8](repeating: 0, count: grid.rollcalls.count)
    first = grid.index(of: a).map(grid.cells) ?? nothing
    second = grid.index(of: b).map(grid.cells) ?? nothing
  }

  func cells(_ number: Int) -> (VoteCell, VoteCell) {
    (VoteCell(rawValue: first[number]), VoteCell(rawValue: second[number]))
  }

  func couldBothVote(in number: Int) -> Bool {
    let (one, other) = cells(number)
    return one.couldVote && other.couldVote
  }

  func row(_ numbers: [Int], label: String?) -> AgreementRow {
    var row = AgreementRow(
      label: label, figures: AgreementFigures(), a: AgreementSide(), b: AgreementSide(),
      agenda: numbers.count, both: 0)
    var dates: [String] = []
    for number in numbers {
      let (one, other) = cells(number)
      row.a.take(one)
      row.b.take(other)
      guard one.couldVote && other.couldVote else { continue }
      row.both += 1
      row.a.takeOfBoth(one)
      row.b.takeOfBoth(other)
      guard row.figures.add(one, other) else { continue }
      if let on = grid.rollcalls[number].on { dates.append(on) }
    }
    if let start = dates.first, let end = dates.last {
      row.dates = min(start, end)...max(start, end)
    }
    return row
  }
}

extension VoteCell {
  /// Something is recorded, and it is not that there was no right to vote.
  var couldVote: Bool { self != .unrecorded && self != .ineligible }
}

extension AgreementSide {
  fileprivate mutating func take(_ cell: VoteCell) {
    if cell == .unrecorded { unrecorded += 1 }
    if cell == .ineligible { ineligible += 1 }
  }

  fileprivate mutating func takeOfBoth(_ cell: VoteCell) {
    switch cell {
    case .absent, .notVoting, .pairedYes, .pairedNo: absent += 1
    case .open, .conflict: open += 1
    case .both: bothWays += 1
    default: break
    }
  }
}

extension AgreementFigures {
  /// Counts a roll call; false when not both chose.
  mutating func add(_ one: VoteCell, _ other: VoteCell) -> Bool {
    switch (one, other) {
    case (.yes, .yes): yesYes += 1
    case (.yes, .abstain): yesAbstain += 1
    case (.yes, .no): yesNo += 1
    case (.abstain, .yes): abstainYes += 1
    case (.abstain, .abstain): abstainAbstain += 1
    case (.abstain, .no): abstainNo += 1
    case (.no, .yes): noYes += 1
    case (.no, .abstain): noAbstain += 1
    case (.no, .no): noNo += 1
    default: return false
    }
    return true
  }
}
