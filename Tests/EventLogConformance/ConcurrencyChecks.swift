import EventLog
import Synchronization
import Testing

import struct EventLog.Tag

/// What many tasks at once may and may not see.
struct ConcurrencyChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  static func recordedNeverRunsBackwards(_ makeLog: LogFactory) async throws {
    // Stands still, jumps back by years, past 2038, before 1970, and to the year 9999.
    let readings: [Int64] = [
      1_700_000_000_000_000, 1_700_000_000_000_000, 1_000_000_000_000_000, -5,
      1_700_000_000_000_001, 2_200_000_000_000_000, 1_700_000_000_000_002, 253_402_300_799_000_000,
    ]
    let index = Mutex(0)
    let log = try await makeLog {
      index.withLock { index in
        defer { index += 1 }
        return Instant(microseconds: readings[index % readings.count])
      }
    }
    var last: Instant?
    for number in 0..<20 {
      let receipt = try await log.append([.sample(2 * number), .sample(2 * number + 1)])
      let recorded = try #require(receipt.recorded)
      if let last { #expect(recorded > last) }
      #expect(try await log.head().recorded == recorded)
      last = recorded
    }
    let stored = try await log.everything()
    #expect(stored.map(\.batch.recorded) == stored.map(\.batch.recorded).sorted())
    #expect(Set(stored.map(\.batch.recorded)).count == 20)
    #expect(stored.allSatisfy { $0.leafHash == $0.computedLeafHash })
    await log.close()
  }

  func concurrentAppends() async throws {
    let perTask = 10
    let receipts = try await withThrowingTaskGroup(of: [Position].self) { group in
      for task in 0..<64 {
        group.addTask {
          var positions: [Position] = []
          for number in 0..<perTask {
            let event = NewEvent.sample(task * 1000 + number, tags: ["task:\(task)"])
            positions += try await log.append([event]).entries.map(\.position)
          }
          return positions
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for positions in receipts { #expect(positions == positions.sorted()) }
    #expect(receipts.flatMap(\.self).sorted() == (1...640).map { Position($0) })
    let stored = try await log.everything()
    #expect(stored.map(\.position) == (1...640).map { Position($0) })
    #expect(stored.map(\.batch.first) == stored.map(\.position))
    for task in [0, 17, 63] {
      let own = try await log.read(
        EventQuery(tags: [Tag(kind: "task", value: "\(task)")]), in: EventRange())
      #expect(own.map(\.id) == (0..<perTask).map { .sample(task * 1000 + $0) })
    }
  }

  func batchesAreWhole() async throws {
    let size = 7
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for batch in 0..<100 {
          try await log.append((0..<size).map { .sample(batch * size + $0) })
        }
      }
      for _ in 0..<3 {
        group.addTask {
          var seen = 0
          while seen < 100 * size {
            let count = try await log.fold(.all, in: EventRange(), into: 0) { count, _, _ in
              count += 1
              return true
            }
            #expect(count % size == 0)
            #expect(count >= seen)
            seen = count
            let newest = try await log.read(.all, in: EventRange(order: .newestFirst, limit: size))
            #expect(Set(newest.map(\.batch.first)).count <= 1)
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
