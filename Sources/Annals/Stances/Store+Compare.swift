public import EventLog

/// Where several actors stand on a topic, side by side.
public struct CompareAnswer: Sendable {
  /// With the proposition as name.
  public var topic: Entity
  public var on: String
  public var knownBy: RecordState
  public var rule: Rule
  public var leavingOut: Exclusions
  /// The group whose members are compared, where one was asked for.
  public var bloc: Bloc?
  /// In the order asked for, the members of the group behind, by the rule of lines. For a rule of shares
  /// their coverage is that of the votes.
  public var stances: [StanceAnswer]
  /// The calendar unit that was asked for; rules of shares always have one.
  public var unit: Period.Unit?
  /// For each calendar unit: each actor's share, or its level at the end.
  public var rows: [Row]

  /// A group on the day asked about.
  public struct Bloc: Sendable {
    public var group: Entity
    /// Ids of those that were certainly members at the end of that day.
    public var members: [String]
    /// Ids of those whose dates leave it open; they are not compared.
    public var possible: [String]
  }

  public struct Row: Sendable {
    public var period: Period
    /// One per actor, in the order of `stances`.
    public var cells: [Cell]
  }

  /// What a rule says of one actor in one period.
  public struct Cell: Sendable {
    /// A rule of lines: the level at the end of the period.
    public var level: Level?
    /// Rules of shares: the share of the period.
    public var share: Share?
    /// In words.
    public var label: String
    /// How many facts of the period it counts.
    public var count: Int
    /// Their stances.
    public var facts: [Position]
  }
}

extension Store {
  /// Where several actors stand on a topic, and the members that a group has on that day; with
  /// `every`, how that was in each year, quarter or month. Throws for the first actor or topic that
  /// is unknown.
  public func compare(
    _ actors: [String], bloc: String? = nil, topic: String, rule: Rule = .latest2,
    every unit: Period.Unit? = nil,
    from viewpoint: Viewpoint = Viewpoint(), today: Instant = .now()
  ) async throws -> CompareAnswer {
    var viewpoint = viewpoint
    if rule.givesLine { viewpoint.rule = rule }
    let recordState = try await recordState(viewpoint.knownBy)
    return try await asking(at: recordState.position).compare(
      actors, bloc, topic, rule, unit, viewpoint, recordState, today)
  }

  private func compare(
    _ actors: [String], _ bloc: String?, _ topic: String, _ rule: Rule, _ unit: Period.Unit?,
    _ viewpoint: Viewpoint, _ recordState: RecordState, _ today: Instant
  ) async throws -> CompareAnswer {
    var group: CompareAnswer.Bloc?
    if let bloc { group = try await members(of: bloc, viewpoint, recordState, today) }
    let lines = try await lines(
      actors: actors + (group?.members ?? []), topic: topic, from: viewpoint, knownBy: recordState)
    var stances: [StanceAnswer] = []
    for line in lines { stances.append(try await show(line, today: today)) }
    let unit = unit ?? (rule.givesLine ? nil : .year)
    var shares: [[PeriodShare]] = []
    if !rule.givesLine, let unit {
      for (index, line) in lines.enumerated() {
        let own = try await self.shares(line, rule: rule, every: unit, period: nil, today: today)
        stances[index].coverage = own.coverage
        shares.append(own.periods)
      }
    }
    if lines.count < actors.count {
      var names: [String: [String]] = [:]
      for name in actors {
        let id = try await resolveActor(name, through: recordState.position).id
        if names[id]?.contains(name) != true { names[id, default: []].append(name) }
      }
      for (index, line) in lines.enumerated() {
        guard let own = names[line.actor.id], own.count > 1 else { continue }
        stances[index].coverage.append(
          own.map { "\"\($0)\"" }.joined(separator: " and ") + " are one actor")
      }
    }
    return CompareAnswer(
      topic: try await resolveTopic(topic, through: recordState.position),
      on: viewpoint.day(today), knownBy: recordState, rule: rule,
      leavingOut: viewpoint.leavingOut, bloc: group, stances: stances,
      unit: unit,
      rows: unit.map { rule.givesLine ? Self.rows(lines, $0) : Self.rows(shares, $0) } ?? [])
  }

  private func members(
    of name: String, _ viewpoint: Viewpoint, _ recordState: RecordState, _ today: Instant
  ) async throws -> CompareAnswer.Bloc {
    let group = try await resolveActor(name, through: recordState.position)
    let end = viewpoint.on?.endOfMoment ?? CalendarDay(number: today.day).endSecond
    let members = try await members(
      of: group.id, at: AskedTime(endOf: end), through: recordState.position)
    guard let members else {
      throw Problems([
        Problem(
          .unknownActor, "no members of \(group.id) are recorded",
          help: "record them:  "
            + "\(command: "append membership.held actor=… group=\(group.id) period=…")")
      ])
    }
    func ids(_ certainty: Certainty) -> [String] {
      members.filter { $0.value == certainty }.map(\.key).sorted()
    }
    return CompareAnswer.Bloc(group: group, members: ids(.certain), possible: ids(.possible))
  }

  private static func rows(_ lines: [ActorLine], _ unit: Period.Unit) -> [CompareAnswer.Row] {
    let days = lines.flatMap(\.turns).filter { $0 != .min }
    guard let first = days.min(), let last = days.max() else { return [] }
    return Period.all(unit, touching: first...last).map { period in
      CompareAnswer.Row(period: period, cells: lines.map { $0.cell(at: period) })
    }
  }

  private static func rows(_ shares: [[PeriodShare]], _ unit: Period.Unit) -> [CompareAnswer.Row] {
    let days = shares.joined().map(\.period.days)
    guard let first = days.map(\.lowerBound).min(), let last = days.map(\.upperBound).max() else {
      return []
    }
    return Period.all(unit, touching: first...last).map { period in
      CompareAnswer.Row(
        period: period,
        cells: shares.map { own in
          let share = own.first { $0.period == period }
          return CompareAnswer.Cell(
            level: nil, share: share?.share, label: share?.label ?? RecordRule.label(nil),
            count: share?.votes.count ?? 0, facts: share?.votes.map(\.fact.position) ?? [])
        })
    }
  }
}

extension ActorLine {
  /// The days on which evidence began to count, and those on which a stance had ended by itself.
  fileprivate var turns: [Int64] {
    counted.map { LatestRule.day($0, possibly: viewpoint.possibly) }
      + steps.compactMap { $0.last == .max ? nil : $0.last + 1 }
  }

  /// The level at the end of a period, and the evidence that began to count in it.
  fileprivate func cell(at period: Period) -> CompareAnswer.Cell {
    let step = steps.last { $0.day <= period.days.upperBound }
    let level = step.flatMap { $0.last >= period.days.upperBound ? $0.level : nil }
    let own = counted.filter {
      period.days.contains(LatestRule.day($0, possibly: viewpoint.possibly))
    }
    return CompareAnswer.Cell(
      level: level, share: nil, label: level?.label ?? "no data", count: own.count,
      facts: own.map(\.source))
  }
}
