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
        if try await appendWhole(batch, head: head) { return report }
        if attempt == Self.maxAttempts { throw Self.tooBusy }
        continue
      }
      if options.dryRun {
        report.appended = checked.count - report.alreadyPresent
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
    var whole: [Admission.Admitted]?
    var count: Int
  }

  /// Reads everything once. Throws all problems, unless rejects are wanted.
  private mutating func check(head: Position) async throws -> Checked {
    var whole: [Admission.Admitted]? = []
    var problems: [Problem] = []
    var count = 0
    let total = try await forEachChunk(phase: .checking, head: head) { admitted, wrong in
      count += admitted.count
      if let events = whole, events.count + admitted.count <= Self.batchSize {
        whole = events + admitted
      } else {
        whole = nil
      }
      problems += wrong
    }
    if options.reject == nil, !problems.isEmpty { throw Problems(problems, total: total) }
    return Checked(whole: whole, count: count)
  }

  /// Reads the inputs in chunks and admits them; returns the number of lines.
  private func forEachChunk(
    phase: ImportProgress.Phase, head: Position,
    _ body: ([Admission.Admitted], [Problem]) async throws -> Void
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
        var drafts: [EventReader.Draft] = []
        var problems: [Problem] = []
        while drafts.count < Self.batchSize {
          let next: Bool? = try lines.next { bytes, line, offset in
            events += 1
            let place = InputPlace(input: index, offset: offset, length: bytes.count)
            let before = problems.count
            if let draft = reader.read(bytes, line: line, place: place, problems: &problems) {
              drafts.append(draft)
            } else if phase == .appending || options.dryRun, let reject = options.reject {
              try reject(Array(bytes), Array(problems[before...]))
            }
            return true
          }
          guard next != nil else {
            isAtEnd = true
            break
          }
        }
        let admitted = try await admission.admit(drafts, reader: &reader, problems: &problems)
        try await body(admitted, problems)
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
    _ = try await forEachChunk(phase: .appending, head: head) { admitted, problems in
      count.rejected += problems.isEmpty ? 0 : Set(problems.map { $0.position?.line }).count
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
    guard events.count <= Self.reportLimit else { return [] }
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
          topic: Entity(id: pair.topic, name: pair.topic), from: day,
          before: LineSegment.level(old, on: day), after: LineSegment.level(new, on: day)))
    }
    return changes
  }

  // MARK: errors

  private static func moved(_ expected: Position, _ head: Position) -> Problems {
    Problems([
      Problem(
        .headMoved, "the record is at \(head), not at \(expected): somebody has appended since",
        help: "look at what is new with  annals log, then try again with --expect \(head)")
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
