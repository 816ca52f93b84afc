import EventLog

/// One append or import: checks every line, then writes.
struct ImportRun {
  /// Events per batch: large enough that a commit costs little, small enough that other writers
  /// wait a fraction of a second.
  static let batchSize = 10_000
  /// How often a small append is checked anew when other writers get in between.
  static let maxAttempts = 50

  let store: Store
  let inputs: [any EventInput]
  let options: AppendOptions
  private var report = WriteReport()

  init(store: Store, inputs: [any EventInput], options: AppendOptions) {
    self.store = store
    self.inputs = inputs
    self.options = options
  }

  mutating func perform() async throws -> WriteReport {
    for attempt in 1... {
      report = WriteReport()
      report.isDryRun = options.dryRun
      let head = try await store.log.head().position
      if let expected = options.expectedHead, expected != head { throw Self.moved(expected, head) }
      let checked = try await check(head: head)
      if let batch = checked.whole {
        if try await appendWhole(batch, head: head) {
          try reject(checked.rejected)
          report.rejected = checked.rejectedCount
          return report
        }
        if attempt == Self.maxAttempts { throw Self.tooBusy }
        continue
      }
      if options.dryRun {
        report.appended = checked.count - checked.presentCount
        report.alreadyPresent = checked.presentCount
        report.rejected = checked.rejectedCount
        return report
      }
      try await appendInBatches(head: head, total: checked.count)
      return report
    }
    return report
  }

  // MARK: checking

  private struct Checked {
    /// All events, when they fit into one batch.
    var whole: [Admission.Admitted]? = []
    /// The lines that are wrong, as long as all fits into one batch.
    var rejected: [Rejected] = []
    var rejectedCount = 0
    var presentCount = 0
    var count = 0
  }

  /// A line with what is wrong in it.
  private struct Rejected {
    var text: [UInt8]
    var problems: [Problem]
  }

  private func reject(_ lines: [Rejected]) throws {
    for line in lines { try options.reject?(line.text, line.problems) }
  }

  /// Reads everything once. Throws all problems, unless rejects are wanted.
  private func check(head: Position) async throws -> Checked {
    var checked = Checked()
    var problems: [Problem] = []
    let total = try await forEachChunk(phase: .checking, head: head) { admitted, rejected in
      checked.count += admitted.count
      checked.presentCount += admitted.count(where: \.isPresent)
      checked.rejected += rejected
      checked.rejectedCount += rejected.count
      if let events = checked.whole, events.count + admitted.count <= Self.batchSize {
        checked.whole = events + admitted
      } else {
        checked.whole = nil
      }
      if options.reject == nil {
        problems += rejected.flatMap(\.problems)
      } else if checked.whole == nil {
        // Written down when the input is read again to be appended; a dry run reads it once.
        if options.dryRun { try reject(checked.rejected) }
        checked.rejected = []
      }
    }
    if !problems.isEmpty { throw Problems(problems, total: total) }
    return checked
  }

