import EventLog

/// One line of a difference: what was there, what is there, and what made the difference.
public struct DiffLine: Sendable {
  public enum Kind: String, Sendable { case added, removed, changed }

  public var kind: Kind
  /// Nil when it was added.
  public var before: StanceStep?
  /// Nil when it was removed.
  public var after: StanceStep?
  /// The events that made the difference, in log order.
  public var causes: [TimelineEntry]
}

/// What the world changed on an actor's line between two days: the steps that were made.
public struct WorldDiff: Sendable {
  public var actor: Entity
  public var topic: Entity
  public var from: String
  public var to: String
  public var knownBy: RecordState
  public var rule: String
  public var leavingOut: Exclusions
  /// The levels at both ends; nil for no data.
  public var before: Level?
  public var after: Level?
  /// Oldest first.
  public var steps: [StanceStep]
  /// The steps after which nothing was known any more, because the stance ended by itself.
  public var ended: [StanceStep]
  public var coverage: [String]
}

/// What we learned about an actor's line between two states of the record, or put right.
public struct RevisionDiff: Sendable {
  public var actor: Entity
  public var topic: Entity
  /// The day in the world that both are asked for.
  public var on: String
  public var from: RecordState
  public var to: RecordState
  public var rule: String
  public var leavingOut: Exclusions
  /// The levels on that day, as known then and then; nil for no data.
  public var before: Level?
  public var after: Level?
  /// In the order of the world.
  public var lines: [DiffLine]
}

/// What was recorded between two states of the record.
public struct RecordDiff: Sendable {
  public var from: RecordState
  public var to: RecordState
  /// New facts by type, in the order of the names.
  public var added: [(type: String, count: Int)]
  /// The first of them, at most `RecordDiff.limit`.
  public var newFacts: [TimelineEntry]
  /// Facts that were known before and read otherwise now, in log order.
  public var changed: [ChangedFact]
  /// The stances that read otherwise, by actor and topic.
  public var stances: [StanceChange]
  /// How many of the new facts were corrected, retracted or disputed since.
  public var amendedNew: Int

  public static let limit = 1000
}

/// A fact that reads otherwise than it did.
public struct ChangedFact: Sendable {
  /// As it reads now.
  public var entry: TimelineEntry
  public var fields: [FieldChange]
  /// What made the difference, in log order.
  public var causes: [TimelineEntry]
}

/// A field of a fact, before and after; nil where it was not there.
public struct FieldChange: Hashable, Sendable {
  /// The payload's field as a dot path; `on`, `basis`, `confidence`, `sources`; `status` for what
  /// became of the fact as a whole.
  public var field: String
  public var before: String?
  public var after: String?

  public init(field: String, before: String?, after: String?) {
    self.field = field
    self.before = before
    self.after = after
  }
}

extension FieldChange {
  /// How a fact reads otherwise than another reading of it.
  static func between(_ old: Fact, _ new: Fact) -> [FieldChange] {
    var changes: [FieldChange] = []
    func add(_ field: String, _ before: String?, _ after: String?) {
      if before != after { changes.append(FieldChange(field: field, before: before, after: after)) }
    }
    add("status", status(old), status(new))
    add("on", old.time?.text, new.time?.text)
    add("basis", old.basis, new.basis)
    add("confidence", old.confidence, new.confidence)
    add("sources", sources(old), sources(new))
    return changes + between(old.data, new.data, at: "")
  }

  /// The leaves in which two payloads differ, by path.
  static func between(_ old: JSON?, _ new: JSON?, at path: String) -> [FieldChange] {
    if old == new { return [] }
    if old?.object != nil || new?.object != nil, old?.array == nil, new?.array == nil,
      (old?.object != nil) == (old != nil), (new?.object != nil) == (new != nil)
    {
      let keys = Set((old?.object ?? [:]).map(\.key) + (new?.object ?? [:]).map(\.key))
      return keys.sorted().flatMap { key in
        between(old?[key], new?[key], at: path.isEmpty ? key : "\(path).\(key)")
      }
    }
    return [FieldChange(field: path, before: text(old), after: text(new))]
  }

  private static func text(_ value: JSON?) -> String? {
    value.map { $0.string ?? JSONWriter.compact($0) }
  }

  private static func status(_ fact: Fact) -> String {
    if !fact.isLive { return "retracted" }
    if let settlement = fact.setAsideBy { return "set aside by \(settlement)" }
    return fact.isDisputed ? "disputed" : "holds"
  }

  private static func sources(_ fact: Fact) -> String? {
    fact.sources.isEmpty ? nil : fact.sources.map(\.text).joined(separator: ", ")
  }
}
