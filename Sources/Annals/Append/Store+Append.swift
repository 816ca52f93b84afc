import Crypto
public import EventLog

/// How events are to be appended.
public struct AppendOptions: Sendable {
  /// Who vouches for the record: kept with each batch.
  public var recorder: String
  /// A remark on the whole batch.
  public var note: String?
  /// Full validation and a report of what would change; nothing is written.
  public var dryRun: Bool
  /// Brings the stored views to the new head afterwards. Off for many small appends in a row.
  public var updateViews = true
  /// Works out which stances an append of a few events changes, for the report.
  public var reportsChanges = true
  /// Lets a source give its own account of a vote of which another source's account is recorded;
  /// without it, any second vote must be a correction.
  public var keepsSecondAccounts = false
  /// When given, the append fails unless this is the head: nobody has appended since.
  public var expectedHead: Position?
  /// When given, takes every line that is refused with what is wrong in it, and the good lines
  /// are appended; otherwise one bad line keeps all of them out.
  public var reject: (@Sendable ([UInt8], [Problem]) throws -> Void)?
  /// Told from time to time how far an import is.
  public var progress: (@Sendable (ImportProgress) -> Void)?

  public init(
    recorder: String, note: String? = nil, dryRun: Bool = false, expectedHead: Position? = nil,
    reject: (@Sendable ([UInt8], [Problem]) throws -> Void)? = nil,
    progress: (@Sendable (ImportProgress) -> Void)? = nil
  ) {
    self.recorder = recorder
    self.note = note
    self.dryRun = dryRun
    self.expectedHead = expectedHead
    self.reject = reject
    self.progress = progress
  }
}

/// How far an import is.
public struct ImportProgress: Sendable {
  public enum Phase: Sendable { case checking, appending }
  public var phase: Phase
  public var bytes: Int
  public var totalBytes: Int
  public var events: Int
}

extension Store {
  /// Appends NDJSON in the import format from memory. Everything is checked before anything is
  /// written. Throws `Problems` with all that is wrong.
  public func append(
    _ ndjson: [UInt8], name: String? = nil, options: AppendOptions
  ) async throws -> WriteReport {
    try await append([MemoryInput(ndjson, name: name)], options: options)
  }

  /// Appends NDJSON in the import format, several inputs as if they were one.
  ///
  /// The inputs are checked whole before anything is written, then appended in batches. What is
  /// recorded already (same id, same content) is not recorded again, so an import that was cut off
  /// can simply be run again.
  public func append(
    _ inputs: [any EventInput], options: AppendOptions
  ) async throws -> WriteReport {
    var run = ImportRun(store: self, inputs: inputs, options: options)
    let report = try await run.perform()
    await updateViews(after: report, options)
    return report
  }

  /// Brings the stored views up after an append, if that is wanted. The events are recorded,
  /// whatever becomes of the views: where a view cannot follow, its status says so, and `replay`
  /// rebuilds it.
  func updateViews(after report: WriteReport, _ options: AppendOptions) async {
    guard report.appended > 0, !options.dryRun, options.updateViews else { return }
    // What the import held is not needed any more, and folding takes some.
    if report.appended > ImportRun.batchSize { await log.releaseMemory() }
    try? await catchUp(through: report.positions?.upperBound)
  }

  /// Appends a correction: the fact as it should have been recorded, with the reason.
  ///
  /// `changes` are paths into the fact: `choice`, `about.topics`, and of the envelope `on`,
  /// `basis`, `confidence`. A null removes a field.
  public func correct(
    _ target: EventReference, changes: [(path: String, value: JSON)], sources: [JSON] = [],
    reason: String, options: AppendOptions
  ) async throws -> WriteReport {
    var line: JSONObject = ["type": "fact.corrected", "reason": .string(reason)]
    var data: JSON = .object([:])
    for (path, value) in changes {
      if ["on", "basis", "confidence"].contains(path) {
        line[path] = value
      } else {
        let fields = path.split(separator: ".").map(String.init)
        data = data.merging(fields.reversed().reduce(value) { .object([$1: $0]) }, keepNull: true)
      }
    }
    line["data"] = data
    if !sources.isEmpty { line["sources"] = .array(sources) }
    return try await amend(target, by: line, options)
  }

  /// Appends the withdrawal of an event, with the reason. Withdrawing a withdrawal restores.
  public func retract(
    _ target: EventReference, sources: [JSON] = [], reason: String, options: AppendOptions
  ) async throws -> WriteReport {
    var line: JSONObject = [
      "type": "fact.retracted", "reason": .string(reason), "data": .object([:]),
    ]
    if !sources.isEmpty { line["sources"] = .array(sources) }
    return try await amend(target, by: line, options) { event in
      guard try await isLive(event) else {
        throw Problems([
          Problem(
            .alreadyRetracted, "\(event.position) is retracted already",
            help:
              "annals event \(event.position.rawValue) shows by what; retract that to restore it"
          )
        ])
      }
    }
  }

  /// Appends an amendment of one event, if `check` finds nothing wrong with that event. Its id
  /// follows from its content and from the number of earlier amendments of the same event: the same
  /// words may be needed again after they were withdrawn.
  ///
  /// Reads, checks and appends again when another writer changes in between what was read.
  private func amend(
    _ target: EventReference, by line: JSONObject, _ options: AppendOptions,
    check: (RecordedEvent) async throws -> Void = { _ in }
  ) async throws -> WriteReport {
    for _ in 0..<ImportRun.maxAttempts {
      let head = try await log.head().position
      let event = try await event(target, through: Position(.max))
      try await check(event)
      var line = line
      line["target"] = .string(event.id.description)
      let earlier = try await log.read(EventQuery(tags: [.target(event.id)]), in: EventRange())
        .count
      let content = JSONWriter.canonical(.object(line)) + Array("\n\(earlier)".utf8)
      let id = EventID.derived(order: UInt64(earlier), digest: Array(SHA256.hash(data: content)))
      line["id"] = .string(id.description)
      let input = MemoryInput(JSONWriter.canonical(.object(line)))
      var run = ImportRun(store: self, inputs: [input], options: options)
      guard let report = try await run.attempt(after: head) else { continue }
      await updateViews(after: report, options)
      return report
    }
    throw ImportRun.tooBusy
  }
}
