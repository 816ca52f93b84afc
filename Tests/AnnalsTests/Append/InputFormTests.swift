import EventLog
import Synchronization
import Testing

@testable import Annals

/// Forms in which files come that are no plain lines of events.
@Suite struct InputFormTests {
  private static let line =
    #"{"type":"actor.registered","data":{"actor":"x","kind":"person","name":"X"}}"#

  @Test func aByteOrderMarkIsPassedOver() async throws {
    try await withStore { store in
      let report = try await store.append(
        [0xEF, 0xBB, 0xBF] + Array((Self.line + "\n").utf8), name: "a.ndjson",
        options: AppendOptions(recorder: "test"))
      #expect(report.appended == 1)
      let popolo = [0xEF, 0xBB, 0xBF] + Array(#"{"persons":[{"id":"y","name":"Y"}]}"#.utf8)
      let second = try await store.append(
        popolo: [MemoryInput(popolo, name: "p.json")], PopoloOptions(source: "s"),
        options: AppendOptions(recorder: "test"))
      #expect(second.appended == 2)
    }
  }

  @Test func longLinesAreReadAFewAtATime() async throws {
    try await withStore { store in
      let padding = String(repeating: " ", count: 7 << 20)
      let lines = (1...5).map { number in
        Self.line.replacing(#""x""#, with: #""x\#(number)""#) + padding + "\n"
      }
      let read = Mutex<[Int]>([])
      var options = AppendOptions(recorder: "test")
      options.progress = { progress in read.withLock { $0.append(progress.events) } }
      let report = try await store.append(
        Array(lines.joined().utf8), name: "a.ndjson", options: options)
      #expect(report.appended == 5)
      #expect(read.withLock(\.self) == [3, 5])
    }
  }

  @Test func aListOfEventsGetsTheWayToMakeLinesOfIt() async throws {
    try await withStore { store in
      let found = await #expect(throws: Problems.self) {
        _ = try await store.append(
          Array("[\(Self.line)]\n".utf8), name: "a.json", options: AppendOptions(recorder: "test"))
      }
      #expect(found?.problems.count == 1)
      #expect(found?.problems.first?.help?.words(for: .commandLine).contains("jq -c '.[]'") == true)
    }
  }

  @Test(
    arguments: [
      ([0x1F, 0x8B, 8, 0], "gzip"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz"),
      ([0x28, 0xB5, 0x2F, 0xFD, 1], "zstd"), ([0x50, 0x4B, 3, 4], "zip"),
    ] as [([UInt8], String)])
  func aCompressedFileIsNamed(_ start: [UInt8], _ name: String) async throws {
    try await withStore { store in
      let file = MemoryInput(start + [7, 10, 200, 10, 9], name: "votes.x")
      let mapping = try Mapping(shipped: "undl")
      let options = AppendOptions(recorder: "test")
      let attempts: [() async throws -> WriteReport] = [
        { try await store.append([file], options: options) },
        { try await store.append([file], mapping: mapping, options: options) },
        { try await store.append(popolo: [file], options: options) },
      ]
      for attempt in attempts {
        let found = await #expect(throws: Problems.self) { _ = try await attempt() }
        let problems = found?.problems ?? []
        #expect(problems.map(\.message) == ["the file is compressed with \(name)"])
        #expect(
          problems.first?.help?.words(for: .commandLine).contains("votes.x | annals import -")
            == true)
      }
    }
  }

  @Test func aMissingFieldIsNamedWithItsWholePath() async throws {
    try await withStore { store in
      let found = await #expect(throws: Problems.self) {
        _ = try await store.append(
          Array(
            #"""
            {"type":"statement.made","data":{"speaker":"x","kind":"quote","text":"t","level":1,"stance":{"topic":"t"}}}
            """#.utf8), name: "a.ndjson", options: AppendOptions(recorder: "test"))
      }
      #expect(found?.problems.map(\.message) == ["stance.level is missing — you wrote level"])
    }
  }
}
