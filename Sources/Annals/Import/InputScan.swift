import EventLog

/// Reads the lines of the inputs of an import as drafts, chunk by chunk.
struct InputScan {
  let inputs: [any EventInput]
  let vocabulary: Vocabulary
  let options: AppendOptions
  /// When given, the inputs were found good before but for these lines, by input.
  let skipping: [Int: Set<Int>]?

  init(
    inputs: [any EventInput], vocabulary: Vocabulary, options: AppendOptions,
    skipping: [Int: Set<Int>]? = nil
  ) {
    self.inputs = inputs
    self.vocabulary = vocabulary
    self.options = options
    self.skipping = skipping
  }

  /// A line with what is wrong in it.
  struct Rejected {
    var line: Int
    var text: [UInt8]
    var problems: [Problem]
  }

  /// Some lines of one input, as read.
  struct Chunk {
    /// Which of the inputs.
    var input: Int
    var drafts: [EventReader.Draft] = []
    /// Those that are no valid events in themselves.
    var unreadable: [Rejected] = []

    /// All bad lines in input order, given what was wrong with drafts.
    func rejected(
      adding refused: [(line: Int, problem: Problem)], from inputs: [any EventInput]
    ) throws -> [Rejected] {
      guard !refused.isEmpty else { return unreadable }
      let places = Dictionary(drafts.map { ($0.line, $0.place) }) { first, _ in first }
      var bad = unreadable
      for (line, problem) in refused {
        if bad.last?.line == line {
          bad[bad.count - 1].problems.append(problem)
        } else {
          let text = try places[line].flatMap { try inputs[input].text(at: $0) } ?? []
          bad.append(Rejected(line: line, text: text, problems: [problem]))
        }
      }
      return bad.sorted { $0.line < $1.line }
    }
  }

  /// Hands out the chunks in order; returns the number of lines.
  func forEachChunk(
    phase: ImportProgress.Phase,
    _ body: (Chunk, inout EventReader) async throws -> Void
  ) async throws -> Int {
    let totalBytes = inputs.reduce(0) { $0 + $1.size }
    var bytesBefore = 0
    var events = 0
    for (index, input) in inputs.enumerated() {
      var reader = EventReader(vocabulary: vocabulary, input: input, isChecked: skipping != nil)
      var lines = LineReader(input)
      while let chunk = try next(index, &lines, &reader) {
        events += chunk.drafts.count + chunk.unreadable.count
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

  /// The next lines of an input; nil at its end.
  private func next(
    _ input: Int, _ lines: inout LineReader, _ reader: inout EventReader
  ) throws -> Chunk? {
    var chunk = Chunk(input: input)
    var problems: [Problem] = []
    while chunk.drafts.count < ImportRun.batchSize, chunk.unreadable.count < ImportRun.batchSize {
      let isLine: Bool? = try lines.next { bytes, line, offset in
        if skipping?[input]?.contains(line) == true { return true }
        let place = InputPlace(input: input, offset: offset, length: bytes.count)
        if let draft = reader.read(bytes, line: line, place: place, problems: &problems) {
          chunk.drafts.append(draft)
        } else {
          chunk.unreadable.append(Rejected(line: line, text: Array(bytes), problems: problems))
          problems = []
        }
        return true
      }
      if isLine == nil { return chunk.drafts.isEmpty && chunk.unreadable.isEmpty ? nil : chunk }
    }
    return chunk
  }
}
