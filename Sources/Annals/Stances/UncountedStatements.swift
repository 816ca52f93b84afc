import EventLog

/// A statement that does not count for an actor on whose behalf it was made, or that makes no step.
struct UncountedStatement: Hashable, Sendable {
  enum Reason: Hashable, Sendable {
    /// Said under a condition; the level is the one that it names.
    case conditional(Level)
    /// No office of the speaker with the actor covers the day.
    case noOffice
    /// The speaker held offices with several organisations, and the statement names none of them.
    case severalOffices([String])
    /// The speaker left an office with one of them for an office with another on that day.
    case changedOffice([String])
  }

  var actor: String
  var topic: String
  var position: Position
  var reason: Reason
}

extension StanceFold.Result {
  /// The statements that do not count for the actor of `pair` on its topic. Where `pair` is nil, the
  /// statements that do not count for any actor.
  func uncounted(for pair: StanceFold.Pair?, _ names: any LogNames) -> [UncountedStatement] {
    func name(_ id: NameID) -> String { String(names.tag(id).value) }
    func found(
      _ statements: [StanceFold.Pair: [Position]],
      _ reason: (StanceFold.Pair, Position) -> UncountedStatement.Reason
    ) -> [UncountedStatement] {
      let pairs = pair.map { [$0] } ?? Array(statements.keys)
      return pairs.flatMap { own in
        (statements[own] ?? []).map { position in
          UncountedStatement(
            actor: name(own.actor), topic: name(own.topic), position: position,
            reason: reason(own, position))
        }
      }
    }
    let conditional = (pair.map { [$0] } ?? Array(evidence.keys)).flatMap { own in
      (evidence[own] ?? []).compactMap { item in
        item.conditionalLevel.map {
          UncountedStatement(
            actor: name(own.actor), topic: name(own.topic), position: item.source,
            reason: .conditional($0))
        }
      }
    }
    var organisations: [Position: Set<String>] = [:]
    for (own, statements) in forSeveral where pair == nil || pair?.topic == own.topic {
      for position in statements { organisations[position, default: []].insert(name(own.actor)) }
    }
    let all =
      conditional + found(withoutOffice) { _, _ in .noOffice }
      + found(forSeveral) { _, position in
        let names = (organisations[position] ?? []).sorted()
        return changingOffice.contains(position) ? .changedOffice(names) : .severalOffices(names)
      }
    return all.sorted { ($0.position, $0.actor, $0.topic) < ($1.position, $1.actor, $1.topic) }
  }
}

extension ActorLine {
  /// The statements that were made by the end of the moment asked about.
  func uncounted() -> [UncountedStatement] {
    guard let pair = slice.pair, let names = slice.names else { return [] }
    return slice.result.uncounted(for: pair, names)
  }
}

extension Store {
  /// Says of the first statements why they do not count, and how many more there are. With a viewpoint,
  /// of those alone that had been made by the moment asked about.
  func remarks(
    on statements: [UncountedStatement], from viewpoint: Viewpoint = Viewpoint(), through: Position,
    limit: Int = 20
  ) async throws -> [Remark] {
    if statements.isEmpty { return [] }
    let facts = try await facts(
      of: events(at: Set(statements.map(\.position))), through: through
    ).filter { fact in
      guard let time = fact.time else { return viewpoint.on == nil }
      return viewpoint.possibly ? time.earliest < viewpoint.end : time.latest <= viewpoint.end
    }
    let byPosition = Dictionary(facts.map { ($0.position, $0) }) { first, _ in first }
    var remarks: [Remark] = []
    let made = statements.filter { byPosition[$0.position] != nil }
    for statement in made.prefix(limit) {
      guard let fact = byPosition[statement.position] else { continue }
      let (kind, text) = try await explanation(of: statement, fact, through: through)
      remarks.append(Remark(kind: kind, position: statement.position, text: text))
    }
    if made.count > limit {
      remarks.append(
        Remark(
          kind: "coverage", position: nil,
          text: "\(made.count - limit) more statements do not count"))
    }
    return remarks
  }

  private func explanation(
    of statement: UncountedStatement, _ fact: Fact, through: Position
  ) async throws -> (kind: String, text: String) {
    if case .conditional(let level) = statement.reason {
      return ("conditional", "said under a condition, so it makes no step: \(level.label)")
    }
    let speaker = try await displayName(ofActor: fact.fields.speaker ?? "", through: through)
    let actor = try await displayName(ofActor: statement.actor, through: through)
    let day = fact.time?.text ?? "an unknown day"
    if case .severalOffices(let organisations) = statement.reason {
      return (
        "several-offices",
        "does not count for \(actor): \(speaker) held offices of"
          + " \(organisations.joined(separator: " and ")) on \(day), and the statement names none of"
          + " them (onBehalfOf)"
      )
    }
    if case .changedOffice(let organisations) = statement.reason {
      return (
        "several-offices",
        "does not count for \(actor): on \(day) \(speaker) may have held an office of"
          + " \(organisations.joined(separator: " or of ")), for one gave way to the other, and the"
          + " statement names none of them (onBehalfOf)"
      )
    }
    return ("no-office", "does not count for \(actor): no office of \(speaker) covers \(day)")
  }
}

extension UncountedStatement {
  var isConditional: Bool { if case .conditional = reason { true } else { false } }
}

extension Fact {
  /// Says from which day a fact counts whose date is longer than a day; nil for one day.
  var imprecision: String? {
    guard let time else { return nil }
    if time.latest == .max || time.earliest == .min {
      return time.latest == .max
        ? "dated \(time.text): one unknown day, so it counts on no day (--possibly counts it)"
        : "dated \(time.text): one unknown day; it counts from \(Self.lastDay(time))"
    }
    let days = Day.last(before: time.latest) - Day.of(second: time.earliest) + 1
    guard days > 1 else { return nil }
    return "dated \(time.text): one unknown day of \(days); it counts from \(Self.lastDay(time))"
  }

  private static func lastDay(_ time: ValidTime) -> CalendarDay {
    CalendarDay(number: Day.last(before: time.latest))
  }
}
