import EventLog

/// One append or import: checks every line, then writes.
struct ImportRun {
  /// Events per batch: large enough that a commit costs little, small enough that other writers
  /// wait a fraction of a second.
  static let batchSize = 10_000
  /// Bytes of the input in a batch, up to one line more: memory does not grow with the length of lines.
  static let batchBytes = 16 << 20
  /// How often a small append is checked anew when other writers get in between.
  static let maxAttempts = 50

  let store: Store
  let inputs: [any EventInput]
  let options: AppendOptions
  /// What the rows of the inputs mean, when they are no NDJSON.
  let mapped: MappedInputs?
  /// What is compared with earlier imports of the same source.
  private let compared: EarlierRelease.Kinds
  private var report = WriteReport()
  /// The first line of the table whose rows were rejected last.
  private var rejectedHeader: [UInt8] = []

  init(
    store: Store, inputs: [any EventInput], options: AppendOptions, mapped: MappedInputs? = nil,
    comparing compared: EarlierRelease.Kinds = []
  ) {
    self.mapped = mapped
    self.compared = compared
    self.store = store
    self.inputs = inputs
    self.options = options
  }

  mutating func perform() async throws -> WriteReport {
    for _ in 0..<Self.maxAttempts {
      if let report = try await attempt(after: store.log.head().position) { return report }
    }
    throw Self.tooBusy
  }

  /// Checks every line against the record, and appends if nothing that the checks have read was
  /// changed after `head`. Otherwise appends nothing and returns nil.
  mutating func attempt(after head: Position) async throws -> WriteReport? {
    report = WriteReport()
    rejectedHeader = []
    report.isDryRun = options.dryRun
    if let expected = options.expectedHead, expected != head { throw Self.moved(expected, head) }
    let checked = try await check(head: head)
    report.rejected = checked.rejectedCount
    report.secondAccounts = checked.validator.secondAccounts
    report.remarks = checked.validator.remarks
    report.remarks.add(try await checked.earlier.remarks())
    report.rows = checked.rowCount
    report.skipped = checked.skipped.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    report.dates = checked.dates
    if let batch = checked.whole {
      guard try await appendWhole(batch, checked.validator) else { return nil }
      try reject(checked.rejected)
    } else if options.dryRun || checked.presentCount == checked.count {
      report.appended = checked.count - checked.presentCount
      report.alreadyPresent = checked.presentCount
      if options.dryRun, options.reportsChanges, report.appended > 0 {
        report.remarks.add {
          Remark(
            kind: "coverage", position: nil,
            text: "a dry run of more than \(Self.batchSize) events does not tell which statements "
              + "would not count; the import does")
        }
      }
      // Nothing is appended, and what is there is acknowledged all the same.
      if !options.dryRun { try await store.log.settle() }
    } else {
      try await appendInBatches(checked, head: head)
    }
    return report
  }

  // MARK: checking

  private struct Checked {
    var validator: DraftValidator
    var earlier: EarlierRelease
    /// All events, as long as they fit into one batch, and the lines that are wrong do not fill the
    /// memory either.
    var whole: [DraftValidator.Admitted]? = []
    /// The lines that are wrong, while `whole` is there: an attempt that is repeated must not hand
    /// them out twice.
    var rejected: [InputScan.Rejected] = []
    /// Bytes of both.
    var wholeBytes = 0
    /// By input, the numbers of the lines that are wrong.
    var badLines: [Int: Set<Int>] = [:]
    var rejectedCount = 0
    var count = 0
    var presentCount = 0
    /// Of tables: rows, those passed over, names that nobody is known by, the dates.
    var rowCount = 0
    var skipped: [String: Int] = [:]
    var unknown = UnknownNames()
    var dates = DateSpan()

    mutating func count(_ chunk: InputScan.Chunk) {
      rowCount += chunk.rowCount
      skipped.merge(chunk.skipped, uniquingKeysWith: +)
      unknown.add(chunk.unknown)
      dates.add(chunk.dates)
    }
  }

