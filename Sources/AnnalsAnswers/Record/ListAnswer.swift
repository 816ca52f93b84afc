public import Annals
public import EventLog

/// `list`: the things of one kind that the record knows.
public struct ListAnswer: Answer {
  public let kind: ListKind
  public let entries: [ListEntry]
  public let knownBy: RecordState

  public init(kind: ListKind, entries: [ListEntry], knownBy: RecordState) {
    self.kind = kind
    self.entries = entries
    self.knownBy = knownBy
  }

  public var json: JSON {
    .members([
      "schema": "annals.list.v2", "kind": .string(kind.rawValue), "known_by": knownBy.json,
      "n": .whole(entries.count),
      "entries": .array(records),
    ])
  }

  public var records: [JSON] {
    entries.map { entry in
      .members([
        "id": .string(entry.id), "name": .string(entry.name), "detail": .string(entry.detail),
        "seq": .whole(entry.position?.rawValue),
      ])
    }
  }

  public var sheet: Sheet {
    Sheet(
      columns: ["id", "name", "detail", "seq"],
      rows: entries.map { entry in
        [
          .string(entry.id), .string(entry.name), .string(entry.detail),
          .whole(entry.position?.rawValue),
        ]
      })
  }
}
