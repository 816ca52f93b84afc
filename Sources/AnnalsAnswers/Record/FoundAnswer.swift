public import Annals
public import EventLog

/// `find`: actors, topics and roll calls whose id or name has a text in it.
public struct FoundAnswer: Answer {
  public struct Entry: Sendable {
    public var kind: String
    public var entry: ListEntry
  }

  public let text: String
  public let entries: [Entry]
  /// How many there are; `entries` may hold fewer.
  public let count: Int
  public let knownBy: RecordState

  /// Ignores case. Entries whose id or name begins with the text come before the others.
  static func find(
    _ text: String, limit: Int, knownBy: KnownBy?, in store: Store
  ) async throws -> FoundAnswer {
    let state = try await store.recordState(knownBy)
    let wanted = text.lowercased()
    var found: [(rank: Int, entry: Entry)] = []
    for (kind, name) in [
      (ListKind.actors, "actor"), (.topics, "topic"), (.rollcalls, "rollcall"),
    ] {
      for entry in try await store.list(kind, knownBy: .position(state.position)) {
        let words = [entry.id.lowercased(), entry.name.lowercased()]
        guard words.contains(where: { $0.contains(wanted) }) else { continue }
        let rank =
          words.contains(wanted) ? 0 : words.contains { $0.hasPrefix(wanted) } ? 1 : 2
        found.append((rank, Entry(kind: name, entry: entry)))
      }
    }
    // A stable order: by rank, then as listed.
    let sorted = found.enumerated().sorted {
      ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
    }
    return FoundAnswer(
      text: text, entries: sorted.prefix(limit).map(\.element.entry), count: found.count,
      knownBy: state)
  }

  public var json: JSON {
    .members([
      "schema": "annals.find.v2", "text": .string(text), "known_by": knownBy.json,
      "n": .whole(count), "entries": .array(records),
    ])
  }

  public var records: [JSON] {
    entries.map {
      .members([
        "kind": .string($0.kind), "id": .string($0.entry.id), "name": .string($0.entry.name),
        "detail": .string($0.entry.detail), "seq": .whole($0.entry.position?.rawValue),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["kind", "id", "name", "detail", "seq"],
      rows: entries.map {
        [
          .string($0.kind), .string($0.entry.id), .string($0.entry.name),
          .string($0.entry.detail), .whole($0.entry.position?.rawValue),
        ]
      })
  }
}
