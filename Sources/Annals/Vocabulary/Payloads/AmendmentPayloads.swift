public import EventLog

/// An earlier event was wrong in part. The envelope names it as target and gives the reason and,
/// with `on`, a new date. The earlier event stays in the log.
public struct FactCorrected: EventPayload {
  public static let type = EventType("fact.corrected")

  /// Just those fields of the payload that change; null takes one away (RFC 7396).
  public var changes: JSONObject

  public init(_ changes: JSONObject = [:]) {
    self.changes = changes
  }

  public init(from decoder: any Decoder) throws {
    let value = try AnyJSON(from: decoder).value
    guard case .object(let changes) = value else {
      throw DecodingError.typeMismatch(
        JSONObject.self,
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: "expected an object"))
    }
    self.changes = changes
  }

  public func encode(to encoder: any Encoder) throws {
    try AnyJSON(.object(changes)).encode(to: encoder)
  }
}

/// An earlier event should not have been recorded, or no longer stands. The envelope names it as
/// target and gives the reason. A retraction can itself be retracted.
public struct FactRetracted: EventPayload {
  public static let type = EventType("fact.retracted")

  public init() {}
}

/// Somebody contests an earlier event, or two events contradict each other. The envelope names them
/// as target and gives the reason; they stay in the record, marked.
public struct FactDisputed: EventPayload {
  public static let type = EventType("fact.disputed")

  public init() {}
}

/// A dispute was decided. The envelope names the disputed events as target and gives the reason;
/// preferred says which of them to go by, and without it none is preferred.
public struct DisputeSettled: EventPayload {
  public static let type = EventType("dispute.settled")

  /// Id of the event to go by.
  public var preferred: EventID?

  public init(preferred: EventID? = nil) {
    self.preferred = preferred
  }
}

/// The payload of an earlier event was removed by law. The envelope names the event as target; its
/// place in the log and every proof stay valid.
public struct PayloadErased: EventPayload {
  public static let type = EventType(Erasure.typeName)

  /// Legal ground of the erasure.
  public var ground: String

  public init(ground: String) {
    self.ground = ground
  }
}
