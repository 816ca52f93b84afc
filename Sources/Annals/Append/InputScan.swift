import EventLog

/// Reads the lines of the inputs of an import, or the rows that a mapping speaks of, as drafts,
/// chunk by chunk.
struct InputScan {
  typealias Chunk = DraftChunk
  typealias Rejected = RejectedLine

  let inputs: [any EventInput]
  let vocabulary: Vocabulary
  let options: AppendOptions
  /// When given, the inputs were found good before but for these lines, by input.
  let skipping: [Int: Set<Int>]?
  /// What the rows of the inputs mean, when they are no NDJSON.
  let mapped: MappedInputs?
  /// How many steps schemas may take for all that is read. It depends on nothing but the size of the
  /// inputs, so that the same import always ends in the same way.
  var stepLimit: Int

  init(
    inputs: [any EventInput], vocabulary: Vocabulary, options: AppendOptions,
    skipping: [Int: Set<Int>]? = nil, mapped: MappedInputs? = nil
  ) {
    self.mapped = mapped
    self.inputs = inputs
    self.vocabulary = vocabulary
    self.options = options
    self.skipping = skipping
    stepLimit = EventReader.stepLimit(
      bytes: inputs.reduce(0) { $0 + $1.size }, isTable: mapped != nil)
  }

  /// Hands out the chunks in order; returns the number of lines.
  func forEachChunk(
    phase: ImportProgress.Phase,
    _ body: (Chunk, inout EventReader) async throws -> Void
  ) async throws -> Int {
    let totalBytes = inputs.reduce(0) { $0 + $1.size }
    var bytesBefore = 0
    var events = 0
    var reported = 0
    var steps = 0
    var given: Set<OnceKey> = []
    for (index, input) in inputs.enumerated() {
      if let problem = try Compression.problem(input) {
        if skipping == nil {
          var chunk = Chunk(input: index)
          var rejected = Rejected(input: index, line: 1, text: [])
          rejected.problems.append(problem)
          chunk.unreadable.append(rejected)
          var reader = EventReader(vocabulary: vocabulary, input: input)
          try await body(chunk, &reader)
        }
        events += 1
        continue
      }
      if let plan = mapped?.plans[index] {
        events += try await forEachRowChunk(
          plan, index, phase, bytesBefore, events, &given, &steps, body)
        bytesBefore += input.size
        continue
      }
      var reader = EventReader(vocabulary: vocabulary, input: input, isChecked: skipping != nil)
      var lines = LineReader(input)
      while let block = try nextBlock(index, &lines) {
        let chunk = await read(block, with: reader)
        steps += chunk.steps
        try checkSteps(steps)
        _ = reader.suggester.spend(chunk.comparisons)
        reported += chunk.unreadable.reduce(0) { $0 + $1.problems.count }
        reader.isBrief = reported > ProblemList.inputLimit
        events += block.lines.count
        try await body(chunk, &reader)
        options.progress?(
          ImportProgress(
            phase: phase, bytes: bytesBefore + lines.offset, totalBytes: totalBytes,
            events: events))
        try Task.checkCancellation()
      }
      bytesBefore += input.size
    }
    return events
  }

  /// Throws when the schemas have taken too many steps for the chunks so far.
  func checkSteps(_ steps: Int) throws {
    guard steps > stepLimit else { return }
    throw Problems([
      Problem(
        .tooLong, "checking the input takes more than \(stepLimit) steps",
        help: "give schemas fewer alternatives, a mapping fewer rules, or events shorter lists")
    ])
  }

  // MARK: lines

  /// Lines of one input, side by side.
  private struct Block: Sendable {
    struct Line: Sendable {
      var number: Int
      var place: InputPlace
      /// Where in `bytes` it stands.
      var range: Range<Int>
    }

    var input: Int
    var bytes: [UInt8] = []
    var lines: [Line] = []
  }

  /// The next lines of an input; nil at its end.
  private func nextBlock(_ input: Int, _ reader: inout LineReader) throws -> Block? {
    var block = Block(input: input)
    while block.lines.count < ImportRun.batchSize, block.bytes.count < ImportRun.batchBytes {
      let isLine: Bool? = try reader.next { bytes, line, offset in
        if skipping?[input]?.contains(line) == true { return true }
        let start = block.bytes.count
        block.bytes.append(contentsOf: bytes)
        block.lines.append(
          Block.Line(
            number: line, place: InputPlace(input: input, offset: offset, length: bytes.count),
            range: start..<block.bytes.count))
        return true
      }
      if isLine == nil { break }
    }
    return block.lines.isEmpty ? nil : block
  }

  /// Lines are read one by one, so a large block is read by two at once.
  private func read(_ block: Block, with reader: EventReader) async -> Chunk {
    let count = block.lines.count
    if count < 500 { return read(block, 0..<count, with: reader) }
    async let second = read(block, count / 2..<count, with: reader)
    var chunk = read(block, 0..<count / 2, with: reader)
    let rest = await second
    chunk.drafts += rest.drafts
    chunk.unreadable += rest.unreadable
    chunk.refusedDefinitions += rest.refusedDefinitions
    chunk.steps += rest.steps
    chunk.comparisons += rest.comparisons
    chunk.skipped.merge(rest.skipped, uniquingKeysWith: +)
    return chunk
  }

  private func read(
    _ block: Block, _ lines: Range<Int>, with reader: EventReader
  ) -> Chunk {
    var reader = reader
    let limit = stepLimit
    let comparable = reader.suggester.left
    var chunk = Chunk(input: block.input)
    chunk.drafts.reserveCapacity(lines.count)
    var problems: [Problem] = []
    var reported = 0
    block.bytes.withUnsafeBufferPointer { bytes in
      for line in block.lines[lines] {
        let text = UnsafeBufferPointer(rebasing: bytes[line.range])
        if let draft = reader.read(
          text, line: line.number, place: line.place, problems: &problems)
        {
          chunk.drafts.append(draft)
        } else if let reason = reader.passedOver {
          chunk.skipped[reason, default: 0] += 1
        } else {
          var rejected = Rejected(input: block.input, line: line.number, text: Array(text))
          rejected.problems.append(contentsOf: problems, more: reader.moreFaults)
          chunk.unreadable.append(rejected)
          reported += problems.count
          if reported > ProblemList.inputLimit { reader.isBrief = true }
          chunk.refusedDefinitions += [reader.refusedDefinition].compactMap(\.self)
          problems = []
        }
        if reader.steps > limit { break }
      }
    }
    chunk.steps = reader.steps
    chunk.comparisons = comparable - reader.suggester.left
    return chunk
  }
}
