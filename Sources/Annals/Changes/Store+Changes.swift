import EventLog

extension Store {
  /// The stances that the events behind a position change, each with the first day on which it
  /// differs. None after many events, and after actors were merged: then everything would have to be read.
  func stanceChanges(after position: Position) async throws -> [StanceChange] {
    let head = try await log.head().position
    let store = asking(at: head)
    let reader = store.reader(head)
    let pairs = try await TouchedStances.pairs(after: position, from: reader) ?? []
    return try await store.stanceChanges(in: pairs, from: position, to: head)
  }

  /// What changed in lines between two positions, within a question about the later one.
  func stanceChanges(
    in pairs: [StancePair], from: Position, to: Position
  ) async throws -> [StanceChange] {
    var changes: [StanceChange] = []
    for pair in pairs {
      let (old, new) = try await StanceSlice.lines(of: pair, at: from, from: reader(to))
      if let change = try await change(of: pair, old, new, through: to) { changes.append(change) }
    }
    return changes
  }

  /// The first difference between two lines of an actor on a topic; nil when they are equal.
  func change(
    of pair: StancePair, _ old: [LineSegment], _ new: [LineSegment], through: Position
  ) async throws -> StanceChange? {
    guard let day = LineSegment.firstDifference(old, new) else { return nil }
    let name = try await displayName(ofActor: pair.actor, through: through)
    return StanceChange(
      actor: Entity(id: pair.actor, name: name), topic: Entity(id: pair.topic, name: pair.topic),
      rule: Rule.latest1.name, from: day, before: LineSegment.level(old, on: day),
      after: LineSegment.level(new, on: day))
  }
}
