import EventLog
import Foundation
import Testing

@testable import Annals

/// What was checked is what is appended, also when another program writes to the file meanwhile.
@Suite struct FileInputTests {
  /// A folder with files of its own.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("annals-\(UUID().uuidString)")

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String, _ text: String) throws -> File {
      let path = url.appendingPathComponent(name).path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return File(path: path)
    }
  }

  /// A file that is written to in place, as a program does that has it open.
  private struct File: Sendable {
    let path: String

    func overwrite(_ text: String, at offset: UInt64 = 0) throws {
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.seek(toOffset: offset)
      try handle.write(contentsOf: Data(text.utf8))
      try handle.close()
    }

    func truncate() throws {
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.truncate(atOffset: 0)
      try handle.close()
    }
  }

  private func contents(_ input: some EventInput) throws -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 700)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try input.read(into: $0, at: bytes.count) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  @Test func anInputIsACopyInMemoryOrBeside() throws {
    let folder = try Folder()
    // Fits, fits no more, fits again, is longer than a block.
    let texts = [3, 2_000, 4, 0, 2_500_000, 1].enumerated().map { index, count in
      String(repeating: "\(index)", count: count)
    }
    let files = try texts.enumerated().map { try folder.file("\($0)", $1) }
    for memory in [0, 7, 1 << 30] {
      let copies = InputCopies(memory: memory)
      let inputs = try files.map { try FileInput(path: $0.path, copies: copies) }
      for file in files { try file.truncate() }
      for (input, text) in zip(inputs, texts) {
        #expect(input.size == text.utf8.count)
        #expect(try contents(input) == text, "\(memory)")
      }
      for (file, text) in zip(files, texts) { try file.overwrite(text) }
    }
  }

  @Test func aPipeIsReadToItsEnd() throws {
    for (memory, count) in [(0, 90_000), (50_000, 90_000), (1 << 20, 90_000), (0, 0)] {
      let pipe = Pipe()
      let text = String(repeating: "x", count: count)
      Thread.detachNewThread {
        try? pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try? pipe.fileHandleForWriting.close()
      }
      let input = try FileInput(
        draining: pipe.fileHandleForReading.fileDescriptor, name: "-",
        copies: InputCopies(memory: memory))
      #expect(try contents(input) == text)
    }
  }

  @Test func aFileThatIsWrittenToWhileItIsReadIsRefused() throws {
    let folder = try Folder()
    let text = String(repeating: "x", count: 3 << 20)
    let changes: [(String, @Sendable (File) throws -> Void)] = [
      ("cut off", { try $0.truncate() }), ("rewritten", { try $0.overwrite("y", at: 5) }),
      ("longer", { try $0.overwrite("y", at: 3 << 20) }),
    ]
    for (name, change) in changes {
      let file = try folder.file(name, text)
      // Time stamps are as coarse as the kernel's clock.
      Thread.sleep(forTimeInterval: 0.05)
      var blocks = 0
      let problems = #expect(throws: Problems.self, "\(name)") {
        _ = try FileInput(path: file.path, copies: InputCopies()) {
          blocks += 1
          if blocks == 2 { try change(file) }
        }
      }
      #expect(problems?.problems.map(\.code) == [.inputChanged], "\(name)")
    }
    #expect(throws: Problems.self) { try FileInput(path: folder.url.path) }
    #expect(throws: Problems.self) { try FileInput(path: "/dev/null") }
  }

  // MARK: imports

  private func options(_ body: @escaping @Sendable () throws -> Void) -> AppendOptions {
    AppendOptions(
      recorder: "test",
      progress: { progress in
        if progress.phase == .checking { try? body() }
      })
  }

  private static let definitions = """
    {"type":"actor.registered","data":{"actor":"USA","kind":"state","name":"United States"}}
    {"type":"topic.defined","data":{"topic":"t","proposition":"T should be."}}

    """

  /// Stances on days of which no two are the same.
  private static func stances(_ numbers: Range<Int>, _ level: Int) -> String {
    numbers.map { number in
      let day = CalendarDay(number: Int64(number) - 200_000)
      return #"{"type":"stance.changed","on":"\#(day)","data":{"actor":"USA","topic":"t","#
        + #""level":\#(level),"basis":"declared"}}"# + "\n"
    }.joined()
  }

  private func levels(_ store: Store) async throws -> [Int64?] {
    try await store.log.read(EventQuery(types: ["stance.changed"]), in: EventRange()).map {
      EventBody($0.event.body).data["level"]?.integer
    }
  }

  @Test func linesAreAppendedAsTheyWereChecked() async throws {
    let folder = try Folder()
    let (middle, count) = (ImportRun.batchSize / 2, ImportRun.batchSize + 50)
    try await withStore { store in
      _ = try await store.append(
        Array(Self.definitions.utf8), options: AppendOptions(recorder: "test"))
      let files = [
        try folder.file("a", Self.stances(0..<middle, 1)),
        try folder.file("b", Self.stances(middle..<count, 1)),
      ]
      let bad = Self.stances(middle..<count, 7)
      let report = try await store.append(
        try files.map { try FileInput(path: $0.path) },
        options: options {
          try files[0].truncate()
          try files[1].overwrite(bad)
        })
      let found = try await levels(store)
      #expect(report.appended == count && found == Array(repeating: 1, count: count))
    }
  }

  @Test func exportedEventsAreRestoredAsTheyWereChecked() async throws {
    let folder = try Folder()
    try await withStore { store in
      for lines in [Self.definitions, Self.stances(0..<20, 1), Self.stances(20..<40, 1)] {
        _ = try await store.append(Array(lines.utf8), options: AppendOptions(recorder: "test"))
      }
      var export: [UInt8] = []
      try await store.export { export += $0 }
      let text = String(decoding: export, as: UTF8.self)
      for bad in [nil, text.replacing("\"level\":1", with: "\"level\":7")] {
        let file = try folder.file("export", text)
        try await withStore { copy in
          let report = try await copy.restore(
            [try FileInput(path: file.path)],
            options: options { if let bad { try file.overwrite(bad) } else { try file.truncate() } }
          )
          #expect(report.isSame && report.restored == 42)
        }
      }
    }
  }

  /// The digest that `import.completed` tells, beside that of a text.
  private func digests(_ store: Store, _ text: String) async throws -> [String?] {
    let completed = try await store.log.read(
      EventQuery(types: ["import.completed"]), in: EventRange())
    let told = completed.map { EventBody($0.event.body).data["sha256"]?.string }
    return told + [try await Store.sha256([MemoryInput(Array(text.utf8))])]
  }

  private static let mapping = """
    mapping: council
    dataset: council-votes
    sources:
      - source: minutes
        title: Minutes
    actors:
      body: {council: Town council}
      person: {ada-alt: Ada Alt}
    tables:
      choices: {for: "yes", against: "no"}
    files:
      motions:
        columns: [number, day]
        events:
          - event: motion.tabled
            on: "{day}"
            basis: explicit
            data: {motion: "council/{number}", body: council, title: "Motion {number}"}
            sources: [{source: minutes, locator: "{number}"}]
          - event: rollcall.held
            on: "{day}"
            basis: explicit
            data:
              rollcall: "council/{number}"
              motion: "council/{number}"
              body: council
              method: recorded
              result: unknown
            sources: [{source: minutes, locator: "{number}"}]
      ballots:
        columns: [number, member, vote]
        join: {motions: number}
        events:
          - event: vote.cast
            on: "{motions.day}"
            basis: explicit
            data:
              rollcall: "council/{number}"
              voter: {take: "{member}", as: actor}
              choice: {take: "{vote}", map: choices}
            sources: [{source: minutes, locator: "{number}"}]
    """

  @Test func rowsAreAppendedAsTheyWereChecked() async throws {
    let count = ImportRun.batchSize / 2 + 20
    let motions = "number,day\n" + (1...count).map { "\($0),2024-03-05\n" }.joined()
    let ballots = "number,member,vote\n" + (1...20).map { "\($0),Ada Alt,for\n" }.joined()
    let folder = try Folder()
    try await withStore { store in
      let files = [try folder.file("m.csv", motions), try folder.file("b.csv", ballots)]
      let bad = ballots.replacing(",for", with: ",xyz")
      let report = try await store.append(
        try files.map { try FileInput(path: $0.path) },
        mapping: try Mapping(parsing: Self.mapping, file: "council.yaml"),
        options: options {
          try files[0].truncate()
          try files[1].overwrite(bad)
        })
      let votes = try await store.log.read(EventQuery(types: ["vote.cast"]), in: EventRange())
      #expect(report.rejected == 0 && report.rows == count + 20 && votes.count == 20)
      #expect(
        votes.allSatisfy {
          $0.event.time?.text == "2024-03-05"
            && EventBody($0.event.body).data["choice"]?.string == "yes"
        })
      let held = try await store.log.read(EventQuery(types: ["rollcall.held"]), in: EventRange())
      #expect(held.count == count)
      let digests = try await digests(store, motions + ballots)
      #expect(digests.count == 2 && digests[0] == digests[1])
    }
  }

  @Test func aDataSetIsAppendedAsItWasRead() async throws {
    let folder = try Folder()
    try await withStore { store in
      let file = try folder.file("data.json", PopoloImportTests.whole)
      let input = try FileInput(path: file.path)
      try file.truncate()
      let report = try await store.append(
        popolo: [input], PopoloImportTests.popolo, options: PopoloImportTests.options)
      #expect(report.appended > 10 && report.isCompleted)
      let digests = try await digests(store, PopoloImportTests.whole)
      #expect(digests.count == 2 && digests[0] == digests[1])
    }
  }
}
