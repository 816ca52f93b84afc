import EventLog
import Testing

@testable import SQLiteEventLog

/// Payloads that are stored in parts, and logs of the format that had none.
@Suite struct ShapeTests {
  /// Payloads of few shapes with all that may stand in JSON, and tags that stand in them.
  private static func events(_ count: Int) -> [NewEvent] {
    let words = [
      "yes", "no", "not-voting", "no", "A/RES/1", "ünï 7", #"a\"b 1"#, "", "x y", "\\u0001 5",
    ]
    return (0..<count).map { number in
      let voter = ["no", "USA", "ünï 7", "c:d/1"][number % 4]
      let rollcall = "un-ga/\(number / 50)"
      let word = words[number * 7 % words.count]
      let body = """
        {"data":{"choice":"\(words[number % 3])","n":\(number % 5 - 2),"rollcall":"\(rollcall)",\
        "text":"\(word)","voter":"\(voter)"},"sources":[{"locator":"record/\(number / 50)","of":[1,-2,\
        true,null],"source":"undl"}]}
        """
      var tags = [
        Tag(kind: "actor", value: voter), Tag(kind: "rollcall", value: rollcall),
        Tag(kind: "source", value: "undl"),
      ]
      if number % 11 == 0 { tags += (0..<40).map { Tag(kind: "k\($0)", value: "record/\($0)") } }
      return NewEvent(
        id: EventID(high: UInt64(number * 7919 % 1009), low: UInt64(number)),
        type: EventType("vote.cast"), tags: tags,
        time: ValidTime(text: "2022-01-01", earliest: 1_640_995_200, latest: 1_641_081_600),
        body: Array(body.utf8))
    }
  }

