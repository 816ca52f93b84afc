import EventLog
import Testing

import struct EventLog.Tag

/// What an append stores, acknowledges and refuses.
struct AppendChecks {
  let log: any EventLog

  init(_ log: any EventLog) { self.log = log }

  /// Events that use every field in its odd forms.
  private static var oddities: [NewEvent] {
    [
      .sample(1),
      .sample(2, tags: ["a:1"], time: .day("2022-03-02", 19_053)),
      .sample(3, type: "vote.cast.v2", version: 7, tags: ["a:1", "b:x:y", "c:é", "c:e\u{301}"]),
      .sample(4, time: ValidTime(text: "1946~", earliest: -757_382_400, latest: -725_846_400)),
      .sample(5, time: ValidTime(text: "../1991", earliest: .min, latest: 694_224_000)),
      .sample(6, time: ValidTime(text: "..", earliest: .min, latest: .max)),
      // A whole day in other words, and a day that does not begin at midnight.
      .sample(7, time: .day("2022-03-02?", 19_053)),
      .sample(8, time: ValidTime(text: "2022-03-02", earliest: 60, latest: 86_460)),
      .sample(9, time: .day("-0001-01-01", -719_893)),
      .sample(10, tags: ["z:9", "a:1"], targets: [.sample(2), .sample(1), .sample(2)]),
      .sample(11, body: #"{"text":"漢字 \u0000 😀 \"quoted\" \\ "}"#),
      .sample(12, body: "{\"long\":\"" + String(repeating: "x", count: 100_000) + "\"}"),
      .sample(
        13, body: #"{"a":[-1,0,0.1,1.5e-7,1e+21,true,false,null,"",[],{}],"b":"\b\t\n\f\r\u001f/"}"#
      ),
      // In the order of UTF-16, not of UTF-8.
      .sample(14, body: "{\"\":1,\"😀\":2,\"\u{E000}\":3}"),
      NewEvent(id: EventID(high: 0, low: 0), type: EventType("t"), body: [0x7B, 0x7D]),
      NewEvent(id: EventID(high: .max, low: .max), type: EventType("t"), body: [0x7B, 0x7D]),
    ]
  }

  func everythingComesBack() async throws {
    let events = Self.oddities
    _ = try await log.append(events, recorder: "Zoë \"z\"", note: "a\nnote", if: nil)
    _ = try await log.append([.sample(100)], recorder: "other", note: nil, if: nil)
    let stored = try await log.everything()
    try #require(stored.count == events.count + 1)
    for (index, event) in events.enumerated() {
      let found = stored[index]
      #expect(found.event == event)
      #expect(
        found.event.tags.map { Array($0.description.utf8) }
          == event.tags.map { Array($0.description.utf8) })
      #expect(found.position == Position(Int64(index + 1)))
      #expect(found.batch.first == 1)
      #expect(found.batch.recorder == "Zoë \"z\"")
      #expect(found.batch.note == "a\nnote")
      #expect(found.salt.count == CanonicalEvent.saltLength)
      #expect(found.leafHash == found.computedLeafHash)
      #expect(found.leafHash.count == 32)
    }
    #expect(stored.last?.batch.first == Position(Int64(events.count + 1)))
    #expect(stored.last?.batch.note == nil)
    #expect(Set(stored.map(\.salt)).count == stored.count)
    #expect(Set(stored.map(\.leafHash)).count == stored.count)
  }

  func positionsAreDense() async throws {
    var next: Int64 = 1
    #expect(try await log.head() == LogHead(position: .start, recorded: nil))
    for size in [1, 3, 70, 1, 200, 2] {
      let events = (0..<size).map { NewEvent.sample(Int(next) + $0) }
      let receipt = try await log.append(events)
      let entries = (0..<size).map {
        AppendReceipt.Entry(position: Position(next + Int64($0)), isNew: true)
      }
      #expect(receipt.entries == entries)
      next += Int64(size)
      let head = try await log.head()
      #expect(head == LogHead(position: Position(next - 1), recorded: receipt.recorded))
    }
    let stored = try await log.everything()
    #expect(stored.map(\.position.rawValue) == Array(1..<next))
    #expect(stored.map(\.id) == (1..<Int(next)).map(EventID.sample))
  }

