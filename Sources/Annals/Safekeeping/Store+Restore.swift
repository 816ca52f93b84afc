public import EventLog

/// What putting a log together again has come to.
public struct RestoreReport: Sendable {
  /// Events that were appended, and those that an earlier attempt had appended.
  public var restored = 0
  public var alreadyPresent = 0
  /// Those among all of them whose payload was erased.
  public var erased = 0
  public var batches = 0
  /// Root of the tree over all events of the export, and of the log now.
  public var expectedRoot: [UInt8] = []
  public var root: [UInt8] = []
  public var head = Position.start
  public var isDryRun = false
  /// The first event that the export files otherwise than its payload has it: no hash covers that.
  public var misfiled: Position?

  /// True when every position, id, instant, salt and hash came out as it was (a root covers them
  /// all), and so did what follows from them.
  public var isSame: Bool { root == expectedRoot && misfiled == nil }
}

extension Store {
  /// Makes the log of an export again, exactly as it was: positions, ids, batches, instants, salts
  /// and hashes. For an empty log, or one that holds the beginning of the same export.
  ///
  /// Everything is checked before anything is written. Throws `Problems` with `.notExported` where
  /// the lines are no whole export, and `.notRestorable` where the log holds something else.
  public func restore(
    _ inputs: [any EventInput], options: AppendOptions
  ) async throws -> RestoreReport {
    var report = RestoreReport()
    report.isDryRun = options.dryRun
    var frontier = MerkleFrontier()
    var problems: [Problem] = []
    let reader = ExportReader(inputs: inputs, vocabulary: vocabulary, progress: options.progress)
    var erasures = ExportedErasures()
    try reader.forEachBatch(phase: .checking, problems: &problems) { events in
      for event in events {
        frontier.add(event.leafHash)
        erasures.add(event)
      }
      report.erased += events.count(where: \.isErased)
      report.batches += 1
      try check(events)
    }
    if problems.isEmpty { problems = erasures.problems() }
    if !problems.isEmpty { throw Problems(problems) }
    guard frontier.size > 0 else {
      throw Problem(
        .nothingToImport, "the export is empty",
        help: "write it with  \(command: "export -s STORE > FILE")")
    }
    report.expectedRoot = frontier.root
    report.head = Position(frontier.size)
    let present = try await log.head().position
    let common = min(present.rawValue, frontier.size)
    if common > 0 || present.rawValue > frontier.size {
      try await checkBeginning(common, present, reader)
    }
    report.alreadyPresent = Int(common)
    report.restored = Int(frontier.size - common)
    if options.dryRun {
      report.root = report.expectedRoot
      return report
    }
    var ignored: [Problem] = []
    try await reader.forEachBatch(phase: .appending, problems: &ignored) { events in
      try Task.checkCancellation()
      if events[0].position <= present { return }
      _ = try await log.append(try log.prepare(restoring: events), if: nil)
    }
    report.root = try await log.root(ofSize: frontier.size)
    let derived = try await checkDerived(after: present, through: report.head, progress: nil)
    report.misfiled = (derived.faults.first + derived.schemaFaults.first).first?.position
    if options.updateViews { try? await catchUp() }
    return report
  }

  /// What the log would refuse of a batch.
  private func check(_ events: [RecordedEvent]) throws {
    do throws(EventLogError) {
      _ = try log.prepare(restoring: events)
    } catch {
      throw Problem(
        .notExported, "\(events[0].position) cannot have stood in a log: \(error.message)",
        help: "take the file as  \(command: "export")  wrote it")
    }
  }

  /// What stands in the log already must be the beginning of the export.
  private func checkBeginning(
    _ common: Int64, _ present: Position, _ reader: ExportReader
  ) async throws {
    var frontier = MerkleFrontier()
    var ignored: [Problem] = []
    try reader.forEachBatch(phase: .checking, problems: &ignored) { events in
      for event in events where event.position.rawValue <= common {
        frontier.add(event.leafHash)
      }
      guard events[0].position <= present, let last = events.last?.position, last > present
      else { return }
      throw Problem(
        .notRestorable,
        "the store ends at \(present), within the batch from \(events[0].position) to \(last)",
        help: "create an empty store:  \(command: "init FILE")")
    }
    let root = try await log.root(ofSize: common)
    if root == frontier.root, present.rawValue == common { return }
    throw Problem(
      .notRestorable,
      "the store holds \(present.rawValue) events that are not the beginning of this export",
      help: "create an empty store:  \(command: "init FILE")")
  }
}

/// What an export says of erased payloads, both ways: no hash covers which event erased which.
private struct ExportedErasures {
  /// Problems that are told of, at most.
  private static let limit = 20
  private var erased: Set<EventID> = []
  /// By the position that is said to be that of the erasing event.
  private var announced: [Position: [(position: Position, id: EventID)]] = [:]
  private var found: [(position: Position, message: String)] = []

  mutating func add(_ event: RecordedEvent) {
    let isErasing = event.type.name == PayloadErased.type.name
    for said in announced.removeValue(forKey: event.position) ?? []
    where !isErasing || !event.event.targets.contains(said.id) {
      found.append(
        (
          said.position,
          "\(said.position) is said to be erased by \(event.position), which does not say so"
        ))
    }
    if isErasing {
      for target in event.event.targets where !erased.contains(target) {
        found.append(
          (event.position, "\(event.position) erased the payload of \(target), which is here"))
      }
    }
    if let by = event.erasure?.by {
      erased.insert(event.id)
      announced[by, default: []].append((event.position, event.id))
    }
  }

  func problems() -> [Problem] {
    let missing: [(position: Position, message: String)] = announced.flatMap { by, said in
      said.map { one in
        (one.position, "\(one.position) is said to be erased by \(by), which is not in the export")
      }
    }
    return (found + missing).sorted { $0.position < $1.position }.prefix(Self.limit).map {
      Problem(.notExported, $0.message, help: "take the file as  \(command: "export")  wrote it")
    }
  }
}