  @Test func payloadsComeBackAsTheyWere() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("x.db"))
    let events = Self.events(900)
    for start in stride(from: 0, to: 900, by: 300) {
      _ = try await log.append(
        Array(events[start..<start + 300]), recorder: "t", note: nil, if: nil)
    }
    for event in events.prefix(5) {
      var again = event
      // Too long to have a shape.
      let text = String(repeating: "x\(event.id.low)", count: 1024)
      again.body = Array(#"{"text":"\#(text)"}"#.utf8)
      again.id = EventID(high: 1 << 60, low: event.id.low)
      _ = try await log.append([again], recorder: "t", note: nil, if: nil)
    }
    let stored = try await log.everything()
    #expect(stored.prefix(900).map(\.event) == events)
    #expect(stored.allSatisfy { $0.leafHash == $0.computedLeafHash })
    // Other programs see the same through the view.
    await log.close()
    let file = try RawDatabase(folder.path("x.db"))
    let seen = try file.text(
      "SELECT group_concat(body, char(10)) FROM (SELECT body FROM log ORDER BY seq)")
    #expect(
      seen == stored.map { String(decoding: $0.event.body, as: UTF8.self) }.joined(separator: "\n"))
    let shapes = try #require(Int(try file.text("SELECT count(*) FROM shape")))
    #expect((1..<400).contains(shapes))
    let packed = try file.text("SELECT count(*) FROM event WHERE hex(substr(body, 1, 1)) = '00'")
    #expect(try #require(Int(packed)) > 800)
  }

  /// What a fold learns from the words of a payload holds for all payloads of its shape.
  @Test func wordsAreTheSameInAShape() async throws {
    let folder = try TemporaryFolder()
    let log = try await SQLiteEventLog.create(at: folder.path("x.db"))
    _ = try await log.append(Self.events(600), recorder: "t", note: nil, if: nil)
    typealias Seen = (choices: [NameID: Set<String>], withShape: Int)
    let seen = try await log.fold(.all, in: EventRange(), into: Seen([:], 0)) { seen, row, _ in
      let text = String(decoding: row.body, as: UTF8.self)
      let choice = text.split(separator: "\"")[4]
      if row.shape > 0 {
        seen.choices[row.shape, default: []].insert(String(choice))
        seen.withShape += 1
      }
      return true
    }
    #expect(seen.withShape > 500)
    #expect(seen.choices.values.allSatisfy { $0.count == 1 })
  }

  @Test func splitAndJoinAreInverse() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "\"", "\\", "a", "-", "7", "/", "ü", "{", "}", ":", ",", "\\\"", "un-ga/1", "-12", "e5",
    ]
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      let tags = ["a:un-ga/1", "b:\(pieces.randomElement(using: &random) ?? "")", "c:a7"]
      var shape: [UInt8] = []
      var values: [UInt8] = []
      let isSplit = PayloadShape.split(
        Array(text.utf8), tagCount: tags.count,
        isTag: { PayloadShape.value(ofTag: tags[$0].utf8).elementsEqual($1) }, into: &shape,
        values: &values)
      guard isSplit else { continue }
      let whole = PayloadShape(text: shape)
      values.withUnsafeBytes { bytes in
        #expect(whole.fits(bytes, tagCount: tags.count))
        var joined: [UInt8] = []
        whole.join(bytes, to: &joined) { tags[$0] }
        #expect(joined == Array(text.utf8))
        // Damage is noticed, not read past the end.
        if let last = bytes.indices.last {
          #expect(!whole.fits(UnsafeRawBufferPointer(rebasing: bytes[..<last]), tagCount: 3))
        }
      }
    }
  }

  /// A log of the first format is read as it is, and upgraded by whoever opens it to append.
  @Test func firstFormatIsUpgraded() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("old.db")
    let batch = Batch(
      first: Position(1), recorded: Instant(microseconds: 1_700_000_000_000_000), recorder: "old")
    let event = NewEvent(
      id: EventID(high: 1, low: 2), type: EventType("thing.done"),
      tags: [Tag(kind: "n", value: "1")], body: Array(#"{"n":"un-ga/1"}"#.utf8))
    let salt = [UInt8](repeating: 5, count: 16)
    let leaf = CanonicalEvent.leafHash(
      position: Position(1), batch: batch, event: event,
      commitment: Array(CanonicalEvent.commitment(salt: salt, body: event.body)))
    func hex(_ bytes: [UInt8]) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    do {
      let file = try RawDatabase(path)
      try file.run("PRAGMA journal_mode = WAL")
      try file.run(SchemaFile.log(to: 1))
      try file.run(
        """
        INSERT INTO name VALUES (1, 1, 'thing.done.v1'), (2, 2, 'n:1'), (3, 3, 'old');
        INSERT INTO batch VALUES (1, 1700000000000000, 3, NULL);
        INSERT INTO event VALUES (1, 1, 1, NULL, NULL, NULL, x'02', NULL, x'\(hex(event.id.bytes))',
          x'\(hex(leaf))', x'\(hex(salt))', x'\(hex(event.body))');
        INSERT INTO tag VALUES (1, 1, 0), (2, 1, 0);
        """)
    }
    let reader = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    #expect(try await reader.everything().map(\.event) == [event])
    let log = try await SQLiteEventLog.open(at: path)
    _ = try await log.append(Self.events(300), recorder: "new", note: nil, if: nil)
    for each in [log, reader] {
      let events = try await each.everything()
      #expect(events.map(\.event) == [event] + Self.events(300))
      #expect(events.allSatisfy { $0.leafHash == $0.computedLeafHash })
    }
    await reader.close()
    await log.close()
    #expect(try RawDatabase(path).text("PRAGMA user_version") == "3")
    #expect(try await SQLiteEventLog.open(at: path).everything().count == 301)
  }

  @Test func damagedShapesAreFoundOut() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("x.db")
    let log = try await SQLiteEventLog.create(at: path)
    _ = try await log.append(Self.events(300), recorder: "t", note: nil, if: nil)
    await log.close()
    // Shape 5000, one value too few, one of a length beyond the end, no whole number.
    for body in ["00882701", "0001", "000101", "0001ff", "00"] {
      let file = try RawDatabase(path)
      try file.run(
        """
        DROP TRIGGER event_update; UPDATE event SET body = x'\(body)' WHERE seq = 7;
        CREATE TRIGGER event_update BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
        """)
      let damaged = try await SQLiteEventLog.open(at: path, mode: .readOnly)
      await #expect(throws: EventLogError.self) { _ = try await damaged.everything() }
      await #expect(throws: EventLogError.self) {
        _ = try await damaged.fold(.all, in: EventRange(), into: 0) { count, row, _ in
          count += row.body.count
          return true
        }
      }
      await damaged.close()
    }
  }
}
