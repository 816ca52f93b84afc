import EventLog
import Synchronization
import Testing

import struct EventLog.Tag

/// What reads find, against a plain filter over everything.
struct QueryChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  private static let types = ["a.one", "a.two", "b.one", "b.two", "rare"]
  private static let tags = (0..<12).map { Tag(kind: "k\($0 % 3)", value: "v\($0)") }

  private static func randomEvent(
    _ number: Int, _ random: inout SeededRandom
  ) -> NewEvent {
    let isRare = Int.random(in: 0..<100, using: &random) == 0
    let type = isRare ? "rare" : types[Int.random(in: 0..<4, using: &random)]
    // Low tags are common, high ones rare; the last of all is on one event in a hundred.
    var picked = tags.enumerated()
      .filter { Int.random(in: 0...($0.offset * $0.offset), using: &random) == 0 }
      .map(\.element)
    picked.shuffle(using: &random)
    let targets =
      number > 0 && Int.random(in: 0..<10, using: &random) == 0
      ? [EventID.sample(Int.random(in: 0..<number, using: &random))] : []
    return NewEvent(
      id: .sample(number), type: EventType(type, version: Int.random(in: 1...2, using: &random)),
      tags: picked, targets: targets, body: Array("{}".utf8))
  }

  private static func randomQuery(_ random: inout SeededRandom) -> EventQuery {
    let items = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      EventQuery.Item(
        types: (types + ["unknown"]).shuffled(using: &random)
          .prefix(Int.random(in: 0...2, using: &random)).map(\.self),
        tags: (tags + [.target(.sample(3)), Tag(kind: "un", value: "known")])
          .shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)).map(\.self))
    }
    return EventQuery(items: items)
  }

  static func matches(_ event: RecordedEvent, _ query: EventQuery) -> Bool {
    let tags = event.event.tags + event.event.targets.map(Tag.target)
    return query.items.contains { item in
      (item.types.isEmpty || item.types.contains(event.type.name))
        && item.tags.allSatisfy(tags.contains)
    }
  }

  func randomQueries() async throws {
    var random = SeededRandom(20_220_302)
    var number = 0
    while number < 900 {
      let size = [1, 1, 2, 5, 40, 130].randomElement(using: &random) ?? 1
      let events = (number..<number + size).map { Self.randomEvent($0, &random) }
      try await log.append(events)
      number += size
    }
    let everything = try await log.everything()
    #expect(everything.count == number)
    for _ in 0..<400 {
      let query = Self.randomQuery(&random)
      let bounds = [-3, 0, Int64(number / 3), Int64(number - 2), Int64(number + 5), .max]
      let range = EventRange(
        after: Position(
          Bool.random(using: &random) ? 0 : bounds.randomElement(using: &random) ?? 0),
        through: Position(
          Bool.random(using: &random) ? .max : bounds.randomElement(using: &random) ?? 0),
        order: Bool.random(using: &random) ? .oldestFirst : .newestFirst,
        limit: Bool.random(using: &random) ? nil : Int.random(in: 0...30, using: &random))
      var expected = everything.filter {
        $0.position > range.after && $0.position <= range.through && Self.matches($0, query)
      }
      if range.order == .newestFirst { expected.reverse() }
      if let limit = range.limit { expected = Array(expected.prefix(limit)) }
      let found = try await log.read(query, in: range)
      #expect(found == expected, "\(query) \(range)")
      let folded = try await log.fold(query, in: range, into: [] as [FoldedEvent]) {
        state, row, names in
        state.append(FoldedEvent(row, names))
        return true
      }
      #expect(folded == expected.map(FoldedEvent.init), "\(query) \(range)")
    }
  }

  /// An index may store runs: each place in one must be found as a bound.
  func everyBound() async throws {
    let events = (0..<200).map { number in
      NewEvent.sample(number, tags: number % 3 == 0 ? ["all:x", "third:x"] : ["all:x"])
    }
    try await log.append(events)
    for (tag, step) in [("all:x", 1), ("third:x", 3)] as [(String, Int64)] {
      let query = EventQuery(tags: [Tag(tag)!])
      for bound in Int64(0)...200 {
        let next = try await log.read(query, in: EventRange(after: Position(bound), limit: 1))
        let expected = 1 + (bound + step - 1) / step * step
        #expect(next.map(\.position.rawValue) == (expected > 200 ? [] : [expected]))
        let last = try await log.read(
          query, in: EventRange(through: Position(bound), order: .newestFirst, limit: 1))
        #expect(
          last.map(\.position.rawValue) == (bound == 0 ? [] : [1 + (bound - 1) / step * step]))
      }
    }
  }

  /// A query without items matches nothing, an item without anything everything.
  func queriesWithoutItems() async throws {
    try await log.append([.sample(1, tags: ["a:b:c"]), .sample(2)])
    let none = EventQuery(items: [])
    let colon = EventQuery(tags: [Tag(kind: "a:b", value: "c")])
    for order in [EventRange.Order.oldestFirst, .newestFirst] {
      for query in [none, colon] {
        #expect(try await log.read(query, in: EventRange(order: order)) == [])
        let count = try await log.fold(query, in: EventRange(order: order), into: 0) {
          count, _, _ in
          count += 1
          return true
        }
        #expect(count == 0)
      }
      for query in [
        EventQuery.all, EventQuery(), EventQuery(items: [.init(types: ["x"]), .init()]),
      ] {
        #expect(try await log.read(query, in: EventRange(order: order)).count == 2)
      }
    }
    #expect(try await log.tags(kind: "a") == [Tag(kind: "a", value: "b:c")])
    #expect(try await log.tags(kind: "a:b") == [])
    // Nothing can break a condition on nothing.
    try await log.append([.sample(3)], if: AppendCondition(noneMatching: none))
  }

  func targetTags() async throws {
    try await log.append([.sample(1), .sample(2, targets: [.sample(1)])])
    try await log.append([.sample(3, targets: [.sample(2), .sample(1), .sample(1)]), .sample(4)])
    func positions(_ number: Int) async throws -> [Position] {
      try await log.read(EventQuery(tags: [.target(.sample(number))]), in: EventRange()).map(
        \.position)
    }
    #expect(try await positions(1) == [2, 3])
    #expect(try await positions(2) == [3])
    #expect(try await positions(3) == [])
    #expect(try await positions(77) == [])
    let condition = AppendCondition(noneMatching: EventQuery(tags: [.target(.sample(1))]), after: 2)
    let error = await failure { () async throws(EventLogError) in
      try await log.append([.sample(5)], if: condition)
    }
    #expect(error?.conflicts.map(\.position) == [3])
  }

  func tagLists() async throws {
    #expect(try await log.tags(kind: "actor") == [])
    try await log.append([.sample(1, tags: ["actor:USA", "actors:no", "topic:x"])])
    try await log.append([.sample(2, tags: ["actor:RUS", "actor:USA"], targets: [.sample(1)])])
    #expect(
      try await Set(log.tags(kind: "actor").map(\.description)) == ["actor:USA", "actor:RUS"])
    #expect(try await log.tags(kind: "actor").count == 2)
    #expect(try await log.tags(kind: "act") == [])
    #expect(try await log.tags(kind: "target") == [.target(.sample(1))])
  }

  func lookups() async throws {
    let events = (0..<300).map { NewEvent.sample($0, tags: ["n:\($0)"]) }
    try await log.append(events)
    for number in [0, 7, 299] {
      let found = try #require(try await log.event(id: .sample(number)))
      #expect(found.event == events[number])
      #expect(found.position == Position(Int64(number + 1)))
    }
    #expect(try await log.event(id: .sample(300)) == nil)
    let several = try await log.events(ids: [.sample(5), .sample(999), .sample(0), .sample(5)])
    #expect(several.map(\.?.position) == [6, nil, 1, 6])
    let placed = try await log.events(at: [300, 301, 1, 0, 300])
    #expect(placed.map(\.?.event.id) == [.sample(299), nil, .sample(0), nil, .sample(299)])
    #expect(try await log.events(at: []).isEmpty)
    #expect(try await log.events(ids: []).isEmpty)
    let places = try await log.positions(of: [.sample(5), .sample(999), .sample(0), .sample(5)])
    #expect(places == [6, nil, 1, 6])
    #expect(try await log.positions(of: []) == [])
  }

  func beginningsOfHashes() async throws {
    try await log.append((0..<300).map { NewEvent.sample($0) })
    let stored = try await log.read(.all, in: EventRange())
    for length in [1, 2, 3, 7, 8, 31, 32, 33, 63, 64] {
      for event in [stored[0], stored[137], stored[299]] {
        let id = event.id.description.replacing("-", with: "")
        for digits in [String(event.leafHash.hexDigits.prefix(length)), String(id.prefix(length))] {
          let expected = stored.filter {
            $0.leafHash.hexDigits.hasPrefix(digits)
              || $0.id.description.replacing("-", with: "").hasPrefix(digits)
          }.map(\.position)
          #expect(try await log.positions(beginning: digits, limit: 1000) == expected)
          #expect(
            try await log.positions(beginning: digits.uppercased(), limit: 2)
              == Array(expected.prefix(2)))
        }
      }
    }
    let whole = stored[0].leafHash.hexDigits
    for digits in ["", "g", "1-", "é", whole + "0", String(repeating: "0", count: 100_000)] {
      #expect(try await log.positions(beginning: digits, limit: 10) == [], "\(digits.prefix(70))")
    }
    #expect(try await log.positions(beginning: whole, limit: 0) == [])
  }

  static func positionsByInstant(_ makeLog: LogFactory) async throws {
    let tick = Mutex<Int64>(0)
    let log = try await makeLog {
      Instant(
        microseconds: tick.withLock { tick in
          tick += 10
          return tick
        })
    }
    #expect(try await log.position(recordedBy: Instant(microseconds: .max)) == .start)
    var ends: [(Instant, Position)] = []
    for batch in 0..<60 {
      let size = 1 + batch * 7 % 5
      let receipt = try await log.append((0..<size).map { .sample(batch * 10 + $0) })
      ends.append((receipt.recorded!, receipt.entries.last!.position))
    }
    var before = Position.start
    for (recorded, end) in ends {
      let instant = recorded.microseconds
      #expect(try await log.position(recordedBy: Instant(microseconds: instant - 1)) == before)
      #expect(try await log.position(recordedBy: Instant(microseconds: instant)) == end)
      #expect(try await log.position(recordedBy: Instant(microseconds: instant + 1)) == end)
      before = end
    }
    #expect(try await log.position(recordedBy: Instant(microseconds: .max)) == before)
    #expect(try await log.position(recordedBy: Instant(microseconds: .min)) == .start)
    await log.close()
  }
}

/// What a fold can see of an event.
struct FoldedEvent: Equatable, Sendable {
  let position: Position
  let batch: Position
  let id: EventID
  let type: EventType
  let tags: [Tag]
  let time: ValidTime?
  let targets: Int
  let body: [UInt8]

  init(_ row: borrowing EventRow, _ names: any LogNames) {
    position = row.position
    batch = row.batch
    id = row.id
    type = names.type(row.type)
    tags = row.tags.map(names.tag)
    let text = String(decoding: row.timeText, as: UTF8.self)
    time = row.bounds.map { ValidTime(text: text, earliest: $0.earliest, latest: $0.latest) }
    targets = row.targets.count
    body = row.body
  }

  init(_ event: RecordedEvent) {
    position = event.position
    batch = event.batch.first
    id = event.id
    type = event.type
    tags = event.event.tags
    time = event.event.time
    targets = event.event.targets.count
    body = event.event.body
  }
}
