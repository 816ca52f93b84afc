import EventLog
import Testing

/// When inline projections move, and that their rows move with them.
struct InlineChecks {
  let open: InlineLogFactory

  init(_ open: @escaping InlineLogFactory) { self.open = open }

  private let seen = SampleProjection.everyEvent()

  /// A log with the projection, made and standing at the head.
  private func openRunning(_ name: String = "log") async throws -> any EventLog {
    let log = try await open(name, [seen])
    try await Projector(log: log).catchUp(seen)
    return log
  }

  func rowsMoveWithTheHead() async throws {
    let log = try await openRunning()
    try await withThrowingTaskGroup { group in
      for writer in 0..<8 {
        group.addTask {
          for round in 0..<25 {
            let first = writer * 1_000 + round * 3
            let receipt = try await log.append((0...round % 3).map { .sample(first + $0) })
            // What was acknowledged is in the rows, without anybody catching up.
            let state = try #require(try await log.projection("seen"))
            #expect(state.position >= receipt.entries[receipt.entries.count - 1].position)
          }
        }
      }
      for _ in 0..<2 {
        group.addTask {
          var last = Position.start
          for _ in 0..<200 {
            let (state, rows) = try #require(try await log.seen(by: seen))
            #expect(rows.count == Int(state.position.rawValue))
            #expect(state.position >= last)
            last = state.position
          }
        }
      }
      try await group.waitForAll()
    }
    let head = try await log.head().position
    let (state, rows) = try #require(try await log.seen(by: seen))
    #expect(state.position == head && rows == Array(1...head.rawValue))
    await log.close()
  }

