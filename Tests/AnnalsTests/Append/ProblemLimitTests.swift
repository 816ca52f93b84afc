import EventLog
import Synchronization
import Testing

@testable import Annals

/// A flood of problems is counted and not kept.
@Suite struct ProblemLimitTests {
  private func problems(_ lines: String, mapping: String? = nil) async throws -> Problems {
    var found = Problems([])
    try await withStore { store in
      let input = MemoryInput(Array(lines.utf8), name: "x")
      let options = TableImportTests.options
      do {
        if let mapping {
          _ = try await store.append(
            [input], mapping: try Mapping(parsing: mapping, file: "m.yaml"), options: options)
        } else {
          _ = try await store.append([input], options: options)
        }
        Issue.record("it was taken")
      } catch let problems as Problems {
        found = problems
      }
      #expect(try await store.log.head().position == .start)
    }
    return found
  }

  @Test func ofOneEventAHundredAreKept() async throws {
    let keys = (0..<1500).map { "\"k\($0)\":1" }.joined(separator: ",")
    let found = try await problems(
      #"{"type":"topic.defined","data":{"topic":"t","name":"n",\#(keys)}}"#)
    #expect(found.problems.count == 100)
    #expect(found.problems.count + found.more >= 1500)
    #expect(found.wrong == 1 && found.total == 1)
  }

  @Test func ofAnInputAThousandAreKeptAndAllAreCounted() async throws {
    let lines = (0..<1700).map { #"{"type":"topic.defned","data":{"topic":"t\#($0)"}}"# }
    let found = try await problems(lines.joined(separator: "\n"))
    #expect(found.problems.count == 1000 && found.more == 700)
    #expect(found.wrong == 1700 && found.total == 1700)
    #expect(found.problems[0].suggestion == "topic.defined")
  }

  @Test func referencesToWhatIsNotThereAreCounted() async throws {
    let lines = (0..<1300).map {
      #"{"type":"statement.made","data":{"speaker":"s\#($0)","kind":"quote","text":"x"}}"#
    }
    let found = try await problems(lines.joined(separator: "\n"))
    #expect(found.problems.count == 1000 && found.more == 300 && found.wrong == 1300)
    #expect(found.problems.allSatisfy { $0.code == .unknownReference })
  }

  @Test func anEventNamesAThousandThingsAtMost() async throws {
    for count in [1024, 1025] {
      let topics = (0..<count - 1).map { "\"t\($0)\"" }.joined(separator: ",")
      let found = try await problems(
        #"{"type":"statement.made","data":{"speaker":"s","kind":"quote","text":"x","about":{"topics":["#
          + topics + "]}}}")
      let isOver = found.problems.contains { $0.code == .outOfRange }
      #expect(isOver == (count > EventLimit.list), "\(count)")
      #expect(found.problems[0].position?.line == 1)
    }
    let targets = (0..<1025).map { _ in "\"e1e3684a-d028-8670-a1d8-0ced787b969a\"" }
    let over = try await problems(
      #"{"type":"fact.disputed","reason":"x","data":{},"target":[\#(targets.joined(separator: ","))]}"#
    )
    #expect(over.problems.contains { $0.code == .outOfRange || $0.code == .badFormat })
  }

  private static let mapping = """
    mapping: m
    files:
      f:
        columns: [who, what]
        events:
          - event: statement.made
            data:
              speaker: {take: "{who}", as: actor}
              kind: {take: "{what}", map: kinds}
              text: "x"
    tables:
      kinds: {q: quote}
    """

  @Test func ofTheRowsOfATableToo() async throws {
    let rows = (0..<1300).map { "n\($0),q" }.joined(separator: "\n")
    let unknown = try await problems("who,what\n\(rows)\n", mapping: Self.mapping)
    #expect(unknown.problems.count == 1000 && unknown.more == 300 && unknown.wrong == 1300)
    let values = (0..<1300).map { "n,k\($0)" }.joined(separator: "\n")
    let unlisted = try await problems("who,what\n\(values)\n", mapping: Self.mapping)
    #expect(unlisted.problems.count == 1000 && unlisted.more >= 300)
    let header = try await problems(
      "who,what" + String(repeating: ",x", count: 400) + "\n", mapping: Self.mapping)
    #expect(header.problems.count == 100 && header.more == 299)
    let zeros = try await problems(
      "who,what\n" + String(repeating: "\0", count: 900) + "\n", mapping: Self.mapping)
    #expect(zeros.problems.count == 100 && zeros.more >= 800)
  }

  /// Rejected lines are handed out while the input is read, and not kept until its end.
  @Test func rejectedLinesDoNotFillTheMemory() async throws {
    let count = 60_000
    let good = #"{"type":"topic.defined","data":{"topic":"t","proposition":"p"}}"#
    let lines = good + "\n" + String(repeating: "x\n", count: count)
    let rejected = Mutex(0)
    let mostKept = Mutex(0)
    var options = TableImportTests.options
    options.reject = { _, problems in
      #expect(!problems.isEmpty)
      rejected.withLock { $0 += 1 }
    }
    options.progress = { progress in
      guard progress.phase == .checking else { return }
      let kept = progress.events - rejected.withLock { $0 }
      mostKept.withLock { $0 = max($0, kept) }
    }
    let given = options
    try await withStore { store in
      let report = try await store.append(
        [MemoryInput(Array(lines.utf8), name: "x")], options: given)
      #expect(report.appended == 1 && report.rejected == count)
      #expect(try await store.log.head().position == Position(1))
    }
    #expect(rejected.withLock { $0 } == count)
    #expect(mostKept.withLock { $0 } <= 2 * ImportRun.batchSize)
  }

  /// Each line takes few enough steps, and all of them together too many.
  @Test func theStepsOfAllLinesTogetherAreLimited() async throws {
    let kinds = (0..<200).map { #"{"const":"k\#($0)"}"# }.joined(separator: ",")
    let schema = #"{"type":"object","properties":{"a":{"items":{"anyOf":[\#(kinds)]}}}}"#
    let vocabulary = try Vocabulary.builtIn.adding([("a.b.v1.json", Array(schema.utf8))])
    let line = #"{"type":"a.b","data":{"a":["k199","k199"]}}"#
    let input = MemoryInput(
      Array((0..<1000).map { _ in line }.joined(separator: "\n").utf8), name: "x")
    var scan = InputScan(
      inputs: [input], vocabulary: vocabulary, options: TableImportTests.options)
    var steps = 0
    _ = try await scan.forEachChunk(phase: .checking) { chunk, _ in steps += chunk.steps }
    #expect(steps > 400 * 1000)
    #expect(steps < EventReader.stepLimit(bytes: input.size, isTable: false))
    // Just as many are enough; of fewer not all are taken.
    scan.stepLimit = steps
    _ = try await scan.forEachChunk(phase: .checking) { _, _ in }
    for limit in [steps - 1, steps / 100] {
      scan.stepLimit = limit
      let error = await #expect(throws: Problems.self) {
        _ = try await scan.forEachChunk(phase: .checking) { _, _ in }
      }
      #expect(error?.problems.map(\.code) == [.tooLong])
      #expect(error?.problems.first?.message.contains("more than \(limit) steps") == true)
    }
  }

  @Test func theRulesOfAMappingCountForEachRow() async throws {
    let patterns = (0..<20_000).map { "\"p\($0){n}\": x" }.joined(separator: ", ")
    let mapping = Self.mapping.replacing(
      #""x""#, with: #"{take: "{what}", rewrite: {\#(patterns)}, otherwise: keep}"#)
    let rows = String(repeating: "n,q\n", count: 700)
    let found = try await problems("who,what\n\(rows)", mapping: mapping)
    #expect(found.problems.map(\.code) == [.tooLong])
    #expect(found.problems.first?.message.hasPrefix("checking the input takes more than") == true)
  }

  /// Values that are forgotten meanwhile give the same events when they come again.
  @Test func aReaderOfRowsDoesNotRememberAllValues() async throws {
    let (rules, names) = (60, 4000)
    try #require(rules * names > RowReader.valueLimit)
    let skips = (0..<rules).map { "      - {when: {t: none\($0)}, because: none}\n" }.joined()
    let mapping = """
      mapping: m
      files:
        f:
          columns: [t]
          skip:
      \(skips)    events:
            - event: topic.defined
              once: "{t}"
              data: {topic: "{t}", proposition: "p {t}"}
      """
    let rows = (0..<names + 500).map { "t\($0 % names)\n" }.joined()
    try await withStore { store in
      let report = try await store.append(
        [MemoryInput(Array("t\n\(rows)".utf8), name: "x.csv")],
        mapping: try Mapping(parsing: mapping, file: "m.yaml"), options: TableImportTests.options)
      #expect(report.appended == names && report.alreadyPresent == 0)
    }
  }

  @Test func linesShareTheTimeForSuggestions() async throws {
    let values = (0..<5000).map { "\"value\($0)\"" }.joined(separator: ",")
    let schema = #"{"type":"object","properties":{"a":{"enum":[\#(values)]}}}"#
    let vocabulary = try Vocabulary.builtIn.adding([("a.b.v1.json", Array(schema.utf8))])
    let lines = (0..<900).map { #"{"type":"a.b","data":{"a":"valeu\#($0)"}}"# }
    let input = MemoryInput(Array(lines.joined(separator: "\n").utf8), name: "x")
    let scan = InputScan(
      inputs: [input, input, input], vocabulary: vocabulary, options: TableImportTests.options)
    var suggestions: [Int] = []
    _ = try await scan.forEachChunk(phase: .checking) { chunk, _ in
      let problems = chunk.unreadable.flatMap(\.problems.problems)
      suggestions.append(problems.count { $0.suggestion != nil })
    }
    // Each half of the first lines has the whole time at most.
    #expect(suggestions[0] > 50 && suggestions[0] <= 2 * 100)
  }

  @Test func rowsShareTheTimeForSuggestions() async throws {
    let table = (0..<20_000).map { "kind\($0): quote" }.joined(separator: ", ")
    let mapping = Self.mapping.replacing("kinds: {q: quote}", with: "kinds: {\(table)}")
    let rows = (0..<1000).map { "n,knid\($0)" }.joined(separator: "\n")
    let found = try await problems("who,what\n\(rows)\n", mapping: mapping)
    let unlisted = found.problems.filter { $0.code == .unknownValue }
    let suggested = unlisted.count { $0.suggestion != nil }
    #expect(unlisted.count > 500 && suggested > 10 && suggested <= 2 * 25)
  }

  @Test func suggestionsEndBeforeTheyTakeLong() {
    let names = (0..<1000).map { "name\($0)" }
    var suggester = Suggester(left: 5000)
    let found = (0..<20).map { _ in suggester.nearest(to: "nome7", among: names) }
    #expect(found[0] == "name7" && found.last == .some(nil))
    #expect(suggester.isSpent)
    #expect(Suggestion.nearest(to: String(repeating: "a", count: 300), among: names) == nil)
  }
}
