import EventLog
import Testing

@testable import SQLiteEventLog

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What erasing leaves in the file: nothing.
@Suite struct ErasureTests {
  @Test func nothingIsLeftInTheFile() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    let events = (0..<400).map { number in
      NewEvent(
        id: EventID(high: 7, low: UInt64(number)), type: EventType("thing.said"),
        tags: [Tag(kind: "who", value: "taggedperson\(number)")],
        body: Array(#"{"note":"tattletale \#(number)","who":"taggedperson\#(number)"}"#.utf8))
    }
    _ = try await log.append(events, recorder: "t", note: nil, if: nil)
    // A payload of a shape that no other has, with words that stay in it.
    let lone = NewEvent(
      id: EventID(high: 8, low: 1), type: EventType("thing.said"), tags: [],
      body: Array(#"{"shapedperson":"walked-away"}"#.utf8))
    var twin = lone
    twin.id = EventID(high: 8, low: 2)
    _ = try await log.append([lone, twin], recorder: "t", note: nil, if: nil)
    // Rows of a view, of which an older state has been overwritten.
    for version in 1...2 {
      let definition = ProjectionDefinition(
        name: "seen", version: version, tables: ["seen"],
        schema: "CREATE TABLE seen (seq INTEGER PRIMARY KEY, what TEXT) STRICT")
      let rows: [[SQLValue]] = (0..<400).map {
        [.integer(Int64($0)), .text("viewed tattletale \($0) taggedperson\($0)")]
      }
      try await log.write(
        ProjectionChange(
          definition: definition, expected: try await log.projection("seen"),
          state: ProjectionState(
            name: "seen", version: version, definitionHash: definition.hash, position: 402),
          rebuild: true,
          statements: [ProjectionStatement("INSERT INTO seen VALUES (?1, ?2)", rows: rows)]))
    }
    let ids = [EventID(high: 7, low: 123), lone.id, twin.id]
    let erasing = NewEvent(
      id: EventID(high: 9, low: 1), type: EventType("payload.erased"), targets: ids,
      body: Array(#"{"data":{"ground":"law"}}"#.utf8))
    _ = try await log.erase(ids, saying: erasing, recorder: "t", note: nil, if: nil)
    #expect(try await log.projection("seen") == nil)
    // While the log is open, and when it is closed.
    for isOpen in [true, false] {
      if !isOpen { await log.close() }
      for suffix in ["", "-wal"] {
        guard let bytes = contents(path + suffix) else { continue }
        for word in ["tattletale 123", "taggedperson123\"", "shapedperson", "walked-away"] {
          #expect(!contains(bytes, word), "\(word) is still in \(suffix)")
        }
        if suffix.isEmpty && !isOpen {
          #expect(contains(bytes, "tattletale 122") || contains(bytes, "taggedperson122"))
        }
      }
    }
    let again = try await SQLiteEventLog.open(at: path)
    #expect(try await again.verify(LogVerificationRequest()).faults == [])
    #expect(try RawDatabase(path).text("SELECT count(*) FROM log WHERE body IS NULL") == "3")
    #expect(try await again.storageFaults() == [])
    await again.close()
  }

  /// Another process's connections know names that are gone.
  @Test func othersNoticeThatNamesAreGone() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path("log")
    let log = try await SQLiteEventLog.create(at: path)
    let other = try await SQLiteEventLog.open(at: path)
    try await log.appendSamples(0..<10)
    let query = EventQuery(tags: [Tag(kind: "n", value: "5")])
    #expect(try await other.read(query, in: EventRange()).count == 1)
    try await other.appendSamples(10..<11)
    let ids = [EventID(high: 7, low: 5)]
    let erasing = NewEvent(
      id: EventID(high: 9, low: 1), type: EventType("payload.erased"), targets: ids,
      body: Array("{}".utf8))
    _ = try await log.erase(ids, saying: erasing, recorder: "t", note: nil, if: nil)
    #expect(try await other.read(query, in: EventRange()).isEmpty)
    #expect(try await !other.tags(kind: "n").contains(Tag(kind: "n", value: "5")))
    let event = NewEvent(
      id: EventID(high: 9, low: 2), type: EventType("thing.done"),
      tags: [Tag(kind: "n", value: "5")], body: Array("{}".utf8))
    _ = try await other.append([event], recorder: "t", note: nil, if: nil)
    for each in [log, other] {
      #expect(try await each.read(query, in: EventRange()).map(\.event) == [event])
      #expect(try await each.verify(LogVerificationRequest()).faults == [])
      await each.close()
    }
  }

  private func contents(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return bytes
  }

  private func contains(_ bytes: [UInt8], _ word: String) -> Bool {
    let word = Array(word.utf8)
    guard bytes.count >= word.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      (0...bytes.count - word.count).contains { start in
        bytes[start] == word[0] && bytes[start...].starts(with: word)
      }
    }
  }
}
