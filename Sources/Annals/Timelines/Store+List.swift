public import EventLog

/// What can be listed.
public enum ListKind: String, CaseIterable, Sendable {
  case actors, topics, types, sources, rollcalls, motions, stances
}

/// One line of a list.
public struct ListEntry: Hashable, Sendable {
  public var id: String
  public var name: String
  /// More about it: an actor's kind, a roll call's tally, a stance's label.
  public var detail: String
  /// The event that recorded it; nil for types.
  public var position: Position?
}

extension Store {
  /// The things of one kind that the record knows, by id; roll calls by date.
  ///
  /// `topic` leaves only roll calls, motions and stances that belong to a topic.
  public func list(
    _ kind: ListKind, topic: String? = nil, knownBy: KnownBy? = nil
  ) async throws -> [ListEntry] {
    let through = try await recordState(knownBy).position
    return try await asking(at: through).list(kind, topic, through)
  }

  private func list(
    _ kind: ListKind, _ topic: String?, _ through: Position
  ) async throws -> [ListEntry] {
    switch kind {
    case .types:
      return vocabulary.types.map {
        ListEntry(
          id: $0.type.name, name: $0.schema.title ?? $0.type.name,
          detail: $0.schema.description ?? "", position: nil)
      }
    case .stances:
      return try await listStances(topic: topic, through: through)
    case .actors:
      return try await entities(.actor, through) { fact in
        (fact.fields.name ?? "", fact.fields.kind ?? "")
      }
    case .topics:
      return try await entities(.topic, through) { fact in
        (fact.fields.proposition ?? "", "")
      }
    case .sources:
      return try await entities(.source, through) { fact in
        (
          fact.fields.title ?? "",
          fact.fields.url ?? fact.fields.publisher ?? ""
        )
      }
    case .motions, .rollcalls:
      var linked: Set<Tag>?
      if let topic { linked = try await subjects([topic], through: through).linked }
      return try await listMotionsOrRollcalls(kind, linked: linked, through)
    }
  }

  private func definitions(_ kind: EntityKind, _ through: Position) async throws -> [Fact] {
    let events = try await log.read(
      EventQuery(types: vocabulary.definers(of: kind)), in: EventRange(through: through))
    return try await facts(of: events, through: through).filter(\.holds)
  }

  private func entities(
    _ kind: EntityKind, _ through: Position, _ describe: (Fact) -> (String, String)
  ) async throws -> [ListEntry] {
    var entries: [String: ListEntry] = [:]
    for fact in try await definitions(kind, through) {
      guard let id = fact.fields.id(of: kind) else { continue }
      let (name, detail) = describe(fact)
      entries[id] = ListEntry(id: id, name: name, detail: detail, position: fact.position)
    }
    return entries.values.sorted { $0.id < $1.id }
  }

  private func listMotionsOrRollcalls(
    _ kind: ListKind, linked: Set<Tag>?, _ through: Position
  ) async throws -> [ListEntry] {
    let entity: EntityKind = kind == .motions ? .motion : .rollcall
    var facts = try await definitions(entity, through)
    if let linked {
      facts = facts.filter { fact in
        // Another account of a roll call may name another motion.
        tags(of: fact).contains { linked.contains($0) && $0.kind == entity.rawValue }
      }
    }
    facts.sort(by: Self.worldOrder)
    return facts.compactMap { fact in
      guard let id = fact.fields.id(of: entity) else { return nil }
      if kind == .motions {
        return ListEntry(
          id: id, name: fact.fields.title ?? "",
          detail: fact.fields.body ?? "", position: fact.position)
      }
      let tally = tally(fact)
      let parts = [fact.time?.text, tally?.text, fact.fields.result].compactMap { $0 }
      return ListEntry(
        id: id, name: fact.fields.motion ?? "", detail: parts.joined(separator: "  "),
        position: fact.position)
    }
  }

  /// The events whose payload holds a text, the newest first. `TextSearch` says which texts count as equal.
  public func search(
    _ text: String, knownBy: KnownBy? = nil, limit: Int = 50
  ) async throws -> [TimelineEntry] {
    let recordState = try await recordState(knownBy)
    let needle = TextSearch(text)
    let found = try await log.fold(
      .all, in: EventRange(through: recordState.position, order: .newestFirst), into: [Position]()
    ) { found, row, _ in
      if !row.isErased, needle.matches(row.body) { found.append(row.position) }
      return found.count < limit
    }
    let store = asking(at: recordState.position)
    var displayNames = DisplayNames(through: recordState.position)
    return try await store.logEntries(
      store.events(at: found), through: recordState.position, &displayNames)
  }
}

/// Finds a text in payloads. Upper and lower case, and different encodings of one letter, count as equal.
struct TextSearch: Sendable {
  private let needle: [UInt8]

  init(_ text: String) {
    // Payloads are JSON: what stands escaped in them is looked for escaped.
    var quoted: [UInt8] = []
    JSONWriter.appendString(ReadForm.folded(text).utf8, to: &quoted)
    needle = Array(quoted.dropFirst().dropLast())
  }

  func matches(_ body: [UInt8]) -> Bool {
    if needle.isEmpty || Self.contains(body, needle) { return true }
    if body.allSatisfy({ $0 < 0x80 }) { return false }
    let read = ReadForm.folded(String(decoding: body, as: UTF8.self))
    return Self.contains(Array(read.utf8), needle)
  }

  private static func contains(_ text: [UInt8], _ needle: [UInt8]) -> Bool {
    guard text.count >= needle.count else { return false }
    return text.withUnsafeBufferPointer { text in
      needle.withUnsafeBufferPointer { needle in
        for start in 0...(text.count - needle.count) where lowered(text[start]) == needle[0] {
          var index = 1
          while index < needle.count, lowered(text[start + index]) == needle[index] { index += 1 }
          if index == needle.count { return true }
        }
        return false
      }
    }
  }

  @inline(__always)
  private static func lowered(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
  }
}

extension Store {
  /// Where everybody stands in the end, on one topic or on all, from a fresh fold: exact for any
  /// position.
  func listStances(topic: String?, through: Position) async throws -> [ListEntry] {
    let rows = try await StanceProjection().rows(of: log, through: through)[0]
    var wanted: String?
    if let topic { wanted = try await resolveTopic(topic, through: through).id }
    var entries: [ListEntry] = []
    // Steps of one line follow one another; a run of steps at one level, each of which begins where
    // the one before it ends, began with its first.
    var since = ""
    var run: [SQLValue] = []
    var next: Int64?
    for row in rows {
      guard case .text(let actor) = row[0], case .text(let topic) = row[1],
        case .text(let from) = row[4], case .text(let label) = row[7],
        case .integer(let day) = row[2], case .integer(let event) = row[8],
        wanted == nil || wanted == topic
      else { continue }
      let key = [row[0], row[1], row[7]]
      if key != run || next != day { (run, since) = (key, from) }
      guard case .integer(let last) = row[3] else {
        next = nil
        entries.append(
          ListEntry(
            id: actor, name: topic, detail: "\(label) since \(since)", position: Position(event)))
        continue
      }
      next = last + 1
    }
    return entries.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
  }
}
