import EventLog
import Synchronization
import Testing

@testable import Annals

private typealias Line = LittleRecord

/// Imports in which one fact is corrected, taken back and brought back many times.
@Suite struct ManyAmendmentsTests {
  /// An input that counts how often it is read.
  private final class CountedInput: EventInput {
    private let input: MemoryInput
    private let count = Mutex(0)

    init(_ bytes: [UInt8]) { input = MemoryInput(bytes) }

    var name: String? { input.name }
    var size: Int { input.size }
    var reads: Int { count.withLock { $0 } }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws -> Int {
      count.withLock { $0 += 1 }
      return input.read(into: buffer, at: offset)
    }
  }

  enum Shape: CaseIterable {
    case corrections, chain, mixed, restored, retractions, disputes, votes
  }

  /// A fact with the id 1, and so many amendments of it with the ids from 2 on.
  private static func lines(_ shape: Shape, _ count: Int) -> [String] {
    let fact =
      shape == .votes
      ? Line.voteLine("r", "yes", on: "2025-02-24", id: 1) : Line.stanceLine(1, "2025-01-01", id: 1)
    func correction(_ number: Int, of target: Int) -> String {
      let change =
        shape == .votes
        ? #"{"choice":"\#(number % 2 == 0 ? "no" : "yes")"}"#
        : #"{"level":\#((number + 2) % 5 - 2)}"#
      return Line.amendment("fact.corrected", of: [target], change, id: number)
    }
    func retraction(_ number: Int, of target: Int) -> String {
      Line.amendment("fact.retracted", of: [target], id: number)
    }
    let said = (2..<count + 2).map { number in
      switch shape {
      case .corrections, .votes: correction(number, of: 1)
      case .chain: correction(number, of: number - 1)
      // Every third one takes the correction before it back.
      case .mixed: number % 3 == 1 ? retraction(number, of: number - 1) : correction(number, of: 1)
      // The fact is taken back, brought back and corrected.
      case .restored:
        switch number % 3 {
        case 0: retraction(number, of: number - 1)
        case 2: retraction(number, of: 1)
        default: correction(number, of: 1)
        }
      case .retractions: retraction(number, of: number - 1)
      case .disputes:
        number % 2 == 0
          ? Line.amendment("fact.disputed", of: [1], id: number) : correction(number, of: 1)
      }
    }
    return [fact] + said
  }

  /// Twice the amendments are read with about twice the reads of input and log.
  @Test(arguments: Shape.allCases)
  func anImportReadsEachLineAFewTimes(_ shape: Shape) async throws {
    var costs: [(reads: Int, calls: Int)] = []
    for count in [300, 600] {
      try await withStore { store in
        _ = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
        let log = CountingLog(store.log)
        let text = Self.lines(shape, count).joined(separator: "\n")
        let input = CountedInput(Array(text.utf8))
        var options = LittleRecord.options
        options.reportsChanges = false
        options.updateViews = false
        let report = try await Store(log: log).append([input], options: options)
        #expect(report.appended == count + 1)
        costs.append((input.reads, log.takeCalls().count))
      }
    }
    #expect(costs[1].reads < 3 * costs[0].reads, "\(costs)")
    #expect(costs[1].calls < 3 * costs[0].calls, "\(costs)")
  }

  /// Each correction is checked against what the lines before it have made of the fact, in one input
  /// as when each is appended by itself.
  @Test(arguments: Shape.allCases)
  func oneInputIsReadAsSingleAppends(_ shape: Shape) async throws {
    let lines = Self.lines(shape, 24)
    let together = try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      try await record.add(lines.joined(separator: "\n"))
      return try await Self.reading(store)
    }
    let apart = try await withStore { store in
      let record = try await LittleRecord.make(store, rollcalls: ["r": "2025-02-24"])
      for line in lines { try await record.add(line) }
      return try await Self.reading(store)
    }
    #expect(together == apart)
  }

  private static func reading(_ store: Store) async throws -> [String] {
    let id = try #require(EventID(Line.id(1)))
    let detail = try await store.event(.id(id))
    let tags = detail.entry.fact.chain.map { event in
      event.event.tags.map(\.description).sorted().joined(separator: " ")
    }
    return [JSONWriter.compact(detail.entry.fact.data), "\(detail.entry.fact.isLive)"] + tags
  }

  /// The end of a stance is held against the date that the correction before a retraction had left.
  @Test func aCorrectionIsCheckedAgainstWhatARetractionHasLeft() async throws {
    try await withStore { store in
      let record = try await LittleRecord.make(store)
      let lines = [
        Line.stanceLine(1, "2025-01-10", id: 1),
        Line.line(
          "fact.corrected", "{}", on: "2025-03-10", id: 2,
          rest: #","target":["\#(Line.id(1))"],"reason":"test""#),
        Line.amendment("fact.retracted", of: [2], id: 3),
      ]
      let end = Line.amendment("fact.corrected", of: [1], #"{"until":"2025-02-01"}"#, id: 4)
      #expect(
        await record.refuses((lines.prefix(2) + [end]).joined(separator: "\n")) == [.outOfRange])
      try await record.add((lines + [end]).joined(separator: "\n"))
    }
  }
}