  func refusedAppendsLeaveNoRows() async throws {
    let log = try await openRunning()
    try await log.append([.sample(0, tags: ["seat:1"])])
    let condition = AppendCondition(
      noneMatching: EventQuery(tags: [Tag("seat:1")].compactMap(\.self)))
    // They come together, and share commits: those that are refused with those that are not.
    let stored = await withTaskGroup { group in
      for number in 1..<60 {
        group.addTask {
          let isBad = number.isMultiple(of: 3)
          let error = await failure { () async throws(EventLogError) in
            try await log.append([.sample(number)], if: isBad ? condition : nil)
          }
          #expect((error?.code == .conflict) == isBad)
          return error == nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    let (state, rows) = try #require(try await log.seen(by: seen))
    #expect(rows.count == stored + 1 && state.position == Position(Int64(stored + 1)))
    await log.close()
  }

  func sameEventsAreTakenOnce() async throws {
    let log = try await openRunning()
    try await log.append([.sample(1), .sample(2)])
    let again = try await log.append([.sample(2), .sample(3), .sample(3), .sample(1)])
    #expect(again.entries.map(\.isNew) == [false, true, false, false])
    try await log.append([.sample(1)])
    let (state, rows) = try #require(try await log.seen(by: seen))
    #expect(rows == [1, 2, 3] && state.position == 3 && state.failure == nil)
    await log.close()
  }

  func checkpointPassesOtherTypes() async throws {
    let some = SampleProjection.everyEvent(types: ["a.done", "b.done"])
    let log = try await open("log", [some])
    try await Projector(log: log).catchUp(some)
    for (number, type) in ["a.done", "c.done", "b.done", "c.done", "c.done"].enumerated() {
      try await log.append([.sample(number, type: type)])
      let (state, rows) = try #require(try await log.seen(by: some))
      #expect(state.position == Position(Int64(number + 1)))
      #expect(rows == [1, 3].filter { $0 <= number + 1 })
    }
    try await Projector(log: log).rebuild(some)
    let rebuilt = try #require(try await log.seen(by: some))
    #expect(rebuilt.state.position == 5 && rebuilt.rows == [1, 3])
    await log.close()
  }

  func changedDefinition() async throws {
    let old = try await openRunning()
    try await old.append([.sample(1), .sample(2)])
    let changed = SampleProjection.everyEvent(version: 2)
    let log = try await open("log", [changed])
    try await log.append([.sample(3)])
    // The rows are of the old definition, and stay as they are until somebody catches up.
    #expect(try await log.seen(by: seen)?.rows == [1, 2])
    #expect(try await log.seen(by: changed) == nil)
    let status = try await Projector(log: log).status(of: changed)
    #expect(status.position == nil && status.lag == 3 && status.mode == .inline)
    #expect(try await Projector(log: log).catchUp(changed) == 3)
    try await log.append([.sample(4)])
    #expect(try await log.seen(by: changed)?.rows == [1, 2, 3, 4])
    // Whoever still has the old one does not touch the rows of the new one.
    try await old.append([.sample(5)])
    let left = try #require(try await log.seen(by: changed))
    #expect(left.rows == [1, 2, 3, 4] && left.state.position == 4)
    await log.close()
    await old.close()
  }

  func writerWithoutTheProjection() async throws {
    let log = try await openRunning()
    let stranger = try await open("log", [])
    try await log.append([.sample(1)])
    try await stranger.append([.sample(2)])
    // It would have to skip an event: it waits to catch up.
    try await log.append([.sample(3)])
    let behind = try #require(try await log.seen(by: seen))
    #expect(behind.rows == [1] && behind.state.position == 1)
    #expect(try await Projector(log: log).status(of: seen).lag == 2)
    #expect(try await Projector(log: log).catchUp(seen) == 3)
    try await log.append([.sample(4)])
    #expect(try await log.seen(by: seen)?.rows == [1, 2, 3, 4])
    // Catching up works for who has not registered it too.
    try await stranger.append([.sample(5)])
    #expect(try await Projector(log: stranger).catchUp(seen) == 5)
    #expect(try await log.seen(by: seen)?.rows == [1, 2, 3, 4, 5])
    #expect(try await Projector(log: stranger).check(seen)?.differences.isEmpty == true)
    await log.close()
    await stranger.close()
  }

  func pastIsLookedUp() async throws {
    let definition = ProjectionDefinition(
      name: "about", version: 1, tables: ["about"],
      schema: "CREATE TABLE about (seq INTEGER PRIMARY KEY, target INTEGER, type TEXT)")
    let about = SampleProjection(definition: definition) { event, past in
      guard let target = event.event.targets.first else { return [] }
      let position = try #require(try past.position(of: target))
      #expect(try past.event(at: position).id == target)
      let type = try past.event(at: position).type.name
      return [
        ProjectionStatement(
          "INSERT INTO about VALUES (?1, ?2, ?3)",
          rows: [
            [.integer(event.position.rawValue), .integer(position.rawValue), .text(type)]
          ])
      ]
    }
    let log = try await open("log", [about])
    try await Projector(log: log).catchUp(about)
    // A target in the same append, one in the same commit, one from before.
    try await log.append([.sample(1, type: "x.done"), .sample(2, targets: [.sample(1)])])
    try await log.append([.sample(3, type: "y.done")])
    try await log.append([.sample(4, targets: [.sample(3)]), .sample(5, targets: [.sample(2)])])
    let rows = try await log.rows("SELECT seq, target, type FROM about ORDER BY seq", [])
    #expect(
      rows == [
        [.integer(2), .integer(1), .text("x.done")], [.integer(4), .integer(3), .text("y.done")],
        [.integer(5), .integer(2), .text("thing.done")],
      ])
    #expect(try await Projector(log: log).rebuild(about).wasEqual == true)
    await log.close()
  }

  func rebuildWhileAppending() async throws {
    let log = try await openRunning()
    for start in stride(from: 0, to: 3_000, by: 500) {
      try await log.append((start..<start + 500).map { .sample($0) })
    }
    try await withThrowingTaskGroup { group in
      for writer in 1...3 {
        group.addTask {
          for round in 0..<150 {
            try await log.append([.sample(writer * 10_000 + round)])
          }
        }
      }
      group.addTask {
        for _ in 0..<8 {
          let rebuilt = try await Projector(log: log).rebuild(seen)
          #expect(rebuilt.wasEqual == true && rebuilt.failure == nil)
        }
      }
      group.addTask {
        // Nobody sees a half-built view, nor one that steps back.
        var last: Position = 3_000
        for _ in 0..<100 {
          let (state, rows) = try #require(try await log.seen(by: seen))
          #expect(rows.count == Int(state.position.rawValue) && state.position >= last)
          last = state.position
        }
      }
      try await group.waitForAll()
    }
    // After each rebuild the appends have taken it along again.
    #expect(try await log.seen(by: seen)?.state.position == 3_450)
    #expect(try await Projector(log: log).check(seen)?.differences.isEmpty == true)
    await log.close()
  }

  /// An append waits two seconds at most for its projections, and a swap arrives at the head however
  /// long that takes.
  func slowEventsLeaveNoLag() async throws {
    let slow = SampleProjection(definition: .seen("slow"), types: ["thing.done"]) { event, _ in
      let end = ContinuousClock.now + .milliseconds(1_100)
      while ContinuousClock.now < end {}
      return [.seen(event, in: "slow")]
    }
    let log = try await open("log", [slow])
    try await Projector(log: log).catchUp(slow)
    // The last event does not concern the projection, which has taken in all others by then.
    try await log.append([.sample(1), .sample(2), .sample(3, type: "other.done")])
    #expect(try await log.seen(by: slow)?.state.position == 3)
    await log.close()

    let stranger = try await open("log", [])
    let scratch = try await stranger.scratch(for: slow)
    _ = try await scratch.advance(by: 1, through: 1)
    try await stranger.append([.sample(4), .sample(5)])
    #expect(try await scratch.swapIn().position == 5)
    #expect(try await stranger.seen(by: slow)?.rows == [1, 2, 4, 5])
    await stranger.close()
  }
}
