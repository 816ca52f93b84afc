import Annals
import EventLog
import Foundation
import SQLiteEventLog
import Testing

/// Damaged lines for an import, damaged exports, and damaged files of a store.
@Suite struct RecordFuzzTests {
  private static let lines = ShippedRecord.files.flatMap { file in
    file.bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  /// Every line is taken or refused with a code, and the same line is taken or refused again.
  @Test func imported_lines() async throws {
    try await withStore { store in
      _ = try await store.append(
        ShippedRecord.files.map { MemoryInput($0.bytes, name: $0.name) },
        options: AppendOptions(recorder: "test"))
      let dry = AppendOptions(recorder: "test", dryRun: true)
      await Fuzz.run("imported lines", rounds: 1_000, accepting: 1_000) { random in
        let line =
          Bool.random(using: &random) ? random.reworded(Self.lines) : random.damaged(Self.lines)
        let first = try await Self.codes { _ = try await store.append(line, options: dry) }
        let again = try await Self.codes { _ = try await store.append(line, options: dry) }
        try #require(first == again)
        return first.isEmpty
      }
      let faults = try await store.verify().parts.flatMap(\.faults)
      #expect(faults.isEmpty && Self.lines.count > 300)
    }
  }

  /// An export comes out as it was, or is refused: what enters the root is what was recorded.
  @Test func exported_lines() async throws {
    let whole = try await withStore { store in
      try await store.add(ViewWorld.base + [ViewWorld.held()])
      try await store.add([ViewWorld.vote("AAA", "yes", id: 1), ViewWorld.vote("BBB", "no", id: 2)])
      _ = try await store.erase(
        EventReference(ViewWorld.id(2))!, ground: "law", options: AppendOptions(recorder: "test"))
      return try await store.log.read(.all, in: EventRange()).flatMap(Store.exportLine)
    }
    try await withStore { store in
      let dry = AppendOptions(recorder: "test", dryRun: true)
      let root = try await store.restore([MemoryInput(whole)], options: dry).expectedRoot
      await Fuzz.run("exported lines", rounds: 1_000) { random in
        let bytes = random.damaged([whole])
        var report: RestoreReport?
        let codes = try await Self.codes {
          report = try await store.restore([MemoryInput(bytes)], options: dry)
        }
        guard codes.isEmpty, let report else { return false }
        // A prefix is a whole export too.
        if report.expectedRoot != root { try #require(report.restored < 16) }
        return true
      }
    }
  }

  /// Pages of a file that are damaged, swapped, repeated or cut off: whatever verifies reads as it did.
  @Test func files() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("annals-fuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("a.annals")
    let log = try await SQLiteEventLog.create(at: path.path)
    let store = Store(log: log)
    try await store.add(ViewWorld.base + [ViewWorld.held()])
    for number in 1...40 {
      try await store.add([
        ViewWorld.line(
          "statement.made", id: number, on: "2025-02", source: "s1",
          #"{"speaker":"AAA","kind":"quote","text":"word for word, number \#(number)"}"#)
      ])
    }
    let events = try await log.read(.all, in: EventRange())
    await log.close()
    let original = Array(try Data(contentsOf: path))
    await Fuzz.run("files", rounds: 120, accepting: 120) { random in
      try Data(random.damagedFile(original)).write(to: path)
      do {
        return try await Self.readsAsBefore(path.path, events)
      } catch is EventLogError {
        return false
      }
    }
  }

  /// Reads all there is to read; false when it is damaged, and says so.
  private static func readsAsBefore(_ path: String, _ events: [RecordedEvent]) async throws -> Bool
  {
    let log = try await SQLiteEventLog.open(at: path, mode: .readOnly)
    defer { Task { await log.close() } }
    var options = VerifyOptions()
    let store = Store(log: log)
    for event in events.prefix(20) {
      for tag in event.event.tags.prefix(2) {
        _ = try? await log.read(EventQuery(tags: [tag]), in: EventRange(order: .newestFirst))
      }
      _ = try? await log.event(id: event.id)
    }
    let read = try? await log.read(.all, in: EventRange())
    options.isFast = true
    let isWhole = try await store.verify(options).holds
    options.isFast = false
    guard try await store.verify(options).holds else {
      // What hashes, tree and index say is whole reads as it did, but for what was derived.
      if isWhole {
        try #require(read?.map(\.canonicalBytes) == events.map(\.canonicalBytes))
        try #require(read?.map(\.event.body) == events.map(\.event.body))
      }
      return false
    }
    try #require(isWhole && read == events)
    return true
  }

  /// The codes that `body` is refused with; none when it is taken.
  private static func codes(_ body: () async throws -> Void) async throws -> [ErrorCode] {
    do {
      try await body()
      return []
    } catch let problems as Problems {
      try #require(!problems.problems.isEmpty)
      for problem in problems.problems {
        try #require(problem.code != .internal && !problem.message.isEmpty)
      }
      return problems.problems.map(\.code)
    } catch let problem as Problem {
      try #require(problem.code != .internal)
      return [problem.code]
    } catch let error as EventLogError {
      throw error
    }
  }
}

extension SplitMix {
  /// A line with one or two of its words or numbers taken from other lines.
  fileprivate mutating func reworded(_ lines: [[UInt8]]) -> [UInt8] {
    var line = lines.randomElement(using: &self) ?? []
    for _ in 0..<Int.random(in: 1...2, using: &self) {
      guard let old = words(of: line).randomElement(using: &self) else { continue }
      let other = lines.randomElement(using: &self) ?? []
      guard let new = words(of: other).randomElement(using: &self) else { continue }
      line.replaceSubrange(old, with: other[new])
    }
    return line
  }

  /// Where quoted words stand, with their quotes.
  private func words(of line: [UInt8]) -> [Range<Int>] {
    let quotes = line.indices.filter { line[$0] == UInt8(ascii: "\"") }
    return zip(quotes, quotes.dropFirst()).enumerated()
      .filter { $0.offset % 2 == 0 }.map { $0.element.0..<$0.element.1 + 1 }
  }

  /// A file with single bits, runs of bytes or whole pages damaged.
  fileprivate mutating func damagedFile(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    let page = 8192
    let pages = bytes.count / page
    for _ in 0..<Int.random(in: 1...2, using: &self) {
      let at = Int.random(in: 0..<bytes.count, using: &self)
      let end = min(bytes.count, at + Int.random(in: 1...64, using: &self))
      let one = Int.random(in: 0..<pages, using: &self) * page
      let other = Int.random(in: 0..<pages, using: &self) * page
      switch Int.random(in: 0..<8, using: &self) {
      case 0...2: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      case 3: for index in at..<end { bytes[index] = UInt8.random(in: 0...255, using: &self) }
      case 4: for index in at..<end { bytes[index] = 0 }
      case 5 where one + page <= bytes.count && other + page <= bytes.count:
        bytes.replaceSubrange(one..<one + page, with: original[other..<other + page])
      // The first bytes of a page say how the rest is to be read.
      case 6 where one + 12 <= bytes.count:
        bytes[one + Int.random(in: 0..<12, using: &self)] = UInt8.random(in: 0...255, using: &self)
      default: bytes.removeLast(min(bytes.count / 2, Int.random(in: 0...page, using: &self)))
      }
    }
    return bytes
  }
}
