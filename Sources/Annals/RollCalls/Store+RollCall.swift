import EventLog

extension Store {
  /// A roll call: official tallies beside the counted votes, who is not recorded, who chose
  /// otherwise before or than its group, and what the record says of its own completeness.
  ///
  /// `name` is its id, or the id or symbol of a motion with one roll call. `bloc` is any name of a
  /// group: only its members on the day of the roll call are counted. Throws `.unknownRollcall` and
  /// `.unknownActor`.
  public func rollcall(
    _ name: String, bloc: String? = nil, knownBy: KnownBy? = nil
  ) async throws -> RollCallAnswer {
    let recordState = try await recordState(knownBy)
    let through = recordState.position
    let store = asking(at: through)
    var id = try await store.rollcall(onMotion: name, through: through)
    if id == nil {
      id = try await store.knownID(.rollcall, name, .unknownRollcall, through: through)
    }
    var group: Entity?
    if let bloc { group = try await store.knownActor(bloc, through: through) }
    var count = RollCallCount(
      store: store, rollcall: id ?? name, recordState: recordState, bloc: group)
    try await count.load()
    return try await count.answer()
  }

  /// The roll call on the motion of this id or symbol; nil when there is no such motion, or when
  /// it is the id of a roll call as well. Throws when there are several.
  private func rollcall(onMotion name: String, through: Position) async throws -> String? {
    // An id of a roll call is meant before a motion.
    if try await id(of: .rollcall, reading: name, .unknownRollcall, through: through) != nil {
      return nil
    }
    let motion = try await id(of: .motion, reading: name, .unknownRollcall, through: through)
    let motions =
      if let motion { [Tag.motion(motion)] } else {
        try await self.motions(withSymbol: name, through: through)
      }
    let held = try await facts(["rollcall.held"], underAnyOf: motions, through: through)
    let names = Set(motions.map { String($0.value) })
    let ids = Set(
      held.filter { $0.holds && names.contains($0.fields.motion ?? "") }
        .compactMap { $0.fields.rollcall }
    ).sorted()
    guard ids.count > 1 else { return ids.first }
    throw Problems([
      Problem(
        .unknownRollcall, "\"\(name)\" had \(ids.count) roll calls",
        help: "name the one you mean: \(ids.joined(separator: ", "))")
    ])
  }

  private func motions(withSymbol symbol: String, through: Position) async throws -> [Tag] {
    let read = ReadForm.folded(symbol)
    typealias Found = (tags: [Tag], tape: JSONTape)
    let found = try await log.fold(
      EventQuery(types: ["motion.tabled"]), in: EventRange(through: through),
      into: Found([], JSONTape())
    ) { found, row, names in
      guard (try? found.tape.parse(row.body)) != nil,
        let data = found.tape.member(found.tape.root, "data"),
        let symbol = found.tape.member(data, "symbol"),
        let motion = found.tape.member(data, "motion"),
        ReadForm.folded(found.tape.string(symbol)) == read
      else { return true }
      found.tags.append(Tag(kind: "motion", value: found.tape.string(motion)))
      return true
    }
    return found.tags
  }
}
