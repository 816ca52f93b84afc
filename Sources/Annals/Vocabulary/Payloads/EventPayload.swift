public import EventLog

/// What an event of one type says: `VoteCast` for `vote.cast`.
///
/// Each built-in type of `Schema/events` has one, with the fields of its schema under the same
/// names. A program may declare such structures for types of its own.
public protocol EventPayload: Codable, Hashable, Sendable {
  /// The type, and the version of its schema, that this structure is written to.
  static var type: EventType { get }
}
