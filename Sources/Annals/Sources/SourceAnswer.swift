public import EventLog

/// A source: its captures as versions, what rests on it, and where others contradict it.
public struct SourceAnswer: Sendable {
  public var source: String
  /// As the newest capture has it.
  public var title: String?
  public var knownBy: RecordState
  /// True when captures that were taken back are among the versions.
  public var hasHistory: Bool
  /// One per capture, in log order.
  public var versions: [Version]
  /// How many facts rest on it, by type; the types by name.
  public var facts: [TypeCount]
  /// The first and the last of them.
  public var positions: ClosedRange<Position>?
  /// Facts recorded before the newest capture: whether that one still bears them out, nobody has
  /// said. The first of them, and how many there are.
  public var outdated: [OutdatedFact]
  public var outdatedCount: Int
  /// Facts that cite it and that something contradicts: the first of them, and how many there are.
  public var contradictions: [Contradiction]
  public var contradictionCount: Int

  /// One capture of the source.
  public struct Version: Sendable {
    /// From 1; nil for a capture that was taken back.
    public var number: Int?
    public var entry: TimelineEntry
    /// What differs from the version before, field by field; nil for the first.
    public var changes: [FieldChange]?
    /// How many facts were recorded from it, while it was the newest.
    public var facts: Int
  }

  /// A field that differs between two versions.
  public struct FieldChange: Hashable, Sendable {
    public var field: String
    /// Nil when the field was added.
    public var before: JSON?
    /// Nil when the field was removed.
    public var after: JSON?
  }

  /// How many facts of a type rest on the source.
  public struct TypeCount: Hashable, Sendable {
    public var type: String
    public var count: Int
  }

  /// A fact that was recorded from an older version.
  public struct OutdatedFact: Sendable {
    public var version: Int
    public var entry: TimelineEntry
  }

  /// A fact that cites the source, and what speaks against it.
  public struct Contradiction: Sendable {
    public enum Kind: String, Sendable {
      /// A source is cited as contradicting the fact.
      case source
      /// The fact is disputed, and that is not settled.
      case dispute
      /// Another account of the same vote cannot be so together with it.
      case vote
    }

    public var kind: Kind
    public var entry: TimelineEntry
    /// The other accounts of the vote, or the events that dispute the fact.
    public var others: [TimelineEntry]
  }
}

extension SourceAnswer {
  /// Field by field, in the order of the newer version; what was removed at the end.
  static func changes(from old: JSON, to new: JSON) -> [FieldChange] {
    let (old, new) = (old.object ?? [:], new.object ?? [:])
    let fields = new.map(\.key) + old.map(\.key).filter { new[$0] == nil }
    return fields.filter { old[$0] != new[$0] }.map {
      FieldChange(field: $0, before: old[$0], after: new[$0])
    }
  }
}
