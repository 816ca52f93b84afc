import EventLog

extension Store {
  /// The lines of actors on topics as they stand now.
  func lines(_ pairs: [StancePair]) async throws -> [[LineSegment]] {
    var lines: [[LineSegment]] = []
    for pair in pairs { lines.append(try await line(pair)) }
    return lines
  }

  /// What has changed in lines since they were read: the first day on which each differs.
  func changes(
    from before: [[LineSegment]], _ pairs: [StancePair]
  ) async throws -> [StanceChange] {
    var changes: [StanceChange] = []
    for (pair, old) in zip(pairs, before) {
      let new = try await line(pair)
      guard let day = LineSegment.firstDifference(old, new) else { continue }
      changes.append(
        StanceChange(
          actor: Entity(
            id: pair.actor,
            name: try await displayName(ofActor: pair.actor, through: Position(.max))),
          topic: Entity(id: pair.topic, name: pair.topic), rule: Rule.latest1.name, from: day,
          before: LineSegment.level(old, on: day), after: LineSegment.level(new, on: day)))
    }
    return changes
  }
}