  /// Reads everything once. Throws all problems, unless rejects are wanted.
  private mutating func check(head: Position) async throws -> Checked {
    var checked = Checked(
      validator: DraftValidator(store: store, inputs: inputs, head: head),
      earlier: EarlierRelease(compared, store, head: head))
    var problems = ProblemList()
    let scan = InputScan(
      inputs: inputs, vocabulary: store.vocabulary, options: options, mapped: mapped)
    let total = try await scan.forEachChunk(phase: .checking) { chunk, reader in
      // When one bad line keeps all out, the lines behind it need not be told off for it too.
      if options.reject == nil { checked.validator.tolerate(chunk.refusedDefinitions) }
      checked.count(chunk)
      var refused: [(line: Int, problems: ProblemList)] = []
      let admitted = try await checked.validator.admit(
        chunk.drafts, reader: &reader, refused: &refused)
      try await checked.earlier.take(admitted)
      let rejected = try chunk.rejected(adding: refused, from: inputs)
      checked.count += admitted.count
      checked.presentCount += admitted.count(where: \.isPresent)
      checked.rejectedCount += rejected.count
      if options.reject == nil {
        for line in rejected { problems.append(contentsOf: line.problems) }
      }
      checked.wholeBytes += admitted.reduce(0) { $0 + $1.event.body.count }
      checked.wholeBytes += rejected.reduce(0) { $0 + $1.text.count }
      if let events = checked.whole, events.count + admitted.count <= Self.batchSize,
        checked.rejected.count <= Self.batchSize, checked.wholeBytes <= Self.batchBytes
      {
        checked.whole = events + admitted
        if options.reject != nil { checked.rejected += rejected }
      } else {
        checked.whole = nil
        try reject(checked.rejected + rejected)
        checked.rejected = []
      }
      if !rejected.isEmpty {
        checked.badLines[chunk.input, default: []].formUnion(rejected.map(\.line))
      }
    }
    let names =
      mapped.map {
        checked.unknown.problems($0.directory, $0.tables)
      } ?? ProblemList()
    if options.reject == nil, !problems.isEmpty || !names.isEmpty {
      problems.append(contentsOf: names)
      throw Problems(problems, wrong: checked.rejectedCount, total: total)
    }
    report.unknownNames = names.problems
    return checked
  }

  private mutating func reject(_ lines: [InputScan.Rejected]) throws {
    for line in lines {
      // Rows mean nothing without their first line; it comes with no problems of its own.
      if let plan = mapped?.plans[line.input], rejectedHeader != plan.header {
        rejectedHeader = plan.header
        try options.reject?(plan.header, [])
      }
      // The import reports each unknown name or value once, at the end. Each row that has one is rejected.
      let problems = line.problems.isEmpty ? [Self.unknownName] : line.problems.problems
      try options.reject?(line.text, problems)
    }
  }

  // MARK: writing

  /// Appends what fits into one batch, all or nothing. Returns false when somebody else appended
  /// something in between that what was checked may depend on.
  private mutating func appendWhole(
    _ admitted: [DraftValidator.Admitted], _ validator: DraftValidator
  ) async throws -> Bool {
    let head = validator.head
    let events = admitted.map(\.event)
    let fresh = admitted.filter { !$0.isPresent }
    report.appended = Set(fresh.map(\.event.id)).count
    report.alreadyPresent = admitted.count - report.appended
    if options.reportsChanges, !fresh.isEmpty {
      let draft = DraftLog(base: store.log, head: head, events: fresh.map(\.event))
      let after = Store(log: draft, vocabulary: store.vocabulary)
      let effects = try await after.stanceEffects(after: head)
      report.changes = effects.changes
      report.remarks.add(effects.remarks)
    }
    if options.dryRun {
      let draft = DraftLog(base: store.log, head: head, events: fresh.map(\.event))
      let positions = try await draft.positions(of: events.map(\.id))
      try await note(events, positions.map { $0 ?? .start }, head)
      return true
    }
    var condition = validator.condition(for: fresh)
    if let expected = options.expectedHead { condition = .head(expected) }
    let appending = try await store.log.appendUnlessContested(
      store.log.prepare(events, recorder: options.recorder, note: options.note), condition)
    guard let receipt = appending else {
      if let expected = options.expectedHead {
        throw Self.moved(expected, try await store.log.head().position)
      }
      return false
    }
    try await note(events, receipt.entries.map(\.position), head)
    return true
  }

  /// Appends an input that was found good in batches, reading it again. While a batch is written
  /// the next one is read.
  private mutating func appendInBatches(_ checked: Checked, head: Position) async throws {
    let scan = InputScan(
      inputs: inputs, vocabulary: store.vocabulary, options: options, skipping: checked.badLines,
      mapped: mapped)
    var writer = BatchWriter(log: store.log, options: options, head: head)
    do {
      _ = try await scan.forEachChunk(phase: .appending) { chunk, _ in
        let admitted = checked.validator.complete(chunk.drafts)
        try await writer.write(admitted.map(\.event))
      }
      try await writer.finish()
    } catch {
      // What is on its way to the disk is waited for, so that the report is right.
      try? await writer.finish()
      throw error
    }
    report.appended = writer.appended
    report.alreadyPresent = writer.present
    report.positions = writer.positions
    if options.reportsChanges {
      report.remarks.add(try await store.statementRemarks(after: head))
    }
  }

