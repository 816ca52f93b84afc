import EventLog
import Testing

/// What the engine makes of projections that are folded whole.
struct ProjectorChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  /// One row per event; refuses events of one type.
  private struct Seen: FollowingProjection {
    var version = 1
    var refused = "bad.done"

    var definition: ProjectionDefinition { .seen("seen", version: version) }
    let columns = [(table: "seen", columns: ["seq", "type"])]

    func rows(of log: any EventLog, through: Position) async throws -> [[[SQLValue]]] {
      [try await rows(in: log, after: .start, through: through)]
    }

    func changes(
      in log: any EventLog, after: Position, through: Position
    ) async throws -> [ProjectionStatement] {
      let rows = try await rows(in: log, after: after, through: through)
      return [Projector.insert(into: "seen", ["seq", "type"], rows)]
    }

    private func rows(
      in log: any EventLog, after: Position, through: Position
    ) async throws -> [[SQLValue]] {
      try await log.read(.all, in: EventRange(after: after, through: through)).map { event in
        if event.type.name == refused {
          throw PoisonEvent(position: event.position, reason: "not this one")
        }
        return [.integer(event.position.rawValue), .text(event.type.name)]
      }
    }
  }

  func poisonStopsAProjection() async throws {
    let projector = Projector(log: log)
    try await log.append([.sample(1), .sample(2)])
    #expect(try await projector.catchUp(Seen()) == 2)
    try await log.append([.sample(3), .sample(4, type: "bad.done"), .sample(5)])
    for _ in 0..<2 {
      let error = await #expect(throws: PoisonEvent.self) {
        try await projector.catchUp(Seen())
      }
      #expect(error?.position == 4)
    }
    #expect(try await projector.status(of: Seen()).failure?.reason == "not this one")
    #expect(try await log.seen(by: Seen().definition)?.rows == [1, 2])
    // A rebuild gets as far as it can.
    let rebuilt = try await projector.rebuild(Seen())
    #expect(rebuilt.position == 2 && rebuilt.failure?.position == 4 && rebuilt.wasEqual == true)
    let changed = try await projector.rebuild(Seen(version: 2))
    #expect(changed.position == 3 && changed.failure?.position == 4 && changed.wasEqual == nil)
    #expect(try await log.seen(by: Seen(version: 2).definition)?.rows == [1, 2, 3])
    let checked = try await projector.check(Seen(version: 2))
    #expect(checked?.differences.isEmpty == true && checked?.state.failure?.position == 4)
    let mended = Seen(version: 2, refused: "nothing")
    #expect(try await projector.rebuild(mended).failure == nil)
    #expect(try await log.seen(by: mended.definition)?.rows == [1, 2, 3, 4, 5])
  }

  func differencesAreFound() async throws {
    let projector = Projector(log: log)
    #expect(try await projector.check(Seen()) == nil)
    try await log.append([.sample(1), .sample(2), .sample(3)])
    try await projector.catchUp(Seen())
    let state = try #require(try await log.projection("seen"))
    try await log.write(
      ProjectionChange(
        definition: Seen().definition, expected: state, state: state, rebuild: false,
        statements: [
          ProjectionStatement("DELETE FROM seen WHERE seq = 2"),
          ProjectionStatement("UPDATE seen SET type = 'é' WHERE seq = 3"),
        ]))
    let differences = try #require(try await projector.check(Seen())).differences
    #expect(differences.map(\.stored) == [[.integer(3), .text("é")], nil, nil])
    #expect(
      differences.map(\.expected) == [
        nil, [.integer(2), .text("thing.done")], [.integer(3), .text("thing.done")],
      ])
    #expect(try await projector.rebuild(Seen()).wasEqual == false)
    #expect(try await projector.rebuild(Seen()).wasEqual == true)
    // Texts that look alike are not the same.
    #expect(SQLValue.text("\u{E9}") != .text("e\u{301}"))
  }

  /// Rebuilds come through while everybody else appends and catches up, and nothing steps back.
  func rebuildBesideOthers() async throws {
    let projector = Projector(log: log)
    try await log.append((0..<500).map { .sample($0) })
    try await projector.catchUp(Seen())
    try await withThrowingTaskGroup { group in
      for writer in 1...3 {
        group.addTask {
          for round in 0..<40 {
            try await log.append([.sample(writer * 10_000 + round)])
            try await projector.catchUp(Seen())
          }
        }
      }
      group.addTask {
        for _ in 0..<5 {
          let rebuilt = try await projector.rebuild(Seen())
          #expect(rebuilt.wasEqual == true)
        }
      }
      group.addTask {
        var last: Position = 500
        for _ in 0..<60 {
          let (state, rows) = try #require(try await log.seen(by: Seen().definition))
          #expect(rows.count == Int(state.position.rawValue) && state.position >= last)
          last = state.position
        }
      }
      try await group.waitForAll()
    }
    #expect(try await projector.catchUp(Seen()) == 620)
    #expect(try await projector.check(Seen())?.differences.isEmpty == true)
  }
}
