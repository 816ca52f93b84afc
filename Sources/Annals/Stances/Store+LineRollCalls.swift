import EventLog

/// A roll call on a topic, and whether a vote of one actor in it is recorded.
package struct LineRollCall: Hashable, Sendable {
  package var id: String
  /// The first day on which it may have been held, counted from 1970-01-01; nil where it is undated.
  package var day: Int64?
  package var hasVote: Bool
}

extension Store {
  /// The roll calls that are strongly linked to a topic, by day; undated ones last. Throws when actor or
  /// topic are unknown.
  package func rollcalls(
    actor: String, topic: String, from viewpoint: Viewpoint
  ) async throws -> [LineRollCall] {
    let line = try await line(actor: actor, topic: topic, from: viewpoint)
    guard let pair = line.slice.pair, let names = line.slice.names else { return [] }
    let result = line.slice.result
    let voted = result.voted[pair.actor] ?? []
    return result.rollcalls(linkedTo: pair.topic, before: viewpoint.end).map { rollcall in
      LineRollCall(
        id: String(names.tag(rollcall).value),
        day: result.held[rollcall].map { Day.of(second: $0.earliest) },
        hasVote: voted.contains(rollcall))
    }.sorted { ($0.day ?? .max, $0.id) < ($1.day ?? .max, $1.id) }
  }
}
