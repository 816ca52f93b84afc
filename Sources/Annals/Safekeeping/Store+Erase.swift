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
  /// How many facts name what it defines: an actor, a topic, a motion, a roll call, a source.
  public var dependents = 0
  public var isDryRun = false
}

extension Store {
  /// Removes the payload of an event for good, by law: what it said, its salt, its tags and all that
  /// the views say for it, with the payloads of what was said about it alone, or about it and other
  /// erased events: corrections, retractions, disputes and their settlements. An
  /// event `payload.erased` says so, and on what ground. Place, header and hash stay, and with them
  /// every proof.
  ///
  /// Erasing what has been erased removes whatever may be left of it in the file, and records nothing.
  public func erase(
    _ target: EventReference, ground: String, options: AppendOptions
  ) async throws -> ErasureReport {
    for _ in 0..<Self.erasureAttempts {
      let head = try await log.head().position
      let event = try await event(target, through: Position(.max))
      try await checkErasable(event)
      var report = ErasureReport(ground: ground)
      report.isDryRun = options.dryRun
      let closure = try await closure(of: [event], through: Position(.max))
      let lineage = [event] + amendments(of: event, in: closure)
      report.erased = lineage.map(\.position)
      report.alreadyErased = lineage.filter(\.isErased).map(\.position)
      let about = EventQuery(
        items: lineage.map { EventQuery.Item(tags: [.target($0.id)]) })
      report.mentions = try await log.read(about, in: EventRange())
        .filter { $0.type.name != PayloadErased.type.name }.map(\.position)
        .filter { !report.erased.contains($0) }
      report.dependents = try await dependents(on: event)
      if options.dryRun { return report }
      var random = SystemRandomNumberGenerator()
      let body: JSON = try .object(["data": JSON(encoding: PayloadErased(ground: ground))])
      let ids = lineage.map(\.id)
      let saying = NewEvent(
        id: .timeOrdered(at: .now(), using: &random), type: PayloadErased.type, targets: ids,
        canonicalBody: JSONWriter.canonical(body))
      do throws(EventLogError) {
        let receipt = try await log.erase(
          ids, saying: saying, recorder: options.recorder, note: options.note,
          if: AppendCondition(
            noneMatching: EventQuery(items: DraftValidator.changes(of: Set(closure.map(\.id)))),
            after: head))
        report.by = receipt.entries.first?.position
      } catch {
        // Another writer has amended it in between: the amendment is to be erased too. Or it has
        // erased the other target of an amendment.
        if error.code == .conflict { continue }
        throw error
      }
      if options.updateViews { try? await catchUp() }
      return report
    }
    throw Problem(
      .busy, "other writers keep amending event \(target); nothing was erased", help: "try again")
  }

  private static let erasureAttempts = 20

  /// Throws when the event cannot be erased by itself.
  private func checkErasable(_ event: RecordedEvent) async throws {
    guard event.type.name != PayloadErased.type.name else {
      throw Problem(
        .badTarget, "\(event.position) says that a payload was erased: it stays",
        help: "name the event whose payload is to go")
    }
    // Without the amendment the record would say something else. And later corrections are filed
    // under what earlier ones say.
    guard !event.isErased, let kind = AmendmentState.kind(of: event.type.name) else { return }
    let facts = try await targets(of: event).filter { !$0.isErased }.map(\.position)
    let names = facts.map(\.description).joined(separator: ", ")
    if let first = facts.first {
      throw Problem(
        .badTarget, "\(event.position) is a \(kind) of \(names), and is erased with it",
        help: "\(command: "erase \(first.rawValue) --reason …")")
    }
  }

  /// How many facts name what an event defines, and can be asked for by its name while that stands.
  private func dependents(on event: RecordedEvent) async throws -> Int {
    guard !event.isErased,
      let definition = vocabulary.definition(event.type.name, version: event.type.version),
      let (kind, path) = definition.defines,
      let value = EventBody(event.event.body).data.strings(at: path[...]).first
    else { return 0 }
    let tag = Tag(kind: kind.rawValue, value: value)
    return try await log.fold(EventQuery(tags: [tag]), in: EventRange(), into: 0) { count, row, _ in
      if row.position != event.position { count += 1 }
      return true
    }
  }

  /// The amendments of an event and of these amendments: they repeat what the event said. Not those
  /// that are also about other events whose payload is still there.
  private func amendments(
    of event: RecordedEvent, in closure: [RecordedEvent]
  ) -> [RecordedEvent] {
    var ids = Set(closure.filter(\.isErased).map(\.id)).union([event.id])
    var found: [RecordedEvent] = []
    for amendment in closure.sorted(by: { $0.position < $1.position })
    where AmendmentState.kind(of: amendment.type.name) != nil && amendment.id != event.id
      && !amendment.isErased && ids.isSuperset(of: amendment.event.targets)
    {
      ids.insert(amendment.id)
      found.append(amendment)
    }
    return found
  }

  private func targets(of event: RecordedEvent) async throws -> [RecordedEvent] {
    var targets: [RecordedEvent] = []
    for id in event.event.targets {
      if let target = try await log.event(id: id) { targets.append(target) }
    }
    return targets
  }
}
