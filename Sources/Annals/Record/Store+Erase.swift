public import EventLog

/// What was erased.
public struct ErasureReport: Sendable {
  /// The event that says so; nil when all had been erased before, or for a dry run.
  public var by: Position?
  public var ground: String
  /// The event that was named, then the amendments of it, whose payloads speak of it too.
  public var erased: [Position] = []
  /// Those of them that had been erased before.
  public var alreadyErased: [Position] = []
  /// Later events that name it and keep their payload.
  public var mentions: [Position] = []
  public var isDryRun = false
}

extension Store {
  /// Removes the payload of an event for good, by law: what it said, its salt, its tags and all that
  /// the views say for it, with the payloads of the corrections, retractions and disputes of it. An
  /// event `payload.erased` says so, and on what ground. Place, header and hash stay, and with them
  /// every proof.
  ///
  /// Erasing what has been erased removes whatever may be left of it in the file, and records nothing.
  public func erase(
    _ target: EventReference, ground: String, options: AppendOptions
  ) async throws -> ErasureReport {
    let event = try await event(target, through: Position(.max))
    guard event.type.name != PayloadErased.type.name else {
      throw Problem(
        .badTarget, "\(event.position) says that a payload was erased: it stays",
        help: "name the event whose payload is to go")
    }
    var report = ErasureReport(ground: ground)
    report.isDryRun = options.dryRun
    var lineage = [event]
    if !event.isErased { lineage += try await amendments(of: event) }
    report.erased = lineage.map(\.position)
    report.alreadyErased = lineage.filter(\.isErased).map(\.position)
    let ids = lineage.map(\.id)
    let naming = try await log.read(
      EventQuery(items: ids.map { EventQuery.Item(tags: [.target($0)]) }), in: EventRange())
    report.mentions = naming.filter { $0.type.name != PayloadErased.type.name }.map(\.position)
      .filter { !report.erased.contains($0) }
    if options.dryRun { return report }
    var random = SystemRandomNumberGenerator()
    let body: JSON = try .object(["data": JSON(encoding: PayloadErased(ground: ground))])
    let saying = NewEvent(
      id: .timeOrdered(at: .now(), using: &random), type: PayloadErased.type, targets: ids,
      body: JSONWriter.canonical(body))
    let receipt = try await log.erase(
      ids, saying: saying, recorder: options.recorder, note: options.note)
    report.by = receipt.entries.first?.position
    if options.updateViews { try? await catchUp() }
    return report
  }

  /// Corrections, retractions and disputes of an event, and of those: they hold what it said. Not
  /// those that are about other events too; and a settlement only says which of several to go by.
  private func amendments(of event: RecordedEvent) async throws -> [RecordedEvent] {
    var ids: Set<EventID> = [event.id]
    var found: [RecordedEvent] = []
    let closure = try await closure(of: [event], through: Position(.max))
    for amendment in closure.sorted(by: { $0.position < $1.position }) {
      guard let kind = Standing.kind(of: amendment.type.name), kind != .settlement,
        ids.isSuperset(of: amendment.event.targets)
      else { continue }
      ids.insert(amendment.id)
      found.append(amendment)
    }
    return found
  }
}
