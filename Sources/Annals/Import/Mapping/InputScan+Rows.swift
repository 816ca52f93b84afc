import EventLog

/// The rows of inputs that a mapping speaks of.
extension InputScan {
  /// Hands out the rows of one input in chunks; returns how many there are.
  func forEachRowChunk(
    _ plan: RowPlan, _ index: Int, _ phase: ImportProgress.Phase, _ bytesBefore: Int,
    _ eventsBefore: Int, _ given: inout Set<OnceKey>,
    _ body: (Chunk, inout EventReader) async throws -> Void
  ) async throws -> Int {
    let input = inputs[index]
    let totalBytes = inputs.reduce(0) { $0 + $1.size }
    var placing = EventReader(vocabulary: vocabulary, input: input)
    placing.rows = plan
    let pair = ReaderPair(plan, input, index, isChecked: skipping != nil)
    var lines = CSVReader(input, format: CSVFormat(delimiter: plan.mapping.delimiter))
    _ = try lines.next(1)
    var count = 0
    let limit = mapped?.limit ?? .max
    // While a block is worked on, the next one is read.
    var ahead: Task<[Chunk], Never>?
    repeat {
      let ready = await ahead?.value ?? []
      ahead = nil
      if count < limit, var rows = try lines.next(min(2 * ImportRun.batchSize, limit - count)) {
        count += rows.rows.count
        if let bad = skipping?[index] { rows.rows.removeAll { bad.contains($0.line) } }
        ahead = Task { [rows] in await pair.read(rows) }
      }
      for var chunk in ready {
        Self.removeRepeated(&chunk, &given)
        try await body(chunk, &placing)
      }
      options.progress?(
        ImportProgress(
          phase: phase, bytes: bytesBefore + lines.offset, totalBytes: totalBytes,
          events: eventsBefore + count))
      try Task.checkCancellation()
    } while ahead != nil
    return count
  }

  /// Takes out what an earlier row has given already.
  private static func removeRepeated(_ chunk: inout Chunk, _ given: inout Set<OnceKey>) {
    var repeated: Set<Int> = []
    for once in chunk.once where !given.insert(once.key).inserted && !once.isClaim {
      repeated.insert(once.draft)
    }
    guard !repeated.isEmpty else { return }
    var index = -1
    chunk.drafts.removeAll { _ in
      index += 1
      return repeated.contains(index)
    }
  }
}

/// Two readers of the same file, so that a block is read by two at once.
private struct ReaderPair {
  private let first: Box
  private let second: Box

  init(_ plan: RowPlan, _ input: any EventInput, _ number: Int, isChecked: Bool) {
    first = Box(RowReader(plan, input: input, number: number, isChecked: isChecked))
    second = Box(RowReader(plan, input: input, number: number, isChecked: isChecked))
  }

  /// The rows in two chunks, which are large enough for a batch each.
  func read(_ rows: CSVRows) async -> [InputScan.Chunk] {
    let count = rows.rows.count
    if count < 500 { return [first.read(rows, 0..<count)] }
    async let rest = second.read(rows, count / 2..<count)
    return [first.read(rows, 0..<count / 2), await rest]
  }

  // A reader is used by one task at a time: `read` waits for both before it returns.
  private final class Box: @unchecked Sendable {
    private let reader: RowReader

    init(_ reader: RowReader) { self.reader = reader }

    func read(_ rows: CSVRows, _ range: Range<Int>) -> InputScan.Chunk {
      var chunk = InputScan.Chunk(input: reader.inputNumber)
      chunk.drafts.reserveCapacity(range.count + range.count / 8)
      reader.read(rows, range, into: &chunk)
      chunk.dates = reader.dates
      return chunk
    }
  }
}
