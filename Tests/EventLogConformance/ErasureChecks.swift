import EventLog
import Testing

import struct EventLog.Tag

/// What erasing takes away, and what it leaves; and logs that are put together again elsewhere.
struct ErasureChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  /// Events in which the third of each ten targets the one before it.
  private static func samples(_ numbers: Range<Int>) -> [NewEvent] {
    numbers.map { number in
      .sample(
        number, tags: ["n:\(number)", "all:x"],
        targets: number % 10 == 2 ? [.sample(number - 1)] : [],
        body: #"{"n":"secret \#(number)","word":"of-\#(number % 7)"}"#)
    }
  }

  private static func erasing(_ numbers: [Int], _ id: Int = 100_000) -> NewEvent {
    .sample(id, type: "payload.erased", targets: numbers.map(EventID.sample))
  }

  /// The event that says that payloads were erased is of its own type, and names them all.
  func erasuresAreSaid() async throws {
    try await log.append([.sample(1), .sample(2), .sample(3)])
    let wrong = [
      NewEvent.sample(100_000, targets: [.sample(1), .sample(2)]),
      Self.erasing([]), Self.erasing([1]), Self.erasing([1, 3]),
    ]
    for event in wrong {
      let error = await failure { () async throws(EventLogError) in
        _ = try await log.erase(
          [.sample(1), .sample(2)], saying: event, recorder: "r", note: nil, if: nil)
      }
      #expect(error?.code == .invalidEvent, "\(event)")
    }
    #expect(try await log.erasures() == 0)
    #expect(try await log.head().position == 3)
    _ = try await log.erase(
      [.sample(1), .sample(2)], saying: Self.erasing([1, 2]), recorder: "r", note: nil, if: nil)
    #expect(try await log.erasures() == 2)
  }

  func erasedPayloadsAreGone() async throws {
    try await log.append(Self.samples(0..<300))
    try await log.append(Self.samples(300..<310))
    let before = try await log.everything()
    let root = try await log.root(ofSize: 310)
    let proof = try await log.inclusionProof(of: 42, size: 310)
    let numbers = [41, 42, 63, 305]
    let receipt = try await log.erase(
      numbers.map(EventID.sample), saying: Self.erasing(numbers), recorder: "law", note: nil,
      if: nil)
    #expect(receipt.entries.map(\.position) == [311])

    let after = try await log.everything()
    #expect(after.count == 311)
    for (old, new) in zip(before, after) {
      let number = Int(old.position.rawValue) - 1
      guard numbers.contains(number) else {
        #expect(new == old)
        continue
      }
      #expect(new.event.body == Erasure.body && new.event.tags == [] && new.isErased)
      #expect(new.salt == [UInt8](repeating: 0, count: 16))
      #expect(new.erasure == Erasure(commitment: old.commitment, by: 311))
      #expect(new.leafHash == old.leafHash && new.computedLeafHash == old.leafHash)
      #expect(new.event.targets == old.event.targets && new.id == old.id && new.batch == old.batch)
    }
    for query in [
      EventQuery(types: ["thing.done"]), EventQuery(tags: [Tag("all:x")!]),
      EventQuery(tags: [Tag("n:41")!]), EventQuery(tags: [.target(.sample(41))]),
    ] {
      let found = try await log.read(query, in: EventRange())
      #expect(found.allSatisfy { !$0.isErased })
      let wanted = before.filter { event in
        !numbers.contains(Int(event.position.rawValue) - 1)
          && query.items[0].tags.allSatisfy {
            (event.event.tags + event.event.targets.map(Tag.target)).contains($0)
          }
      }
      #expect(found.map(\.position).filter { $0 <= 310 } == wanted.map(\.position))
    }
    let tags = try await log.tags(kind: "n").map(\.value)
    #expect(!tags.contains("41") && tags.contains("40"))

    // What was proved stays proved.
    #expect(try await log.root(ofSize: 310) == root)
    #expect(try await log.inclusionProof(of: 42, size: 310) == proof)
    let result = try await log.verify(LogVerificationRequest())
    #expect(result.faults == [] && result.erased == 4)
  }

  func erasedEventsDoNotComeBack() async throws {
    let events = Self.samples(0..<20)
    try await log.append(events)
    _ = try await log.erase(
      [.sample(7)], saying: Self.erasing([7]), recorder: "law", note: nil, if: nil)
    let again = try await log.append(events)
    #expect(again.entries.allSatisfy { !$0.isNew })
    #expect(again.entries[7].position == 8)
    #expect(try await log.read(.all, in: EventRange(after: 7, through: 8))[0].isErased)
    // Once more: nothing is said twice.
    let receipt = try await log.erase(
      [.sample(7)], saying: Self.erasing([7], 100_001), recorder: "law", note: nil, if: nil)
    #expect(receipt.entries.isEmpty)
    #expect(try await log.head().position == 21)
    // A tag that went with the payload can be used again.
    try await log.append([.sample(500, tags: ["n:7"])])
    let found = try await log.read(EventQuery(tags: [Tag("n:7")!]), in: EventRange())
    #expect(found.map(\.position) == [22])
    let error = await failure { () throws(EventLogError) in
      _ = try await log.erase(
        [.sample(9), .sample(999)], saying: Self.erasing([9, 999], 100_002), recorder: "law",
        note: nil, if: nil)
    }
    #expect(error?.code == .unknownTarget)
    #expect(try await !log.read(.all, in: EventRange(after: 9, through: 10))[0].isErased)
    #expect(try await log.verify(LogVerificationRequest()).faults == [])
  }

  /// What was folded before a payload was erased is not written after it.
  func erasedPayloadsDoNotComeBackIntoViews() async throws {
    try await log.append(Self.samples(0..<20))
    let definition = ProjectionDefinition(
      name: "seen", version: 1, tables: ["seen"],
      schema: "CREATE TABLE seen (seq INTEGER PRIMARY KEY, what TEXT) STRICT")
    func write(_ erasures: Int64) async throws(EventLogError) {
      try await log.write(
        ProjectionChange(
          definition: definition, expected: try await log.projection("seen"),
          state: ProjectionState(
            name: "seen", version: 1, definitionHash: definition.hash, position: 20),
          rebuild: true,
          statements: [ProjectionStatement("INSERT INTO seen VALUES (8, 'secret 7')")],
          erasures: erasures))
    }
    let before = try await log.erasures()
    try await write(before)
    _ = try await log.erase(
      [.sample(7)], saying: Self.erasing([7]), recorder: "law", note: nil, if: nil)
    #expect(try await log.projection("seen") == nil)
    #expect(try await log.erasures() == before + 1)
    let error = await failure { () throws(EventLogError) in try await write(before) }
    #expect(error?.code == .projectionMoved)
    #expect(try await log.projection("seen") == nil)
    // What came back in spite of all goes with the next attempt.
    try await write(before + 1)
    _ = try await log.erase(
      [.sample(7)], saying: Self.erasing([7], 100_001), recorder: "law", note: nil, if: nil)
    #expect(try await log.projection("seen") == nil)
    // Nothing is erased where the condition does not hold, and nothing by an event of another type.
    let head = try await log.head().position
    try await log.append([.sample(600, targets: [.sample(9)])])
    let about = EventQuery(tags: [.target(.sample(9))])
    let conflict = await failure { () throws(EventLogError) in
      _ = try await log.erase(
        [.sample(9)], saying: Self.erasing([9], 100_002), recorder: "law", note: nil,
        if: AppendCondition(noneMatching: about, after: head))
    }
    #expect(conflict?.code == .conflict)
    let other = await failure { () throws(EventLogError) in
      _ = try await log.erase(
        [.sample(9)], saying: .sample(700), recorder: "law", note: nil, if: nil)
    }
    #expect(other?.code == .invalidEvent)
    #expect(try await log.erasures() == before + 1)
  }

  /// A log that is restored batch by batch is the same, erased payloads included.
  static func restoredLogsAreTheSame(_ makeLog: LogFactory) async throws {
    let log = try await makeLog(Instant.now)
    _ = try await log.append(Self.samples(0..<3), recorder: "a", note: "first", if: nil)
    _ = try await log.append(Self.samples(3..<600), recorder: "b", note: nil, if: nil)
    _ = try await log.erase(
      [.sample(2), .sample(17)], saying: Self.erasing([2, 17]), recorder: "law", note: nil, if: nil)
    let events = try await log.everything()
    let copy = try await makeLog(Instant.now)
    var batches: [[RecordedEvent]] = []
    for event in events {
      if batches.last?.last?.batch == event.batch {
        batches[batches.count - 1].append(event)
      } else {
        batches.append([event])
      }
    }
    var forged = batches[0]
    forged[1].event.body = Array(#"{"n":"forged"}"#.utf8)
    for wrong in [forged, Array(batches[1].dropFirst()), batches[1] + batches[2], []] {
      let error = await failure { () throws(EventLogError) in
        _ = try await copy.append(try copy.prepare(restoring: wrong), if: nil)
      }
      #expect(error?.code == .invalidEvent)
    }
    for batch in batches {
      _ = try await copy.append(try copy.prepare(restoring: batch), if: nil)
    }
    #expect(try await copy.everything() == events)
    #expect(try await copy.root(ofSize: 601) == log.root(ofSize: 601))
    #expect(try await copy.verify(LogVerificationRequest()).faults == [])
    // It goes on as any other.
    try await copy.append([.sample(700)])
    #expect(try await copy.verify(LogVerificationRequest()).faults == [])
    // What stands there is acknowledged; nothing else is restored into the middle.
    let again = try await copy.append(try copy.prepare(restoring: batches[0]), if: nil)
    #expect(again.entries.map(\.position) == [1, 2, 3] && again.entries.allSatisfy { !$0.isNew })
    let other = try await makeLog(Instant.now)
    try await other.append([.sample(800)])
    let error = await failure { () throws(EventLogError) in
      _ = try await copy.append(
        try copy.prepare(restoring: try await other.everything()), if: nil)
    }
    #expect(error?.code == .invalidEvent)
    await other.close()
    await log.close()
    await copy.close()
  }
}