  /// Reads the inputs in chunks and admits them; returns the number of lines.
  private func forEachChunk(
    phase: ImportProgress.Phase, head: Position,
    _ body: ([Admission.Admitted], [Rejected]) async throws -> Void
  ) async throws -> Int {
    var admission = Admission(store: store, inputs: inputs, head: head)
    let totalBytes = inputs.reduce(0) { $0 + $1.size }
    var bytesBefore = 0
    var events = 0
    for (index, input) in inputs.enumerated() {
      var reader = EventReader(vocabulary: store.vocabulary, file: input.name)
      var lines = LineReader(input)
      var isAtEnd = false
      while !isAtEnd {
        var chunk = Chunk()
        while chunk.drafts.count < Self.batchSize, chunk.unreadable.count < Self.batchSize {
          let next: Bool? = try lines.next { bytes, line, offset in
            let place = InputPlace(input: index, offset: offset, length: bytes.count)
            var problems: [Problem] = []
            if let draft = reader.read(bytes, line: line, place: place, problems: &problems) {
              chunk.drafts.append(draft)
            } else {
              chunk.unreadable[line] = Rejected(text: Array(bytes), problems: problems)
            }
            return true
          }
          guard next != nil else {
            isAtEnd = true
            break
          }
          events += 1
        }
        var refused: [(line: Int, problem: Problem)] = []
        let admitted = try await admission.admit(chunk.drafts, reader: &reader, refused: &refused)
        try await body(admitted, chunk.rejected(adding: refused))
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

  /// Some lines of an input, as read.
  private struct Chunk {
    var drafts: [EventReader.Draft] = []
    /// By line: those that are no valid events in themselves.
    var unreadable: [Int: Rejected] = [:]

    /// All bad lines in input order, given what was wrong with drafts.
    func rejected(adding refused: [(line: Int, problem: Problem)]) -> [Rejected] {
      var bad = unreadable
      guard !refused.isEmpty else { return bad.sorted { $0.key < $1.key }.map(\.value) }
      let texts = Dictionary(drafts.map { ($0.line, $0.text) }) { first, _ in first }
      for (line, problem) in refused {
        let text = texts[line] ?? []
        bad[line, default: Rejected(text: text, problems: [])].problems.append(problem)
      }
      return bad.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  // MARK: writing

  /// Appends what fits into one batch, all or nothing. Returns false when somebody else appended
  /// something in between that what was checked may depend on.
  private mutating func appendWhole(
    _ admitted: [Admission.Admitted], head: Position
  ) async throws -> Bool {
    let events = admitted.map(\.event)
    let fresh = admitted.filter { !$0.isPresent }
    report.appended = Set(fresh.map(\.event.id)).count
    report.alreadyPresent = admitted.count - report.appended
    let touched = try await touchedPairs(fresh.map(\.event))
    let before = try await lines(touched, in: store)
    if options.dryRun {
      let draft = DraftLog(base: store.log, head: head, events: fresh.map(\.event))
      let after = Store(log: draft, vocabulary: store.vocabulary)
      report.changes = try await changes(from: before, in: after, touched)
      let positions = try await draft.positions(of: events.map(\.id))
      try await note(events, positions.map { $0 ?? .start }, head)
      return true
    }
    var condition = Admission.condition(for: fresh, after: head)
    if let expected = options.expectedHead { condition = .head(expected) }
    guard let receipt = try await appendUnlessContested(events, condition) else {
      if let expected = options.expectedHead {
        throw Self.moved(expected, try await store.log.head().position)
      }
      return false
    }
    report.changes = try await changes(from: before, in: store, touched)
    try await note(events, receipt.entries.map(\.position), head)
    return true
  }

  /// Appends an input that was found good in batches, reading it again.
  private mutating func appendInBatches(head: Position, total: Int) async throws {
    var expected = head
    var count = (appended: 0, present: 0, rejected: 0)
    var positions: ClosedRange<Position>?
    _ = try await forEachChunk(phase: .appending, head: head) { admitted, rejected in
      try reject(rejected)
      count.rejected += rejected.count
      guard !admitted.isEmpty else { return }
      let condition = AppendCondition(noneMatching: Admission.contested, after: expected)
      guard let receipt = try await appendUnlessContested(admitted.map(\.event), condition) else {
        throw Self.overtaken(count.appended)
      }
      for entry in receipt.entries {
        if entry.isNew {
          count.appended += 1
          positions = (positions?.lowerBound ?? entry.position)...entry.position
        } else {
          count.present += 1
        }
      }
      expected = max(expected, receipt.entries.last?.position ?? expected)
    }
    report.appended = count.appended
    report.alreadyPresent = count.present
    report.rejected = count.rejected
    report.positions = positions
  }

  /// Nil when the condition does not hold.
  private func appendUnlessContested(
    _ events: [NewEvent], _ condition: AppendCondition?
  ) async throws -> AppendReceipt? {
    do {
      return try await store.log.append(
        events, recorder: options.recorder, note: options.note, if: condition)
    } catch {
      guard error.code == .conflict else { throw error }
      return nil
    }
  }

  private mutating func note(
    _ events: [NewEvent], _ positions: [Position], _ head: Position
  ) async throws {
    for (event, position) in zip(events, positions) {
      let isNew = position > head
      if isNew { report.positions = (report.positions?.lowerBound ?? position)...position }
      guard report.receipts.count < WriteReport.receiptLimit else { continue }
      let summary =
        Amendment.types.contains(event.type.name)
        ? try await store.amendmentSummary(event)
        : store.vocabulary.summary(type: event.type, data: EventBody(event.body).data)
      report.receipts.append(
        Receipt(
          position: position, id: event.id, type: event.type.name, isNew: isNew, summary: summary))
    }
  }

  // MARK: stances

  /// An append of more events than this does not say which stances it changed one by one.
  private static let reportLimit = 200

  /// The actors and topics on which the events may bear.
  private func touchedPairs(_ events: [NewEvent]) async throws -> [PositionPair] {
    guard options.reportsChanges, events.count <= Self.reportLimit else { return [] }
    return try await store.pairs(touchedBy: events)
  }

  private func lines(
    _ pairs: [PositionPair], in store: Store
  ) async throws -> [[LineSegment]] {
    var lines: [[LineSegment]] = []
    for pair in pairs { lines.append(try await store.line(pair)) }
    return lines
  }

  private func changes(
    from before: [[LineSegment]], in after: Store, _ pairs: [PositionPair]
  ) async throws -> [StanceChange] {
    var changes: [StanceChange] = []
    for (pair, old) in zip(pairs, before) {
      let new = try await after.line(pair)
      guard let day = LineSegment.firstDifference(old, new) else { continue }
      changes.append(
        StanceChange(
          actor: Entity(id: pair.actor, name: try await after.displayName(ofActor: pair.actor)),
          topic: Entity(id: pair.topic, name: pair.topic), rule: LatestRule.name, from: day,
          before: LineSegment.level(old, on: day), after: LineSegment.level(new, on: day)))
    }
    return changes
  }

  // MARK: errors

  private static func moved(_ expected: Position, _ head: Position) -> Problems {
    Problems([
      Problem(
        .headMoved, "the record is at \(head), not at \(expected): somebody has appended since",
        help: "look at what is new with  annals log, then try again with "
          + "--expect \(head.rawValue)")
    ])
  }

  private static func overtaken(_ appended: Int) -> Problems {
    Problems([
      Problem(
        .headMoved, "another writer recorded votes or corrections while this import was running",
        help: "run the import again: the \(appended) events that it has recorded are kept, "
          + "and passed over")
    ])
  }

  private static let tooBusy = Problems([
    Problem(
      .busy, "other writers kept changing what this append depends on; nothing was written",
      help: "try again")
  ])
}