  private mutating func note(
    _ events: [NewEvent], _ positions: [Position], _ head: Position
  ) async throws {
    let present = Set(positions.filter { $0 <= head }.prefix(WriteReport.receiptLimit))
    let amended = present.isEmpty ? [:] : try await corrected(among: present)
    for (event, position) in zip(events, positions) {
      let isNew = position > head
      if isNew { report.positions = (report.positions?.lowerBound ?? position)...position }
      guard report.receipts.count < WriteReport.receiptLimit else { continue }
      let summary =
        if !isNew, let erasure = try await store.event(at: position)?.erasure {
          "not recorded: its payload was erased, see \(erasure.by)"
        } else if Amendment.types.contains(event.type.name) {
          try await store.amendmentSummary(event)
        } else if !isNew, let current = amended[position] {
          store.vocabulary.summary(type: event.type, data: current.data)
            + ", as corrected by \(current.current)"
        } else {
          store.vocabulary.summary(type: event.type, data: EventBody(event.body).data)
        }
      report.receipts.append(
        Receipt(
          position: position, id: event.id, type: event.type.name, isNew: isNew, summary: summary))
    }
  }

  /// Those facts that corrections have changed: a receipt says how they read now.
  private func corrected(among positions: Set<Position>) async throws -> [Position: Fact] {
    let facts = try await store.facts(of: store.events(at: positions), through: Position(.max))
    return facts.reduce(into: [:]) { corrected, fact in
      if fact.current != fact.position { corrected[fact.position] = fact }
    }
  }

  // MARK: errors

  private static let unknownName = Problem(
    .unknownName, "a name or a value in the row is not known")

  private static func moved(_ expected: Position, _ head: Position) -> Problems {
    if expected > head {
      return Problems([
        Problem(
          .headMoved, "the record ends at \(head), before \(expected)",
          help: "compare it with a backup or a checkpoint: an older copy may have been put in its"
            + " place, or \(option: "store") names another record")
      ])
    }
    return Problems([
      Problem(
        .headMoved, "the record is at \(head), not at \(expected): events were appended since",
        help: "look at what is new with  \(command: "log"), then try again with "
          + "\(option: "expect", "\(head.rawValue)")")
    ])
  }

  fileprivate static func overtaken(_ appended: Int) -> Problems {
    Problems([
      Problem(
        .headMoved, "another writer changed what this import was checked against",
        help: "run the import again: the \(appended) events that it has recorded are kept, "
          + "and passed over")
    ])
  }

  static let tooBusy = Problems([
    Problem(
      .busy, "other writers kept changing what this append depends on; nothing was written",
      help: "try again")
  ])
}

/// Appends batch after batch; each is written while the next one is being made.
private struct BatchWriter {
  let log: any EventLog
  let options: AppendOptions
  /// Up to here the log is what was checked and what was appended since.
  private var expected: Position
  private var writing: Task<AppendReceipt?, any Error>?
  private(set) var appended = 0
  private(set) var present = 0
  private(set) var positions: ClosedRange<Position>?

  init(log: any EventLog, options: AppendOptions, head: Position) {
    self.log = log
    self.options = options
    expected = head
  }

  mutating func write(_ events: [NewEvent]) async throws {
    guard !events.isEmpty else { return }
    let prepared = try log.prepare(events, recorder: options.recorder, note: options.note)
    try await finish()
    let condition = AppendCondition(noneMatching: DraftValidator.contested, after: expected)
    writing = Task { [log] in try await log.appendUnlessContested(prepared, condition) }
  }

  /// Waits for the batch that is being written.
  mutating func finish() async throws {
    guard let task = writing else { return }
    writing = nil
    guard let receipt = try await task.value else { throw ImportRun.overtaken(appended) }
    for entry in receipt.entries {
      if entry.isNew {
        appended += 1
        positions = (positions?.lowerBound ?? entry.position)...entry.position
      } else {
        present += 1
      }
      expected = max(expected, entry.position)
    }
  }
}

extension EventLog {
  /// Nil when the condition does not hold.
  fileprivate func appendUnlessContested(
    _ prepared: any PreparedAppend, _ condition: AppendCondition?
  ) async throws -> AppendReceipt? {
    do {
      return try await append(prepared, if: condition)
    } catch {
      guard error.code == .conflict else { throw error }
      return nil
    }
  }
}
