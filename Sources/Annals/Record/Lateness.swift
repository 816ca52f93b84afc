import EventLog

/// Finds the facts that were recorded late: more than `days` days after they happened, alone or beside
/// facts that were recorded in time. An import of the votes of eighty years is not late.
enum Lateness {
  /// Recorded more than so many days after the day.
  static let days = 30

  /// Definitions, and what the record says about itself, have no day on which they should be recorded.
  static let definitions: Set<String> = [
    "source.captured", "import.completed", "actor.registered", "actor.named", "actor.identified",
    "actor.merged", "topic.defined", "topic.linked", "topic.retired", "payload.erased",
  ]

  /// Nor have facts that hold over a period of their own.
  static let periods: Set<String> = [
    "role.held", "membership.held", "actor.succeeded", "relation.asserted", "motion.tabled",
  ]

  /// Whether facts of a type have a day on which they could be recorded in time.
  static func isDated(_ type: String) -> Bool {
    AmendmentState.kind(of: type) == nil && !definitions.contains(type) && !periods.contains(type)
  }

  /// What an event of a type that has a day tells of its batch, by the date that it was recorded with.
  enum Age: Sendable { case inTime, oldOrUndated }

  /// The number of events before and after a fact that show what its batch records. An answer about one
  /// actor cannot read a batch of ten thousand events.
  static let neighbours = 8

  /// Where the events stand that tell whether a fact is late.
  static func positions(beside fact: Position) -> [Position] {
    (1...neighbours).flatMap { [fact.advanced(by: -$0), fact.advanced(by: $0)] }
  }

  /// Whether a fact that was recorded long after its day is late, beside the events of a type with a day
  /// that were recorded close to it in the same batch.
  static func isLate(beside neighbours: some Sequence<Age>) -> Bool {
    var isAlone = true
    for age in neighbours {
      if age == .inTime { return true }
      isAlone = false
    }
    return isAlone
  }

  /// Whether so many seconds lie between the end of a day and the moment of recording.
  static func isOld(_ latest: Int64, recorded: Instant) -> Bool {
    latest != .max && latest != .min && recorded.day - Day.last(before: latest) > Int64(days)
  }
}

extension RecordReader {
  /// The facts among some that were recorded late.
  func late(among facts: [Fact]) async throws -> Set<Position> {
    let old = facts.filter { fact in
      fact.time.map { Lateness.isOld($0.latest, recorded: fact.root.batch.recorded) } ?? false
    }
    if old.isEmpty { return [] }
    let beside = old.flatMap { Lateness.positions(beside: $0.position) }
    var ages: [Position: (batch: Position, age: Lateness.Age)] = [:]
    for event in try await events(at: beside)
    where !event.isErased && Lateness.isDated(event.type.name) {
      let latest = event.event.time?.local.latest
      let isInTime =
        latest.map { $0 != .max && !Lateness.isOld($0, recorded: event.batch.recorded) } ?? false
      ages[event.position] = (event.batch.first, isInTime ? .inTime : .oldOrUndated)
    }
    return Set(
      old.filter { fact in
        let beside = Lateness.positions(beside: fact.position).lazy.compactMap { ages[$0] }
          .filter { $0.batch == fact.root.batch.first }
        return Lateness.isLate(beside: beside.map(\.age))
      }.map(\.position))
  }
}
