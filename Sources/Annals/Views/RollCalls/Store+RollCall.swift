import EventLog

extension Store {
  /// A roll call: official tallies beside the counted votes, who is not recorded, and what the
  /// record says of its own completeness.
  ///
  /// `bloc` is any name of a group: only its members on the day of the roll call are counted.
  /// Throws `.unknownRollcall` and `.unknownActor`.
  public func rollcall(
    _ name: String, bloc: String? = nil, knownBy: KnownBy? = nil
  ) async throws -> RollCallAnswer {
    let knowledge = try await knowledge(knownBy)
    let through = knowledge.position
    let id = try await knownID(.rollcall, name, .unknownRollcall, through: through)
    var group: Entity?
    if let bloc { group = try await knownActor(bloc, through: through) }
    var count = RollCallCount(store: self, rollcall: id, knowledge: knowledge, bloc: group)
    try await count.load()
    return try await count.answer()
  }
}
