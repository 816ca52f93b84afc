import EventLog

/// The rows of inputs that a mapping speaks of.
extension InputScan {
  /// Hands out the rows of one input in chunks; returns how many there are.
  func forEachRowChunk(
    _ plan: RowPlan, _ index: Int, _ phase: ImportProgress.Phase, _ bytesBefore: Int,
    _ eventsBefore: Int, _ given: inout Set<OnceKey>, _ steps: inout Int,
    _ body: (Chunk, inout EventReader) async throws -> Void
  ) async throws -> Int {
    let input = inputs[index]
    let totalBytes = inputs.reduce(0) { $0 + $1.size }
    var placing = EventReader(vocabulary: vocabulary, input: input)
    placing.rows = plan
    var lines = CSVReader(input, format: CSVFormat(delimiter: plan.mapping.delimiter))
    _ = try lines.next(1)
    var ahead = RowQueue(
      plan, input, index, isChecked: skipping != nil, stepLimit: stepLimit)
    var count = 0
    var isAtEnd = false
    let limit = mapped?.limit ?? .max
    while true {
      while !isAtEnd, !ahead.isFull {
        let wanted = min(ImportRun.batchSize, limit - count)
        if wanted > 0, var rows = try lines.next(wanted) {
          count += rows.rows.count
          if let bad = skipping?[index] { rows.rows.removeAll { bad.contains($0.line) } }
          ahead.add(rows)
        } else {
          isAtEnd = true
        }
      }
      guard var chunk = await ahead.next() else { break }
      steps += chunk.steps
      try checkSteps(steps)
      Self.removeRepeated(&chunk, &given)
      try await body(chunk, &placing)
      options.progress?(
        ImportProgress(
          phase: phase, bytes: bytesBefore + lines.offset, totalBytes: totalBytes,
          events: eventsBefore + count))
      try Task.checkCancellation()
    }
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

/// Rows that are being read while others are worked on: two readers take blocks in turn, each one
/// block after the other, and what they make comes out in order.
private struct RowQueue {
  private static let length = 4

  private let readers: [Box]
  private var turn = 0
  /// What is read, or being read, oldest first.
  private var reading: [Task<InputScan.Chunk, Never>] = []
  /// The latest of each reader.
  private var latest: [Task<InputScan.Chunk, Never>?] = [nil, nil]

  init(
    _ plan: RowPlan, _ input: any EventInput, _ number: Int, isChecked: Bool, stepLimit: Int
  ) {
    readers = latest.map { _ in
      Box(
        RowReader(
          plan, input: input, number: number, isChecked: isChecked, stepLimit: stepLimit))
    }
  }

  var isFull: Bool { reading.count >= Self.length }

  mutating func add(_ rows: CSVRows) {
    let (reader, before) = (readers[turn], latest[turn])
    let task = Task {
      _ = await before?.value
      return reader.read(rows)
    }
    latest[turn] = task
    reading.append(task)
    turn = (turn + 1) % readers.count
  }

  /// The next chunk; nil when nothing is being read.
  mutating func next() async -> InputScan.Chunk? {
    if reading.isEmpty { return nil }
    return await reading.removeFirst().value
  }

  // A reader is used by one task at a time: each waits for the one before it.
  private final class Box: @unchecked Sendable {
    private let reader: RowReader

    init(_ reader: RowReader) { self.reader = reader }

    func read(_ rows: CSVRows) -> InputScan.Chunk {
      var chunk = InputScan.Chunk(input: reader.inputNumber)
      chunk.drafts.reserveCapacity(rows.rows.count + rows.rows.count / 8)
      reader.read(rows, into: &chunk)
      chunk.dates = reader.dates
      return chunk
    }
  }
}