  func sameEventIsAcknowledged() async throws {
    let events = Self.oddities
    try await log.append(events)
    // Alone, with new ones in between, twice in one append, and with a tag said twice.
    let receipt = try await log.append(
      [events[2]], recorder: "someone else", note: "again", if: nil)
    #expect(receipt.entries == [.init(position: 3, isNew: false)])
    #expect(receipt.recorded == nil)
    var repeated = events[1]
    repeated.tags += repeated.tags
    let count = Int64(events.count)
    let mixed = try await log.append([.sample(50), events[4], .sample(51), .sample(50), repeated])
    #expect(
      mixed.entries == [
        .init(position: Position(count + 1), isNew: true), .init(position: 5, isNew: false),
        .init(position: Position(count + 2), isNew: true),
        .init(position: Position(count + 1), isNew: false), .init(position: 2, isNew: false),
      ])
    #expect(try await log.head().position == Position(count + 2))
    let all = try await log.append(events)
    #expect(all.entries.map(\.position.rawValue) == Array(1...count))
    #expect(all.entries.allSatisfy { !$0.isNew })
    let empty = try await log.append([])
    #expect(empty == AppendReceipt(entries: [], recorded: nil))
    #expect(try await log.head().position == Position(count + 2))
  }

  func otherContentIsRefused() async throws {
    let target = NewEvent.sample(1)
    let event = NewEvent.sample(
      2, tags: ["a:1", "b:2"], time: .day("2022-03-02", 19_053), targets: [target.id])
    try await log.append([target, event])
    var others = Array(repeating: event, count: 7)
    others[0].body = [0x7B, 0x7D]
    others[1].type = EventType("thing.undone")
    others[2].type = EventType("thing.done", version: 2)
    others[3].time = nil
    others[4].time = .day("2022-03-02~", 19_053)
    others[5].time = ValidTime(text: "2022-03-02", earliest: 19_053 * 86_400, latest: .max)
    others[6].targets = []
    for other in others {
      let error = await failure { () async throws(EventLogError) in
        try await log.append([.sample(60), other, .sample(61)])
      }
      #expect(error?.code == .idConflict, "\(other)")
      #expect(error?.index == 1)
      #expect(error?.conflicts.map(\.event) == [event])
    }
    // Tags are derived from the rest: other ones make no other event.
    var filed = event
    filed.tags.removeLast()
    #expect(try await log.append([filed]).entries == [.init(position: 2, isNew: false)])
    // Within one append.
    var twin = NewEvent.sample(70)
    twin.body = [0x7B, 0x7D]
    let error = await failure { () async throws(EventLogError) in
      try await log.append([.sample(70), twin])
    }
    #expect(error?.code == .idConflict)
    #expect(error?.index == 1)
    #expect(try await log.head().position == 2)
  }

  func targetsMustStandAhead() async throws {
    let wrong: [[NewEvent]] = [
      [.sample(1, targets: [.sample(99)])],
      [.sample(1, targets: [.sample(1)])],
      [.sample(1, targets: [.sample(2)]), .sample(2)],
      [.sample(3), .sample(1, targets: [.sample(3), .sample(99)])],
    ]
    for events in wrong {
      let error = await failure { () async throws(EventLogError) in try await log.append(events) }
      #expect(error?.code == .unknownTarget)
      #expect(error?.index == events.firstIndex { !$0.targets.isEmpty })
    }
    #expect(try await log.head().position == .start)
    try await log.append([.sample(1), .sample(2, targets: [.sample(1)])])
    try await log.append([.sample(3, targets: [.sample(2), .sample(1)])])
    let stored = try await log.everything()
    #expect(stored.map(\.event.targets) == [[], [.sample(1)], [.sample(2), .sample(1)]])
  }

  func invalidEventsAreRefused() async throws {
    let id = EventID.sample(1)
    let type = EventType("t")
    let body: [UInt8] = [0x7B, 0x7D]
    let wrong: [(String, NewEvent)] = [
      ("empty body", NewEvent(id: id, type: type, body: [])),
      ("zero byte", NewEvent(id: id, type: type, body: [0x7B, 0, 0x7D])),
      ("zero byte far in", NewEvent(id: id, type: type, body: Array("{123456}".utf8) + [0])),
      ("not UTF-8", NewEvent(id: id, type: type, body: [0x7B, 0xFF, 0x7D])),
      ("overlong", NewEvent(id: id, type: type, body: [0xC0, 0x80])),
      ("surrogate", NewEvent(id: id, type: type, body: [0xED, 0xA0, 0x80])),
      ("cut short", NewEvent(id: id, type: type, body: [0x7B, 0xE2, 0x82])),
      ("beyond Unicode", NewEvent(id: id, type: type, body: [0xF4, 0x90, 0x80, 0x80])),
      ("reserved type", NewEvent(id: id, type: EventType(Erasure.typeName), body: body)),
      ("no type", NewEvent(id: id, type: EventType(""), body: body)),
      ("version 0", NewEvent(id: id, type: EventType("t", version: 0), body: body)),
      ("space in type", NewEvent(id: id, type: EventType("t t"), body: body)),
      (
        "tag without kind",
        NewEvent(id: id, type: type, tags: [Tag(kind: "", value: "x")], body: body)
      ),
      (
        "colon in kind",
        NewEvent(id: id, type: type, tags: [Tag(kind: "a:b", value: "x")], body: body)
      ),
      (
        "tag without value",
        NewEvent(id: id, type: type, tags: [Tag(kind: "x", value: "")], body: body)
      ),
      (
        "zero in tag", NewEvent(id: id, type: type, tags: [Tag(kind: "x", value: "\0")], body: body)
      ),
      ("reserved tag", NewEvent(id: id, type: type, tags: [.target(id)], body: body)),
      (
        "empty date",
        NewEvent(id: id, type: type, time: ValidTime(text: "", earliest: 0, latest: 1), body: body)
      ),
      (
        "date backwards",
        NewEvent(id: id, type: type, time: ValidTime(text: "x", earliest: 1, latest: 0), body: body)
      ),
    ]
    for (what, event) in wrong {
      let error = await failure { () async throws(EventLogError) in
        try await log.append([.sample(2), event])
      }
      #expect(error?.code == .invalidEvent, "\(what)")
      #expect(error?.index == 1, "\(what)")
    }
    for (recorder, note) in [("", nil), ("x\0", nil), ("x", ""), ("x", "\0")] as [(String, String?)]
    {
      let error = await failure { () async throws(EventLogError) in
        _ = try await log.append([.sample(2)], recorder: recorder, note: note, if: nil)
      }
      #expect(error?.code == .invalidEvent)
    }
    #expect(try await log.head().position == .start)
  }

  /// A body is canonical JSON (RFC 8785) of one object, also of an event that is restored.
  func otherBodiesAreRefused() async throws {
    let bodies = [
      "", "{", "{}}", "{} ", " {}", "{}\n", "[]", "null", "1", "\"text\"", "text", "\u{FEFF}{}",
      #"{ "a":1}"#, #"{"a": 1}"#, #"{"a":[1, 2]}"#, #"{"b":1,"a":2}"#, #"{"a":{"b":1,"a":2}}"#,
      #"{"a":1,"a":1}"#, #"{"a":1.0}"#, #"{"a":1e2}"#, #"{"a":1E+21}"#, #"{"a":-0}"#, #"{"a":01}"#,
      #"{"a":.5}"#, #"{"a":"\/"}"#, #"{"a":"\u0041"}"#, #"{"a":"\u001F"}"#, #"{"a":"\u000a"}"#,
      "{\"a\":\"\n\"}", #"{"a":"\ud800"}"#, #"{"\u0061":1}"#, "{\"\u{E000}\":1,\"😀\":2}",
      "{'a':1}", #"{"a":1,}"#, #"{"a":tru}"#,
    ]
    for body in bodies {
      let error = await failure { () async throws(EventLogError) in
        try await log.append([.sample(2), .sample(1, body: body)])
      }
      #expect(error?.code == .invalidEvent && error?.index == 1, "\(body)")
      let batch = Batch(first: 1, recorded: Instant(microseconds: 1), recorder: "r")
      var restored = RecordedEvent(
        position: 1, batch: batch, event: .sample(1, body: body),
        salt: [UInt8](repeating: 7, count: CanonicalEvent.saltLength), leafHash: [])
      restored.leafHash = restored.computedLeafHash
      #expect(throws: EventLogError.self, "\(body)") { try log.prepare(restoring: [restored]) }
    }
    #expect(try await log.head().position == .start)
  }

  func refusedAppendsLeaveNothing() async throws {
    try await log.append([.sample(1, tags: ["a:1"])])
    _ = await failure { () async throws(EventLogError) in
      try await log.append([
        .sample(2, type: "never.stored", tags: ["never:stored"]),
        .sample(3, targets: [.sample(4)]),
      ])
    }
    #expect(try await log.head().position == 1)
    #expect(try await log.tags(kind: "never") == [])
    #expect(try await log.event(id: .sample(2)) == nil)
    #expect(try await log.read(EventQuery(types: ["never.stored"]), in: EventRange()) == [])
  }

  func largeAppend() async throws {
    let count = 30_000
    let events = (0..<count).map { number in
      NewEvent.sample(number, tags: ["mod:\(number % 700)", "block:\(number / 100)"])
    }
    let receipt = try await log.append(events)
    #expect(receipt.entries.map(\.position.rawValue) == Array(1...Int64(count)))
    let stored = try await log.read(
      EventQuery(tags: [Tag(kind: "mod", value: "699")]), in: EventRange())
    #expect(stored.map(\.event) == events.filter { $0.tags[0].value == "699" })
    #expect(stored.allSatisfy { $0.leafHash == $0.computedLeafHash })
    let block = try await log.read(
      EventQuery(tags: [Tag(kind: "block", value: "163")]), in: EventRange())
    #expect(block.map(\.position.rawValue) == Array(16_301...16_400))
    for order in [EventRange.Order.oldestFirst, .newestFirst] {
      let all = try await log.fold(.all, in: EventRange(order: order), into: [Int64]()) {
        positions, row, _ in
        positions.append(row.position.rawValue)
        return true
      }
      #expect(order == .oldestFirst ? all == Array(1...30_000) : all == (1...30_000).reversed())
    }
    // As a whole again: acknowledged, whatever the size.
    let again = try await log.append(events)
    #expect(again.entries.allSatisfy { !$0.isNew })
    #expect(again.entries.map(\.position) == receipt.entries.map(\.position))
  }
}
