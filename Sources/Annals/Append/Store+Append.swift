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
    var envelope = JSONObject()
    var data: JSON = .object([:])
    for (path, value) in changes {
      if ["on", "basis", "confidence"].contains(path) {
        envelope[path] = value
      } else {
        let fields = path.split(separator: ".").map(String.init)
        data = data.merging(fields.reversed().reduce(value) { .object([$1: $0]) }, keepNull: true)
      }
    }
    return try await correct(
      target, data: data, envelope: envelope, sources: sources, reason: reason, options: options)
  }

  /// The same with the fields of the payload apart from those of the envelope: a payload can have a
  /// field of its own that is called `basis`.
  package func correct(
    _ target: EventReference, data: JSON, envelope: JSONObject, sources: [JSON], reason: String,
    options: AppendOptions
  ) async throws -> WriteReport {
    var line = envelope
    line["type"] = "fact.corrected"
    line["reason"] = .string(reason)
    line["data"] = data
    if !sources.isEmpty { line["sources"] = .array(sources) }
    return try await amend(target, by: line, options)
  }

  /// Appends the withdrawal of an event, with the reason. Withdrawing a withdrawal restores.
  ///
  /// The report says how many facts hang on what is withdrawn: the votes in a roll call, say.
  /// `withDependents` withdraws them by the same event.
  public func retract(
    _ target: EventReference, withDependents: Bool = false, sources: [JSON] = [], reason: String,
    options: AppendOptions
  ) async throws -> WriteReport {
    var line: JSONObject = [
      "type": "fact.retracted", "reason": .string(reason), "data": .object([:]),
    ]
    if !sources.isEmpty { line["sources"] = .array(sources) }
    var dependents: [EventID] = []
    var report = try await amend(target, by: line, options) { event in
      dependents = withDependents ? try await retracted(with: event, reason: reason) : []
      if dependents.isEmpty {
        dependents = try await self.dependents(of: event, through: log.head().position)
          .map(\.root.id)
      }
      return withDependents ? dependents : []
    }
    report.dependents = dependents.count
    return report
  }

  /// What was retracted together with an event for the same reason, where the event is retracted: the
  /// same retraction may come again, because its receipt was lost.
  private func retracted(
    with event: RecordedEvent, reason: String
  ) async throws -> [EventID] {
    let earlier = try await log.read(
      EventQuery(types: ["fact.retracted"], tags: [.target(event.id)]), in: EventRange())
    for retraction in earlier.reversed() {
      guard retraction.event.targets.first == event.id, try await isLive(retraction),
        EventBody(retraction.event.body).reason == reason
      else { continue }
      // A retraction of many facts is several events of one batch.
      let behind = try await log.read(
        EventQuery(types: ["fact.retracted"]),
        in: EventRange(after: retraction.position.advanced(by: -1)))
      return behind.prefix { $0.batch.first == retraction.batch.first }
        .flatMap(\.event.targets).filter { $0 != event.id }
    }
    return []
  }

  /// Appends an amendment of one event, and of those that `others` returns.
  ///
  /// Reads, checks and appends again when another writer changes in between what was read.
  private func amend(
    _ target: EventReference, by line: JSONObject, _ options: AppendOptions,
    others: (RecordedEvent) async throws -> [EventID] = { _ in [] }
  ) async throws -> WriteReport {
    for _ in 0..<ImportRun.maxAttempts {
      let head = try await log.head().position
      let event = try await event(target, through: Position(.max))
      let input = MemoryInput(
        try await amendmentLines(line, of: event, and: others(event)))
      var run = ImportRun(store: self, inputs: [input], options: options)
      guard let report = try await run.attempt(after: head) else { continue }
      await updateViews(after: report, options)
      return report
    }
    throw ImportRun.tooBusy
  }

  /// An amendment of an event, and of others with it, in the import format. Its id follows from its
  /// content and from the number of earlier amendments of the same event: the same words may be needed
  /// again after they were withdrawn. While they are in force they are recorded once: an amendment that
  /// is repeated, because its receipt was lost, gets the id that it has.
  func amendmentLines(
    _ line: JSONObject, of event: RecordedEvent, and others: [EventID] = []
  ) async throws -> [UInt8] {
    let ids = [event.id] + others
    let earlier = try await log.read(EventQuery(tags: [.target(event.id)]), in: EventRange())
    var lines: [UInt8] = []
    // One event names so many others at most.
    for start in stride(from: 0, to: ids.count, by: EventLimit.list) {
      let some = ids[start...].prefix(EventLimit.list).map { JSON.string($0.description) }
      var line = line
      line["target"] = some.count == 1 ? some[0] : .array(some)
      let known =
        start == 0
        ? earlier
        : try await log.read(EventQuery(tags: [.target(ids[start])]), in: EventRange())
      if let same = try await amendment(saying: line, of: event, among: known) {
        line["id"] = .string(same.description)
      } else {
        if start == 0, line["type"]?.string == "fact.retracted" { try await checkLive(event) }
        let content = JSONWriter.canonical(.object(line)) + Array("\n\(earlier.count)".utf8)
        let id = EventID.derived(
          order: UInt64(earlier.count), digest: Array(SHA256.hash(data: content)))
        line["id"] = .string(id.description)
      }
      lines += JSONWriter.canonical(.object(line)) + [UInt8(ascii: "\n")]
    }
    return lines
  }

  private func checkLive(_ event: RecordedEvent) async throws {
    if try await isLive(event) { return }
    throw Problems([
      Problem(
        .alreadyRetracted, "\(event.position) is retracted already",
        help: "\(command: "event \(event.position.rawValue)") shows by what; "
          + "retract that to restore it")
    ])
  }

  /// The amendment among `earlier` that says the same of an event and is in force: it holds, and the
  /// event reads as it says.
  private func amendment(
    saying line: JSONObject, of event: RecordedEvent, among earlier: [RecordedEvent]
  ) async throws -> EventID? {
    var ignored: [Problem] = []
    let input = MemoryInput([])
    var reader = EventReader(vocabulary: vocabulary, input: input)
    let place = InputPlace(input: 0, offset: 0, length: 0)
    let draft = JSONWriter.canonical(.object(line)).withUnsafeBufferPointer {
      reader.read($0, line: 1, place: place, problems: &ignored)
    }
    guard let draft else { return nil }
    for same in earlier.reversed()
    where !same.isErased && NormalForm.areSame(same.event, draft.event, vocabulary) {
      guard try await isLive(same) else { continue }
      guard same.type.name == "fact.corrected" else { return same.id }
      let fact = try await facts(of: [event], through: Position(.max)).first
      if let fact, !FactState(fact).isChanged(by: draft.event) { return same.id }
    }
    return nil
  }
}
